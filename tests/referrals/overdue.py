"""Overdue referrals for tests: by how many working days, of ordinary and of confidential services, and the night."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from registry.access import Role
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue import climbing
from registry.referrals.steps import set_due
from sop.referral import working_days_between
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from flask import Flask

    from registry.areas.models import Office
    from registry.children.models import Child
    from tests.factories import Factory

TOWN, COUNTY, CITY = COMMUNITY[:9] + "000", COMMUNITY[:6] + "000000", COMMUNITY[:4] + "00000000"
NEXT_TOWN = COMMUNITY[:6] + "009000"


def late_by(days: int, on: date | None = None) -> date:
    """Return the latest limit that lies so many working days before a day."""
    on, due = on or today(), on or today()
    while working_days_between(working_calendar(), due, on) < days:
        due -= timedelta(days=1)
    return due


def overdue(make: Factory, child: Child, office: Office, due: date, **values: Any) -> Referral:
    """Make a referral whose limit was `due`; `climbed` and `climbed_to`, where it has."""
    high = {name: values.pop(name) for name in ("climbed", "climbed_to") if name in values}
    referral = make.referral(child, office, accept_by=due, answer_by=due, **values)
    return climb(make, referral, **high) if high else referral


def climb(make: Factory, referral: Referral, **high: Any) -> Referral:
    """Let a referral have climbed: `climbed`, and `climbed_to`."""
    with make.app.app_context():
        db.session.execute(update(Referral).where(Referral.id == referral.id).values(**high))
        db.session.commit()
    return referral


def confidential_one(make: Factory, child: Child, office: Office, due: date, service: str = "disability") -> Referral:
    """Make a referral of a confidential service, as the pages write it."""
    sender, place = make.office(area=child.episodes[0].area_code), child.episodes[0].area_code
    with make.app.app_context():
        values = {"area_code": place, "state": "sent", "sent_on": due, "accept_by": due, "answer_by": due}
        sop = in_force(today())
        row = Referral(child_id=child.id, from_office_id=sender.id, sop_version=sop.version, **values)
        confidential.write(row, sop.services[service], [])
        confidential.address(row, office, OPENER)
        set_due(row)
        db.session.add(row)
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge_all()
        return row


def night(app: Flask, on: date | None = None) -> int:
    """Let the clocks of a night run to their end, batch by batch as the worker does; how many have climbed."""
    done, after = 0, None
    while True:
        with app.app_context():
            batch = climbing.climb(on or today(), after)
            db.session.commit()
        done, after = done + batch.done, batch.after
        if after is None:
            return done


def stands(app: Flask, referral: Referral) -> tuple[int, str | None]:
    """Return how high a referral has climbed, and to whom."""
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        return row.climbed, row.climbed_to


def supervisor(make: Factory, area: str = TOWN, **values: Any) -> Any:
    """Make an account that supervises an area."""
    return make.user(Role.SUPERVISOR.value, area=area, **values)
