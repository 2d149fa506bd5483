"""How offices perform: what is counted of each referral, in which month, and what the sums say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.indicators import coverage
from sop.referral import OPEN_STATES, State, working_days_between

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date

    from sop.indicators import Rate
    from sop.referral import Calendar

Counts = Mapping[str, Mapping[str, int]]  # {measure: {what of it: how many}}
# Measures. Those of the first line count in the month of sending, of the second in that of closing, of the third in
# that of handing on; NOW counts what is so on the day of counting, whenever it was sent.
BECAME, ACCEPTED = "became", "accepted"
CLOSED, OUTCOMES, DAYS = "closed", "outcomes", "days"
HANDED_ON: Final = "handed_on"
NOW: Final = "now"
OPEN, OVERDUE, RETURNED, WITHDRAWN = "open", "overdue", "returned", "withdrawn"
SOLVED, UNSOLVED = "solved", "unsolved"
RESULTS: Final = (SOLVED, UNSOLVED, OPEN, OVERDUE, RETURNED, WITHDRAWN)  # exactly one for each that was sent
# The sums that are kept with the writes tell fewer apart, and say so: whose clock runs, and what was taken back, they
# cannot know of each.
KEPT: Final = (OPEN, SOLVED, UNSOLVED)
KEPT_AS: Final = MappingProxyType(
    {SOLVED: SOLVED, UNSOLVED: UNSOLVED, WITHDRAWN: UNSOLVED, OPEN: OPEN, OVERDUE: OPEN, RETURNED: OPEN}
)
ALL: Final = "all"  # of a measure that is not divided
MEDIAN, NINETIETH = Fraction(1, 2), Fraction(9, 10)
MONTHS_OF_YEAR: Final = 12


@dataclass(frozen=True)
class Referred:
    """What is counted of a referral that was sent. `outcome`: its code, None where it is not to be told apart."""

    state: str
    sent_on: date
    accepted_on: date | None
    closed_on: date | None
    due_on: date | None
    kind: str | None
    outcome: str | None


def month_of(day: date) -> str:
    """Return the month that a day lies in: 2026-11."""
    return f"{day:%Y-%m}"


def months_until(on: date, many: int) -> tuple[str, ...]:
    """Return so many months that end with that of a day, the earliest first: 2025-12, ..., 2026-11."""
    last = on.year * MONTHS_OF_YEAR + on.month - 1
    return tuple(f"{n // MONTHS_OF_YEAR:04}-{n % MONTHS_OF_YEAR + 1:02}" for n in range(last - many + 1, last + 1))


def counts_of(referred: Referred, on: date, between: Callable[[date, date], int]) -> Iterator[tuple[str, str, str]]:
    """Yield where a referral counts: (month, measure, what of it), each for one.

    `between`: the working days from one day to another (see `working_days`). What was reopened is open again, and
    counts as closed only when it is closed again.
    """
    sent = month_of(referred.sent_on)
    result = result_of(referred, on)
    yield sent, BECAME, result
    if referred.accepted_on:
        yield sent, ACCEPTED, ALL
    if result in (OPEN, OVERDUE):
        yield month_of(on), NOW, result
    if referred.state == State.CLOSED and referred.closed_on:
        closed = month_of(referred.closed_on)
        yield closed, CLOSED, result
        yield closed, DAYS, str(max(0, between(referred.sent_on, referred.closed_on)))
        if referred.outcome:
            yield closed, OUTCOMES, referred.outcome


def result_of(referred: Referred, on: date) -> str:
    """Return which of RESULTS became of a referral by a day. Closed without an outcome is unsolved."""
    if referred.state == State.CLOSED:
        return SOLVED if referred.kind == SOLVED else UNSOLVED
    if referred.state not in OPEN_STATES or referred.state == State.RETURNED:
        return referred.state
    return OVERDUE if referred.due_on and referred.due_on < on else OPEN


def working_days(calendar: Calendar) -> Callable[[date, date], int]:
    """Return a function that counts the working days from one day to another, each pair of days once."""
    known: dict[tuple[date, date], int] = {}

    def between(start: date, end: date) -> int:
        if (start, end) not in known:
            known[start, end] = working_days_between(calendar, start, end)
        return known[start, end]

    return between


@dataclass(frozen=True)
class Totals:
    """Sums of any offices, services, areas and months."""

    counts: Counts

    @property
    def sent(self) -> int:
        """How many were sent."""
        return sum(self.of(BECAME).values())

    @property
    def accepted(self) -> int:
        """How many of them were accepted, whatever became of them then."""
        return self.of(ACCEPTED).get(ALL, 0)

    @property
    def handed_on(self) -> int:
        """How many were passed on to another office: they count as sent there."""
        return self.of(HANDED_ON).get(ALL, 0)

    @property
    def closed(self) -> int:
        """How many were closed, whenever they were sent."""
        return sum(self.of(CLOSED).values())

    @property
    def solved(self) -> Rate | None:
        """The share of those closed that were solved; None where none was."""
        return share(self.of(CLOSED).get(SOLVED, 0), self.closed)

    @property
    def open_now(self) -> int:
        """How many the office had still to answer on the day of counting."""
        return sum(self.of(NOW).values())

    def became(self, result: str) -> int:
        """Return how many of those sent became this; one of RESULTS."""
        return self.of(BECAME).get(result, 0)

    def days(self, part: Fraction) -> int | None:
        """Return within how many working days this part of the closed ones was closed, as `percentile` says."""
        return percentile(self.of(DAYS), part)

    def of(self, measure: str) -> Mapping[str, int]:
        """Return how many there are of everything that a measure tells apart."""
        return self.counts.get(measure, {})


def share(part: int, whole: int) -> Rate | None:
    """Return which share a part is of a whole that is known, reckoned as every rate is; None of nothing."""
    return coverage(part, whole, whole) if whole else None


def percentile(histogram: Mapping[str, int], part: Fraction) -> int | None:
    """Return the least number of days within which at least this part was done; None where nothing was.

    `histogram`: {number of days: how many took just so many}. This is the nearest rank: always a number of days that
    one of them really took, with nothing put in between, so that the median of 3 and 10 is 3.
    """
    needed, reached = part * sum(histogram.values()), 0
    for days, number in sorted((int(days), number) for days, number in histogram.items()):
        reached += number
        if number and reached >= needed:
            return days
    return None


def total(counted: Iterable[tuple[str, Counts]], months: Collection[str]) -> Totals:
    """Add up the counts of these months; what is open now counts whenever it was sent."""
    sums: dict[str, Counter[str]] = {}
    for month, counts in counted:
        for measure, numbers in counts.items():
            if measure == NOW or month in months:
                sums.setdefault(measure, Counter()).update(numbers)
    return Totals(sums)
