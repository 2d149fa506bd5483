"""Referrals: who may move which from where, and what its office sees meanwhile."""

import pytest

from sop.referral import (
    IN_HAND,
    MOVES,
    OPEN_STATES,
    WITH_OFFICE,
    ForbiddenMove,
    Move,
    Side,
    State,
    allowed,
    move_for,
    next_state,
    visible,
)
from sop.version import Sop

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
SLIP = {
    (State.SENT, Move.RETURN_, State.RETURNED),
    (State.SENT, Move.APPOINT, State.APPOINTED),
    (State.SENT, Move.RECORD_INTERIM, State.ACCEPTED),
    (State.SENT, Move.CLOSE, State.CLOSED),
    (State.ACCEPTED, Move.APPOINT, State.APPOINTED),
    (State.ACCEPTED, Move.RECORD_INTERIM, State.ACCEPTED),
    (State.ACCEPTED, Move.CLOSE, State.CLOSED),
    (State.ACCEPTED, Move.RETURN_, State.RETURNED),
    (State.APPOINTED, Move.APPOINT, State.APPOINTED),
    (State.APPOINTED, Move.RECORD_INTERIM, State.APPOINTED),
    (State.APPOINTED, Move.CLOSE, State.CLOSED),
    (State.APPOINTED, Move.RETURN_, State.RETURNED),
}
ALLOWED = {Side.SENDER: SENDER, Side.RECEIVER: RECEIVER, Side.SLIP: SLIP}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_every_move_is_either_in_the_table_or_forbidden(state: State, move: Move, side: Side) -> None:
    table = {(before, made): after for before, made, after in ALLOWED[side]}
    assert (move in allowed(state, side)) == ((state, move) in table)
    if (state, move) in table:
        assert next_state(state, move, side) is table[state, move]
    else:
        with pytest.raises(ForbiddenMove, match=f"the {side} may not {move} what is {state}"):
            next_state(state, move, side)


def test_an_office_has_what_was_sent_and_works_on_what_it_accepted() -> None:
    assert frozenset({"sent", "accepted", "appointed"}) == WITH_OFFICE
    assert frozenset({"accepted", "appointed"}) == IN_HAND


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


def test_a_sealed_service_shows_whom_to_call_until_it_is_accepted(sop: Sop) -> None:
    for service in sop.services.values():
        if service.confidential:
            assert "child.id_number" not in visible(service, State.SENT)
            assert "child.id_number" in visible(service, State.ACCEPTED)
