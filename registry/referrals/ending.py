"""The end of every open referral of a child who died, left, or whose family wants no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children.merging import merged_into
from registry.database import db
from registry.referrals.holding import in_order
from registry.referrals.models import Referral
from registry.referrals.steps import advance, finish
from sop.referral import OPEN_STATES, Move, Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer


def withdraw_open(viewer: Viewer, child_id: UUID, reason: str, on: date) -> int:
    """Withdraw every open referral of a child, whichever office sent it, and return how many there were.

    Those of files that were merged into this one are the same child's. `reason`: a code of the list
    `withdraw_reason`. Whoever calls has checked that the viewer may change the file.
    """
    files = {child_id, *merged_into([child_id])}
    rows = select(Referral).where(Referral.child_id.in_(files), Referral.state.in_(OPEN_STATES))
    open_ones = db.session.scalars(in_order(rows, Referral)).all()
    withdraw_all(viewer, open_ones, reason, on)
    return len(open_ones)


def withdraw_all(viewer: Viewer, referrals: Iterable[Referral], reason: str, on: date) -> None:
    """Withdraw these for one reason of the list `withdraw_reason`; whoever calls holds them, and they are open."""
    for referral in referrals:
        advance(referral, Move.WITHDRAW, Side.SENDER, on)
        referral.closed_on = on
        finish(viewer, referral, Move.WITHDRAW, reason=reason)
