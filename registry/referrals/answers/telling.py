"""Answers on their way to the families: which are still to be told, and that one was told."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import outside_scope
from registry.children.filters import not_deceased, on_the_register
from registry.children.queries import schooling_loaded, seen_by
from registry.clock import now
from registry.database import db
from registry.referrals.holding import in_order
from registry.referrals.models import Referral
from registry.referrals.queries import from_own, is_overdue
from sop.referral import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer

AT_ONCE: Final = 500  # no page lists more
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
    rows = select(*LIGHT).where(*own, is_overdue(on))
    return _waiting(rows.order_by(Referral.due_on, Referral.id))


def in_full(those: Iterable[Waiting]) -> dict[UUID, Referral]:
    """Return the referrals by id, with child, steps and school: what is said of them at the door."""
    rows = select(Referral).where(Referral.id.in_({each.id for each in those}))
    child = joinedload(Referral.child).options(schooling_loaded())
    return {row.id: row for row in db.session.scalars(rows.options(child, selectinload(Referral.steps)))}


def _waiting(rows: Select[UUID, UUID, date | None]) -> list[Waiting]:
    return [Waiting._make(row) for row in db.session.execute(rows)]


def tell(viewer: Viewer, told: Iterable[tuple[UUID, int]]) -> int:
    """Note that families were told of answers; return of how many they know it now. Two statements for all of them.

    `told`: each with the version that was read, of which the first AT_ONCE are looked at. One that the office has
    answered again since stays to be told; a second time changes nothing. 404 for what another office has sent.
    """
    read = dict(islice(told, AT_ONCE))
    own = from_own(viewer).where(Referral.id.in_(read))
    rows = db.session.scalars(in_order(own, Referral)).all()
    if len(rows) < len(read):
        outside_scope()
    those = [row for row in rows if row.version == read[row.id]]
    for row in those:
        row.told_at = row.told_at or now()
    return len(those)


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
