"""Referrals: who may move which, working days, limits, standing, proposals and what answers write."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.identity import BirthDate
from sop.referral import (
    MOVES,
    OPEN_STATES,
    Calendar,
    Deadlines,
    ForbiddenMove,
    Move,
    Side,
    Standing,
    State,
    add_working_days,
    allowed,
    calendar_known,
    deadlines,
    effects,
    move_for,
    next_state,
    propose,
    standing,
    visible,
    working_days_between,
)
from sop.version import Sop

ON = date(2026, 11, 22)
# National Day of an invented year: 1 to 7 October free, Saturday 10 October worked.
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 10, 10)}),
    complete_until=date(2026, 12, 31),
)
PUPIL = BirthDate(2017, 4, 12)

SENDER = {
    (State.DRAFT, Move.SEND, State.SENT),
    (State.DRAFT, Move.WITHDRAW, State.WITHDRAWN),
    (State.SENT, Move.WITHDRAW, State.WITHDRAWN),
    (State.ACCEPTED, Move.WITHDRAW, State.WITHDRAWN),
    (State.APPOINTED, Move.WITHDRAW, State.WITHDRAWN),
    (State.RETURNED, Move.SEND, State.SENT),
    (State.RETURNED, Move.WITHDRAW, State.WITHDRAWN),
    (State.CLOSED, Move.REOPEN, State.ACCEPTED),
}
RECEIVER = {
    (State.SENT, Move.ACCEPT, State.ACCEPTED),
    (State.SENT, Move.RETURN_, State.RETURNED),
    (State.SENT, Move.HAND_ON, State.SENT),
    (State.ACCEPTED, Move.APPOINT, State.APPOINTED),
    (State.ACCEPTED, Move.RECORD_INTERIM, State.ACCEPTED),
    (State.ACCEPTED, Move.CLOSE, State.CLOSED),
    (State.ACCEPTED, Move.RETURN_, State.RETURNED),
    (State.ACCEPTED, Move.HAND_ON, State.SENT),
    (State.APPOINTED, Move.APPOINT, State.APPOINTED),
    (State.APPOINTED, Move.RECORD_INTERIM, State.APPOINTED),
    (State.APPOINTED, Move.CLOSE, State.CLOSED),
    (State.APPOINTED, Move.RETURN_, State.RETURNED),
    (State.APPOINTED, Move.HAND_ON, State.SENT),
    (State.CLOSED, Move.REOPEN, State.ACCEPTED),
}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_every_move_is_either_in_the_table_or_forbidden(state: State, move: Move, side: Side) -> None:
    table = {(before, made): after for before, made, after in (SENDER if side is Side.SENDER else RECEIVER)}
    assert (move in allowed(state, side)) == ((state, move) in table)
    if (state, move) in table:
        assert next_state(state, move, side) is table[state, move]
    else:
        with pytest.raises(ForbiddenMove, match=state):
            next_state(state, move, side)


def test_an_open_referral_is_one_that_has_not_ended() -> None:
    assert frozenset({"draft", "sent", "accepted", "appointed", "returned"}) == OPEN_STATES


@pytest.mark.parametrize(
    ("service", "outcome", "move"),
    [
        ("education", "11", Move.CLOSE),
        ("education", "42", Move.CLOSE),
        ("education", "41", Move.RECORD_INTERIM),
        ("vaccination", "03", Move.APPOINT),
    ],
)
def test_an_outcome_decides_the_move_that_answers(sop: Sop, service: str, outcome: str, move: Move) -> None:
    assert move_for(sop.services[service].outcome(outcome)) is move


def test_an_office_sees_more_once_it_has_accepted_and_nothing_after_the_end(sop: Sop) -> None:
    service = sop.services["education"]
    assert visible(service, State.SENT) == service.visible_before
    for state in (State.ACCEPTED, State.APPOINTED):
        assert visible(service, state) == service.visible_before + service.visible_after
    for state in (State.DRAFT, State.RETURNED, State.CLOSED, State.WITHDRAWN):
        assert visible(service, state) == ()


def test_from_every_state_but_withdrawn_there_is_a_way_on() -> None:
    assert {state for state, _ in MOVES} == set(State) - {State.WITHDRAWN}


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


@pytest.mark.parametrize(("due", "known"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_beyond_the_calendar_the_limit_is_known_to_be_rough(due: date, known: bool) -> None:
    assert calendar_known(CALENDAR, due) is known


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
    assert standing(State.DRAFT, None, ON, CALENDAR) == Standing("open", 0, None)


@given(st.sampled_from([State.SENT, State.ACCEPTED, State.APPOINTED]), st.integers(-40, 40))
def test_late_begins_exactly_on_the_day_after_the_limit(state: State, shift: int) -> None:
    due = LIMITS.accept_by if state is State.SENT else LIMITS.answer_by
    stands = standing(state, LIMITS, due + timedelta(days=shift), CALENDAR)
    assert (stands.kind == "late") is (shift > 0)
    assert stands.days >= 0


@pytest.mark.parametrize(
    ("school", "certificate", "services"),
    [
        ("none", "none", ["education", "vaccination"]),
        ("none", "seen", ["education"]),
        ("primary", "no_dose", ["vaccination"]),
        ("primary", "seen", []),
        ("refused", "refused", []),
        ("unknown", "unknown", []),
    ],
)
def test_answers_propose_their_services(sop: Sop, school: str, certificate: str, services: list[str]) -> None:
    proposals = propose(sop, PUPIL, school, certificate, ON)
    assert [proposal.service for proposal in proposals] == services
    for proposal in proposals:
        triggers = sop.services[proposal.service].triggers
        assert all(reason.key in triggers for reason in proposal.reasons)
        assert proposal.reasons


@pytest.mark.parametrize(
    ("service", "code", "birth", "written"),
    [
        ("education", "11", PUPIL, {"school": "primary", "schooling_kind": "public"}),
        ("education", "12", BirthDate(2013, 9, 1), {"school": "junior", "schooling_kind": "purchased"}),
        ("education", "13", BirthDate(2021, 9, 1), {"schooling_kind": "private"}),
        ("education", "15", BirthDate(2021, 9, 1), {"school": "kindergarten", "schooling_kind": "public"}),
        ("education", "46", PUPIL, {"school": "primary"}),
        ("education", "44", PUPIL, {}),
        ("vaccination", "01", PUPIL, {"certificate": "seen"}),
        ("vaccination", "07", PUPIL, {"certificate": "seen"}),
        ("vaccination", "03", PUPIL, {}),
    ],
)
def test_what_an_answer_writes_back(
    sop: Sop, service: str, code: str, birth: BirthDate, written: dict[str, str]
) -> None:
    assert effects(sop, sop.services[service].outcome(code), birth, ON) == written


def test_outcomes_are_marked_as_the_procedure_says(sop: Sop) -> None:
    kinds = {
        name: {
            kind: {outcome.code for outcome in service.outcomes if outcome.kind == kind}
            for kind in ("solved", "interim", "unsolved")
        }
        for name, service in sop.services.items()
    }
    assert kinds["education"] == {
        "solved": {"11", "12", "13", "14", "15", "16", "21", "22", "31", "32", "46"},
        "interim": {"41", "43"},
        "unsolved": {"42", "44", "45", "49"},
    }
    assert kinds["vaccination"] == {
        "solved": {"01", "07"},
        "interim": {"02", "03", "04", "06", "09"},
        "unsolved": {"05", "08", "99"},
    }
    education, vaccination = sop.services["education"], sop.services["vaccination"]
    assert {outcome.code for outcome in education.outcomes if outcome.asks == "recall"} == {"31", "32"}
    assert {outcome.code for outcome in education.outcomes if outcome.reasons} == {"42", "44"}
    assert vaccination.outcome("03").state == State.APPOINTED
