"""Working days, the limits of a referral, how it stands to them, and to whom it climbs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.identity import BirthDate
from sop.referral import (
    LEVEL_ABOVE,
    SUPERVISOR,
    Calendar,
    Deadlines,
    Move,
    Standing,
    State,
    add_working_days,
    climbed,
    climbs_on,
    days_late,
    deadlines,
    due_on,
    handed_on,
    resend_by,
    soon_until,
    standing,
    stays_climbed,
    term_for,
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


SOON = 3
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
    assert standing(state, LIMITS, on, CALENDAR, SOON) == expected


def test_what_was_never_sent_has_no_limit() -> None:
    assert standing(State.DRAFT, None, date(2026, 11, 22), CALENDAR, SOON) == Standing("open", 0, None)


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
    stands = standing(state, LIMITS, due + timedelta(days=shift), CALENDAR, SOON)
    assert (stands.kind == "late") is (shift > 0)
    assert stands.days >= 0


@given(st.integers(0, 12), st.integers(-30, 60))
def test_due_soon_until_is_the_last_day_that_stands_so(days: int, shift: int) -> None:
    on = date(2026, 9, 28)
    due = on + timedelta(days=max(shift, 0))
    stands = standing(State.SENT, Deadlines(due, due), on, CALENDAR, days)
    assert (stands.kind == "soon") is (due <= soon_until(CALENDAR, on, days))


@given(st.integers(1, 60))
def test_days_late_are_those_by_which_it_stands_late(shift: int) -> None:
    on = LIMITS.accept_by + timedelta(days=shift)
    late = days_late(CALENDAR, LIMITS.accept_by, on)
    assert late == standing(State.SENT, LIMITS, on, CALENDAR, SOON).days
    assert late == max(1, working_days_between(CALENDAR, LIMITS.accept_by, on))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (date(2026, 10, 1), date(2026, 11, 27)),  # passed: no more than the days to accept
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 12, 24), date(2026, 12, 24)),  # far enough: not a day more
        (None, date(2026, 11, 27)),
    ],
)
def test_handing_on_gives_days_to_accept_and_moves_the_answer_no_further_than_that(
    sop: Sop, before: date | None, after: date
) -> None:
    limits = handed_on(sop.services["vaccination"], date(2026, 11, 20), before, CALENDAR)
    assert limits == Deadlines(date(2026, 11, 27), after)


ON = date(2026, 11, 20)


@pytest.mark.parametrize("move", Move)
def test_what_has_climbed_stays_up_while_it_is_late_and_while_it_is_passed_round(move: Move) -> None:
    assert stays_climbed(move, ON - ONE_DAY, ON), "the day that counts now has passed, too"
    assert stays_climbed(move, ON, ON) is (move is Move.HAND_ON)
    assert not stays_climbed(move, None, ON), "no office's clock runs any more"


@pytest.mark.parametrize("state", State)
def test_only_what_was_returned_is_to_be_sent_again_within_three_working_days(sop: Sop, state: State) -> None:
    by = resend_by(sop, state, date(2026, 9, 30), CALENDAR)
    assert sop.referrals.send_days == 3
    assert by == (date(2026, 10, 10) if state is State.RETURNED else None), "over the free week, a Saturday worked"


ENTRANT, PUPIL, TODDLER, GROWN = (
    BirthDate(2020, 8, 1),
    BirthDate(2016, 3, 1),
    BirthDate(2024, 3, 1),
    BirthDate(2011, 3, 1),
)
CONTINUING = BirthDate(2011, 9, 1)  # enters the ninth grade in September 2026


@pytest.mark.parametrize(
    ("birth", "starts"),
    [(ENTRANT, True), (PUPIL, True), (CONTINUING, True), (TODDLER, False), (GROWN, False)],
)
def test_term_counts_for_whom_it_is_compulsory_school_age_when_it_starts(
    sop: Sop, birth: BirthDate, *, starts: bool
) -> None:
    start = date(2026, 9, 1) if starts else None
    assert term_for(sop, sop.services["education"], birth, date(2026, 7, 20)) == start
    assert term_for(sop, sop.services["vaccination"], birth, date(2026, 7, 20)) is None


@pytest.mark.parametrize(
    ("sent", "answer_by"),
    [
        (date(2026, 7, 17), date(2026, 8, 28)),  # thirty days end before the term
        (date(2026, 7, 20), date(2026, 8, 31)),  # on its eve
        (date(2026, 7, 21), date(2026, 8, 31)),  # they would end on its first day
        (date(2026, 8, 10), date(2026, 8, 31)),
        (date(2026, 8, 25), date(2026, 9, 8)),  # never before it is to be accepted
        (date(2026, 9, 1), date(2026, 10, 19)),  # in term: thirty days
    ],
)
def test_the_school_answers_before_term_but_never_before_it_has_to_accept(
    sop: Sop, sent: date, answer_by: date
) -> None:
    service = sop.services["education"]
    limits = deadlines(service, sent, CALENDAR, term_for(sop, service, ENTRANT, sent))
    assert limits.answer_by == answer_by
    assert limits.accept_by <= limits.answer_by
