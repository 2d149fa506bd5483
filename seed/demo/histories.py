"""What became of a child's referrals: plausible states, dates and outcomes, told the day and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sop.referral import (
    Calendar,
    Move,
    Side,
    State,
    add_working_days,
    deadlines,
    due_on,
    handed_on,
    move_for,
    next_state,
)

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from sop.version import Outcome, Service

SENDERS_MOVES = (Move.SEND, Move.WITHDRAW, Move.REOPEN)
TOLD_AFTER = 7  # days
RECALL_DAYS = 15  # working days from an answer to the day that it names


@dataclass(frozen=True)
class Step:
    """One move of a history, and the state that it led to.

    `office`: whose it was when it was made. `details`: as the services keep them. `by_slip`: the sender entered what
    the office had written on paper.
    """

    move: Move
    state: State
    on: date
    office: UUID
    outcome: str | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None
    by_slip: bool = False

    @property
    def by_sender(self) -> bool:
        """Whether somebody of the office that asks made it."""
        return self.by_slip or self.move in SENDERS_MOVES


class Said(NamedTuple):
    """What goes with a move."""

    reason: str | None = None
    details: dict[str, Any] | None = None
    by_slip: bool = False


NOTHING = Said()


class History:
    """A referral that was sent to an office on a day, with the steps that led to how it stands today."""

    def __init__(
        self, random: Random, service: Service, calendar: Calendar, office: UUID, sent: date, today: date
    ) -> None:
        self.random, self.service, self.calendar, self.today, self.office = random, service, calendar, today, office
        self.state, self.steps = State.DRAFT, list[Step]()
        self.sent_on, self.due = sent, deadlines(service, sent, calendar)
        self.accepted_on: date | None = None
        self.outcome: Outcome | None = None
        self._make(Move.SEND, sent)

    @property
    def due_on(self) -> date | None:
        """The day that counts now."""
        return due_on(self.state, self.due)

    @property
    def closed_on(self) -> date | None:
        """The day on which it ended."""
        return self.steps[-1].on if self.state in (State.CLOSED, State.WITHDRAWN) else None

    @property
    def recall_on(self) -> date | None:
        """The day that the last outcome names, where it has to name one."""
        if self.outcome is None or self.outcome.asks is None:
            return None
        return add_working_days(self.calendar, self.steps[-1].on, RECALL_DAYS)

    @property
    def told_at(self) -> datetime | None:
        """When the family was told of the answer: a week after it, so that the latest ones are news."""
        if self.outcome is None:
            return None
        answered = next(step.on for step in reversed(self.steps) if step.outcome)
        told = answered + timedelta(days=TOLD_AFTER)
        return instant_of(told) if told <= self.today else None

    def move(self, move: Move, said: Said = NOTHING, *, most: int = 6) -> None:
        """Make a move some working days after the one before, at most today."""
        self._make(move, self._later(most), said)

    def hand_on(self, office: UUID, reason: str) -> None:
        """Let the office pass it on to another one."""
        told = {"from": self.office.hex, "to": office.hex}
        self._make(Move.HAND_ON, self._later(3), Said(reason, told))
        self.office = office

    def reopen(self, reason: str) -> None:
        """Let the sender open again what was closed, with a new limit to answer."""
        self.move(Move.REOPEN, Said(reason))
        self.outcome = None
        limit = add_working_days(self.calendar, self.steps[-1].on, self.service.answer_days)
        self.due = replace(self.due, answer_by=limit)

    def answer(self, outcome: Outcome, said: Said, *, most: int = 6) -> None:
        """Answer with an outcome of the service."""
        self.outcome = outcome
        self._make(move_for(outcome), self._later(most), said, outcome.code)
        self.accepted_on = self.accepted_on or self.steps[-1].on

    def _later(self, most: int) -> date:
        later = add_working_days(self.calendar, self.steps[-1].on, self.random.randint(1, most))
        return min(self.today, later)

    def _make(self, move: Move, on: date, said: Said = NOTHING, outcome: str | None = None) -> None:
        side = Side.SLIP if said.by_slip else Side.SENDER if move in SENDERS_MOVES else Side.RECEIVER
        self.state = next_state(self.state, move, side)
        self.steps.append(Step(move, self.state, on, self.office, outcome, *said))
        if move is Move.SEND:
            self.sent_on, self.due, self.accepted_on = on, deadlines(self.service, on, self.calendar), None
        elif move is Move.HAND_ON:
            limits = handed_on(self.service, on, self.due.answer_by, self.calendar)
            self.sent_on, self.due, self.accepted_on = on, limits, None
        elif move is Move.ACCEPT:
            self.accepted_on = on


def instant_of(day: date) -> datetime:
    """Return half past ten in the morning of that day at the offices."""
    return datetime.combine(day, time(2, 30), UTC)
