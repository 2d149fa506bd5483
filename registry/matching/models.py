"""Tables of matching: two files that may be the same child, waiting for somebody to decide."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned

if TYPE_CHECKING:
    from registry.children.models import Child


class Match(Row, Versioned, Model):
    """A pair of files, why they are suspected, what was decided. `protected`: only the protection officer is told."""

    __tablename__ = "match"
    __table_args__ = (Index("uq_match_child_id_other_child_id", "child_id", "other_child_id", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    other_child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    reason: Mapped[str] = mapped_column(String(20))  # same_number, same_birth, same_document
    protected: Mapped[bool] = mapped_column(default=False)
    raised_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(8))  # same, not_same
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decision_reason: Mapped[str | None] = mapped_column(String(24))  # code of the list match_reason
    kept_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))  # of the two, when they are one child's
    status_before: Mapped[str | None] = mapped_column(String(12))  # of the merged child, to be given back by an undo
    sent_up_at: Mapped[datetime | None]  # by a supervisor who covers one file only, to who covers both
    sent_up_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))

    child: Mapped[Child] = relationship(foreign_keys=[child_id])
    other_child: Mapped[Child] = relationship(foreign_keys=[other_child_id])

    @property
    def pair(self) -> tuple[uuid.UUID, uuid.UUID]:
        """The ids of the two files."""
        return self.child_id, self.other_child_id
