"""Record doses: what was given, and how children stand with their vaccines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_record_doses"
down_revision = "0006_find_the_few"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dose",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("vaccine", sa.String(length=16), nullable=False),
        sa.Column("day_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_dose_child_id_child"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_dose_office_id_office"),
        sa.ForeignKeyConstraint(["entered_by"], ["user.id"], name="fk_dose_entered_by_user"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user.id"], name="fk_dose_withdrawn_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_dose"),
    )
    op.create_index("ix_dose_child_id", "dose", ["child_id", "withdrawn_at"])

    op.create_table(
        "immunisation",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_month", sa.String(length=7), nullable=True),
        sa.Column("whole", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reckoned_on", sa.Date(), nullable=False),
        sa.Column("sop_version", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_immunisation_child_id_child"),
        sa.PrimaryKeyConstraint("id", name="pk_immunisation"),
        sa.UniqueConstraint("child_id", name="uq_immunisation_child_id"),
    )
    op.create_index("ix_immunisation_state", "immunisation", ["state", "due_month"])

    op.create_table(
        "course_state",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("next_dose", sa.Integer(), nullable=True),
        sa.Column("due_month", sa.String(length=7), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_course_state_child_id_child"),
        sa.PrimaryKeyConstraint("id", name="pk_course_state"),
    )
    op.create_index("uq_course_state_child_id_course", "course_state", ["child_id", "course"], unique=True)
    op.create_index("ix_course_state_course_status", "course_state", ["course", "status", "due_month"])


def downgrade() -> None:
    op.drop_table("course_state")
    op.drop_table("immunisation")
    op.drop_table("dose")
