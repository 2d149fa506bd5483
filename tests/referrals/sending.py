"""Sends a child to an office of a service as a registrar does, and reads what became of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.doses.models import Immunisation
from registry.referrals import service
from registry.referrals.models import Referral, ReferralStep
from sop.content import Reason
from sop.referral import Answer
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.accounts.models import User
    from registry.areas.models import Office
    from tests.factories import Factory

COUNTY = f"{COMMUNITY[:6]}000000"
ASKED = (Reason("asked", {}),)
BEGINS = date(2026, 11, 20)
VERSION = in_force(today()).version


def placed(outcome: str = "11", **told: Any) -> Answer:
    """Return the answer that a place in a school was found, with the kind and first day that it needs."""
    kind = {"school_kind": "public"} if outcome == "46" else {}
    return Answer(outcome, **{"begins": BEGINS} | kind | told)


def first_day(day: date = BEGINS) -> dict[str, str]:
    """Return a first day at school as it is typed on the page of an answer."""
    return {f"answer-begins-{part}": str(getattr(day, part)) for part in ("year", "month", "day")}


def have_doses(app: Flask, child_id: UUID, state: str = "complete") -> None:
    """Let a child stand so over all courses, as if its doses had been entered."""
    with app.app_context():
        made = Immunisation(child_id=child_id, state=state, whole=True, reckoned_on=today(), sop_version=VERSION)
        db.session.add(made)
        db.session.commit()


def office_of(make: Factory, code: str) -> Office:
    """Make an office that answers a service in the county."""
    return make.office(in_force(today()).services[code].office_kinds[0], COUNTY, serves=((code, COUNTY),))


def send(make: Factory, registrar: User, child_id: UUID, code: str, state: str = "sent") -> Referral:
    """Send a child to the office that answers the service in its county, and let it stand in a state."""
    viewer = make.viewer(user=registrar)
    with make.app.app_context():
        sent = service.send(viewer, child_id, code, ASKED, COMMUNITY, today(), agreed=True, offered=True)
        sent.state = state
        db.session.commit()
        return db.session.get_one(Referral, sent.id)


def kept(app: Flask, referral: Referral) -> tuple[str, str | None, list[tuple[str, str]]]:
    """Return state, outcome, and (move, source) of each step."""
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        steps = select(ReferralStep).where(ReferralStep.referral_id == row.id).order_by(ReferralStep.id)
        return row.state, row.outcome.open(OPENER), [(each.move, each.source) for each in db.session.scalars(steps)]


def details(app: Flask, referral: Referral) -> object:
    """Return what the last step told beside outcome, reason and note."""
    with app.app_context():
        steps = select(ReferralStep).where(ReferralStep.referral_id == referral.id).order_by(ReferralStep.id.desc())
        return db.session.scalars(steps).first().details.open(OPENER)
