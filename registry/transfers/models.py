"""Tables of transfers: a child's move between two areas, and every step of the handshake."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.areas.models import Office
    from registry.children.models import Child


class Transfer(Row, Versioned, Model):
    """A child's move from one area to another. A child has one open transfer at most."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index(
            "uq_transfer_open",
            "child_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_transfer_from_area_state", "from_area", "state"),
        Index("ix_transfer_to_area_state", "to_area", "state"),
        Index("ix_transfer_from_office_id_state", "from_office_id", "state"),
        Index("ix_transfer_to_office_id_state", "to_office_id", "state"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    begun_by: Mapped[str] = mapped_column(String(9))  # sending (announced) or receiving (claimed)
    basis: Mapped[str] = mapped_column(String(16))  # card, document, told, announced
    state: Mapped[str] = mapped_column(String(12))  # announced, claimed, accepted, returned, arrived, withdrawn
    from_area: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    from_office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    to_area: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    to_office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    opened_on: Mapped[date]
    opened_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    answer_by: Mapped[date]
    accepted_on: Mapped[date | None]
    arrive_by: Mapped[date | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(24))  # why it was returned
    sop_version: Mapped[str] = mapped_column(String(10))

    child: Mapped[Child] = relationship()
    from_office: Mapped[Office | None] = relationship(foreign_keys=[from_office_id])
    to_office: Mapped[Office | None] = relationship(foreign_keys=[to_office_id])
    steps: Mapped[list[TransferStep]] = relationship(back_populates="transfer", order_by="TransferStep.id")


class TransferStep(Row, Model):
    """One step of the handshake: who moved it, to which state, with which reason."""

    __tablename__ = "transfer_step"

    transfer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transfer.id"), index=True)
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # None: nobody, it ended by itself
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    side: Mapped[str] = mapped_column(String(9))  # on which the mover stood
    move: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))  # after the move
    reason: Mapped[str | None] = mapped_column(String(24))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("transfer_step", "note")  # stays with the side that wrote it

    transfer: Mapped[Transfer] = relationship(back_populates="steps")
    office: Mapped[Office | None] = relationship()
