"""Table of cards: every print of a child's card. The number itself belongs to the child."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import datetime  # noqa: TC003

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Model, Row


class CardPrint(Row, Model):
    """One printed card. `issue`: 1 for the first of a child; `named`: whether the name stands on it."""

    __tablename__ = "card_print"
    __table_args__ = (Index("uq_card_print_child_id_issue", "child_id", "issue", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    issue: Mapped[int]
    named: Mapped[bool]
    printed_at: Mapped[datetime]
    printed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
