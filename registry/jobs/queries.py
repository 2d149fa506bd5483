"""Reads of jobs: the last nightly rounds and what was asked for between them. Nothing in them is personal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from registry.database import db
from registry.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

LATEST = 100


def latest() -> Sequence[Job]:
    """Return the jobs put in last, the newest first."""
    return db.session.scalars(select(Job).order_by(Job.id.desc()).limit(LATEST)).all()


def counts() -> dict[str, int]:
    """Return how many jobs are in each state; a state that none is in is left out."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return {state: number for state, number in rows}  # noqa: C416 -- rows are not pairs to the type checker


def last_night(name: str) -> date | None:
    """Return the day of the last round in which this work of the nightly round came to its end; None before that."""
    key = db.session.scalar(select(func.max(Job.key)).where(Job.kind == name, Job.state == "done"))
    return date.fromisoformat(key) if key else None


def has_failed(kind: str, key: str) -> bool:
    """Say whether a job was given up."""
    return db.session.scalar(select(Job.state).where(Job.kind == kind, Job.key == key)) == "failed"
