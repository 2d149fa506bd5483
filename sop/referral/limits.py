"""By when a referral is to be accepted and answered, how it stands to that, and to whom it climbs when overdue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sop.referral.moves import OPEN_STATES, State
from sop.referral.working_days import add_working_days, working_days_between

if TYPE_CHECKING:
    from datetime import date

    from sop.content import Service
    from sop.referral.working_days import Calendar

SOON_DAYS: Final = 3
SUPERVISOR, LEVEL_ABOVE = 1, 2  # the steps of climbing


@dataclass(frozen=True)
class Deadlines:
    """The last days on which to accept and to answer."""

    accept_by: date
    answer_by: date


@dataclass(frozen=True)
class Standing:
    """How a referral stands to its limit.

    `kind` is open, soon, late or done; `days` are working days, left or (late) passed; `due` is the day
    that counts now, None where no office's clock runs.
    """

    kind: str
    days: int
    due: date | None


def deadlines(service: Service, sent_on: date, calendar: Calendar) -> Deadlines:
    """Return the limits of a referral sent on a day; sent again or handed on, they start anew."""
    return Deadlines(
        add_working_days(calendar, sent_on, service.accept_days),
        add_working_days(calendar, sent_on, service.answer_days),
    )


def due_on(state: State, limits: Deadlines | None) -> date | None:
    """Return the day that counts now: to accept by while sent, to answer by in hand, None where no clock runs.

    An interim outcome is no state and stops no clock.
    """
    if limits is None or state not in OPEN_STATES - {State.DRAFT, State.RETURNED}:
        return None
    return limits.accept_by if state is State.SENT else limits.answer_by


def standing(
    state: State, limits: Deadlines | None, on: date, calendar: Calendar, soon_days: int = SOON_DAYS
) -> Standing:
    """Say how a referral stands on a day; `soon_days`: working days before the limit from which it is due soon."""
    due = due_on(state, limits)
    if due is None:
        return Standing("open" if state in OPEN_STATES else "done", 0, None)
    left = working_days_between(calendar, on, due)
    if on > due:
        # On the free day after a limit no working day has passed yet, but the limit has.
        return Standing("late", max(1, -left), due)
    return Standing("soon" if left <= soon_days else "open", left, due)


def climbs_on(service: Service, due: date, step: int, calendar: Calendar) -> date:
    """Return the first day on which what was due on a day stands with somebody higher.

    `step`: SUPERVISOR, so many working days after the limit, or LEVEL_ABOVE, so many more after that.
    """
    return add_working_days(calendar, due, sum(service.climb_days[:step]))


def climbed(service: Service, due: date, on: date, calendar: Calendar) -> int:
    """Return how high an overdue referral has climbed on a day: 0, SUPERVISOR or LEVEL_ABOVE.

    On the limit itself it stands with nobody but its office, whatever `climb_days` say.
    """
    return sum(climbs_on(service, due, step, calendar) <= on for step in (SUPERVISOR, LEVEL_ABOVE))
