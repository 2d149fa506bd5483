"""Table of corrections: identity fields that one person asks to correct and a supervisor decides."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import JSON
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child


class Correction(Row, Versioned, Model):
    """A wish to correct name, birth date or ID number. `values`: by field the value before and the one wanted."""

    __tablename__ = "correction"

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    values_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    values = Sealed("correction", "values", codec=JSON)
    reason: Mapped[str] = mapped_column(String(24))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("correction", "note")
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    asked_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), index=True)  # asked, approved, refused, withdrawn
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(String(24))  # a code of `refusal_reason`
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer = Sealed("correction", "answer")

    child: Mapped[Child] = relationship()
    asker: Mapped[User] = relationship(foreign_keys=[asked_by])
    office: Mapped[Office] = relationship()
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])
