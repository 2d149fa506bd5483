"""Reads of pairs: those of a supervisor's area, and those that only the protection officer is told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from registry.areas.queries import office_names
from registry.audit.queries import events_about
from registry.children.listing import Listed, rows_of
from registry.children.queries import MaskedSummary, masked_summaries, seen_by
from registry.database import cut, db
from registry.i18n import language
from registry.matching.models import Match

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute

    from registry.access import Viewer
    from registry.audit.models import AuditEvent
    from registry.children.models import Child

ON_A_PAGE = 50


@dataclass(frozen=True)
class Side:
    """One file of a pair: as the viewer's list shows it, else masked; neither when it is gone."""

    own: Listed | None
    masked: MaskedSummary | None


@dataclass(frozen=True)
class Pair:
    """Two files that may be one child's; the viewer's own first."""

    match: Match
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Meeting:
    """Somebody came upon a protected file and was told nothing. `by`: search or registration."""

    child: Listed
    at: datetime
    by: str
    office: str


def queue(viewer: Viewer, after: UUID | None = None) -> tuple[list[Pair], UUID | None]:
    """Return a page of the pairs with a file of the viewer's area, the latest first, and what follows.

    A pair with a protected file is never among them, whenever the file became so.
    """
    own = seen_by(viewer)
    statement = (
        select(Match)
        .where(Match.protected.is_(False), _ordinary(Match.child), _ordinary(Match.other_child))
        .where(or_(Match.child_id.in_(own), Match.other_child_id.in_(own)))
    )
    return _page(viewer, statement, after)


def protected_pairs(viewer: Viewer, after: UUID | None = None) -> tuple[list[Pair], UUID | None]:
    """Return a page of the pairs with a protected file of the viewer's county, and what follows."""
    own = seen_by(viewer)
    statement = select(Match).where(or_(Match.child_id.in_(own), Match.other_child_id.in_(own)))
    return _page(viewer, statement, after)


def meetings(rows: Iterable[Listed]) -> list[Meeting]:
    """Return the latest times that somebody came upon these protected files, newest first."""
    files = {row.child.id: row for row in rows}
    events = events_about("protected_file_met", files)
    offices = office_names({event.office_id for event in events if event.office_id}, language())
    return [
        Meeting(files[met.child_id], event.at, event.details["by"], _office_of(event, offices))
        for event in events
        for met in event.children
        if met.child_id in files
    ]


def _office_of(event: AuditEvent, offices: dict[UUID, str]) -> str:
    return offices.get(event.office_id, "") if event.office_id else ""


def _ordinary(side: InstrumentedAttribute[Child]) -> ColumnElement[bool]:
    return side.has(protected=False, merged_into=None)


def _page(viewer: Viewer, statement: Select[Match], after: UUID | None) -> tuple[list[Pair], UUID | None]:
    if after is not None:
        statement = statement.where(Match.id < after)
    matches = db.session.scalars(statement.order_by(Match.id.desc()).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(matches, ON_A_PAGE)
    return _pairs(viewer, shown), last.id if last else None


def _pairs(viewer: Viewer, matches: list[Match]) -> list[Pair]:
    ids = {each for match in matches for each in (match.child_id, match.other_child_id)}
    own = {row.child.id: row for row in rows_of(viewer, ids)}
    masked = masked_summaries(viewer, ids - own.keys())
    return [
        Pair(match, _own_first(*(Side(own.get(each), masked.get(each)) for each in _ids(match)))) for match in matches
    ]


def _ids(match: Match) -> tuple[UUID, UUID]:
    return match.child_id, match.other_child_id


def _own_first(one: Side, other: Side) -> tuple[Side, Side]:
    return (one, other) if one.own or not other.own else (other, one)
