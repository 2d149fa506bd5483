"""Reads of pairs: those of a supervisor's area, and those that only the protection officer is told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import joinedload

from registry.access import outside_scope
from registry.accounts.registrars import working_at
from registry.areas.queries import office_names
from registry.audit.queries import events_about
from registry.children import merging
from registry.children.county import named_registrars
from registry.children.filters import not_deceased
from registry.children.listing import Listed, Page, page_among, rows_of
from registry.children.queries import MaskedSummary, masked_summaries, seen_by
from registry.database import cut, db
from registry.i18n import language
from registry.matching.models import Match

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute

    from registry.access import Viewer
    from registry.audit.models import AuditEvent
    from registry.children.models import Child

ON_A_PAGE = 50
TABS = ("open", "sent_up", "decided")


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

    @property
    def decidable(self) -> bool:
        """Say whether both files lie in the viewer's area."""
        return all(side.own for side in self.sides)


@dataclass(frozen=True)
class Meeting:
    """Somebody came upon a protected file and was told nothing. `by`: registration, search, look_up or claim."""

    child: Listed
    at: datetime
    by: str
    office: str


def queue(viewer: Viewer, after: UUID | None = None, *, sent_up: bool = False) -> tuple[list[Pair], UUID | None]:
    """Return a page of the undecided pairs with a file of the viewer's area, the latest first, and what follows.

    Those that somebody sent up stand apart. A pair with a protected file is never among them, whenever the file
    became so.
    """
    return _page(viewer, _waiting(viewer, sent_up=sent_up), after)


def counts(viewer: Viewer) -> dict[str, int]:
    """Return how many pairs wait in the viewer's area, and how many were sent up."""
    one = {tab: _waiting(viewer, sent_up=tab == "sent_up").with_only_columns(func.count()) for tab in TABS[:2]}
    return {tab: db.session.scalar(counted) or 0 for tab, counted in one.items()}


def decided(viewer: Viewer, after: UUID | None = None) -> tuple[list[Match], UUID | None]:
    """Return a page of the decided pairs of which the viewer covers both files, with both children."""
    covered = merging.of_area(viewer)
    statement = (
        select(Match)
        .where(Match.decision.is_not(None), Match.protected.is_(False))
        .where(Match.child_id.in_(covered), Match.other_child_id.in_(covered))
        .options(joinedload(Match.child), joinedload(Match.other_child))
    )
    shown, last = cut(_rows(statement, after), ON_A_PAGE)
    return shown, last.id if last else None


def one(viewer: Viewer, match_id: UUID) -> Pair:
    """Return an undecided pair with a file of the viewer's area; any other is as if absent (404)."""
    found = db.session.scalar(_undecided(viewer).where(Match.id == match_id))
    if found is None:
        outside_scope()
    return _pairs(viewer, [found])[0]


def is_decided(viewer: Viewer, match_id: UUID) -> bool:
    """Say whether somebody decided a pair of which the viewer covers a file: what the second to decide is told."""
    covered = merging.of_area(viewer)
    of_viewer = or_(Match.child_id.in_(covered), Match.other_child_id.in_(covered))
    wanted = select(Match.id).where(Match.id == match_id, Match.decision.is_not(None), Match.protected.is_(False))
    return db.session.scalar(wanted.where(of_viewer)) is not None


def protected_pairs(viewer: Viewer, after: UUID | None = None) -> tuple[list[Pair], UUID | None]:
    """Return a page of the pairs with a protected file of the viewer's county, and what follows."""
    own = seen_by(viewer)
    statement = select(Match).where(or_(Match.child_id.in_(own), Match.other_child_id.in_(own)))
    return _page(viewer, statement, after)


def protected_files(viewer: Viewer, after: UUID | None = None) -> Page:
    """Return a page of the protected files of the viewer's county, the latest first, on the register or not.

    A child who left, nobody knows where, is the one who needs its protection officer most; one who died is on no list.
    """
    living = db.session.scalars(seen_by(viewer).where(not_deceased()))
    return page_among(viewer, sorted(living, reverse=True), after)


def without_registrar(viewer: Viewer) -> set[UUID]:
    """Return the protected files whose named registrar is none of their community any more: left, moved, promoted."""
    named = named_registrars(viewer)
    working = working_at(each.registrar_id for each in named.values() if each.registrar_id)
    return {
        key
        for key, each in named.items()
        if each.registrar_id is None or working.get(each.registrar_id) != each.area_code
    }


def meetings(viewer: Viewer) -> list[Meeting]:
    """Return the latest times that somebody came upon a protected file of the viewer's county, newest first."""
    events = events_about("protected_file_met", seen_by(viewer))
    files = {row.child.id: row for row in rows_of(viewer, {met.child_id for event in events for met in event.children})}
    offices = office_names({event.office_id for event in events if event.office_id}, language())
    return [
        Meeting(files[met.child_id], event.at, event.details["by"], _office_of(event, offices))
        for event in events
        for met in event.children
        if met.child_id in files
    ]


def _office_of(event: AuditEvent, offices: dict[UUID, str]) -> str:
    return offices.get(event.office_id, "") if event.office_id else ""


def _waiting(viewer: Viewer, *, sent_up: bool) -> Select[Match]:
    apart = Match.sent_up_at.is_not(None) if sent_up else Match.sent_up_at.is_(None)
    return _undecided(viewer).where(apart)


def _undecided(viewer: Viewer) -> Select[Match]:
    own = seen_by(viewer)
    waiting = and_(Match.decision.is_(None), Match.protected.is_(False))
    there = and_(_ordinary(Match.child), _ordinary(Match.other_child))
    return select(Match).where(waiting, there, or_(Match.child_id.in_(own), Match.other_child_id.in_(own)))


def _ordinary(side: InstrumentedAttribute[Child]) -> ColumnElement[bool]:
    """A file that stands for itself, of a child who lives: who died is on no list."""
    return and_(side.has(protected=False, merged_into=None), not_(side.has(status="deceased")))


def _page(viewer: Viewer, statement: Select[Match], after: UUID | None) -> tuple[list[Pair], UUID | None]:
    shown, last = cut(_rows(statement, after), ON_A_PAGE)
    return _pairs(viewer, shown), last.id if last else None


def _rows(statement: Select[Match], after: UUID | None) -> list[Match]:
    if after is not None:
        statement = statement.where(Match.id < after)
    return list(db.session.scalars(statement.order_by(Match.id.desc()).limit(ON_A_PAGE + 1)))


def _pairs(viewer: Viewer, matches: list[Match]) -> list[Pair]:
    ids = {each for match in matches for each in match.pair}
    own = {row.child.id: row for row in rows_of(viewer, ids)}
    masked = masked_summaries(viewer, ids - own.keys())
    return [
        Pair(match, _own_first(*(Side(own.get(each), masked.get(each)) for each in match.pair))) for match in matches
    ]


def _own_first(one: Side, other: Side) -> tuple[Side, Side]:
    return (one, other) if one.own or not other.own else (other, one)
