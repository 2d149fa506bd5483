"""Tables of visits: who went to which household, and which children were seen."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.accounts.models import User
    from registry.households.models import Household


class Visit(Row, Model):
    """One visit, call or attempt."""

    __tablename__ = "visit"

    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    outcome: Mapped[str] = mapped_column(String(12))  # seen, phoned, neighbour, nobody, declined
    unchanged: Mapped[bool]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("visit", "note")

    household: Mapped[Household] = relationship()
    user: Mapped[User] = relationship()
    children: Mapped[list[VisitedChild]] = relationship(back_populates="visit", order_by="VisitedChild.id")


class VisitedChild(Row, Model):
    """A child of the household at a visit: whether it was seen."""

    __tablename__ = "visited_child"
    __table_args__ = (Index("uq_visited_child_visit_id_child_id", "visit_id", "child_id", unique=True),)

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"))
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    seen: Mapped[bool]

    visit: Mapped[Visit] = relationship(back_populates="children")
