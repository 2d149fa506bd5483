"""Answer referrals: confidential services, the day that counts, climbing, proposals, and how offices perform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_answer_referrals"
down_revision = "0007_record_doses"
branch_labels = None
depends_on = None

OPEN = "state IN ('draft', 'sent', 'accepted', 'appointed', 'returned')"
REFER = "kind = 'refer'"
AT_DESK = "office_id IS NOT NULL AND due_on IS NOT NULL"
DESK = ("due_on", "id", "state", "child_id", "area_code", "entry_year", "service", "outcome_kind")
# Name, columns, condition.
NEW = (
    ("uq_referral_open", ("child_id", "service"), f"{OPEN} AND service <> 'confidential'"),
    ("uq_referral_asked_token", ("asked_token",), f"{OPEN} AND asked_token IS NOT NULL"),
    ("ix_referral_office_due", ("office_id", *DESK), AT_DESK),
    ("ix_referral_token_due", ("office_token", *DESK), "office_token IS NOT NULL AND due_on IS NOT NULL"),
    ("ix_referral_office_area", ("office_id", "area_code", "id"), AT_DESK),
    ("ix_referral_office_entry", ("office_id", "entry_year", "id"), AT_DESK),
    ("ix_referral_office_sent", ("office_id", "sent_on", "id"), AT_DESK),
    ("ix_referral_office_ended", ("office_id", "id"), "office_id IS NOT NULL AND due_on IS NULL"),
    ("ix_referral_token_ended", ("office_token", "id"), "office_token IS NOT NULL AND due_on IS NULL"),
    ("ix_referral_from_office_id", ("from_office_id", "id"), None),
    ("ix_referral_area_code_state", ("area_code", "state"), None),
    ("ix_referral_resend", ("area_code", "resend_by"), "resend_by IS NOT NULL"),
    ("ix_referral_climbed", ("climbed_to", "due_on", "id"), "climbed > 0"),
    ("ix_referral_child_id", ("child_id",), None),
)
OLD = (
    ("uq_referral_open", ("child_id", "service"), OPEN),
    ("ix_referral_queue", ("office_id", "state", "answer_by", "accept_by", "child_id", "id"), None),
    ("ix_referral_from_office_id", ("from_office_id",), None),
    ("ix_referral_area_code_state", ("area_code", "state"), None),
    ("ix_referral_child_id", ("child_id",), None),
)
OF_PROPOSALS = (
    ("uq_proposal_child_id_service", ("child_id", "service"), f"{REFER} AND asked_token IS NULL"),
    ("uq_proposal_asked_token", ("asked_token",), f"{REFER} AND asked_token IS NOT NULL"),
    ("uq_proposal_referral_id", ("referral_id",), "referral_id IS NOT NULL"),
    ("ix_proposal_area_code", ("area_code", "state", "child_id"), None),
    ("ix_proposal_child_id", ("child_id",), None),
)


def index(table: str, indexes: tuple[tuple[str, tuple[str, ...], str | None], ...]) -> None:
    for name, columns, condition in indexes:
        where = {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)} if condition else {}
        op.create_index(name, table, list(columns), unique=name.startswith("uq_"), **where)


def triggers() -> list[str]:
    """Return the triggers of the table on SQLite, which forgets them where it is made anew."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    there = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'referral'")
    return list(op.get_bind().execute(there).scalars())


def drop(indexes: tuple[tuple[str, tuple[str, ...], str | None], ...]) -> None:
    for name, *_rest in indexes:
        op.drop_index(name, table_name="referral")


def upgrade() -> None:
    kept = triggers()
    drop(OLD)
    with op.batch_alter_table("referral") as table:
        table.alter_column("office_id", existing_type=sa.Uuid(), nullable=True)
        table.alter_column("reasons", existing_type=sa.JSON(), nullable=True)
        for name, kind in (
            ("asked_token", sa.Uuid()),
            ("confidential_sealed", sa.LargeBinary()),
            ("office_token", sa.Uuid()),
            ("due_on", sa.Date()),
            ("resend_by", sa.Date()),
            ("climbed_to", sa.String(length=12)),
        ):
            table.add_column(sa.Column(name, kind, nullable=True))
        for name in ("climbed", "entry_year"):
            table.add_column(sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False))
        table.create_foreign_key("fk_referral_climbed_to_area", "area", ["climbed_to"], ["code"])
    for statement in kept:
        op.execute(statement)
    op.execute(
        "UPDATE referral SET due_on = CASE WHEN state = 'sent' THEN accept_by ELSE answer_by END "
        "WHERE state IN ('sent', 'accepted', 'appointed')"
    )
    op.execute("UPDATE referral SET resend_by = CURRENT_DATE WHERE state = 'returned'")
    # The year in which the child is six by the last day of August, by the rule for all places.
    op.execute(
        "UPDATE referral SET entry_year = (SELECT c.birth_year + 6 + CASE WHEN c.birth_month > 8 THEN 1 ELSE 0 END "
        "FROM child c WHERE c.id = referral.child_id)"
    )
    index("referral", NEW)

    op.add_column("referral_step", sa.Column("source", sa.String(length=6), server_default="office", nullable=False))
    op.add_column("referral_step", sa.Column("details_sealed", sa.LargeBinary(), nullable=True))
    index("referral_step", (("ix_referral_step_handed_on", ("at",), "move = 'hand_on'"),))
    op.add_column("immunisation", sa.Column("long_overdue", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("dose", sa.Column("withdrawn_reason", sa.String(length=16), nullable=True))

    op.create_table(
        "proposal",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=24), nullable=False),
        sa.Column("asked_token", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("confidential_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("declined_by", sa.Uuid(), nullable=True),
        sa.Column("declined_reason", sa.String(length=12), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_proposal_child_id_child"),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name="fk_proposal_area_code_area"),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name="fk_proposal_referral_id_referral"),
        sa.ForeignKeyConstraint(["declined_by"], ["user.id"], name="fk_proposal_declined_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    index("proposal", OF_PROPOSALS)

    op.create_table(
        "performance",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=24), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_performance_office_id_office"),
        sa.PrimaryKeyConstraint("id", name="pk_performance"),
    )
    op.create_index(
        "uq_performance_office_id", "performance", ["office_id", "service", "area_code", "month"], unique=True
    )
    op.create_index("ix_performance_area_code", "performance", ["area_code", "month"])

    op.create_table(
        "bulk_report",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_bulk_report_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_report"),
    )
    op.create_index("ix_bulk_report_user_id", "bulk_report", ["user_id"])
    op.create_index("ix_bulk_report_made_at", "bulk_report", ["made_at"])


def downgrade() -> None:
    """Go back where nothing confidential was asked: the tables before have no place for it."""
    op.drop_table("bulk_report")
    op.drop_table("performance")
    op.drop_table("proposal")
    op.drop_column("dose", "withdrawn_reason")
    op.drop_column("immunisation", "long_overdue")
    op.drop_index("ix_referral_step_handed_on", table_name="referral_step")
    op.drop_column("referral_step", "details_sealed")
    op.drop_column("referral_step", "source")
    kept = triggers()
    drop(NEW)
    with op.batch_alter_table("referral") as table:
        table.drop_constraint("fk_referral_climbed_to_area", type_="foreignkey")
        for name in ("climbed", "entry_year", "climbed_to", "due_on", "resend_by", "office_token"):
            table.drop_column(name)
        for name in ("confidential_sealed", "asked_token"):
            table.drop_column(name)
        table.alter_column("reasons", existing_type=sa.JSON(), nullable=False)
        table.alter_column("office_id", existing_type=sa.Uuid(), nullable=False)
    for statement in kept:
        op.execute(statement)
    index("referral", OLD)
