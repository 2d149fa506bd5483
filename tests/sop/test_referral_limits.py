"""Working days, the limits of a referral, how it stands to them, and to whom it climbs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.referral import (
    LEVEL_ABOVE,
    SUPERVISOR,
    Calendar,
    Deadlines,
    Standing,
    State,
    add_working_days,
    climbed,
    climbs_on,
    deadlines,
    due_on,
    standing,
    working_days_between,
)
from sop.version import Sop

ONE_DAY = timedelta(days=1)
# National Day of an invented year: 1 to 7 October free, Saturday 10 October worked.
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 10, 10)}),
    complete_years=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
    ],
)
def test_weekends_and_holidays_are_free_and_moved_days_are_worked(day: date, working: bool) -> None:
    assert CALENDAR.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 13), 5, date(2026, 11, 20)),
        (date(2026, 11, 14), 5, date(2026, 11, 20)),
        (date(2026, 11, 15), 5, date(2026, 11, 20)),
        (date(2026, 11, 16), 5, date(2026, 11, 23)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_working_days_are_added_without_the_first(start: date, days: int, end: date) -> None:
    assert add_working_days(CALENDAR, start, days) == end


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_what_was_added_is_counted_back(start: date, days: int) -> None:
    end = add_working_days(CALENDAR, start, days)
    assert working_days_between(CALENDAR, start, end) == days
    assert working_days_between(CALENDAR, end, start) == -days


def test_limits_are_those_of_the_service(sop: Sop) -> None:
    sent = date(2026, 11, 20)
    assert deadlines(sop.services["vaccination"], sent, CALENDAR) == Deadlines(date(2026, 11, 27), date(2026, 12, 11))
    assert deadlines(sop.services["education"], sent, CALENDAR) == Deadlines(date(2026, 12, 4), date(2027, 1, 1))


LIMITS = Deadlines(date(2026, 11, 20), date(2026, 12, 4))


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        (State.SENT, date(2026, 11, 16), Standing("open", 4, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 17), Standing("soon", 3, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 20), Standing("soon", 0, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 21), Standing("late", 1, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 22), Standing("late", 1, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 23), Standing("late", 1, LIMITS.accept_by)),
        (State.SENT, date(2026, 11, 24), Standing("late", 2, LIMITS.accept_by)),
        (State.ACCEPTED, date(2026, 11, 23), Standing("open", 9, LIMITS.answer_by)),
        (State.APPOINTED, date(2026, 12, 1), Standing("soon", 3, LIMITS.answer_by)),
        (State.APPOINTED, date(2026, 12, 7), Standing("late", 1, LIMITS.answer_by)),
        (State.CLOSED, date(2027, 1, 1), Standing("done", 0, None)),
        (State.WITHDRAWN, date(2027, 1, 1), Standing("done", 0, None)),
        (State.RETURNED, date(2027, 1, 1), Standing("open", 0, None)),
    ],
)
def test_how_a_referral_stands(state: State, on: date, expected: Standing) -> None:
    assert standing(state, LIMITS, on, CALENDAR) == expected


def test_what_was_never_sent_has_no_limit() -> None:
    assert standing(State.DRAFT, None, date(2026, 11, 22), CALENDAR) == Standing("open", 0, None)


@pytest.mark.parametrize("state", State)
def test_the_day_that_counts_is_the_one_to_accept_by_then_the_one_to_answer_by(state: State) -> None:
    counting = {
        State.SENT: LIMITS.accept_by,
        State.ACCEPTED: LIMITS.answer_by,
        State.APPOINTED: LIMITS.answer_by,
    }
    assert due_on(state, LIMITS) == counting.get(state)
    assert due_on(state, None) is None


@pytest.mark.parametrize(("days", "kind"), [(3, "open"), (4, "soon")])
def test_how_early_it_is_due_soon_is_for_the_version_to_say(days: int, kind: str) -> None:
    assert standing(State.SENT, LIMITS, date(2026, 11, 16), CALENDAR, soon_days=days).kind == kind


def test_an_overdue_referral_climbs_to_the_supervisor_and_then_to_the_level_above(sop: Sop) -> None:
    service, due = sop.services["education"], date(2026, 9, 25)
    supervisor, above = date(2026, 10, 9), date(2026, 10, 22)  # over the free week, with its worked Saturday
    assert service.climb_days == (5, 10)
    assert [climbs_on(service, due, step, CALENDAR) for step in (SUPERVISOR, LEVEL_ABOVE)] == [supervisor, above]
    days = {due: 0, supervisor - ONE_DAY: 0, supervisor: 1, above - ONE_DAY: 1, above: 2, date(2027, 3, 1): 2}
    assert {day: climbed(service, due, day, CALENDAR) for day in days} == days


def test_how_long_it_takes_to_climb_is_for_the_version_to_say(sop: Sop) -> None:
    hasty = replace(sop.services["education"], climb_days=(1, 2))
    due = date(2026, 11, 20)
    assert [climbs_on(hasty, due, step, CALENDAR) for step in (1, 2)] == [date(2026, 11, 23), date(2026, 11, 25)]


@given(st.sampled_from([State.SENT, State.ACCEPTED, State.APPOINTED]), st.integers(-40, 40))
def test_late_begins_exactly_on_the_day_after_the_limit(state: State, shift: int) -> None:
    due = LIMITS.accept_by if state is State.SENT else LIMITS.answer_by
    stands = standing(state, LIMITS, due + timedelta(days=shift), CALENDAR)
    assert (stands.kind == "late") is (shift > 0)
    assert stands.days >= 0
