"""Table of jobs: what is to be done apart from any request. The row is the truth; the worker only reads it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Model, Row


class Job(Row, Model):
    """One piece of work, once per kind and key. Neither holds anything personal."""

    __tablename__ = "job"
    __table_args__ = (Index("uq_job_kind_key", "kind", "key", unique=True),)

    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8), index=True)  # waiting, running, done, failed
    run_after: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]  # the worker was last alive with it
    ended_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)  # how many things are done
    place: Mapped[str | None] = mapped_column(String(80))  # where to go on after an end half-way
    error: Mapped[str | None] = mapped_column(String(80))  # the kind of the fault, never its words
