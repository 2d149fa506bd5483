"""Tables of ledgers: spreadsheets that came in, their rows, columns that offices know, and lists taken out."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import BYTES, JSON
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child


class Ledger(Row, Versioned, Model):
    """A spreadsheet that somebody uploaded: to register its children, to answer referrals, or to be compared.

    The file is kept sealed until its rows are done and somebody had time to fetch what was refused.
    """

    __tablename__ = "ledger"

    kind: Mapped[str] = mapped_column(String(12))  # children, answers, roster
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    acting_for: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # whose deputy uploaded it
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    digest: Mapped[str | None] = mapped_column(String(32), index=True)  # keyed, of the content: the same file again
    side: Mapped[str | None] = mapped_column(String(10))  # receiving or sending
    department: Mapped[str | None] = mapped_column(String(10))  # of a roster: whose list it is
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = Sealed("ledger", "name")  # of the file: people write names of children into it
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = Sealed("ledger", "content", codec=BYTES)
    plan_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    plan = Sealed("ledger", "plan", codec=JSON)  # sheets, their headers, and which column is which field
    judged_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))  # read, confirmed, running, done, stopped, limited, failed
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    acted_for: Mapped[User | None] = relationship(foreign_keys=[acting_for])
    office: Mapped[Office] = relationship()
    rows: Mapped[list[LedgerRow]] = relationship(back_populates="ledger", order_by="LedgerRow.id")


class LedgerRow(Row, Model):
    """One row of a ledger and what became of it. What was typed is sealed, and so is what there is to say of it."""

    __tablename__ = "ledger_row"
    __table_args__ = (
        Index("uq_ledger_row_ledger_id_sheet_row", "ledger_id", "sheet", "row", unique=True),
        Index("ix_ledger_row_held_area_code", "held", "area_code"),
    )

    ledger_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger.id"))
    sheet: Mapped[int]  # counted from 0
    row: Mapped[int]  # of the sheet, counted from 1
    # waiting, then refuse, duplicate, warn or register; of other kinds their own
    outcome: Mapped[str] = mapped_column(String(12))
    typed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    typed = Sealed("ledger_row", "typed", codec=JSON)
    read_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    read = Sealed("ledger_row", "read", codec=JSON)  # what the procedure read of it, until nobody needs it any more
    messages_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    messages = Sealed("ledger_row", "messages", codec=JSON)
    child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(String(12), ForeignKey("area.code"))  # where it belongs
    held: Mapped[str | None] = mapped_column(String(12))  # waits for a supervisor of that area: why
    held_child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    tallied: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)  # keyed mark: was counted, not kept
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))

    ledger: Mapped[Ledger] = relationship(back_populates="rows")
    child: Mapped[Child | None] = relationship(foreign_keys=[child_id])
    held_child: Mapped[Child | None] = relationship(foreign_keys=[held_child_id])


class ColumnMemory(Row, Model):
    """Which column is which field, as an office confirmed it for a header: the next such file needs no asking."""

    __tablename__ = "column_memory"
    __table_args__ = (Index("uq_column_memory_office_id_kind_header", "office_id", "kind", "header", unique=True),)

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str] = mapped_column(String(12))
    header: Mapped[str] = mapped_column(String(64))  # keyed digest of its words
    columns_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    columns = Sealed("column_memory", "columns", codec=JSON)
    confirmed_at: Mapped[datetime]


class Layout(Row, Versioned, Model):
    """The columns that an office wants in a list that it takes out, with the words of the template that it fills."""

    __tablename__ = "layout"
    __table_args__ = (Index("uq_layout_office_id_name", "office_id", "name", unique=True),)

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(60))
    columns_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    columns = Sealed("layout", "columns", codec=JSON)  # pairs of heading and field, in their order


class Download(Row, Model):
    """A list that somebody took out: which one, how many rows, up to which change; the next one begins there.

    `members`: 16 bytes of each file that was on it, which tell the next time who is new and who is gone.
    """

    __tablename__ = "download"
    __table_args__ = (Index("ix_download_user_id_list", "user_id", "list"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    list: Mapped[str] = mapped_column(String(24))
    layout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("layout.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    upto: Mapped[datetime]
    members_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    members = Sealed("download", "members", codec=BYTES)
