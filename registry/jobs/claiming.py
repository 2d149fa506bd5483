"""Which job a worker has: claimed by one at a time, put back when its worker died, let go at the end.

All of it is a few plain statements on the job row, without a queue library: the row is the truth, and to look
every few seconds costs less than a second service that would have to be kept in step with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, case, exists, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from registry.clock import now
from registry.database import db, reading
from registry.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, CursorResult

SILENT = timedelta(minutes=5)  # batches take seconds: a worker that is silent for so long is dead or stopped
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=1)
GROWTH = 4


@dataclass(frozen=True)
class Claim:
    """A job in the hands of this worker, since `started_at`; whoever claims it again has another instant."""

    id: UUID
    kind: str
    key: str
    after: UUID | None
    attempts: int
    started_at: datetime


def something_waits(kinds: Collection[str]) -> bool:
    """Say whether a job could be claimed. Only reads: an idle worker never takes SQLite's write lock."""
    with reading(), Session(db.engine) as session:
        return bool(session.scalar(select(exists().where(_ready(kinds, now())))))


def claim(kinds: Collection[str], alone: Collection[str]) -> Claim | None:
    """Take the job that has waited longest, or None. Of the kinds in `alone` no two run at the same time.

    Belongs to a short transaction. PostgreSQL skips rows that another worker is taking; SQLite lets one in.
    """
    at, other = now(), aliased(Job)
    running = exists().where(other.kind == Job.kind, other.state == "running")
    free = or_(Job.kind.not_in(alone), ~running)
    wanted = select(Job).where(_ready(kinds, at), free).order_by(Job.run_after, Job.kind, Job.id).limit(1)
    job = db.session.scalar(wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    return None if job is None else _begun(job, at)


def _begun(job: Job, at: datetime) -> Claim:
    job.state, job.started_at, job.beat_at, job.ended_at = "running", at, at, None
    job.attempts += 1
    db.session.flush()
    return Claim(job.id, job.kind, job.key, _id_of(job.place), job.attempts, at)


def take(kind: str, key: str) -> Claim | None:
    """Take this very job, from whoever has it; None when it has ended, or is changed at this moment.

    Whoever had it finds out with its next batch, which is then rolled back. Belongs to a short transaction.
    """
    wanted = select(Job).where(Job.kind == kind, Job.key == key, Job.state.in_(("waiting", "running")))
    job = db.session.scalar(wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    return None if job is None else _begun(job, now())


def keep(claimed: Claim, done: int, after: UUID | None) -> bool:
    """Write down what a batch did and where it got to; no `after` ends the job.

    False when the job is no longer this worker's (it was silent for too long, and another has it): the batch must
    then be rolled back. Belongs to the same transaction as the batch.
    """
    at = now()
    ended = {"state": "done", "ended_at": at, "error": None} if after is None else {}
    place = after.hex if after else None
    return _mine(claimed, beat_at=at, done=Job.done + done, place=place, **ended)


def let_go(claimed: Claim) -> bool:
    """Put a job back that was begun, because the worker is to stop; that was no failed attempt."""
    return _mine(claimed, state="waiting", attempts=Job.attempts - 1, run_after=now())


def failed(claimed: Claim, error: BaseException) -> bool:
    """Keep the kind of a fault, and try again after a pause that grows, or give up after the last attempt."""
    at = now()
    if claimed.attempts >= MOST_ATTEMPTS:
        return _mine(claimed, state="failed", ended_at=at, error=type(error).__name__[:80])
    pause = FIRST_PAUSE * GROWTH ** (claimed.attempts - 1)
    return _mine(claimed, state="waiting", run_after=at + pause, error=type(error).__name__[:80])


def sweep() -> int:
    """Put back the jobs whose worker has died; one that killed its worker each time is given up. How many."""
    at = now()
    silent = and_(Job.state == "running", Job.beat_at < at - SILENT)
    with reading(), Session(db.engine) as session:
        if not session.scalar(select(exists().where(silent))):
            return 0
    spent = Job.attempts >= MOST_ATTEMPTS
    values = {
        "state": case((spent, "failed"), else_="waiting"),
        "ended_at": case((spent, at), else_=None),
        "error": "WorkerDied",
        "run_after": at,
    }
    return _changed(update(Job).where(silent).values(**values))


def _ready(kinds: Collection[str], at: datetime) -> ColumnElement[bool]:
    return and_(Job.state == "waiting", Job.run_after <= at, Job.kind.in_(kinds) if kinds else ~true())


def _mine(claimed: Claim, **values: object) -> bool:
    still = Job.id == claimed.id, Job.state == "running", Job.started_at == claimed.started_at
    return _changed(update(Job).where(*still).values(**values)) == 1


def _changed(statement: object) -> int:
    result: CursorResult[object] = db.session.execute(statement)  # type: ignore[call-overload]
    return result.rowcount


def _id_of(place: str | None) -> UUID | None:
    return UUID(place) if place else None
