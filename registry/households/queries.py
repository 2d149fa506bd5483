"""Reads of households: the registrar's day, and what an intake has become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.children import queries as children
from registry.database import db
from registry.households import drafts
from registry.households.models import Household
from registry.referrals.lists import sent_list as referrals
from registry.visits import queries as visits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import InstrumentedAttribute

    from registry.access import Viewer
    from registry.children.models import Episode
    from registry.households.models import IntakeDraft
    from registry.referrals.models import Referral
    from registry.visits.queries import Round

FAMILIES, NEWS = 6, 5  # as many as the first page shows


@dataclass(frozen=True)
class Today:
    """What a registrar sees first: the round, news to bring, drafts to continue, and what waits to be worked on.

    `round` holds the most pressing families and all news; `news` are those that the page shows. `overdue` counts
    referrals without an answer in time, `pending` files that were sent incomplete.
    """

    round: Round
    news: Sequence[Referral]
    overdue: int
    pending: int
    drafts: list[IntakeDraft]


@dataclass(frozen=True)
class Registered:
    """A household as its receipt shows it: its children's episodes, each with child and referrals."""

    household: Household
    episodes: Sequence[Episode]


def today(viewer: Viewer, on: date) -> Today:
    """Return the registrar's day."""
    shown = visits.round_for(viewer, on, most=FAMILIES, news_shown=NEWS)
    return Today(
        round=shown,
        news=shown.news,
        overdue=referrals.count_overdue(viewer, on),
        pending=visits.pending(viewer),
        drafts=drafts.unsent(viewer),
    )


def registered(viewer: Viewer, household_id: UUID) -> Registered:
    """Return a household that the viewer sent, with the children whose files the viewer may see."""
    child, sent = _child_of_episode(), _referrals_of_child()
    household = db.session.scalars(
        select(Household)
        .where(Household.id == household_id)
        .options(
            selectinload(Household.notices),
            selectinload(Household.episodes).joinedload(child).selectinload(sent),
        )
    ).one()
    seen = children.seen_among(viewer, [episode.child_id for episode in household.episodes])
    return Registered(household, [episode for episode in household.episodes if episode.child_id in seen])


def _child_of_episode() -> InstrumentedAttribute[Any]:
    """The tables of other rooms are reached by way of the relationships."""
    child: InstrumentedAttribute[Any] = Household.episodes.property.mapper.class_.child
    return child


def _referrals_of_child() -> InstrumentedAttribute[Any]:
    sent: InstrumentedAttribute[Any] = _child_of_episode().property.mapper.class_.referrals
    return sent
