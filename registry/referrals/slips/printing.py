"""Reads of what is printed together: the referrals of one family, or all that the own office sent on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.access import current_viewer
from registry.children.card_numbers import papers_of
from registry.children.merging import files_of
from registry.children.queries import kept_by_id
from registry.children.together import household_of
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
    from registry.children.card_numbers import Papers

MOST: Final = 100  # slips in one document


@dataclass(frozen=True)
class FamilySent:
    """The household of some children, with those of their referrals that are printed.

    `papers`: what there is for it, see `card_numbers.papers_of`.
    """

    household: Any
    referrals: list[Referral]
    papers: Papers


def of_children(viewer: Viewer, child_ids: Collection[UUID]) -> Sequence[Referral]:
    """Return what the viewer's office sent for these children and an office has now. Nothing of a protected child.

    `child_ids`: of kept files; what was sent for files that were merged into them is among it.
    """
    return _read(viewer, _at_offices(viewer).where(Referral.child_id.in_(files_of(child_ids))))


def of_day(viewer: Viewer, on: date) -> Sequence[Referral]:
    """Return what the viewer's office sent on a day and an office has now; MOST at most, the latest first."""
    return _read(viewer, _at_offices(viewer).where(Referral.sent_on == on))


def count_of_day(viewer: Viewer, on: date) -> int:
    """Return how many these are."""
    rows = _at_offices(viewer).where(Referral.sent_on == on)
    return db.session.scalar(rows.with_only_columns(func.count())) or 0


def by_family(viewer: Viewer, referrals: Sequence[Referral]) -> list[FamilySent]:
    """Return referrals under the household where each child is now, in their order; of merged files, the kept one's."""
    child = Referral.child.property.mapper.class_
    there = child.episodes.property.mapper.class_
    kept = {key: one.id for key, one in kept_by_id({each.child_id for each in referrals}).items()}
    rows = select(there.child_id, there.household_id).where(there.child_id.in_(set(kept.values())), there.latest)
    lives = {row.child_id: row.household_id for row in db.session.execute(rows)}
    homes, papers = homes_of(lives.values()), papers_of(viewer, lives.values())
    found: dict[UUID, FamilySent] = {}
    for each in referrals:
        home_id = lives[kept[each.child_id]]
        found.setdefault(home_id, FamilySent(homes[home_id], [], papers[home_id])).referrals.append(each)
    return list(found.values())


def receipt_home(viewer: Viewer, referral: Referral) -> UUID | None:
    """Return the household where a child is now, if the viewer may hand out its receipt; None of a protected one."""
    kept = kept_by_id([referral.child_id])[referral.child_id]
    home = household_of(kept.id)
    withheld = kept.protected or referral.child.protected
    return home if not withheld and papers_of(viewer, [home])[home].receipt else None


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
