"""A clinic with a child that was referred to it, and what it does on a day, each act committed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.children.facts import birth_of
from registry.children.fields import sealed_fields
from registry.children.models import Child
from registry.children.queries import children_for_service
from registry.database import db
from registry.doses import queries, service, states, withdrawing
from registry.doses.models import CourseState, Dose, Immunisation
from registry.doses.service import Entry, Tick
from sop.identity import BirthDate
from sop.version import in_force
from tests.client import OPENER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

    from registry.access import Viewer
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.doses.queries import Record
    from registry.doses.service import Entered
    from tests.factories import Factory

ON = date(2026, 11, 22)
BORN = BirthDate(2024, 3, 1)
HEPB, BCG = Entry("HepB", date(2024, 3, 1), "certificate"), Entry("BCG", date(2024, 3, 1), "certificate")
SECOND = Entry("HepB", date(2024, 4, 1), "certificate")


class Clinic:
    """What one clinic does; `viewer` is its officer."""

    def __init__(self, app: Flask, make: Factory, office: Office | None = None) -> None:
        self.app, self.make = app, make
        self.office: Office = office or make.office("clinic")
        self.user: User = make.user("officer", office=self.office)
        self.viewer: Viewer = make.viewer("officer", user=self.user)

    def referred(self, state: str = "accepted", **values: Any) -> Child:
        """Make a child with a referral to this clinic in a state."""
        child = self.make.child(**{"birth": BORN, "certificate": "unseen", **values})
        self.refer(child, state)
        return child

    def refer(self, child: Child, state: str = "accepted") -> None:
        """Refer a child to this clinic."""
        self.make.referral(child, self.office, service="vaccination", state=state)

    def enter(self, child: Child, *entries: Entry, whole: bool = True, on: date = ON) -> Entered:
        """Enter doses, and say whether these are all."""
        with self.app.app_context():
            done = service.enter(self.viewer, child.id, entries, Tick(whole, seen=not whole), on)
            db.session.commit()
            return done

    def withdraw(
        self, dose: Dose, viewer: Viewer | None = None, of: Child | None = None, reason: str = "wrong_day"
    ) -> bool:
        """Withdraw a dose, as this clinic or somebody else, by way of its file or another."""
        with self.app.app_context():
            stays = withdrawing.withdraw(viewer or self.viewer, of.id if of else dose.child_id, dose.id, reason, ON)
            db.session.commit()
            return stays

    def record(self, child: Child, on: date = ON) -> Record:
        """Read what the clinic's page shows, with no more open than it may."""
        fields = in_force(on).services["vaccination"]
        viewer = self.viewer.opening(sealed_fields((*fields.visible_before, *fields.visible_after)))
        with self.app.app_context():
            return queries.record_of(viewer, children_for_service([child.id])[child.id], on)


def reckon(app: Flask, on: date = ON) -> int:
    """Do one night's share; return how many children it wrote."""
    with app.app_context():
        done, after = 0, None
        while True:
            batch = service.reckon(on, after)
            db.session.commit()
            done, after = done + batch.done, batch.after
            if after is None:
                return done


def doses(app: Flask) -> list[Dose]:
    """Return every dose that was ever entered."""
    with app.app_context():
        return list(db.session.scalars(select(Dose).order_by(Dose.id)))


def state(app: Flask, child: Child) -> tuple[str, str | None]:
    """Return the state of a child and the month in which something is due."""
    with app.app_context():
        row = db.session.scalars(select(Immunisation).where(Immunisation.child_id == child.id)).one()
        return row.state, row.due_month


def courses(app: Flask, child: Child) -> dict[str, tuple[str, int | None, str | None]]:
    """Return the open courses of a child."""
    with app.app_context():
        rows = db.session.scalars(select(CourseState).where(CourseState.child_id == child.id))
        return {row.course: (row.status, row.next_dose, row.due_month) for row in rows}


def put(app: Flask, make: Factory, child: Child, given: Iterable[Entry], *, whole: bool = True) -> None:
    """Put doses into the table without reckoning, and whether they are all."""
    user = make.user("officer", office=make.office("clinic"))
    with app.app_context():
        for vaccine, day, source in given:
            told = {"child_id": child.id, "vaccine": vaccine, "source": source, "office_id": user.office_id}
            row = Dose(**told, entered_by=user.id, entered_at=user.created_at, sop_version="2026-11")
            row.day = day
            db.session.add(row)
        held = states.hold([child.id], ON)[child.id]
        db.session.get_one(Immunisation, held.id).whole = whole
        db.session.commit()


def born(app: Flask, child: Child) -> BirthDate:
    """Return a child's birth date."""
    with app.app_context():
        return birth_of(db.session.get_one(Child, child.id), OPENER)
