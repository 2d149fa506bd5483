"""Tables of the audit: events are added, never changed and never removed."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import datetime  # noqa: TC003
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row


class AuditEvent(Row, Model):
    """Who did or saw what, when. No personal data: ids and codes only."""

    __tablename__ = "audit_event"

    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    role: Mapped[str | None] = mapped_column(String(24))
    office_id: Mapped[uuid.UUID | None]
    area_code: Mapped[str | None] = mapped_column(String(12), index=True)  # of the office: the auditor's scope
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    children: Mapped[list[AuditEventChild]] = relationship(back_populates="event")


class AuditEventChild(Row, Model):
    """A child whom an event concerns."""

    __tablename__ = "audit_event_child"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit_event.id"), index=True)
    child_id: Mapped[uuid.UUID] = mapped_column(index=True)

    event: Mapped[AuditEvent] = relationship(back_populates="children")
