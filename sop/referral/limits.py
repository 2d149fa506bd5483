"""By when a referral is to be accepted and answered, how it stands to that, and to whom it climbs when overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sop import schooling
from sop.referral.moves import OPEN_STATES, WITH_OFFICE, Move, State
from sop.referral.working_days import add_working_days, last_working_day, working_days_between

if TYPE_CHECKING:
    from datetime import date

    from sop.content import Service, Sop
    from sop.identity import BirthDate
    from sop.referral.rules import ReferralRules
    from sop.referral.working_days import Calendar

SUPERVISOR, LEVEL_ABOVE = 1, 2  # the steps of climbing
ONE_DAY = timedelta(days=1)


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


def deadlines(service: Service, sent_on: date, calendar: Calendar, term: date | None = None) -> Deadlines:
    """Return the limits of a referral sent on a day; sent again, they start anew.

    `term`: the day as `term_for` gives it, before which the answer must be there; nobody has to answer before the day
    on which it is to be accepted (domain R8: outcome before term, or 30 days in term).
    """
    accept_by = add_working_days(calendar, sent_on, service.accept_days)
    answer_by = add_working_days(calendar, sent_on, service.answer_days)
    if term is not None and term <= answer_by:
        answer_by = max(accept_by, last_working_day(calendar, term - ONE_DAY))
    return Deadlines(accept_by, answer_by)


def term_for(sop: Sop, service: Service, birth: BirthDate, on: date, area: str | None = None) -> date | None:
    """Return the first day of the next school year where the service is to answer before it (`before_term`).

    None for others, and for a child that is not of compulsory school age on that day: it neither has to enter nor to
    attend. The month of birth is enough to know. `area`: code of where the child lives.
    """
    if not service.before_term:
        return None
    start = schooling.next_start(sop, on)
    return start if schooling.stage(sop, schooling.grade(sop, birth, start, area)) is not None else None


def handed_on(service: Service, on: date, answer_by: date | None, calendar: Calendar) -> Deadlines:
    """Return the limits of a referral that was handed on: the next office has its own days to accept.

    The day to answer moves no further than that needs, so that nobody gains time by passing it round. `answer_by`: the
    day that held before.
    """
    accept_by = add_working_days(calendar, on, service.accept_days)
    return Deadlines(accept_by, max(answer_by or accept_by, accept_by))


def due_on(state: State, limits: Deadlines | None) -> date | None:
    """Return the day that counts now: to accept by while sent, to answer by in hand, None where no clock runs.

    An interim outcome is no state and stops no clock.
    """
    if limits is None or state not in WITH_OFFICE:
        return None
    return limits.accept_by if state is State.SENT else limits.answer_by


def resend_by(sop: Sop, state: State, on: date, calendar: Calendar) -> date | None:
    """Return by when the sender sends again, or takes back, what was returned on a day; None in every other state."""
    return add_working_days(calendar, on, sop.referrals.send_days) if state is State.RETURNED else None


def stays_climbed(move: Move, due: date | None, on: date) -> bool:
    """Tell whether what has climbed stays with its supervisor after a move. `due`: the day that counts now.

    While that day has passed, too; and handed on, until somebody accepts it or it comes to its end: what is passed
    round and round would climb to nobody.
    """
    return due is not None and (due < on or move is Move.HAND_ON)


def standing(state: State, limits: Deadlines | None, on: date, calendar: Calendar, soon_days: int) -> Standing:
    """Say how a referral stands on a day; `soon_days`: working days before the limit from which it is due soon."""
    due = due_on(state, limits)
    if due is None:
        return Standing("open" if state in OPEN_STATES else "done", 0, None)
    if on > due:
        return Standing("late", days_late(calendar, due, on), due)
    left = working_days_between(calendar, on, due)
    return Standing("soon" if left <= soon_days else "open", left, due)


def days_late(calendar: Calendar, due: date, on: date) -> int:
    """Return how many working days a limit that has passed (`due` before `on`) is over.

    On the free day after a limit no working day has passed yet, but the limit has: that is the first day.
    """
    return max(1, working_days_between(calendar, due, on))


def soon_until(calendar: Calendar, on: date, soon_days: int) -> date:
    """Return the last limit that is due soon on a day: the one before the first that is more working days away."""
    return add_working_days(calendar, on, soon_days + 1) - ONE_DAY


def climbs_on(rules: Service | ReferralRules, due: date, step: int, calendar: Calendar) -> date:
    """Return the first day on which what was due on a day stands with somebody higher.

    `step`: SUPERVISOR, so many working days after the limit, or LEVEL_ABOVE, so many more after that.
    """
    return add_working_days(calendar, due, sum(rules.climb_days[:step]))


def climbed(rules: Service | ReferralRules, due: date, on: date, calendar: Calendar) -> int:
    """Return how high what is overdue has climbed on a day: 0, SUPERVISOR or LEVEL_ABOVE.

    `rules`: the service of a referral; the rules of all for what has none to answer it, as nobody has sent it yet.

    On the limit itself it stands with nobody but its office, whatever `climb_days` say.
    """
    return sum(climbs_on(rules, due, step, calendar) <= on for step in (SUPERVISOR, LEVEL_ABOVE))
