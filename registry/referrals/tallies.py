"""Which referrals count, and with which result: the rule by which they are counted in full, as the triggers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from registry.referrals.models import Referral
from sop.referral import State

if TYPE_CHECKING:
    from sqlalchemy import Select


def counted() -> Select[Any]:
    """Return one row for each referral but drafts: area_code, service, result.

    Closed ones are solved or unsolved by their outcome; what was withdrawn is unsolved; all others are open. The
    triggers of migration 0005 say the same; a change of one is a change of both.
    """
    result = case(
        (Referral.state == State.WITHDRAWN, "unsolved"),
        (Referral.state == State.CLOSED, func.coalesce(Referral.outcome_kind, "unsolved")),
        else_="open",
    )
    return select(Referral.area_code, Referral.service, result.label("result")).where(Referral.state != State.DRAFT)
