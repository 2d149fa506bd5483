"""What waits at an office or for it, for those who may not see it: numbers, and passing all of it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Referral
from registry.referrals.moving import PASSING_ON, hand_over
from registry.referrals.queries import WITH_OFFICE
from sop.referral import OPEN_STATES

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer

LOT: Final = 1000  # passed on in one transaction: some seconds, for which nobody else can open these


class Waiting(NamedTuple):
    """Open referrals of an office: `received` it has to answer, for these `services`; `sent` it follows."""

    received: int
    sent: int
    services: frozenset[str]


def waiting_at(office_id: UUID) -> Waiting:
    """Return what an office has to answer or follows; protected files count as any other."""
    plain, sealed = (
        select(Referral).where(desk, Referral.state.in_(WITH_OFFICE)) for desk in confidential.desks_of(office_id)
    )
    by_service = plain.with_only_columns(Referral.service, func.count().label("number")).group_by(Referral.service)
    ordinary = {row.service: row.number for row in db.session.execute(by_service)}
    asked = (Referral.id, Referral.service, Referral.reasons, Referral.confidential_sealed)
    kept = [
        confidential.told(Referral, row, PASSING_ON)[0] for row in db.session.execute(sealed.with_only_columns(*asked))
    ]
    followed = Referral.from_office_id == office_id, Referral.state.in_(OPEN_STATES)
    sent = db.session.scalar(select(func.count()).where(*followed)) or 0
    return Waiting(sum(ordinary.values()) + len(kept), sent, frozenset(ordinary) | frozenset(kept))


def pass_on(viewer: Viewer, office_id: UUID, successor_id: UUID, on: date) -> int:
    """Pass the first LOT of what an office has to answer on to its successor; return how many there were.

    Whoever calls has checked that the viewer may close the office, and that the successor may answer all of it.
    """
    rows = select(Referral).where(confidential.at_office(office_id), Referral.state.in_(WITH_OFFICE))
    held = rows.order_by(Referral.id).limit(LOT).with_for_update(of=Referral)
    referrals = list(db.session.scalars(held.execution_options(populate_existing=True)))
    hand_over(viewer, referrals, successor_id, on)
    return len(referrals)
