"""Where a referral stands, who may move it, and what its office may see meanwhile."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Outcome, Service


class State(StrEnum):
    """Where a referral stands (codes of the list `referral_state`)."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    APPOINTED = "appointed"
    CLOSED = "closed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What may be done with a referral."""

    SEND = "send"
    ACCEPT = "accept"
    APPOINT = "appoint"
    RECORD_INTERIM = "record_interim"
    CLOSE = "close"
    RETURN_ = "return"
    WITHDRAW = "withdraw"
    HAND_ON = "hand_on"
    REOPEN = "reopen"
    FOLLOW = "follow"  # another office follows it from here: only where the one that sent it closes


class Side(StrEnum):
    """Who moves it: the registrar's side, the office that it was sent to, or a slip that came back on paper.

    The slip is the registrar who enters what the office answered on paper: it answers as the office does, and may do so
    of what nobody has accepted in the registry. It neither accepts nor hands on.
    """

    SENDER = "sender"
    RECEIVER = "receiver"
    SLIP = "slip"


class ForbiddenMove(Exception):  # noqa: N818 - the name says what happened
    """The move is not for this side to make in this state."""


_SENDER: Final = frozenset({Side.SENDER})
_RECEIVER: Final = frozenset({Side.RECEIVER})
_SLIP: Final = frozenset({Side.SLIP})
_ANSWERING: Final = _RECEIVER | _SLIP
OPEN_STATES: Final = frozenset(State) - {State.CLOSED, State.WITHDRAWN}
WITH_OFFICE: Final = OPEN_STATES - {State.DRAFT, State.RETURNED}  # an office has to do something about it
IN_HAND: Final = WITH_OFFICE - {State.SENT}  # and has accepted it

MOVES: Final[Mapping[tuple[State, Move], tuple[frozenset[Side], State]]] = {
    (State.DRAFT, Move.SEND): (_SENDER, State.SENT),
    (State.DRAFT, Move.WITHDRAW): (_SENDER, State.WITHDRAWN),
    (State.SENT, Move.ACCEPT): (_RECEIVER, State.ACCEPTED),
    (State.SENT, Move.RETURN_): (_ANSWERING, State.RETURNED),
    (State.SENT, Move.APPOINT): (_SLIP, State.APPOINTED),
    (State.SENT, Move.RECORD_INTERIM): (_SLIP, State.ACCEPTED),
    (State.SENT, Move.CLOSE): (_SLIP, State.CLOSED),
    (State.SENT, Move.HAND_ON): (_RECEIVER, State.SENT),
    (State.SENT, Move.WITHDRAW): (_SENDER, State.WITHDRAWN),
    **{(state, Move.APPOINT): (_ANSWERING, State.APPOINTED) for state in IN_HAND},
    **{(state, Move.RECORD_INTERIM): (_ANSWERING, state) for state in IN_HAND},
    **{(state, Move.CLOSE): (_ANSWERING, State.CLOSED) for state in IN_HAND},
    **{(state, Move.RETURN_): (_ANSWERING, State.RETURNED) for state in IN_HAND},
    **{(state, Move.HAND_ON): (_RECEIVER, State.SENT) for state in IN_HAND},
    **{(state, Move.WITHDRAW): (_SENDER, State.WITHDRAWN) for state in IN_HAND},
    (State.RETURNED, Move.SEND): (_SENDER, State.SENT),
    (State.RETURNED, Move.WITHDRAW): (_SENDER, State.WITHDRAWN),
    (State.CLOSED, Move.REOPEN): (_SENDER | _RECEIVER, State.ACCEPTED),
}


def next_state(state: State, move: Move, side: Side) -> State:
    """Return the state after a move; raises ForbiddenMove."""
    sides, following = MOVES.get((state, move), (frozenset(), state))
    if side not in sides:
        raise ForbiddenMove(f"the {side} may not {move} what is {state}")
    return following


def allowed(state: State, side: Side) -> tuple[Move, ...]:
    """Return what this side may do now."""
    return tuple(move for (before, move), (sides, _) in MOVES.items() if before is state and side in sides)


def move_for(outcome: Outcome) -> Move:
    """Return the move that an office makes by answering so."""
    if outcome.kind != "interim":
        return Move.CLOSE
    return Move.APPOINT if outcome.state == State.APPOINTED else Move.RECORD_INTERIM


def visible(service: Service, state: State) -> tuple[str, ...]:
    """Return what the answering office may see of the child in a state; nothing after its end."""
    if state is State.SENT:
        return service.visible_before
    return service.visible_before + service.visible_after if state in IN_HAND else ()
