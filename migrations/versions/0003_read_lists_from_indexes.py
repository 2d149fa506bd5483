"""Read lists from indexes: what lists and counts ask of children and episodes is found without their sealed rows.

Offices and blocks get a version: the second of two administrators who save is told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_read_lists_from_indexes"
down_revision = "0002_deepen_the_file"
branch_labels = None
depends_on = None


def upgrade() -> None:
    plain = ["status", "merged_into", "protected", "protected_registrar_id", "sex", "birth_year", "birth_month"]
    op.create_index("ix_child_plain", "child", ["id", *plain])
    op.create_index("ix_episode_area_code", "episode", ["area_code", "latest", "status", "child_id", "household_id"])
    op.drop_index("ix_episode_area_code_status", table_name="episode")
    for table in ("office", "block"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    for table in ("block", "office"):
        op.drop_column(table, "version")
    op.create_index("ix_episode_area_code_status", "episode", ["area_code", "status"])
    op.drop_index("ix_episode_area_code", table_name="episode")
    op.drop_index("ix_child_plain", table_name="child")
