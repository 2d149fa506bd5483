"""Tables of matching: two files that may be the same child, waiting for somebody to decide."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row

if TYPE_CHECKING:
    from registry.children.models import Child


class Match(Row, Model):
    """A pair of files, and why they are suspected. `protected`: only the protection officer is told."""

    __tablename__ = "match"
    __table_args__ = (Index("uq_match_child_id_other_child_id", "child_id", "other_child_id", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    other_child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    reason: Mapped[str] = mapped_column(String(20))  # same_number
    protected: Mapped[bool] = mapped_column(default=False)
    raised_at: Mapped[datetime]

    child: Mapped[Child] = relationship(foreign_keys=[child_id])
    other_child: Mapped[Child] = relationship(foreign_keys=[other_child_id])
