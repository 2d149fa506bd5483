"""The handshake between two areas: every state, every move, both sides; limits, and whose turn it is."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from sop import version
from sop.building import build
from sop.content import SopError
from sop.referral import Calendar, ForbiddenMove
from sop.transfer import (
    OPEN_STATES,
    Basis,
    Limits,
    Move,
    Side,
    State,
    allowed,
    answer_by,
    arrive_by,
    begin,
    mover_of,
    next_state,
    standing,
    turn,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sop.version import Sop

CALENDAR = Calendar(frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}), frozenset({2026}))
SENDING, RECEIVING = Side.SENDING, Side.RECEIVING
BOTH = frozenset(Side)
# Written out, not derived: who may do what in which state, and what follows.
MAY = {
    (State.ANNOUNCED, SENDING, Move.ACCEPT): (RECEIVING, State.ACCEPTED),
    (State.ANNOUNCED, SENDING, Move.RETURN_): (RECEIVING, State.RETURNED),
    (State.ANNOUNCED, SENDING, Move.WITHDRAW): (SENDING, State.WITHDRAWN),
    (State.CLAIMED, RECEIVING, Move.ACCEPT): (SENDING, State.ACCEPTED),
    (State.CLAIMED, RECEIVING, Move.RETURN_): (SENDING, State.RETURNED),
    (State.CLAIMED, RECEIVING, Move.WITHDRAW): (RECEIVING, State.WITHDRAWN),
    (State.ACCEPTED, SENDING, Move.ARRIVE): (RECEIVING, State.ARRIVED),
    (State.ACCEPTED, SENDING, Move.RETURN_): (RECEIVING, State.RETURNED),
    (State.ACCEPTED, SENDING, Move.WITHDRAW): (SENDING, State.WITHDRAWN),
    (State.ACCEPTED, RECEIVING, Move.ARRIVE): (RECEIVING, State.ARRIVED),
    (State.ACCEPTED, RECEIVING, Move.RETURN_): (RECEIVING, State.RETURNED),
    (State.ACCEPTED, RECEIVING, Move.WITHDRAW): (SENDING, State.WITHDRAWN),
    (State.RETURNED, SENDING, Move.WITHDRAW): (SENDING, State.WITHDRAWN),
    (State.RETURNED, RECEIVING, Move.WITHDRAW): (RECEIVING, State.WITHDRAWN),
}
# A claim is never "announced", an announcement never "claimed".
REAL = [
    (state, begun)
    for state in State
    for begun in Side
    if (state, begun) not in {(State.ANNOUNCED, RECEIVING), (State.CLAIMED, SENDING)}
]


@pytest.mark.parametrize(("state", "begun"), REAL)
@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("side", list(Side))
def test_each_side_may_do_what_is_written_and_nothing_else(state: State, begun: Side, move: Move, side: Side) -> None:
    mover, following = MAY.get((state, begun, move), (None, None))
    if side is mover:
        assert next_state(state, move, {side}, begun) is following
        assert move in allowed(state, {side}, begun)
        assert mover_of(state, move, begun) is side
    else:
        with pytest.raises(ForbiddenMove):
            next_state(state, move, {side}, begun)
        assert move not in allowed(state, {side}, begun)


@pytest.mark.parametrize(("state", "begun"), REAL)
def test_an_office_that_stands_on_both_sides_may_do_what_either_may(state: State, begun: Side) -> None:
    expected = {move for (at, by, move) in MAY if (at, by) == (state, begun)}
    assert allowed(state, BOTH, begun) == expected
    assert allowed(state, (), begun) == frozenset()


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("side", list(Side))
def test_only_the_sending_side_announces_and_only_the_receiving_side_claims(move: Move, side: Side) -> None:
    begins = {(Move.ANNOUNCE, SENDING): State.ANNOUNCED, (Move.CLAIM, RECEIVING): State.CLAIMED}
    if (move, side) in begins:
        assert begin(move, side) is begins[move, side]
    else:
        with pytest.raises(ForbiddenMove):
            begin(move, side)


def test_nobody_makes_a_move_that_does_not_exist() -> None:
    with pytest.raises(ForbiddenMove):
        mover_of(State.ARRIVED, Move.WITHDRAW, SENDING)


@pytest.mark.parametrize(
    ("state", "begun", "whose"),
    [
        (State.ANNOUNCED, SENDING, RECEIVING),
        (State.CLAIMED, RECEIVING, SENDING),
        (State.ACCEPTED, SENDING, RECEIVING),
        (State.ACCEPTED, RECEIVING, RECEIVING),
        (State.RETURNED, SENDING, SENDING),
        (State.RETURNED, RECEIVING, RECEIVING),
        (State.ARRIVED, SENDING, None),
        (State.WITHDRAWN, RECEIVING, None),
    ],
)
def test_it_is_always_clear_whose_turn_it_is(state: State, begun: Side, whose: Side | None) -> None:
    assert turn(state, begun) is whose


def test_what_is_returned_arrived_or_taken_back_leaves_the_child_free_for_another_transfer() -> None:
    assert {State.ANNOUNCED, State.CLAIMED, State.ACCEPTED} == OPEN_STATES


def test_an_answer_has_working_days_and_a_child_has_calendar_days(sop: Sop) -> None:
    assert answer_by(sop.transfers, date(2026, 11, 4), CALENDAR) == date(2026, 11, 18)
    assert answer_by(sop.transfers, date(2026, 9, 30), CALENDAR) == date(
        2026, 10, 14
    )  # one holiday, one worked Saturday
    assert arrive_by(sop.transfers, date(2026, 11, 9)) == date(2027, 1, 8)


ANSWER = Limits(date(2026, 11, 18), None)  # a Wednesday
WAY = Limits(date(2026, 11, 18), date(2027, 1, 8))


@pytest.mark.parametrize(
    ("on", "kind", "days"),
    [
        (date(2026, 11, 12), "open", 4),
        (date(2026, 11, 13), "soon", 3),
        (date(2026, 11, 14), "soon", 3),  # a free Saturday takes nothing away
        (date(2026, 11, 18), "soon", 0),
        (date(2026, 11, 19), "late", 1),
        (date(2026, 11, 21), "late", 2),
    ],
)
@pytest.mark.parametrize(("state", "begun"), [(State.ANNOUNCED, SENDING), (State.CLAIMED, RECEIVING)])
def test_days_for_an_answer_are_working_days(state: State, begun: Side, on: date, kind: str, days: int) -> None:
    stands = standing(state, begun, ANSWER, on, CALENDAR)
    assert (stands.kind, stands.days, stands.due) == (kind, days, ANSWER.answer_by)


def test_the_free_day_after_a_limit_is_late_already() -> None:
    friday = Limits(date(2026, 11, 20), None)
    stands = standing(State.CLAIMED, RECEIVING, friday, date(2026, 11, 21), CALENDAR)
    assert (stands.kind, stands.days) == ("late", 1)


@pytest.mark.parametrize(
    ("before", "kind", "days"), [(8, "open", 8), (7, "soon", 7), (0, "soon", 0), (-1, "late", 1), (-30, "late", 30)]
)
def test_days_for_the_way_are_calendar_days(before: int, kind: str, days: int) -> None:
    assert WAY.arrive_by is not None
    on = WAY.arrive_by - timedelta(days=before)
    stands = standing(State.ACCEPTED, RECEIVING, WAY, on, CALENDAR)
    assert (stands.kind, stands.days, stands.due) == (kind, days, WAY.arrive_by)


@pytest.mark.parametrize(
    ("state", "kind"), [(State.RETURNED, "open"), (State.ARRIVED, "done"), (State.WITHDRAWN, "done")]
)
def test_no_clock_runs_for_what_was_returned_or_has_ended(state: State, kind: str) -> None:
    stands = standing(state, SENDING, WAY, date(2030, 1, 1), CALENDAR)
    assert (stands.kind, stands.days, stands.due) == (kind, 0, None)


def test_the_lists_have_words_for_every_state_and_basis_and_for_the_reasons_of_the_field(sop: Sop) -> None:
    assert {entry.code for entry in sop.codes["transfer_state"]} == set(State)
    assert {entry.code for entry in sop.codes["transfer_basis"]} == set(Basis)
    said = {entry.text.zh for entry in sop.codes["transfer_return_reason"]}
    assert {"查无此人", "信息不符", "非本辖区"} <= said
    assert len(sop.codes["look_up_purpose"]) > 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("accept_days = 10", "accept_days = 0", "transfers.toml: accept_days: must be a number from 1"),
        ("arrive_days = 60", "arrive_days = 900", "transfers.toml: arrive_days: must be a number from 1"),
        ("look_ups_a_day = 30", "", "transfers.toml: look_ups_a_day: must be a number from 1"),
        ("look_ups_a_day = 30", 'look_ups_a_day = "30"', "transfers.toml: look_ups_a_day: must be of kind int"),
        ("accept_days = 10", "accept_days = 10\nreply_days = 3", "transfers.toml: reply_days: unknown key"),
    ],
)
def test_a_fault_in_the_limits_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11")
    text = (folder / "transfers.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "transfers.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SopError) as refused:
        build(folder)
    assert any(each.startswith(fault) for each in refused.value.faults)
