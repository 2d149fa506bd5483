"""Which referrals count, and with which result: the rule by which they are counted in full, as the triggers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from registry.referrals.models import Referral
from sop.performance import KEPT_AS, OPEN, UNSOLVED, WITHDRAWN
from sop.referral import State

if TYPE_CHECKING:
    from sqlalchemy import Select


def counted() -> Select[Any]:
    """Return one row for each referral but drafts: area_code, service, result.

    It is the result that `sop.performance.result_of` gives, as KEPT_AS has it: what was withdrawn stands with the
    unsolved. The triggers of migration 0005 say the same; a change of one is a change of both.
    """
    result = case(
        (Referral.state == State.WITHDRAWN, KEPT_AS[WITHDRAWN]),
        (Referral.state == State.CLOSED, func.coalesce(Referral.outcome_kind, KEPT_AS[UNSOLVED])),
        else_=KEPT_AS[OPEN],
    )
    return select(Referral.area_code, Referral.service, result.label("result")).where(Referral.state != State.DRAFT)
