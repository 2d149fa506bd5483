"""The clock of the side that sends: by when a proposal is to be followed, and since when it waits for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.referral.working_days import ONE_DAY, add_working_days

if TYPE_CHECKING:
    from datetime import date

    from sop.referral.rules import ReferralRules
    from sop.referral.working_days import Calendar


def follow_by(rules: ReferralRules, made_on: date, calendar: Calendar) -> date:
    """Return the last day on which what was proposed on a day is to be sent or declined (domain 2.3 R7 to R9)."""
    return add_working_days(calendar, made_on, rules.send_days)


def unfollowed_since(rules: ReferralRules, on: date, calendar: Calendar) -> date:
    """Return the last day of proposing whose `follow_by` has passed on a day: what was proposed until then is late."""
    day = on - ONE_DAY
    while follow_by(rules, day, calendar) >= on:
        day -= ONE_DAY
    return day
