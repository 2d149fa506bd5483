"""Deepen the file: history, corrections, visits, transfers, cards, protection, jobs, deputies and estimates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_deepen_the_file"
down_revision = "0001_create_registry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    with op.batch_alter_table("job") as batch_op:
        batch_op.create_index("ix_job_state", ["state"], unique=False)
        batch_op.create_index("uq_job_kind_key", ["kind", "key"], unique=True)

    op.create_table(
        "deputy",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["user.id"], name="fk_deputy_deputy_id_user"),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name="fk_deputy_made_by_user"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_deputy_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )
    with op.batch_alter_table("deputy") as batch_op:
        batch_op.create_index("ix_deputy_deputy_id", ["deputy_id"], unique=False)
        batch_op.create_index("ix_deputy_user_id", ["user_id"], unique=False)

    op.create_table(
        "estimate",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("population", sa.String(length=24), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("definition", sa.String(length=400), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name="fk_estimate_area_code_area"),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name="fk_estimate_made_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_estimate"),
    )
    with op.batch_alter_table("estimate") as batch_op:
        batch_op.create_index("ix_estimate_area_code", ["area_code"], unique=False)

    op.create_table(
        "harm_report",
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("child_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["reporter_id"], ["user.id"], name="fk_harm_report_reporter_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_harm_report"),
    )
    with op.batch_alter_table("harm_report") as batch_op:
        batch_op.create_index("ix_harm_report_county", ["county"], unique=False)
        batch_op.create_index("ix_harm_report_reporter_id", ["reporter_id"], unique=False)

    op.create_table(
        "household_answer",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name="fk_household_answer_answered_by_user"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_household_answer_household_id_household"),
        sa.PrimaryKeyConstraint("id", name="pk_household_answer"),
    )
    with op.batch_alter_table("household_answer") as batch_op:
        batch_op.create_index("uq_household_answer_household_id_question", ["household_id", "question"], unique=True)

    op.create_table(
        "visit",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_visit_household_id_household"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_visit_office_id_office"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_visit_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    with op.batch_alter_table("visit") as batch_op:
        batch_op.create_index("ix_visit_household_id", ["household_id"], unique=False)

    op.create_table(
        "card_print",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_card_print_child_id_child"),
        sa.ForeignKeyConstraint(["printed_by"], ["user.id"], name="fk_card_print_printed_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_card_print"),
    )
    with op.batch_alter_table("card_print") as batch_op:
        batch_op.create_index("uq_card_print_child_id_issue", ["child_id", "issue"], unique=True)

    op.create_table(
        "child_answer",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("to_come", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name="fk_child_answer_answered_by_user"),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_child_answer_child_id_child"),
        sa.PrimaryKeyConstraint("id", name="pk_child_answer"),
    )
    with op.batch_alter_table("child_answer") as batch_op:
        batch_op.create_index("uq_child_answer_child_id_question", ["child_id", "question"], unique=True)

    op.create_table(
        "child_change",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("after_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["user.id"], name="fk_child_change_approved_by_user"),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_child_change_child_id_child"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_child_change_office_id_office"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_child_change_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_child_change"),
    )
    with op.batch_alter_table("child_change") as batch_op:
        batch_op.create_index("ix_child_change_child_id", ["child_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_office_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(length=24), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name="fk_correction_asked_by_user"),
        sa.ForeignKeyConstraint(["asked_office_id"], ["office.id"], name="fk_correction_asked_office_id_office"),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_correction_child_id_child"),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name="fk_correction_decided_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    with op.batch_alter_table("correction") as batch_op:
        batch_op.create_index("ix_correction_asked_by", ["asked_by"], unique=False)
        batch_op.create_index("ix_correction_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_correction_state", ["state"], unique=False)

    op.create_table(
        "harm_told",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=24), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("way_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["harm_report.id"], name="fk_harm_told_report_id_harm_report"),
        sa.ForeignKeyConstraint(["told_by"], ["user.id"], name="fk_harm_told_told_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_harm_told"),
    )
    with op.batch_alter_table("harm_told") as batch_op:
        batch_op.create_index("ix_harm_told_report_id", ["report_id"], unique=False)

    op.create_table(
        "look_up",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_look_up_child_id_child"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_look_up_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_look_up"),
    )
    with op.batch_alter_table("look_up") as batch_op:
        batch_op.create_index("ix_look_up_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_look_up_user_id_at", ["user_id", "at"], unique=False)

    op.create_table(
        "protection_request",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("act", sa.String(length=4), nullable=False),
        sa.Column("registrar_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name="fk_protection_request_asked_by_user"),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_protection_request_child_id_child"),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name="fk_protection_request_decided_by_user"),
        sa.ForeignKeyConstraint(["registrar_id"], ["user.id"], name="fk_protection_request_registrar_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_protection_request"),
    )
    with op.batch_alter_table("protection_request") as batch_op:
        batch_op.create_index("ix_protection_request_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_protection_request_county", ["county"], unique=False)
        batch_op.create_index(
            "uq_protection_request_open",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "risk_assessment",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_risk_assessment_child_id_child"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_risk_assessment_office_id_office"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_risk_assessment_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_risk_assessment"),
    )
    with op.batch_alter_table("risk_assessment") as batch_op:
        batch_op.create_index("ix_risk_assessment_child_id", ["child_id"], unique=False)
        batch_op.create_index(
            "uq_risk_assessment_latest",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("latest"),
            postgresql_where=sa.text("latest"),
        )

    op.create_table(
        "transfer",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("begun_by", sa.String(length=9), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("from_area", sa.String(length=12), nullable=False),
        sa.Column("from_office_id", sa.Uuid(), nullable=True),
        sa.Column("to_area", sa.String(length=12), nullable=False),
        sa.Column("to_office_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("arrive_by", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_transfer_child_id_child"),
        sa.ForeignKeyConstraint(["from_area"], ["area.code"], name="fk_transfer_from_area_area"),
        sa.ForeignKeyConstraint(["from_office_id"], ["office.id"], name="fk_transfer_from_office_id_office"),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name="fk_transfer_opened_by_user"),
        sa.ForeignKeyConstraint(["to_area"], ["area.code"], name="fk_transfer_to_area_area"),
        sa.ForeignKeyConstraint(["to_office_id"], ["office.id"], name="fk_transfer_to_office_id_office"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
    )
    with op.batch_alter_table("transfer") as batch_op:
        batch_op.create_index("ix_transfer_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_transfer_from_area_state", ["from_area", "state"], unique=False)
        batch_op.create_index("ix_transfer_to_area_state", ["to_area", "state"], unique=False)
        batch_op.create_index(
            "uq_transfer_open",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "visited_child",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_visited_child_child_id_child"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_visited_child_visit_id_visit"),
        sa.PrimaryKeyConstraint("id", name="pk_visited_child"),
    )
    with op.batch_alter_table("visited_child") as batch_op:
        batch_op.create_index("ix_visited_child_child_id", ["child_id"], unique=False)
        batch_op.create_index("uq_visited_child_visit_id_child_id", ["visit_id", "child_id"], unique=True)

    op.create_table(
        "transfer_step",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("side", sa.String(length=9), nullable=False),
        sa.Column("move", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_transfer_step_child_id_child"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_transfer_step_office_id_office"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="fk_transfer_step_transfer_id_transfer"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_transfer_step_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_step"),
    )
    with op.batch_alter_table("transfer_step") as batch_op:
        batch_op.create_index("ix_transfer_step_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_transfer_step_transfer_id", ["transfer_id"], unique=False)

    with op.batch_alter_table("block") as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))

    with op.batch_alter_table("child") as batch_op:
        batch_op.add_column(sa.Column("card_number_sealed", sa.LargeBinary(), nullable=True))
        batch_op.create_index("ix_child_merged_into", ["merged_into"], unique=False)

    with op.batch_alter_table("episode") as batch_op:
        batch_op.add_column(sa.Column("latest", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("destination_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("absence_sealed", sa.LargeBinary(), nullable=True))
        batch_op.drop_index("uq_episode_present")

    op.execute("UPDATE episode SET latest = (left_month IS NULL)")
    with op.batch_alter_table("episode") as batch_op:
        batch_op.create_index(
            "uq_episode_latest",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("latest"),
            postgresql_where=sa.text("latest"),
        )

    with op.batch_alter_table("guardian") as batch_op:
        batch_op.add_column(sa.Column("workplace_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("address_sealed", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("guardianship") as batch_op:
        batch_op.add_column(sa.Column("care", sa.String(length=10), server_default="guardian", nullable=False))
        batch_op.add_column(sa.Column("ended_month", sa.String(length=7), nullable=True))

    with op.batch_alter_table("household") as batch_op:
        batch_op.add_column(sa.Column("visited_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("visit_due", sa.Date(), nullable=True))
        batch_op.create_index("ix_household_visit_due", ["visit_due"], unique=False)

    with op.batch_alter_table("intake_draft") as batch_op:
        batch_op.add_column(sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_intake_draft_kept_at", ["kept_at"], unique=False)

    with op.batch_alter_table("match") as batch_op:
        batch_op.add_column(sa.Column("decision", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("decided_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("decision_reason", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("kept_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("status_before", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("sent_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sent_up_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key("fk_match_decided_by_user", "user", ["decided_by"], ["id"])
        batch_op.create_foreign_key("fk_match_sent_up_by_user", "user", ["sent_up_by"], ["id"])
        batch_op.create_foreign_key("fk_match_kept_id_child", "child", ["kept_id"], ["id"])

    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=30), nullable=True))

    with op.batch_alter_table("referral") as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("search") as batch_op:
        batch_op.add_column(sa.Column("filters_sealed", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))

    with op.batch_alter_table("user_session") as batch_op:
        batch_op.add_column(sa.Column("deputy_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key("fk_user_session_deputy_id_deputy", "deputy", ["deputy_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("user_session") as batch_op:
        batch_op.drop_constraint("fk_user_session_deputy_id_deputy", type_="foreignkey")
        batch_op.drop_column("deputy_id")

    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("left_on")

    with op.batch_alter_table("search") as batch_op:
        batch_op.drop_column("filters_sealed")

    with op.batch_alter_table("referral") as batch_op:
        batch_op.drop_column("told_at")

    with op.batch_alter_table("office") as batch_op:
        batch_op.drop_column("phone")

    with op.batch_alter_table("match") as batch_op:
        batch_op.drop_constraint("fk_match_kept_id_child", type_="foreignkey")
        batch_op.drop_constraint("fk_match_sent_up_by_user", type_="foreignkey")
        batch_op.drop_constraint("fk_match_decided_by_user", type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("sent_up_by")
        batch_op.drop_column("sent_up_at")
        batch_op.drop_column("status_before")
        batch_op.drop_column("kept_id")
        batch_op.drop_column("decision_reason")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("decided_at")
        batch_op.drop_column("decision")

    with op.batch_alter_table("intake_draft") as batch_op:
        batch_op.drop_index("ix_intake_draft_kept_at")
        batch_op.drop_column("kept_at")

    with op.batch_alter_table("household") as batch_op:
        batch_op.drop_index("ix_household_visit_due")
        batch_op.drop_column("visit_due")
        batch_op.drop_column("visited_on")

    with op.batch_alter_table("guardianship") as batch_op:
        batch_op.drop_column("ended_month")
        batch_op.drop_column("care")

    with op.batch_alter_table("guardian") as batch_op:
        batch_op.drop_column("address_sealed")
        batch_op.drop_column("workplace_sealed")

    with op.batch_alter_table("episode") as batch_op:
        batch_op.drop_index("uq_episode_latest")
        batch_op.create_index(
            "uq_episode_present",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("left_month IS NULL"),
            postgresql_where=sa.text("left_month IS NULL"),
        )
        batch_op.drop_column("absence_sealed")
        batch_op.drop_column("destination_sealed")
        batch_op.drop_column("latest")

    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_index("ix_child_merged_into")
        batch_op.drop_column("card_number_sealed")

    with op.batch_alter_table("block") as batch_op:
        batch_op.drop_column("closed_on")
        batch_op.drop_column("position")

    with op.batch_alter_table("transfer_step") as batch_op:
        batch_op.drop_index("ix_transfer_step_transfer_id")
        batch_op.drop_index("ix_transfer_step_child_id")

    op.drop_table("transfer_step")
    with op.batch_alter_table("visited_child") as batch_op:
        batch_op.drop_index("uq_visited_child_visit_id_child_id")
        batch_op.drop_index("ix_visited_child_child_id")

    op.drop_table("visited_child")
    with op.batch_alter_table("transfer") as batch_op:
        batch_op.drop_index("uq_transfer_open")
        batch_op.drop_index("ix_transfer_to_area_state")
        batch_op.drop_index("ix_transfer_from_area_state")
        batch_op.drop_index("ix_transfer_child_id")

    op.drop_table("transfer")
    with op.batch_alter_table("risk_assessment") as batch_op:
        batch_op.drop_index("uq_risk_assessment_latest")
        batch_op.drop_index("ix_risk_assessment_child_id")

    op.drop_table("risk_assessment")
    with op.batch_alter_table("protection_request") as batch_op:
        batch_op.drop_index("uq_protection_request_open")
        batch_op.drop_index("ix_protection_request_county")
        batch_op.drop_index("ix_protection_request_child_id")

    op.drop_table("protection_request")
    with op.batch_alter_table("look_up") as batch_op:
        batch_op.drop_index("ix_look_up_user_id_at")
        batch_op.drop_index("ix_look_up_child_id")

    op.drop_table("look_up")
    with op.batch_alter_table("harm_told") as batch_op:
        batch_op.drop_index("ix_harm_told_report_id")

    op.drop_table("harm_told")
    with op.batch_alter_table("correction") as batch_op:
        batch_op.drop_index("ix_correction_state")
        batch_op.drop_index("ix_correction_child_id")
        batch_op.drop_index("ix_correction_asked_by")

    op.drop_table("correction")
    with op.batch_alter_table("child_change") as batch_op:
        batch_op.drop_index("ix_child_change_child_id")

    op.drop_table("child_change")
    with op.batch_alter_table("child_answer") as batch_op:
        batch_op.drop_index("uq_child_answer_child_id_question")

    op.drop_table("child_answer")
    with op.batch_alter_table("card_print") as batch_op:
        batch_op.drop_index("uq_card_print_child_id_issue")

    op.drop_table("card_print")
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_index("ix_visit_household_id")

    op.drop_table("visit")
    with op.batch_alter_table("household_answer") as batch_op:
        batch_op.drop_index("uq_household_answer_household_id_question")

    op.drop_table("household_answer")
    with op.batch_alter_table("harm_report") as batch_op:
        batch_op.drop_index("ix_harm_report_reporter_id")
        batch_op.drop_index("ix_harm_report_county")

    op.drop_table("harm_report")
    with op.batch_alter_table("estimate") as batch_op:
        batch_op.drop_index("ix_estimate_area_code")

    op.drop_table("estimate")
    with op.batch_alter_table("deputy") as batch_op:
        batch_op.drop_index("ix_deputy_user_id")
        batch_op.drop_index("ix_deputy_deputy_id")

    op.drop_table("deputy")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_index("uq_job_kind_key")
        batch_op.drop_index("ix_job_state")

    op.drop_table("job")
