"""A ledger from beginning to end in one process, for the command: committed batch by batch as by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from registry.access import outside_scope
from registry.audit import service as audit
from registry.audit.queries import children_met
from registry.children.elsewhere import tell_protection
from registry.clock import now
from registry.database import db, reading
from registry.jobs.queries import has_failed
from registry.jobs.worker import do_now
from registry.ledgers import doubled, limits, planning, running, service
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.records import Item, messages_of
from registry.ledgers.storing import Storing, store
from sop.ledger.messages import REFUSE
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from registry.access import Viewer
    from registry.ledgers.records import Result
    from sop.ledger.messages import Message
    from sop.ledger.values import Values


@dataclass(frozen=True)
class Stored:
    """A row and what became of it. `sheet`: counted from 0 among those with children; `row` from 1."""

    sheet: int
    row: int
    outcome: str
    messages: tuple[Message, ...]
    child_id: UUID | None
    values: Values


@dataclass(frozen=True)
class Imported:
    """What became of a ledger: `state` is done, stopped, limited, failed, or running where a worker has it still."""

    ledger_id: UUID | None
    state: str
    rows: Sequence[Stored]


def import_now(
    viewer: Viewer, area_code: str, content: bytes, name: str | None, on: date, *, dry_run: bool = False
) -> Imported:
    """Read, judge and store a ledger, and say what became of each row; its columns are taken as they were recognised.

    A file whose work was ended half-way goes on where it was. With `dry_run` everything is looked at as if it were to
    be stored, and nothing is. Ends the transaction of the caller's session. Raises BookError, NoHeaderError; 404 for
    an area that is not the viewer's.
    """
    db.session.rollback()
    if not viewer.covers(area_code):
        outside_scope()
    if dry_run:
        return _tried(viewer, area_code, content, name, on)
    key = do_now(current_app, running.KIND, lambda: _put_in(viewer, area_code, content, name, on))
    return _read_back(UUID(key), viewer, content, name)


def _put_in(viewer: Viewer, area_code: str, content: bytes, name: str | None, on: date) -> str:
    ended_early = (
        select(Ledger)
        .where(Ledger.digest == service.digest(content), Ledger.office_id == viewer.office_id)
        .where(Ledger.area_code == area_code, Ledger.judged_on == on, Ledger.state.in_(running.WORKED_ON))
    )
    ledger = db.session.scalars(ended_early.order_by(Ledger.id.desc()).limit(1)).first()
    if ledger is None or has_failed(running.KIND, ledger.id.hex):
        ledger = service.upload(viewer, area_code, content, name, on)
        plan = planning.opened(ledger, viewer)
        _check_names(plan)
        service.begin(viewer, ledger, plan)
        db.session.flush()
    return ledger.id.hex


def _items(viewer: Viewer, content: bytes, name: str | None, on: date) -> list[Item]:
    sop = in_force(on)
    plan = planning.draw_up(viewer.office_id, content, name, sop.ledgers)
    _check_names(plan)
    found = planning.read(content, name, sop.ledgers)
    return list(running.judged(planning.as_planned(found, plan), on, sop))


def _check_names(plan: Mapping[str, Any]) -> None:
    """Refuse a ledger in which no column is the name: here nobody can be asked which it is."""
    if not any(column["field"] == "name" for sheet in plan["sheets"] for column in sheet["columns"]):
        raise NoHeaderError(())


def _tried(viewer: Viewer, area_code: str, content: bytes, name: str | None, on: date) -> Imported:
    """Store batch by batch and take each back at once, so that nobody waits for long.

    What its rows met stays in the audit as if they had been stored, and counts for the limit of the day.
    """
    with reading():
        items = _items(viewer, content, name, on)
    db.session.rollback()
    audit.note("ledger_tried", viewer=viewer, rows=len(items))
    settled = [item for item in items if item.outcome in running.SETTLED]
    left = [item for item in items if item.outcome not in running.SETTLED]
    state, rows = "done", list[Stored]()
    while left:
        if limits.is_reached(viewer):
            state = limits.LIMITED
            break
        some, left, began = left[: running.BATCH], left[running.BATCH :], now()
        batch = Storing(viewer, area_code, on)
        results = store(batch, some)
        protected = children_met(viewer, "protected_file_met", "registration", began)
        db.session.rollback()
        limits.note(viewer, batch.elsewhere)
        tell_protection(viewer, protected, "registration")
        rows += [_stored(item, result) for item, result in zip(some, results, strict=True)]
        for item, result in zip(some, results, strict=True):
            if result.outcome == REFUSE:
                settled, free = _freed(settled, item)
                left = [*left, *free]
    db.session.rollback()
    rows += [_stored(item, None) for item in settled]
    return Imported(None, state, sorted(rows, key=lambda row: (row.sheet, row.row)))


def _freed(settled: Sequence[Item], refused: Item) -> tuple[list[Item], list[Item]]:
    """Return the rows that stay settled, and the one that is a row of its own since that before it was refused."""
    first = next((item for item in settled if doubled.follows(item, refused)), None)
    if first is None:
        return list(settled), []
    others = (item for item in settled if item is not first)
    stay = [doubled.behind(item, first) if doubled.follows(item, refused) else item for item in others]
    return stay, [doubled.freed(first)]


def _stored(item: Item, result: Result | None) -> Stored:
    """Of a dry run: a file that was opened and taken back is none, one that is there already is named."""
    if result is None:
        return Stored(item.sheet, item.row, item.outcome, item.messages, None, item.values)
    child_id = result.child_id if result.outcome == "duplicate" else None
    return Stored(item.sheet, item.row, result.outcome, result.messages, child_id, item.values)


def _read_back(ledger_id: UUID, viewer: Viewer, content: bytes, name: str | None) -> Imported:
    """Return what became of the rows as it is kept, with the values as they are read again from the file."""
    ledger = db.session.get_one(Ledger, ledger_id)
    sop = in_force(ledger.judged_on)
    planned = planning.as_planned(planning.read(content, name, sop.ledgers), planning.opened(ledger, viewer))
    items = {(item.sheet, item.row): item for item in running.judged(planned, ledger.judged_on, sop)}
    rows = db.session.scalars(select(LedgerRow).where(LedgerRow.ledger_id == ledger_id).order_by(LedgerRow.id))
    return Imported(ledger_id, ledger.state, [_read_row(row, items[row.sheet, row.row], viewer) for row in rows])


def _read_row(row: LedgerRow, item: Item, viewer: Viewer) -> Stored:
    return Stored(row.sheet, row.row, row.outcome, messages_of(row, viewer), row.child_id, item.values)
