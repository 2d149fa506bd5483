"""Verbs of jobs: register what is done each night or on demand, and put work in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.clock import now
from registry.database import db, reading
from registry.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from flask import Flask

LONGEST_KIND, LONGEST_KEY = 24, 40  # as the columns


@dataclass(frozen=True)
class Batch:
    """What one call did: how many things, and the id after which the next call goes on; None at the end."""

    done: int
    after: UUID | None = None


@dataclass(frozen=True)
class Reader:
    """On whose behalf a job opens sealed fields: it names those that it needs, and no other opens."""

    opens: frozenset[str]


@dataclass(frozen=True)
class Registered:
    """A kind of work: the function for one batch, and whether each night asks for it."""

    function: Callable[[str, UUID | None], Batch]
    nightly: bool


def handler(app: Flask, kind: str, function: Callable[[str, UUID | None], Batch]) -> None:
    """Register who does the jobs of a kind: `function(key, after)`, one short batch a call.

    The worker calls it until `after` comes back as None, each time inside an application context of its own, and
    commits the batch together with the place that was reached: ended half-way, it goes on there, and nothing is
    done twice or left out. The function never commits. Raises ValueError for a kind that is taken or too long.
    """
    _register(app, kind, Registered(function, nightly=False))


def nightly(app: Flask, name: str, function: Callable[[date, UUID | None], Batch]) -> None:
    """Register work of the nightly round: `function(on, after)`, otherwise as for `handler`.

    It asks what is to be done on that day and never what changed since yesterday, so that a missed night loses
    nothing: the next one does it. Each function is a job of its own; one that fails stops no other.
    """
    _register(app, name, Registered(lambda key, after: function(date.fromisoformat(key), after), nightly=True))


def between(app: Flask, function: Callable[[], None]) -> None:
    """Register a small piece of work that the worker does after each batch, and whenever it looks for jobs.

    It is called every few seconds, so it first looks, and only reads, whether there is anything to do; what it does
    takes no longer than a batch. It has an application context of its own, and the worker commits. For what has to
    keep pace with long jobs: a job of its own would wait until they end.
    """
    app.extensions["jobs_between"] = (*pieces_of(app), function)


def pieces_of(app: Flask) -> tuple[Callable[[], None], ...]:
    """Return what the rooms registered to be done between batches."""
    pieces: tuple[Callable[[], None], ...] = app.extensions.get("jobs_between", ())
    return pieces


def _register(app: Flask, kind: str, registered: Registered) -> None:
    kinds = kinds_of(app)
    if kind in kinds or not 0 < len(kind) <= LONGEST_KIND:
        raise ValueError(f"{kind!r} is taken, or no name for a kind of job")
    kinds[kind] = registered


def kinds_of(app: Flask) -> dict[str, Registered]:
    """Return what the rooms registered, by kind."""
    kinds: dict[str, Registered] = app.extensions.setdefault("jobs", {})
    return kinds


def enqueue(kind: str, key: str, run_after: datetime | None = None) -> bool:
    """Put a job in, once for this kind and key; False when it is there already, in whatever state.

    `key` says what the job is about and is nothing personal: a day, an id. `run_after`: not before this instant.
    Belongs to the caller's transaction. Raises ValueError for a key that is too long.
    """
    if len(key) > LONGEST_KEY:
        raise ValueError("the key of a job has at most 40 characters")
    if db.session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key)):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(Job(kind=kind, key=key, state="waiting", run_after=run_after or now()))
    except IntegrityError:  # another worker was first
        return False
    return True


def round_is_missing(app: Flask, on: date) -> bool:
    """Say whether a day's round has still to be put in. Only reads."""
    names = [name for name, each in kinds_of(app).items() if each.nightly]
    key = on.isoformat()
    there = select(func.count()).select_from(Job).where(Job.kind.in_(names), Job.key == key)
    stale = select(func.count()).select_from(Job).where(Job.kind.in_(names), Job.key < key, Job.state == "waiting")
    with reading(), Session(db.engine) as session:
        return (session.scalar(there) or 0) < len(names) or (session.scalar(stale) or 0) > 0


def put_in_round(app: Flask, on: date) -> int:
    """Put in the nightly round of a day, one job for each function; return how many were new.

    What waits from earlier nights is left to this one: it would do the same, on a day that is past.
    """
    names = sorted(name for name, each in kinds_of(app).items() if each.nightly)
    past = Job.kind.in_(names), Job.key < on.isoformat(), Job.state == "waiting"
    db.session.execute(update(Job).where(*past).values(state="passed", ended_at=now()))
    return sum(enqueue(name, on.isoformat()) for name in names)
