"""A registrar with families to visit: registered, visited and assessed some days ago, each act committed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.protection import service as protection
from registry.protection.queries import Answers
from registry.visits import queries, service
from registry.visits.models import Visit
from registry.visits.service import Made

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from registry.accounts.models import User
    from registry.children.models import Child
    from registry.visits.families import Family
    from registry.visits.queries import Round
    from tests.factories import Factory

# Kind of guardianship and assessment that lead to each level; the last two also to "must be seen"
CALM, RAISED, HIGH = ("good", "good"), ("entrusted_weak", "fair"), ("none", "poor")


@pytest.fixture
def registrar(make: Factory) -> User:
    """The registrar of the community."""
    return make.user(office=make.office())


@pytest.fixture
def viewer(make: Factory, registrar: User) -> Viewer:
    """The same person, as pages know them."""
    return make.viewer(user=registrar)


class Days:
    """What the registrar does on the days of a test, each act committed."""

    def __init__(self, app: Flask, make: Factory, viewer: Viewer) -> None:
        self.app, self.make, self.viewer = app, make, viewer

    def family(self, *, registered: int = 200, visited: int | None = None, children: int = 1, **home: Any) -> Household:
        """Make a family registered so many days ago, visited so many days ago (never when left out)."""
        household = self.make.household(**home)
        for _ in range(children):
            self.child(household, registered)
        self.reckon()
        if visited is not None:
            self.visit(household, days_ago=visited)
        return household

    def child(self, household: Household, registered: int = 200, **values: Any) -> Child:
        """Make a child of the family who was registered so many days ago."""
        child = self.make.child(household=household, **values)
        with self.app.app_context():
            for episode in db.session.merge(child).episodes:
                episode.registered_on = today() - timedelta(days=registered)
            db.session.get_one(Household, household.id).registered_on = today() - timedelta(days=registered)
            db.session.commit()
        return child

    def visit(
        self, household: Household, outcome: str = "seen", *, days_ago: int = 0, seen: Any = None, **made: Any
    ) -> None:
        """Visit a family; all its children are seen unless `seen` says which."""
        with self.app.app_context():
            family = self.door(household)
            there = frozenset(child.id for child in family.children) if seen is None else frozenset(seen)
            day = today() - timedelta(days=days_ago)
            made.setdefault("id", uuid.uuid4())
            told = Made(made_on=day, outcome=outcome, seen=there, unchanged=True, **made)
            service.record(self.viewer, family, told, today())
            db.session.commit()

    def assess(self, child: Child, judged: tuple[str, str]) -> None:
        """Assess a child after the visit."""
        with self.app.app_context():
            protection.assess(self.viewer, child.id, Answers(*judged, categories=()), None)
            db.session.commit()

    def reckon(self) -> int:
        """Do the nightly share of this room; returns how many days were written."""
        with self.app.app_context():
            done, after = 0, None
            while True:
                batch = service.reckon(today(), after)
                db.session.commit()
                done, after = done + batch.done, batch.after
                if after is None:
                    return done

    def door(self, household: Household) -> Family:
        return queries.family_of(self.viewer, household.id, today())

    def round(self, **narrowed: Any) -> Round:
        """Return the round, with the news of any number of families that a test makes."""
        return queries.round_for(self.viewer, today(), **{"news_shown": 50, **narrowed})

    def due(self, household: Household) -> date | None:
        with self.app.app_context():
            return db.session.get_one(Household, household.id).visit_due


@pytest.fixture
def days(app: Flask, make: Factory, viewer: Viewer) -> Days:
    """What the registrar does."""
    return Days(app, make, viewer)


@pytest.fixture
def visits(app: Flask) -> Callable[[], list[Visit]]:
    """Return a function that reads all visits, each with its children."""

    def read() -> list[Visit]:
        with app.app_context():
            rows = list(db.session.scalars(select(Visit).order_by(Visit.id)))
            for row in rows:
                assert row.children is not None
            return rows

    return read
