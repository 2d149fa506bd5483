"""Reads of whole lists that leave the register: which files belong to one, and which changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from registry.children.filters import conditions, on_the_register
from registry.children.listing import joined
from registry.children.models import Change, Child, Episode
from registry.children.queries import seen_by, visible
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.children.filters import Filters


def members(viewer: Viewer, filters: Filters, on: date, limit: int) -> list[UUID]:
    """Return the files of a list, community by community: the ordinary ones of those that its page shows.

    One more than `limit` at most, which tells that there are more. Protected files leave the register in no list,
    not even for the registrar who is named in them: see `protected_members`.
    """
    wanted = _wanted(viewer, filters, on, protected=False)
    rows = joined(select(Child.id), filters).where(wanted).order_by(Episode.area_code, Child.id).limit(limit + 1)
    return list(db.session.scalars(rows))


def protected_members(viewer: Viewer, filters: Filters, on: date) -> int:
    """Return how many files the page shows this viewer that the list leaves out; 0 for all but a named registrar."""
    rows = joined(select(func.count(Child.id)), filters).where(_wanted(viewer, filters, on, protected=True))
    return db.session.scalar(rows) or 0


def still_seen(viewer: Viewer, ids: Iterable[UUID]) -> list[UUID]:
    """Return those of these files that are in the viewer's area and ordinary, oldest first."""
    rows = seen_by(viewer).where(Child.id.in_(set(ids)), Child.protected.is_(False))
    return list(db.session.scalars(rows.order_by(Child.id)))


def changed_since(ids: Iterable[UUID], since: datetime) -> set[UUID]:
    """Return those of these files in which anything was changed after an instant; the caller has checked scope."""
    rows = select(Change.child_id).where(Change.child_id.in_(set(ids)), Change.at > since).distinct()
    return set(db.session.scalars(rows))


def _wanted(viewer: Viewer, filters: Filters, on: date, *, protected: bool) -> ColumnElement[bool]:
    narrowed = conditions(filters, viewer, on)
    present = () if filters.status else (on_the_register(),)
    return and_(visible(viewer), Child.protected.is_(protected), *narrowed, *present)
