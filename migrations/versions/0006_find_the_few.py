"""Find the few: merged, protected and deceased files each have an index that holds no others.

An office's queue, its transfers and the present schooling of a child are read from indexes alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_find_the_few"
down_revision = "0005_count_with_the_writes"
branch_labels = None
depends_on = None

# Name, column, condition, and the same on SQLite.
FEW = (
    ("merged_into", "merged_into", "merged_into IS NOT NULL", "merged_into IS NOT NULL"),
    ("protected", "id", "protected", "protected = 1"),
    ("deceased", "id", "status = 'deceased'", "status = 'deceased'"),
)
SIDES = ("from_office_id", "to_office_id")


def upgrade() -> None:
    op.drop_index("ix_child_merged_into", table_name="child")
    for name, column, condition, on_sqlite in FEW:
        where = {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(on_sqlite)}
        op.create_index(f"ix_child_{name}", "child", [column], **where)
    op.drop_index("ix_schooling_child_id", table_name="schooling")
    op.create_index("ix_schooling_child_id", "schooling", ["child_id", "to_month", "stage"])
    op.drop_index("ix_referral_office_id_state_answer_by", table_name="referral")
    op.create_index("ix_referral_queue", "referral", ["office_id", "state", "answer_by", "accept_by", "child_id", "id"])
    for side in SIDES:
        op.create_index(f"ix_transfer_{side}_state", "transfer", [side, "state"])


def downgrade() -> None:
    for side in reversed(SIDES):
        op.drop_index(f"ix_transfer_{side}_state", table_name="transfer")
    op.drop_index("ix_referral_queue", table_name="referral")
    op.create_index("ix_referral_office_id_state_answer_by", "referral", ["office_id", "state", "answer_by"])
    op.drop_index("ix_schooling_child_id", table_name="schooling")
    op.create_index("ix_schooling_child_id", "schooling", ["child_id"])
    for name, *_rest in FEW:
        op.drop_index(f"ix_child_{name}", table_name="child")
    op.create_index("ix_child_merged_into", "child", ["merged_into"])
