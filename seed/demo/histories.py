"""What became of a child's referrals: plausible states, dates and outcomes, told the day and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from registry.database import uuid7
from registry.referrals.models import Referral, ReferralStep
from sop.referral import (
    Calendar,
    Move,
    Side,
    State,
    add_working_days,
    deadlines,
    move_for,
    next_state,
)

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from seed.demo.ids import Ids
    from sop.version import Service, Sop

# How referrals that a need of today explains stand, of a hundred; those that are closed found no solution.
STANDING = (
    (State.SENT, 38),
    (State.ACCEPTED, 38),
    (State.APPOINTED, 8),
    (State.RETURNED, 5),
    (State.WITHDRAWN, 3),
    (State.CLOSED, 8),
)
LATE_SHARE = 0.22
INTERIM_SHARE = 0.25  # of accepted ones
SOLVED_SHARE = 0.16  # of children without a need: somebody solved it earlier
OUTCOMES = {
    "education": {
        "solved": ("11", "11", "11", "12", "13"),
        "interim": ("41", "43"),
        "unsolved": ("42", "44", "45"),
    },
    "vaccination": {"solved": ("01", "07", "01"), "interim": ("02", "04", "09"), "unsolved": ("05", "08")},
}
APPOINTMENT = "03"
SENDERS_MOVES = (Move.SEND, Move.WITHDRAW)
KINDERGARTEN = ("15", "16")
TOLD_AFTER = 7  # days
RECALL_DAYS = 15  # working days from an answer to the day that it names


@dataclass(frozen=True)
class Step:
    """One move of a history, and the state that it led to."""

    move: Move
    state: State
    on: date
    outcome: str | None = None
    reason: str | None = None


class History:
    """A referral that was sent on a day, with the steps that led to how it stands today."""

    def __init__(self, random: Random, service: Service, calendar: Calendar, sent: date, today: date) -> None:
        self.random, self.service, self.calendar, self.today = random, service, calendar, today
        self.sent_on, self.due = sent, deadlines(service, sent, calendar)
        self.state, self.steps = State.DRAFT, list[Step]()
        self.outcome: str | None = None
        self._make(Move.SEND, sent)

    @property
    def accepted_on(self) -> date | None:
        """The day on which the office took it on."""
        return next((step.on for step in self.steps if step.move is Move.ACCEPT), None)

    @property
    def closed_on(self) -> date | None:
        """The day on which it ended."""
        return self.steps[-1].on if self.state in (State.CLOSED, State.WITHDRAWN) else None

    @property
    def recall_on(self) -> date | None:
        """The day that the last outcome names, where it has to name one."""
        if self.outcome is None or self.service.outcome(self.outcome).asks is None:
            return None
        return add_working_days(self.calendar, self.steps[-1].on, RECALL_DAYS)

    @property
    def told_at(self) -> datetime | None:
        """When the family was told of the answer: a week after it, so that the latest ones are news."""
        answered = next((step.on for step in reversed(self.steps) if step.outcome), None)
        told = answered + timedelta(days=TOLD_AFTER) if answered else None
        return instant_of(told) if told and told <= self.today else None

    def move(self, move: Move, *, most: int = 6, outcome: str | None = None, reason: str | None = None) -> None:
        """Make a move some working days after the one before, at most today."""
        later = add_working_days(self.calendar, self.steps[-1].on, self.random.randint(1, most))
        self._make(move, min(self.today, later), outcome, reason)

    def answer(self, code: str, *, most: int = 6) -> None:
        """Answer with an outcome of the service, and a reason where it asks for one."""
        outcome = self.service.outcome(code)
        reason = self.random.choice(outcome.reasons) if outcome.reasons else None
        self.outcome = code
        self.move(move_for(outcome), most=most, outcome=code, reason=reason)

    def _make(self, move: Move, on: date, outcome: str | None = None, reason: str | None = None) -> None:
        side = Side.SENDER if move in SENDERS_MOVES else Side.RECEIVER
        self.state = next_state(self.state, move, side)
        self.steps.append(Step(move, self.state, on, outcome, reason))


def open_history(random: Random, sop: Sop, service: Service, calendar: Calendar, on: date, earliest: date) -> History:
    """Return what happened to a referral whose reason still holds on that day."""
    ends = random.choices([state for state, _ in STANDING], [share for _, share in STANDING])[0]
    limit = service.accept_days if ends is State.SENT else service.answer_days
    days = limit * 7 // 5  # working days as calendar days, roughly: the deadlines themselves are exact
    age = random.randint(days + 2, days + 16) if random.random() < LATE_SHARE else random.randint(0, days - 2)
    history = History(random, service, calendar, max(on - timedelta(days=age), earliest), on)
    if ends is State.RETURNED:
        history.move(Move.RETURN_, reason=_one_of(random, sop, "return_reason"))
    elif ends is State.WITHDRAWN:
        history.move(Move.WITHDRAW, reason=_one_of(random, sop, "withdraw_reason"))
    elif ends is not State.SENT:
        history.move(Move.ACCEPT)
        _go_on(random, history, ends)
    return history


def _go_on(random: Random, history: History, ends: State) -> None:
    """Tell what came after the office accepted."""
    outcomes = OUTCOMES[history.service.code]
    if ends is State.CLOSED:
        history.answer(random.choice(outcomes["unsolved"]))
    elif ends is State.APPOINTED and history.service.code == "vaccination":
        history.answer(APPOINTMENT)
    elif random.random() < INTERIM_SHARE:
        history.answer(random.choice(outcomes["interim"]))


def _one_of(random: Random, sop: Sop, code_list: str) -> str:
    return random.choice([code.code for code in sop.codes[code_list]])


def solved_history(
    random: Random, service: Service, calendar: Calendar, on: date, stage: str, earliest: date
) -> History:
    """Return a referral that was answered earlier, which is why the child needs nothing today."""
    sent = max(on - timedelta(days=random.randint(40, 300)), earliest)
    history = History(random, service, calendar, sent, on)
    history.move(Move.ACCEPT, most=service.accept_days)
    young = service.code == "education" and stage == "kindergarten"
    outcome = random.choice(KINDERGARTEN if young else OUTCOMES[service.code]["solved"])
    history.answer(outcome, most=service.answer_days)
    return history


def referral_rows(
    history: History, reasons: list[dict[str, Any]], child: UUID, ids: Ids, area: str, sop: Sop
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of a referral, and those of its steps."""
    service, referral = history.service, uuid7()
    office, sender = ids.serving(service.code, area), ids.community(area)
    outcome = service.outcome(history.outcome) if history.outcome else None
    row = {
        "id": referral,
        "version": len(history.steps),
        "child_id": child,
        "service": service.code,
        "office_id": office,
        "from_office_id": sender,
        "area_code": area,
        "state": history.state.value,
        "reasons": reasons,
        "sent_on": history.sent_on,
        "accept_by": history.due.accept_by,
        "answer_by": history.due.answer_by,
        "accepted_on": history.accepted_on,
        "closed_on": history.closed_on,
        "outcome_sealed": Referral.outcome.seal_for(referral, history.outcome),
        "outcome_kind": outcome.kind if outcome else None,
        "recall_on": history.recall_on,
        "told_at": history.told_at,
        "sop_version": sop.version,
    }
    staff = {True: ids.staff[sender], False: ids.staff[office]}
    steps = [_step_row(referral, child, step, staff[step.move in SENDERS_MOVES]) for step in history.steps]
    return row, steps


def _step_row(referral: UUID, child: UUID, step: Step, user: UUID) -> dict[str, Any]:
    row = uuid7()
    return {
        "id": row,
        "referral_id": referral,
        "child_id": child,
        "at": instant_of(step.on),
        "user_id": user,
        "move": step.move.value,
        "state": step.state.value,
        "outcome_sealed": ReferralStep.outcome.seal_for(row, step.outcome),
        "reason_sealed": ReferralStep.reason.seal_for(row, step.reason),
    }


def instant_of(day: date) -> datetime:
    """Return half past ten in the morning of that day at the offices."""
    return datetime.combine(day, time(2, 30), UTC)
