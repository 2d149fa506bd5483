"""Referrals: their states, who may move which, working days and limits, and what to propose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sop import schooling
from sop.immunisation import needs_vaccination

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Outcome, Reason, Service, Sop
    from sop.identity import BirthDate

SATURDAY: Final = 5
SOON_DAYS: Final = 3
ONE_DAY: Final = timedelta(days=1)


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


class Side(StrEnum):
    """Who moves it: the registrar's side, or the office that it was sent to."""

    SENDER = "sender"
    RECEIVER = "receiver"


class ForbiddenMove(Exception):  # noqa: N818 - the name says what happened
    """The move is not for this side to make in this state."""


_SENDER: Final = frozenset({Side.SENDER})
_RECEIVER: Final = frozenset({Side.RECEIVER})
_IN_HAND: Final = (State.ACCEPTED, State.APPOINTED)
OPEN_STATES: Final = frozenset(State) - {State.CLOSED, State.WITHDRAWN}

MOVES: Final[Mapping[tuple[State, Move], tuple[frozenset[Side], State]]] = {
    (State.DRAFT, Move.SEND): (_SENDER, State.SENT),
    (State.DRAFT, Move.WITHDRAW): (_SENDER, State.WITHDRAWN),
    (State.SENT, Move.ACCEPT): (_RECEIVER, State.ACCEPTED),
    (State.SENT, Move.RETURN_): (_RECEIVER, State.RETURNED),
    (State.SENT, Move.HAND_ON): (_RECEIVER, State.SENT),
    (State.SENT, Move.WITHDRAW): (_SENDER, State.WITHDRAWN),
    **{(state, Move.APPOINT): (_RECEIVER, State.APPOINTED) for state in _IN_HAND},
    **{(state, Move.RECORD_INTERIM): (_RECEIVER, state) for state in _IN_HAND},
    **{(state, Move.CLOSE): (_RECEIVER, State.CLOSED) for state in _IN_HAND},
    **{(state, Move.RETURN_): (_RECEIVER, State.RETURNED) for state in _IN_HAND},
    **{(state, Move.HAND_ON): (_RECEIVER, State.SENT) for state in _IN_HAND},
    **{(state, Move.WITHDRAW): (_SENDER, State.WITHDRAWN) for state in _IN_HAND},
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
    return service.visible_before + service.visible_after if state in _IN_HAND else ()


@dataclass(frozen=True)
class Calendar:
    """Public holidays and worked weekend days, complete until a day; beyond it only weekends are known."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    complete_until: date

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on this day."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < SATURDAY


def calendar_known(calendar: Calendar, due: date) -> bool:
    """Tell whether a limit rests on a complete calendar; if not, the page says so."""
    return due <= calendar.complete_until


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the `days`-th working day after `start`, which is itself not counted."""
    day = start
    while days > 0:
        day += ONE_DAY
        days -= calendar.is_working(day)
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days after `start` up to and with `end`; negative when `end` is the earlier."""
    first, last = min(start, end), max(start, end)
    spanned = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    count = sum(calendar.is_working(day) for day in spanned)
    return count if start <= end else -count


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


def standing(state: State, limits: Deadlines | None, on: date, calendar: Calendar) -> Standing:
    """Say how a referral stands on a day. An interim outcome is no state and stops no clock."""
    if state not in OPEN_STATES:
        return Standing("done", 0, None)
    if limits is None or state in {State.DRAFT, State.RETURNED}:
        return Standing("open", 0, None)
    due = limits.accept_by if state is State.SENT else limits.answer_by
    left = working_days_between(calendar, on, due)
    if on > due:
        # On the free day after a limit no working day has passed yet, but the limit has.
        return Standing("late", max(1, -left), due)
    return Standing("soon" if left <= SOON_DAYS else "open", left, due)


@dataclass(frozen=True)
class Proposal:
    """A service that the child should be referred to, and why. The registrar confirms."""

    service: str
    reasons: tuple[Reason, ...]


def propose(
    sop: Sop,
    birth: BirthDate,
    school_answer: str,
    certificate_answer: str,
    on: date,
    *,
    area: str | None = None,
) -> tuple[Proposal, ...]:
    """Return the services whose triggers the answers meet, in the order of the version."""
    needs = (
        schooling.needs_place(sop, birth, school_answer, on, area),
        needs_vaccination(certificate_answer),
    )
    found = [reason for reason in needs if reason is not None]
    proposals = (
        Proposal(service.code, tuple(reason for reason in found if reason.key in service.triggers))
        for service in sop.services.values()
    )
    return tuple(proposal for proposal in proposals if proposal.reasons)


def effects(sop: Sop, outcome: Outcome, birth: BirthDate, on: date, area: str | None = None) -> dict[str, str]:
    """Return what an answer writes back to the child's file: school, schooling_kind, certificate.

    Where it says only that the child goes to school, the school is the one of the grade due; the
    answer "school" is left out for a child outside the compulsory grades.
    """
    due = schooling.stage(sop, schooling.grade(sop, birth, on, area))
    resolved = {key: due if value == "stage" else value for key, value in outcome.writes.items()}
    return {key: value for key, value in resolved.items() if value is not None}
