"""What a slip that came back says beside the answer itself: the day on which it was written, and who signed it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask_babel import lazy_gettext as _l

from registry.clock import local
from registry.referrals.models import SLIP

if TYPE_CHECKING:
    from registry.referrals.models import Referral, ReferralStep
    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener

ANSWERED_ON, SIGNED_BY = "answered_on", "signed_by"  # as the step keeps them, sealed
LABELS: Final = {ANSWERED_ON: _l("Date on the slip"), SIGNED_BY: _l("Signed by")}


class Slip(NamedTuple):
    """The day that the office wrote on the slip, on which it counts as answered, and who signed, where it is told."""

    answered_on: date
    signed_by: str | None = None

    def told(self) -> dict[str, JsonValue]:
        """Return what the step keeps of it beside the answer."""
        signed: dict[str, JsonValue] = {SIGNED_BY: self.signed_by} if self.signed_by else {}
        return {ANSWERED_ON: self.answered_on.isoformat(), **signed}


def is_possible(referral: Referral, day: date, on: date) -> bool:
    """Say whether an office may have written a slip on a day: not before the referral was sent to it, not to come."""
    return (referral.sent_on or on) <= day <= on


def answered_on(step: ReferralStep, opener: Opener) -> date:
    """Return the day on which an office answered: what stands on the slip, else when it entered the answer."""
    told = cast("dict[str, str]", step.details.open(opener) or {}) if step.source == SLIP else {}
    written = told.get(ANSWERED_ON)
    return date.fromisoformat(written) if written else local(step.at).date()
