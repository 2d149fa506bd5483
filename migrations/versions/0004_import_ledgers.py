"""Import ledgers: spreadsheets that come in with their rows, remembered columns, layouts and downloads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_import_ledgers"
down_revision = "0003_read_lists_from_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_memory",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("header", sa.String(length=64), nullable=False),
        sa.Column("columns_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_column_memory_office_id_office"),
        sa.PrimaryKeyConstraint("id", name="pk_column_memory"),
    )
    with op.batch_alter_table("column_memory") as batch_op:
        batch_op.create_index("uq_column_memory_office_id_kind_header", ["office_id", "kind", "header"], unique=True)

    op.create_table(
        "layout",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("columns_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_layout_office_id_office"),
        sa.PrimaryKeyConstraint("id", name="pk_layout"),
    )
    with op.batch_alter_table("layout") as batch_op:
        batch_op.create_index("uq_layout_office_id_name", ["office_id", "name"], unique=True)

    op.create_table(
        "download",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.String(length=24), nullable=False),
        sa.Column("layout_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("members_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["layout_id"], ["layout.id"], name="fk_download_layout_id_layout"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_download_office_id_office"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_download_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_download"),
    )
    with op.batch_alter_table("download") as batch_op:
        batch_op.create_index("ix_download_user_id_list", ["user_id", "list"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("acting_for", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=True),
        sa.Column("side", sa.String(length=10), nullable=True),
        sa.Column("department", sa.String(length=10), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("plan_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["acting_for"], ["user.id"], name="fk_ledger_acting_for_user"),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name="fk_ledger_area_code_area"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_ledger_office_id_office"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_ledger_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    with op.batch_alter_table("ledger") as batch_op:
        batch_op.create_index("ix_ledger_digest", ["digest"], unique=False)
        batch_op.create_index("ix_ledger_office_id", ["office_id"], unique=False)
        batch_op.create_index("ix_ledger_user_id", ["user_id"], unique=False)

    op.create_table(
        "ledger_row",
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("typed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("read_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("messages_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("held", sa.String(length=12), nullable=True),
        sa.Column("held_child_id", sa.Uuid(), nullable=True),
        sa.Column("tallied", sa.LargeBinary(length=16), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name="fk_ledger_row_area_code_area"),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_ledger_row_child_id_child"),
        sa.ForeignKeyConstraint(["held_child_id"], ["child.id"], name="fk_ledger_row_held_child_id_child"),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name="fk_ledger_row_ledger_id_ledger"),
        sa.ForeignKeyConstraint(["settled_by"], ["user.id"], name="fk_ledger_row_settled_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_row"),
    )
    with op.batch_alter_table("ledger_row") as batch_op:
        batch_op.create_index("ix_ledger_row_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_ledger_row_held_area_code", ["held", "area_code"], unique=False)
        batch_op.create_index("ix_ledger_row_tallied", ["tallied"], unique=False)
        batch_op.create_index("uq_ledger_row_ledger_id_sheet_row", ["ledger_id", "sheet", "row"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("ledger_row") as batch_op:
        batch_op.drop_index("uq_ledger_row_ledger_id_sheet_row")
        batch_op.drop_index("ix_ledger_row_tallied")
        batch_op.drop_index("ix_ledger_row_held_area_code")
        batch_op.drop_index("ix_ledger_row_child_id")

    op.drop_table("ledger_row")
    with op.batch_alter_table("ledger") as batch_op:
        batch_op.drop_index("ix_ledger_user_id")
        batch_op.drop_index("ix_ledger_office_id")
        batch_op.drop_index("ix_ledger_digest")

    op.drop_table("ledger")
    with op.batch_alter_table("download") as batch_op:
        batch_op.drop_index("ix_download_user_id_list")

    op.drop_table("download")
    with op.batch_alter_table("layout") as batch_op:
        batch_op.drop_index("uq_layout_office_id_name")

    op.drop_table("layout")
    with op.batch_alter_table("column_memory") as batch_op:
        batch_op.drop_index("uq_column_memory_office_id_kind_header")

    op.drop_table("column_memory")
