"""Whether a closed referral may be opened again, and what of its answer is then taken back."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sop.referral.moves import Side

if TYPE_CHECKING:
    from datetime import date

    from sop.content import Service, Sop

# Reasons (codes of `reopen_reason`) by which what the answer wrote into the child's file was never so.
TAKES_BACK: Final = frozenset({"not_done", "mistake"})


class Hindrance(StrEnum):
    """Why a closed referral stays closed."""

    ELSEWHERE = "elsewhere"  # the child is not on the register any more in the area that it was made for
    TOO_LATE = "too_late"
    SENDER_ONLY = "sender_only"  # it needs the guardian's agreement, which only the sender can ask for


def reopening_hindered(
    sop: Sop, service: Service, side: Side, closed_on: date | None, on: date, *, is_here: bool
) -> Hindrance | None:
    """Return what hinders a side from opening a closed referral again on a day; None where nothing does.

    Whoever has it again sees the child's present file: only of a child that is still on the register where it was
    asked (`is_here`), not for longer than `reopen_days` after the end, and of a service that needs the guardian's
    agreement only where the sender has asked for it anew.
    """
    if not is_here:
        return Hindrance.ELSEWHERE
    if closed_on is None or on > closed_on + timedelta(days=sop.referrals.reopen_days):
        return Hindrance.TOO_LATE
    if service.needs_agreement and side is not Side.SENDER:
        return Hindrance.SENDER_ONLY
    return None
