"""The drafts of somebody who leaves: how many there are, and throwing them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from registry.database import db
from registry.households.models import IntakeDraft

if TYPE_CHECKING:
    from uuid import UUID


def unsent_of(user_id: UUID) -> int:
    """Count the intakes that an account has begun and not sent; nothing in them is opened."""
    rows = select(func.count()).where(IntakeDraft.user_id == user_id, IntakeDraft.sent_at.is_(None))
    return db.session.scalar(rows) or 0


def discard_unsent(user_id: UUID) -> int:
    """Throw away the intakes that an account has begun and not sent, and return how many there were."""
    rows = select(IntakeDraft).where(IntakeDraft.user_id == user_id, IntakeDraft.sent_at.is_(None))
    found = db.session.scalars(rows.with_for_update()).all()
    for row in found:
        db.session.delete(row)
    return len(found)
