"""What waits at an office or for it, for those who may not see it: numbers, and passing all of it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, func, or_, select

from registry.children.filters import not_deceased
from registry.database import db
from registry.referrals import confidential
from registry.referrals.holding import in_order
from registry.referrals.models import Referral
from registry.referrals.moving import OFFICE_CLOSED, PASSING_ON, hand_over
from registry.referrals.steps import finish
from sop.referral import OPEN_STATES, WITH_OFFICE, Move, State

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

LOT: Final = 1000  # passed on in one transaction: some seconds, for which nobody else can open these


class Waiting(NamedTuple):
    """Referrals of an office: `received` it has to answer, for these `services`; `sent` it follows.

    Those that it sent count while they are open, and until the families were told of the answers.
    """

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
    sent = db.session.scalar(select(func.count()).where(_followed_by(office_id))) or 0
    return Waiting(sum(ordinary.values()) + len(kept), sent, frozenset(ordinary) | frozenset(kept))


def pass_on(viewer: Viewer, office_id: UUID, successor_id: UUID, on: date) -> int:
    """Let a successor answer and follow the first LOT of what an office has to; return how many there were.

    Whoever calls has checked that the viewer may close the office, and that the successor may do both.
    """
    to_answer = select(Referral).where(confidential.at_office(office_id), Referral.state.in_(WITH_OFFICE))
    received = list(db.session.scalars(in_order(to_answer, Referral).limit(LOT)))
    hand_over(viewer, received, successor_id, on)
    sent = in_order(select(Referral).where(_followed_by(office_id)), Referral).limit(LOT - len(received))
    followed = list(db.session.scalars(sent)) if len(received) < LOT else []
    for referral in followed:
        _follow_from(viewer, referral, successor_id)
    return len(received) + len(followed)


def _followed_by(office_id: UUID) -> ColumnElement[bool]:
    """What an office sent that is open, or closed with an answer of which the family is still to be told."""
    to_tell = and_(
        Referral.state == State.CLOSED,
        Referral.outcome_sealed.is_not(None),
        Referral.told_at.is_(None),
        Referral.child.has(not_deceased()),
    )
    return and_(Referral.from_office_id == office_id, or_(Referral.state.in_(OPEN_STATES), to_tell))


def _follow_from(viewer: Viewer, referral: Referral, successor_id: UUID) -> None:
    """Let another office follow a referral: whom it answers changes, where it stands does not."""
    told: JsonValue = {"from": referral.from_office_id.hex, "to": successor_id.hex}
    referral.from_office_id, referral.version = successor_id, referral.version + 1
    finish(viewer, referral, Move.FOLLOW, reason=OFFICE_CLOSED, details=told)
