"""Answers on their way to the families: which are still to be told, and that one was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from registry.children.filters import not_deceased, on_the_register
from registry.children.queries import schooling_loaded, seen_by
from registry.clock import now
from registry.database import db
from registry.referrals.errors import StaleVersionError
from registry.referrals.models import Referral
from registry.referrals.queries import held
from sop.referral import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer

LIGHT = (Referral.id, Referral.child_id, Referral.answer_by)
NO_NEWS = (State.DRAFT, State.RETURNED, State.WITHDRAWN)


class Waiting(NamedTuple):
    """A referral that speaks to a family: as much of it as says which family, and since when."""

    id: UUID
    child_id: UUID
    answer_by: date | None


def untold(viewer: Viewer) -> list[Waiting]:
    """Return what offices answered and the family was not told yet, the latest first."""
    return _waiting(select(*LIGHT).where(*to_be_told(viewer)).order_by(Referral.id.desc()))


def late(viewer: Viewer, on: date) -> list[Waiting]:
    """Return what the viewer's office sent and another office has not answered in time, the longest ago first."""
    own = Referral.from_office_id == viewer.office_id, Referral.child_id.in_(seen_by(viewer).where(on_the_register()))
    rows = select(*LIGHT).where(*own, Referral.due_on < on)
    return _waiting(rows.order_by(Referral.due_on, Referral.id))


def in_full(those: Iterable[Waiting]) -> dict[UUID, Referral]:
    """Return the referrals by id, with child, steps and school: what is said of them at the door."""
    rows = select(Referral).where(Referral.id.in_({each.id for each in those}))
    child = joinedload(Referral.child).options(schooling_loaded())
    return {row.id: row for row in db.session.scalars(rows.options(child, selectinload(Referral.steps)))}


def _waiting(rows: Select[UUID, UUID, date | None]) -> list[Waiting]:
    return [Waiting._make(row) for row in db.session.execute(rows)]


def tell(viewer: Viewer, referral_id: UUID, version: int) -> None:
    """Note that the family was told of the answer; a second time it changes nothing.

    Raises StaleVersionError where the office has answered again since the page was fetched.
    """
    referral = held(viewer, referral_id)
    if referral.version != version:
        raise StaleVersionError
    referral.told_at = referral.told_at or now()


def tell_those(viewer: Viewer, told: Collection[tuple[UUID, int]]) -> int:
    """Note the same of several, each with the version that was read; return of how many families know it now.

    One that has a newer answer stays to be told.
    """
    number = 0
    for referral_id, version in sorted(told):
        referral = held(viewer, referral_id)
        if referral.version == version:
            referral.told_at = referral.told_at or now()
            number += 1
    return number


def to_be_told(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return conditions on what a family waits to hear: answers about children whom the viewer's office keeps.

    After a death nothing is brought any more.
    """
    return (
        Referral.from_office_id == viewer.office_id,
        Referral.child_id.in_(seen_by(viewer).where(not_deceased())),
        Referral.outcome_sealed.is_not(None),
        Referral.told_at.is_(None),
        Referral.state.not_in(NO_NEWS),
    )
