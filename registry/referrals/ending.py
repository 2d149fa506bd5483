"""The end of every open referral of a child who died, left, or whose family wants no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children.merging import merged_into
from registry.database import db
from registry.referrals.models import Referral
from registry.referrals.steps import advance, finish
from sop.referral import OPEN_STATES, Move, Side

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer


def withdraw_open(viewer: Viewer, child_id: UUID, reason: str, on: date) -> int:
    """Withdraw every open referral of a child, whichever office sent it, and return how many there were.

    Those of files that were merged into this one are the same child's. `reason`: a code of the list
    `withdraw_reason`. Whoever calls has checked that the viewer may change the file.
    """
    files = {child_id, *merged_into([child_id])}
    open_ones = db.session.scalars(
        select(Referral)
        .where(Referral.child_id.in_(files), Referral.state.in_(OPEN_STATES))
        .order_by(Referral.id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).all()
    for referral in open_ones:
        advance(referral, Move.WITHDRAW, Side.SENDER)
        referral.closed_on = on
        finish(viewer, referral, Move.WITHDRAW, reason=reason)
    return len(open_ones)
