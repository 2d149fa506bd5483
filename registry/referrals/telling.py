"""Answers on their way to the families: which are still to be told, and that one was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from registry.children.filters import not_deceased, on_the_register
from registry.children.queries import schooling_loaded, seen_by
from registry.clock import now
from registry.database import db
from registry.referrals.errors import StaleVersionError
from registry.referrals.models import Referral
from registry.referrals.queries import DUE, WITH_OFFICE, held
from sop.referral import State

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer

NO_NEWS = (State.DRAFT, State.RETURNED, State.WITHDRAWN)


def untold(viewer: Viewer, limit: int | None = None) -> Sequence[Referral]:
    """Return what offices answered and the family was not told yet, the latest first, with child, steps and school."""
    rows = select(Referral).where(*_untold(viewer)).order_by(Referral.id.desc()).limit(limit)
    child = joinedload(Referral.child).options(schooling_loaded())
    return db.session.scalars(rows.options(child, selectinload(Referral.steps))).all()


def count_untold(viewer: Viewer) -> int:
    """Return how many answers wait to be told."""
    return db.session.scalar(select(func.count()).select_from(Referral).where(*_untold(viewer))) or 0


def late(viewer: Viewer, on: date) -> Sequence[Referral]:
    """Return what the viewer's office sent and another office has not answered in time, with the child."""
    own = Referral.from_office_id == viewer.office_id, Referral.child_id.in_(seen_by(viewer).where(on_the_register()))
    rows = select(Referral).where(*own, Referral.state.in_(WITH_OFFICE), on > DUE).order_by(DUE, Referral.id)
    return db.session.scalars(rows.options(joinedload(Referral.child))).all()


def tell(viewer: Viewer, referral_id: UUID, version: int) -> None:
    """Note that the family was told of the answer; a second time it changes nothing.

    Raises StaleVersionError where the office has answered again since the page was fetched.
    """
    referral = held(viewer, referral_id)
    if referral.version != version:
        raise StaleVersionError
    referral.told_at = referral.told_at or now()


def tell_those(viewer: Viewer, told: Collection[tuple[UUID, int]]) -> None:
    """Note the same of several, each with the version that was read; one that has a newer answer stays to be told."""
    for referral_id, version in sorted(told):
        referral = held(viewer, referral_id)
        if referral.version == version:
            referral.told_at = referral.told_at or now()


def _untold(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Answers to the viewer's office about children whom it keeps; after a death nothing is brought any more."""
    return (
        Referral.from_office_id == viewer.office_id,
        Referral.child_id.in_(seen_by(viewer).where(not_deceased())),
        Referral.outcome_sealed.is_not(None),
        Referral.told_at.is_(None),
        Referral.state.not_in(NO_NEWS),
    )
