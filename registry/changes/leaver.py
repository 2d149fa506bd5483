"""What somebody who leaves asked for: corrections that nobody has decided on, as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from registry.changes.models import Correction
from registry.database import db

if TYPE_CHECKING:
    from uuid import UUID


def undecided_of(user_id: UUID) -> int:
    """Count the corrections that an account asked for and that wait for a supervisor."""
    rows = select(func.count()).where(Correction.asked_by == user_id, Correction.state == "asked")
    return db.session.scalar(rows) or 0
