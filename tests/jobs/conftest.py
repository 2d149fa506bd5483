"""Work whose doing can be counted: every block of a community is walked past once, and only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, true

from registry.areas.models import Block
from registry.database import db
from registry.jobs import service
from registry.jobs.models import Job
from registry.jobs.service import Batch

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.factories import Factory

BLOCKS = 5


class Walk:
    """A handler that adds one to the position of two blocks a batch, and calls `meanwhile` in each before it ends."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[int], None] = lambda _: None
        self.calls = 0
        self.keys: list[str] = []

    def __call__(self, key: object, after: UUID | None) -> Batch:
        self.calls += 1
        self.keys.append(str(key))
        rest = Block.id > after if after else true()
        rows = db.session.scalars(select(Block).where(rest).order_by(Block.id).limit(2)).all()
        for row in rows:
            row.position = Block.position + 1  # counted by the database: several jobs walk at the same time
        db.session.flush()
        self.meanwhile(self.calls)
        return Batch(len(rows), rows[-1].id if len(rows) == 2 else None)


@pytest.fixture
def walk(app: Flask, make: Factory) -> Walk:
    """The one kind of work of the application: "walk"."""
    for number in range(BLOCKS):
        make.block(name=f"{number + 1}幢")
    app.extensions["jobs"] = {}
    made = Walk()
    service.handler(app, "walk", made)
    return made


@pytest.fixture
def put_in(app: Flask) -> Callable[..., bool]:
    """Return a function that puts a job in and commits: `put_in("walk", "one")`."""

    def put(kind: str, key: str) -> bool:
        with app.app_context():
            new = service.enqueue(kind, key)
            db.session.commit()
            return new

    return put


def jobs(app: Flask) -> list[Job]:
    """Return all rows, in the order in which they were put in."""
    with app.app_context():
        return list(db.session.scalars(select(Job).order_by(Job.id)))


def one(app: Flask) -> Job:
    """Return the only row."""
    (job,) = jobs(app)
    return job


def change(app: Flask, **values: object) -> None:
    """Change the only row behind the worker's back."""
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        for name, value in values.items():
            setattr(job, name, value)
        db.session.commit()


def walked(app: Flask) -> list[int]:
    """Return how often each block was walked past."""
    with app.app_context():
        return list(db.session.scalars(select(Block.position).order_by(Block.id)))
