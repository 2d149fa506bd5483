"""What became of a child's referrals: plausible states, dates and outcomes, told the day and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from registry.database import uuid7
from sop.referral import Calendar, Deadlines, add_working_days, deadlines

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from seed.demo.ids import Ids
    from sop.version import Service, Sop

# Of referrals that a need of today explains, and of those that were answered before.
OPEN_STATES = (
    ("sent", 38),
    ("accepted", 38),
    ("appointed", 8),
    ("returned", 5),
    ("withdrawn", 3),
    ("unsolved", 8),
)
LATE_SHARE = 0.22
SOLVED_SHARE = 0.16  # of children without a need: somebody solved it earlier
OUTCOMES = {
    "education": {
        "solved": ("11", "11", "11", "12", "13"),
        "interim": ("41", "43"),
        "unsolved": ("42", "44", "45"),
    },
    "vaccination": {"solved": ("01", "07", "01"), "interim": ("02", "04", "09"), "unsolved": ("05", "08")},
}
SENDERS_MOVES = ("send", "withdraw")
KINDERGARTEN = ("15", "16")


@dataclass(frozen=True)
class Move:
    """One step of a history."""

    move: str
    state: str
    on: date
    outcome: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class History:
    """A referral as it stands today, with the steps that led there."""

    service: str
    state: str
    sent_on: date
    due: Deadlines
    steps: tuple[Move, ...]
    outcome: str | None = None

    @property
    def accepted_on(self) -> date | None:
        return next((step.on for step in self.steps if step.move == "accept"), None)

    @property
    def closed_on(self) -> date | None:
        return self.steps[-1].on if self.state in ("closed", "withdrawn") else None


def open_history(random: Random, sop: Sop, service: Service, calendar: Calendar, on: date, earliest: date) -> History:
    """Return what happened to a referral whose reason still holds on that day."""
    state = random.choices([s for s, _ in OPEN_STATES], [n for _, n in OPEN_STATES])[0]
    limit = service.accept_days if state == "sent" else service.answer_days
    days = limit * 7 // 5  # working days as calendar days, roughly: the deadlines themselves are exact
    age = random.randint(days + 2, days + 16) if random.random() < LATE_SHARE else random.randint(0, days - 2)
    sent = max(on - timedelta(days=age), earliest)
    due = deadlines(service, sent, calendar)
    steps = [Move("send", "sent", sent)]
    if state == "returned":
        reason = random.choice([code.code for code in sop.codes["return_reason"]])
        steps.append(Move("return", "returned", _later(random, sent, on, calendar), reason=reason))
    elif state == "withdrawn":
        reason = random.choice([code.code for code in sop.codes["withdraw_reason"]])
        steps.append(Move("withdraw", "withdrawn", _later(random, sent, on, calendar), reason=reason))
    elif state != "sent":
        steps.append(Move("accept", "accepted", _later(random, sent, on, calendar)))
    outcome = None
    if state == "appointed" and service.code != "vaccination":
        state = "accepted"
    if state == "appointed":
        outcome = "03"
        steps.append(Move("record_interim", "appointed", _later(random, steps[-1].on, on, calendar), outcome))
    if state == "accepted" and random.random() < 0.25:
        outcome = random.choice(OUTCOMES[service.code]["interim"])
        steps.append(Move("record_interim", "accepted", _later(random, steps[-1].on, on, calendar), outcome))
    if state == "unsolved":
        state, outcome = "closed", random.choice(OUTCOMES[service.code]["unsolved"])
        why = _reason(random, service, outcome)
        steps.append(Move("close", "closed", _later(random, steps[-1].on, on, calendar), outcome, why))
    return History(service.code, state, sent, due, tuple(steps), outcome)


def solved_history(
    random: Random, service: Service, calendar: Calendar, on: date, stage: str, earliest: date
) -> History:
    """Return a referral that was answered earlier, which is why the child needs nothing today."""
    sent = max(on - timedelta(days=random.randint(40, 300)), earliest)
    accepted = _later(random, sent, on, calendar, most=service.accept_days)
    closed = _later(random, accepted, on, calendar, most=service.answer_days)
    young = service.code == "education" and stage == "kindergarten"
    outcome = random.choice(KINDERGARTEN if young else OUTCOMES[service.code]["solved"])
    steps = (
        Move("send", "sent", sent),
        Move("accept", "accepted", accepted),
        Move("close", "closed", closed, outcome),
    )
    return History(service.code, "closed", sent, deadlines(service, sent, calendar), steps, outcome)


def _later(random: Random, start: date, on: date, calendar: Calendar, most: int = 6) -> date:
    return min(on, add_working_days(calendar, start, random.randint(1, most)))


def _reason(random: Random, service: Service, outcome: str) -> str | None:
    reasons = service.outcome(outcome).reasons
    return random.choice(reasons) if reasons else None


def referral_rows(
    history: History, reasons: list[dict[str, Any]], child: UUID, ids: Ids, area: str, sop: Sop
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of a referral, and those of its steps."""
    referral, office, sender = uuid7(), ids.serving(history.service, area), ids.community(area)
    outcome = sop.services[history.service].outcome(history.outcome) if history.outcome else None
    row = {
        "id": referral,
        "version": len(history.steps),
        "child_id": child,
        "service": history.service,
        "office_id": office,
        "from_office_id": sender,
        "area_code": area,
        "state": history.state,
        "reasons": reasons,
        "sent_on": history.sent_on,
        "accept_by": history.due.accept_by,
        "answer_by": history.due.answer_by,
        "accepted_on": history.accepted_on,
        "closed_on": history.closed_on,
        "outcome": history.outcome,
        "outcome_kind": outcome.kind if outcome else None,
        "sop_version": sop.version,
    }
    steps = [
        {
            "id": uuid7(),
            "referral_id": referral,
            "child_id": child,
            "at": instant_of(step.on),
            "user_id": ids.staff[sender if step.move in SENDERS_MOVES else office],
            "move": step.move,
            "state": step.state,
            "outcome": step.outcome,
            "reason": step.reason,
        }
        for step in history.steps
    ]
    return row, steps


def instant_of(day: date) -> datetime:
    """Return half past ten in the morning of that day at the offices."""
    return datetime.combine(day, time(2, 30), UTC)
