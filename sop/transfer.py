"""Transfers: the handshake between two areas. States, who may move which, whose turn it is, and time limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sop.referral import ForbiddenMove, add_working_days, working_days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.reading import Table
    from sop.referral import Calendar

LONGEST_ANSWER: Final = 250  # working days of a year
LONGEST_WAY: Final = 366
MOST_LOOK_UPS: Final = 1000
SOON_TO_ANSWER: Final = 3  # working days
SOON_TO_ARRIVE: Final = 7  # calendar days


class State(StrEnum):
    """Where a transfer stands (codes of the list `transfer_state`)."""

    ANNOUNCED = "announced"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ARRIVED = "arrived"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What may be done with a transfer. Announcing and claiming begin one."""

    ANNOUNCE = "announce"
    CLAIM = "claim"
    ACCEPT = "accept"
    RETURN_ = "return"
    WITHDRAW = "withdraw"
    ARRIVE = "arrive"


class Side(StrEnum):
    """The area that the child leaves, and the one that it moves to."""

    SENDING = "sending"
    RECEIVING = "receiving"


class Basis(StrEnum):
    """What a transfer rests on (codes of the list `transfer_basis`)."""

    CARD = "card"
    DOCUMENT = "document"
    TOLD = "told"
    ANNOUNCED = "announced"


# What somebody still has to do something about. One of these per child: whatever is returned frees the child.
OPEN_STATES: Final = frozenset({State.ANNOUNCED, State.CLAIMED, State.ACCEPTED})

BEGINNINGS: Final[Mapping[Move, tuple[Side, State]]] = {
    Move.ANNOUNCE: (Side.SENDING, State.ANNOUNCED),
    Move.CLAIM: (Side.RECEIVING, State.CLAIMED),
}
# Who answers is the other side. An accepted child that does not come is returned by the side that waits for it,
# or taken back by the side that still keeps its file.
MOVES: Final[Mapping[tuple[State, Move], tuple[Side, State]]] = {
    (State.ANNOUNCED, Move.ACCEPT): (Side.RECEIVING, State.ACCEPTED),
    (State.ANNOUNCED, Move.RETURN_): (Side.RECEIVING, State.RETURNED),
    (State.ANNOUNCED, Move.WITHDRAW): (Side.SENDING, State.WITHDRAWN),
    (State.CLAIMED, Move.ACCEPT): (Side.SENDING, State.ACCEPTED),
    (State.CLAIMED, Move.RETURN_): (Side.SENDING, State.RETURNED),
    (State.CLAIMED, Move.WITHDRAW): (Side.RECEIVING, State.WITHDRAWN),
    (State.ACCEPTED, Move.ARRIVE): (Side.RECEIVING, State.ARRIVED),
    (State.ACCEPTED, Move.RETURN_): (Side.RECEIVING, State.RETURNED),
    (State.ACCEPTED, Move.WITHDRAW): (Side.SENDING, State.WITHDRAWN),
}


@dataclass(frozen=True)
class TransferRules:
    """Working days to answer in, calendar days to arrive in, and exact look-ups elsewhere of one person a day."""

    accept_days: int
    arrive_days: int
    look_ups_a_day: int


def read_transfers(file: Table) -> TransferRules:
    """Build the limits of transfers."""
    rules = TransferRules(
        accept_days=file.number("accept_days", LONGEST_ANSWER),
        arrive_days=file.number("arrive_days", LONGEST_WAY),
        look_ups_a_day=file.number("look_ups_a_day", MOST_LOOK_UPS),
    )
    file.finish()
    return rules


def begin(move: Move, side: Side) -> State:
    """Return the state in which a transfer begins; raises ForbiddenMove."""
    beginner, state = BEGINNINGS.get(move, (None, None))
    if state is None or side is not beginner:
        raise ForbiddenMove(f"the {side} does not begin a transfer with {move}")
    return state


def next_state(state: State, move: Move, sides: Iterable[Side], begun_by: Side) -> State:
    """Return the state after a move of somebody who stands on these sides; raises ForbiddenMove.

    One office may stand on both, where a child moves inside its area.
    """
    mover, following = _moves(begun_by).get((state, move), (None, state))
    if mover is None or mover not in set(sides):
        raise ForbiddenMove(f"{move} is not theirs to make while it is {state}")
    return following


def allowed(state: State, sides: Iterable[Side], begun_by: Side) -> frozenset[Move]:
    """Return what somebody who stands on these sides may do now."""
    held = set(sides)
    return frozenset(move for (before, move), (side, _) in _moves(begun_by).items() if before is state and side in held)


def mover_of(state: State, move: Move, begun_by: Side) -> Side:
    """Return the side that makes a move from a state. Raises ForbiddenMove where nobody does."""
    side, _ = _moves(begun_by).get((state, move), (None, state))
    if side is None:
        raise ForbiddenMove(f"nobody makes {move} while it is {state}")
    return side


def _moves(begun_by: Side) -> Mapping[tuple[State, Move], tuple[Side, State]]:
    """What was returned is the beginner's to mend: to begin another one, or to let it rest."""
    return {**MOVES, (State.RETURNED, Move.WITHDRAW): (begun_by, State.WITHDRAWN)}


def turn(state: State, begun_by: Side) -> Side | None:
    """Return the side that has to do something now, None after the end."""
    turns = {
        State.ANNOUNCED: Side.RECEIVING,
        State.CLAIMED: Side.SENDING,
        State.ACCEPTED: Side.RECEIVING,
        State.RETURNED: begun_by,
    }
    return turns.get(state)


@dataclass(frozen=True)
class Limits:
    """The last day on which to answer, and, once accepted, the day by which the child should have arrived."""

    answer_by: date
    arrive_by: date | None


@dataclass(frozen=True)
class Standing:
    """How a transfer stands to its limit.

    `kind` is open, soon, late or done; `days`, left or (late) passed, are working days while an answer is
    awaited and calendar days while the child is; `due` is the day that counts now, None where no clock runs.
    """

    kind: str
    days: int
    due: date | None
    turn: Side | None


def answer_by(rules: TransferRules, begun_on: date, calendar: Calendar) -> date:
    """Return the last day on which the other side answers."""
    return add_working_days(calendar, begun_on, rules.accept_days)


def arrive_by(rules: TransferRules, accepted_on: date) -> date:
    """Return the day by which an accepted child should have arrived."""
    return accepted_on + timedelta(days=rules.arrive_days)


def standing(state: State, begun_by: Side, limits: Limits, on: date, calendar: Calendar) -> Standing:
    """Say how a transfer stands on a day, and whose turn it is."""
    whose = turn(state, begun_by)
    if state in {State.ANNOUNCED, State.CLAIMED}:
        left = working_days_between(calendar, on, limits.answer_by)
        return _standing(left, SOON_TO_ANSWER, limits.answer_by, on, whose)
    if state is State.ACCEPTED and limits.arrive_by is not None:
        left = (limits.arrive_by - on).days
        return _standing(left, SOON_TO_ARRIVE, limits.arrive_by, on, whose)
    return Standing("open" if whose else "done", 0, None, whose)


def _standing(left: int, soon: int, due: date, on: date, whose: Side | None) -> Standing:
    if on > due:
        # On the free day after a limit no working day has passed yet, but the limit has.
        return Standing("late", max(1, -left), due, whose)
    return Standing("soon" if left <= soon else "open", left, due, whose)
