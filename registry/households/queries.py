"""Reads of households: the registrar's day, and what an intake has become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.audit import service as audit
from registry.children import queries as children
from registry.children.models import Child, Episode
from registry.database import db
from registry.households import drafts
from registry.households.models import Household
from registry.referrals import queries as referrals
from registry.referrals.models import Referral

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.households.models import IntakeDraft

NEWS = 5


@dataclass(frozen=True)
class Today:
    """What a registrar sees first: three figures, drafts to continue, and answers to bring to families."""

    on_file: int
    answered: int
    overdue: int
    drafts: list[IntakeDraft]
    news: Sequence[Referral]


@dataclass(frozen=True)
class Registered:
    """A household as its receipt shows it."""

    household: Household
    children: Sequence[Child]


def today(viewer: Viewer, on: date) -> Today:
    """Return the registrar's day, and note whose names it shows."""
    sent = referrals.sent_counts(viewer, on)
    news = referrals.recent_answers(viewer, on, NEWS)
    if news:
        shown = sorted({referral.child_id for referral in news})
        audit.note("children_listed", viewer=viewer, children=shown, list="news", shown=len(shown))
    return Today(
        on_file=children.children_on_file(viewer),
        answered=sent.answered,
        overdue=sent.overdue,
        drafts=drafts.unsent(viewer),
        news=news,
    )


def registered(viewer: Viewer, household_id: UUID) -> Registered:
    """Return a household that the viewer sent, with the children whose files the viewer may see."""
    household = db.session.scalars(
        select(Household)
        .where(Household.id == household_id)
        .options(selectinload(Household.guardians), selectinload(Household.notices))
    ).one()
    found = db.session.scalars(
        select(Child)
        .join(Child.episodes)
        .where(Episode.household_id == household_id, children.visible(viewer))
        .options(selectinload(Child.episodes), selectinload(Child.referrals).joinedload(Referral.office))
        .order_by(Child.id)
    ).all()
    if found:
        ids = [child.id for child in found]
        audit.note("children_listed", viewer=viewer, children=ids, list="receipt", shown=len(ids))
    return Registered(household, found)
