"""Reads of ledgers that came in: the office's own, their rows, and the rows that wait for a supervisor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from registry.access import Role, outside_scope
from registry.areas.queries import inside
from registry.audit import service as audit
from registry.children import elsewhere
from registry.children import queries as children
from registry.clock import now
from registry.database import cut, db
from registry.ledgers.limits import LIMITED
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.places import NO_OFFICE
from registry.ledgers.planning import CHILDREN
from registry.ledgers.records import WAITING
from sop.ledger.messages import REFUSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.children.queries import MaskedSummary

Of = TypeVar("Of")
ON_A_PAGE: Final = 50
LATELY: Final = timedelta(days=7)  # for which a supervisor is told of what went wrong
HELD: Final = ("by_number", "by_name", "doubtful", NO_OFFICE)


@dataclass(frozen=True)
class Page(Generic[Of]):
    """One page of a list; `after`: the id from which the next one follows, None on the last one.

    `children`: of rows, the files named in them that the viewer may open, by id.
    """

    rows: Sequence[Of]
    after: UUID | None
    children: dict[UUID, Child] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """A row that waits for a supervisor, beside the file that may be the child's: an own one, else masked.

    Neither where the file is not told of any more. `certain`: the ID number leaves no room for a second file.
    """

    row: LedgerRow
    own: Child | None
    masked: MaskedSummary | None

    @property
    def certain(self) -> bool:
        """Whether the child cannot be registered a second time."""
        return self.row.held == "by_number"


def ledgers_of(viewer: Viewer, after: UUID | None = None) -> Page[Ledger]:
    """Return a page of the ledgers of children that the viewer's office uploaded, and a supervisor those of the area.

    The newest first.
    """
    rows = _ledgers(viewer).order_by(Ledger.id.desc()).limit(ON_A_PAGE + 1)
    found = db.session.scalars(rows.where(Ledger.id < after) if after else rows).all()
    shown, last = cut(found, ON_A_PAGE)
    return Page(shown, last.id if last else None)


def ledger_of(viewer: Viewer, ledger_id: UUID) -> Ledger:
    """Return a ledger of children of the viewer's office, or area; any other is as if absent (404)."""
    found = db.session.scalars(_ledgers(viewer).where(Ledger.id == ledger_id)).one_or_none()
    return found if found is not None else outside_scope()


def counts_of(ledger_id: UUID) -> dict[str, int]:
    """Return how many rows of a ledger, which the caller has seen, have each outcome; those to be stored, `waiting`."""
    rows = select(LedgerRow.outcome, func.count()).where(LedgerRow.ledger_id == ledger_id)
    return {outcome: number for outcome, number in db.session.execute(rows.group_by(LedgerRow.outcome))}  # noqa: C416


def rows_of(viewer: Viewer, ledger_id: UUID, outcome: str, after: UUID | None = None) -> Page[LedgerRow]:
    """Return a page of the rows with an outcome, in the order of the ledger, with the files that may be opened."""
    ledger = ledger_of(viewer, ledger_id)
    rows = select(LedgerRow).where(LedgerRow.ledger_id == ledger.id, LedgerRow.outcome == outcome)
    rows = rows.where(LedgerRow.id > after) if after else rows
    found = db.session.scalars(rows.order_by(LedgerRow.id).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(found, ON_A_PAGE)
    ids = {row.child_id for row in shown if row.child_id and outcome != WAITING}
    return Page(shown, last.id if last else None, _files(viewer, ids))


def refused_rows(viewer: Viewer, ledger_id: UUID) -> Sequence[LedgerRow]:
    """Return all refused rows in the order of the ledger, for the copy in which they are mended."""
    ledger = ledger_of(viewer, ledger_id)
    refused = LedgerRow.ledger_id == ledger.id, LedgerRow.outcome == REFUSE
    return db.session.scalars(select(LedgerRow).where(*refused).order_by(LedgerRow.id)).all()


def number_held(viewer: Viewer) -> int:
    """Return how many rows wait for the viewer's decision."""
    return db.session.scalar(select(func.count()).select_from(LedgerRow).where(_waits_for(viewer))) or 0


def hits_for(viewer: Viewer, after: UUID | None = None) -> Page[Hit]:
    """Return a page of the rows that wait for a supervisor of the area where their child belongs, the oldest first.

    Files elsewhere are masked, and their showing is noted as a look-up each; nobody else is told of them.
    """
    rows = select(LedgerRow).where(_waits_for(viewer)).options(joinedload(LedgerRow.ledger))
    rows = rows.where(LedgerRow.id > after) if after else rows
    found = db.session.scalars(rows.order_by(LedgerRow.id).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(found, ON_A_PAGE)
    kept = {each: file.id for each, file in children.kept_by_id(_beside(shown)).items()}
    own = _files(viewer, set(kept.values()))
    masked = children.masked_summaries(viewer, elsewhere.told_among(set(kept.values()) - own.keys()))
    if masked:
        audit.note("looked_up_elsewhere", viewer=viewer, children=sorted(masked), by="identity", purpose="ledger")
    hits = [_hit(row, row.held_child_id and kept.get(row.held_child_id), own, masked) for row in shown]
    return Page(hits, last.id if last else None, own)


def limited_lately(viewer: Viewer) -> Sequence[Ledger]:
    """Return the ledgers of a supervisor's area that the limit of a day stopped in the last days, newest first."""
    if viewer.role is not Role.SUPERVISOR:
        return []
    lately = Ledger.state == LIMITED, Ledger.ended_at >= now() - LATELY
    return db.session.scalars(_ledgers(viewer).where(*lately).order_by(Ledger.id.desc()).limit(ON_A_PAGE)).all()


def held_row(viewer: Viewer, row_id: UUID) -> LedgerRow:
    """Return a row that waits, or waited, for the viewer's decision; any other is as if absent (404)."""
    rows = select(LedgerRow).where(LedgerRow.id == row_id, _of_supervisor(viewer)).options(joinedload(LedgerRow.ledger))
    found = db.session.scalars(rows).one_or_none()
    return found if found is not None else outside_scope()


def _ledgers(viewer: Viewer) -> Select[Ledger]:
    own = Ledger.office_id == viewer.office_id
    whose = or_(own, inside(Ledger.area_code, viewer.prefixes)) if viewer.role is Role.SUPERVISOR else own
    return select(Ledger).where(Ledger.kind == CHILDREN, whose)


def _waits_for(viewer: Viewer) -> ColumnElement[bool]:
    return and_(_of_supervisor(viewer), LedgerRow.settled_at.is_(None))


def _of_supervisor(viewer: Viewer) -> ColumnElement[bool]:
    prefixes = viewer.prefixes if viewer.role is Role.SUPERVISOR else ()
    # Where a child belongs for whom nobody keeps files yet, there is no supervisor either: the uploader's waits.
    of_uploader = and_(LedgerRow.held == NO_OFFICE, LedgerRow.ledger.has(inside(Ledger.area_code, prefixes)))
    there = and_(LedgerRow.held != NO_OFFICE, inside(LedgerRow.area_code, prefixes))
    return and_(LedgerRow.held.in_(HELD), or_(there, of_uploader))


def _hit(row: LedgerRow, kept: UUID | None, own: dict[UUID, Child], masked: dict[UUID, MaskedSummary]) -> Hit:
    return Hit(row, own.get(kept), masked.get(kept)) if kept else Hit(row, None, None)


def _beside(rows: Iterable[LedgerRow]) -> Iterator[UUID]:
    return (row.held_child_id for row in rows if row.held_child_id)


def _files(viewer: Viewer, ids: set[UUID]) -> dict[UUID, Child]:
    if not ids:
        return {}
    seen = children.seen_among(viewer, ids)
    return {key: child for key, child in children.children_for_service(seen).items() if key in seen}
