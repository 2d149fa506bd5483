"""Sends a child to an office of a service as a registrar does, and reads what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.referrals import service
from registry.referrals.models import Referral, ReferralStep
from sop.content import Reason
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


def office_of(make: Factory, code: str) -> Office:
    """Make an office that answers a service in the county."""
    return make.office(in_force(today()).services[code].office_kinds[0], COUNTY, serves=((code, COUNTY),))


def send(make: Factory, registrar: User, child_id: UUID, code: str, state: str = "sent") -> Referral:
    """Send a child to the office that answers the service in its county, and let it stand in a state."""
    viewer = make.viewer(user=registrar)
    with make.app.app_context():
        sent = service.send(viewer, child_id, code, ASKED, COMMUNITY, today(), agreed=True)
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
