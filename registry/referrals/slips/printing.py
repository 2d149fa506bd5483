"""Reads of what is printed together: the referrals of one family, or all that the own office sent on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.access import current_viewer
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Referral
from registry.referrals.proposals.proposal_list import homes_of
from registry.referrals.queries import from_own, shown_to_offices
from sop.referral import WITH_OFFICE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from flask import Flask
    from sqlalchemy import Select

    from registry.access import Viewer

MOST: Final = 100  # slips in one document


@dataclass(frozen=True)
class FamilySent:
    """The household of some children, with the of their referrals those that are printed."""

    household: Any
    referrals: list[Referral]


def of_children(viewer: Viewer, child_ids: Collection[UUID]) -> Sequence[Referral]:
    """Return what the viewer's office sent for these children and an office has now. Nothing of a protected child."""
    return _read(viewer, _at_offices(viewer).where(Referral.child_id.in_(child_ids)))


def of_day(viewer: Viewer, on: date) -> Sequence[Referral]:
    """Return what the viewer's office sent on a day and an office has now; MOST at most, the latest first."""
    return _read(viewer, _at_offices(viewer).where(Referral.sent_on == on))


def count_of_day(viewer: Viewer, on: date) -> int:
    """Return how many these are."""
    rows = _at_offices(viewer).where(Referral.sent_on == on)
    return db.session.scalar(rows.with_only_columns(func.count())) or 0


def by_family(referrals: Sequence[Referral]) -> list[FamilySent]:
    """Return referrals under the household where each child is on the register now, in their order; two statements."""
    child = Referral.child.property.mapper.class_
    there = child.episodes.property.mapper.class_
    ids = {each.child_id for each in referrals}
    rows = select(there.child_id, there.household_id).where(there.child_id.in_(ids), there.latest)
    lives = {row.child_id: row.household_id for row in db.session.execute(rows)}
    homes = homes_of(lives.values())
    found: dict[UUID, FamilySent] = {}
    for each in referrals:
        home_id = lives[each.child_id]
        found.setdefault(home_id, FamilySent(homes[home_id], [])).referrals.append(each)
    return list(found.values())


def _at_offices(viewer: Viewer) -> Select[Referral]:
    return from_own(viewer).where(Referral.state.in_(WITH_OFFICE), shown_to_offices())


def _read(viewer: Viewer, rows: Select[Referral]) -> Sequence[Referral]:
    loaded = rows.options(joinedload(Referral.child), joinedload(Referral.from_office))
    found = db.session.scalars(loaded.order_by(Referral.id.desc()).limit(MOST)).all()
    confidential.load_offices(found, viewer)
    return found


def sent_today() -> int:
    """Return how many referrals whoever looks may print slips of that were sent today."""
    return count_of_day(current_viewer(), today())


def init_app(app: Flask) -> None:
    """Add it to what every template may say of a referral: `referral_words.sent_today()`."""
    cast("dict[str, object]", app.jinja_env.globals["referral_words"])["sent_today"] = sent_today
