"""What waits at an office or for it: open referrals, as a number, for those who may not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from registry.database import db
from registry.referrals.models import Referral
from sop.referral import OPEN_STATES

if TYPE_CHECKING:
    from uuid import UUID


def open_at(office_id: UUID) -> int:
    """Count the open referrals that an office has to answer, or that it sent and follows."""
    concerned = or_(Referral.office_id == office_id, Referral.from_office_id == office_id)
    return db.session.scalar(select(func.count()).where(concerned, Referral.state.in_(OPEN_STATES))) or 0
