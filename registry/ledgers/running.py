"""The work on a ledger, batch by batch: its rows are read and judged once, then stored a few at a time."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from registry.access import Role
from registry.accounts import deputies
from registry.accounts.sessions import viewer_of
from registry.audit import service as audit
from registry.clock import now
from registry.database import db, reading, uuid7
from registry.jobs.service import Batch
from registry.ledgers import doubled, limits, planning
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.queries import counts_of
from registry.ledgers.records import WAITING, Item, Result, item_of, kept, said, waiting
from registry.ledgers.sheets import BookError
from registry.ledgers.storing import Storing, store
from sop.ledger.judging import judge
from sop.ledger.messages import DUPLICATE, REFUSE, REGISTER, WARN
from sop.ledger.reading import read_rows
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.ledgers.planning import Planned
    from sop.content import Sop
    from sop.ledger.reading import LedgerRow as ReadRow

KIND: Final = "ledger-import"
BATCH: Final = 80  # rows stored in one transaction: well under a second, for which SQLite's write lock is held
FAMILY: Final = 8  # rows of one family that may follow the batch, so that it is not torn
KEEPERS: Final = (Role.REGISTRAR.value, Role.SUPERVISOR.value)
WORKED_ON: Final = ("confirmed", "running")
COUNTED: Final = {REGISTER: "registered", WARN: "warned", DUPLICATE: "duplicate", REFUSE: "refused"}
SETTLED: Final = (REFUSE, DUPLICATE)  # by the procedure alone: nothing is stored


def run_batch(key: str, after: UUID | None) -> Batch:
    """Do the next piece of a ledger, by its id: the first is to read it all. `after` only says that more is to come.

    A row is waiting until it is stored, in the same transaction: whatever ends the work half-way, it goes on there.
    """
    ledger_id = UUID(key)
    if after is None and not _has_rows(ledger_id):
        return _read(ledger_id)
    ledger = _held(ledger_id)
    if ledger is None or ledger.state not in WORKED_ON:
        return Batch(0)
    viewer = uploader(ledger)
    if viewer is None:
        end(ledger, "stopped")
        return Batch(0)
    return _store(ledger, viewer)


def uploader(ledger: Ledger) -> Viewer | None:
    """Return in whose name a ledger is worked on: who uploaded it, or confirmed it since, perhaps as a deputy.

    None once it may not any more: it left, stands in for nobody today, or keeps no files of that office or place.
    """
    today_for = deputies.open_to(ledger.user_id) if ledger.acting_for else []
    acting = next((each for each in today_for if each.user_id == ledger.acting_for), None)
    if ledger.acting_for and acting is None:
        return None
    user = acting.user if acting else ledger.user
    if not ledger.user.active or not user.active or user.role not in KEEPERS:
        return None
    viewer = viewer_of(ledger.user, acting)
    its_office = viewer.office_id == ledger.office_id or viewer.role is Role.SUPERVISOR
    return viewer if its_office and viewer.covers(ledger.area_code) else None


def judged(sheets: Iterable[Planned], on: date, sop: Sop) -> Iterator[Item]:
    """Give the rows of all sheets as the procedure judges them, in their order; duplicates across sheets are found."""
    sheets = list(sheets)
    sheet_of: deque[Planned] = deque()
    above = {sheet.number: sheet.above for sheet in sheets}

    def rows() -> Iterator[ReadRow]:
        for sheet in sheets:
            for row in read_rows(sheet.sheet.rows, sheet.header, sop.ledgers):
                sheet_of.append(sheet)
                yield row

    for each in judge(rows(), on, sop):
        sheet = sheet_of.popleft()
        yield item_of(each, sheet.number, sheet.header.side, above[sheet.number])


def end(ledger: Ledger, state: str, by: Viewer | None = None) -> None:
    """Let a ledger be done, stopped, limited or failed, and record what became of its rows. `by`: who stopped it."""
    ledger.state, ledger.ended_at = state, now()
    db.session.execute(update(LedgerRow).where(*_left_out(ledger)).values(read_sealed=None))
    found = counts_of(ledger.id)
    counts: dict[str, Any] = {key: found.get(outcome, 0) for outcome, key in COUNTED.items()}
    audit.record("ledger_ended", viewer=by or uploader(ledger), ledger=ledger.id, state=state, **counts)


def _read(ledger_id: UUID) -> Batch:
    """Read all rows of a ledger and keep them. SQLite's write lock is not held while they are read and judged."""
    with reading():
        ledger = db.session.get_one(Ledger, ledger_id)
        state, on, viewer = ledger.state, ledger.judged_on, uploader(ledger)
        content, name = (ledger.content.open(viewer), ledger.name.open(viewer)) if viewer else (None, None)
        plan = planning.opened(ledger, viewer) if viewer else {}
    db.session.rollback()
    if state not in WORKED_ON:
        return Batch(0)
    try:
        items = _items(content, name, plan, on) if content else None
    except (BookError, NoHeaderError):  # it could be read when it was uploaded
        items = None
    ledger = db.session.get_one(Ledger, ledger_id, with_for_update=True, populate_existing=True)
    if ledger.state not in WORKED_ON:
        return Batch(0)
    if items is None:
        end(ledger, "failed" if viewer else "stopped")
        return Batch(0)
    if ledger.state == "running":  # another worker that was taken for dead has read it meanwhile
        return Batch(0, after=ledger.id)
    _keep(ledger, items)
    return Batch(ledger.rows_done, after=ledger.id)


def _items(content: bytes, name: str | None, plan: Mapping[str, Any], on: date) -> list[Item]:
    sop = in_force(on)
    found = planning.read(content, name, sop.ledgers)
    return list(judged(planning.as_planned(found, plan), on, sop))


def _keep(ledger: Ledger, items: Sequence[Item]) -> None:
    ledger.state, ledger.rows_total = "running", len(items)
    ledger.rows_done = sum(item.outcome in SETTLED for item in items)
    if items:
        db.session.execute(insert(LedgerRow), [_columns(ledger.id, item) for item in items])


def _columns(ledger_id: UUID, item: Item) -> dict[str, object]:
    row_id, settled = uuid7(), item.outcome in SETTLED
    return {
        "id": row_id,
        "ledger_id": ledger_id,
        "sheet": item.sheet,
        "row": item.row,
        "outcome": item.outcome if settled else WAITING,
        "typed_sealed": LedgerRow.typed.seal_for(row_id, dict(item.raw)),
        "read_sealed": None if item.outcome == REFUSE else LedgerRow.read.seal_for(row_id, kept(item)),
        "messages_sealed": LedgerRow.messages.seal_for(row_id, said(item.messages)),
    }


def _store(ledger: Ledger, viewer: Viewer) -> Batch:
    rows = _next(ledger, viewer)
    if rows and limits.is_reached(viewer):
        end(ledger, limits.LIMITED)
        return Batch(0)
    if rows:
        batch = Storing(viewer, ledger.area_code, ledger.judged_on, ledger.id)
        results = store(batch, [item for _row_id, item in rows])
        limits.record(viewer, batch.elsewhere)
        _write(rows, results)
        refused = [item for (_row_id, item), result in zip(rows, results, strict=True) if result.outcome == REFUSE]
        ledger.rows_done += len(rows) - _free(ledger, viewer, refused)
    if ledger.rows_done >= ledger.rows_total or not rows:
        end(ledger, "done")
        return Batch(len(rows))
    return Batch(len(rows), after=rows[-1][0])


def _free(ledger: Ledger, viewer: Viewer, refused: Sequence[Item]) -> int:
    """Let rows wait that were left out as the same children as these, which came to nothing; return how many."""
    wanted = select(LedgerRow).where(*_left_out(ledger)).order_by(LedgerRow.id)
    left_out = [(row, waiting(row, viewer)) for row in db.session.scalars(wanted)] if refused else []
    number = 0
    for one in refused:
        mine = [(row, item) for row, item in left_out if doubled.follows(item, one)]
        for row, item in mine[:1]:
            free = doubled.freed(item)
            row.outcome, row.read, row.messages = WAITING, kept(free), said(free.messages)
            number += 1
        for row, item in mine[1:]:
            later = doubled.behind(item, mine[0][1])
            row.read, row.messages = kept(later), said(later.messages)
    db.session.flush()
    return number


def _left_out(ledger: Ledger) -> tuple[ColumnElement[bool], ...]:
    """Return which rows the procedure left out as the same child as one above, as long as there is work to do."""
    return LedgerRow.ledger_id == ledger.id, LedgerRow.outcome == DUPLICATE, LedgerRow.read_sealed.is_not(None)


def _next(ledger: Ledger, viewer: Viewer) -> list[tuple[UUID, Item]]:
    """Return the next rows that wait, and those after them that are of the last one's family."""
    wanted = select(LedgerRow).where(LedgerRow.ledger_id == ledger.id, LedgerRow.outcome == WAITING)
    found = db.session.scalars(wanted.order_by(LedgerRow.id).limit(BATCH + FAMILY)).all()
    rows = [(row.id, waiting(row, viewer)) for row in found]
    torn = itertools.takewhile(lambda each: _family(each[1]) == _family(rows[BATCH - 1][1]), rows[BATCH:])
    return [*rows[:BATCH], *torn]


def _family(item: Item) -> tuple[str | None, str | None, str | None]:
    return item.values.guardian, item.values.phone, item.values.address


def _write(rows: Sequence[tuple[UUID, Item]], results: Sequence[Result]) -> None:
    written = [
        {
            **result._asdict(),
            "id": row_id,
            "messages_sealed": LedgerRow.messages.seal_for(row_id, said(result.messages)),
            **({} if result.held else {"read_sealed": None}),
        }
        for (row_id, _item), result in zip(rows, results, strict=True)
    ]
    for held in (True, False):  # rows that are written alike go together
        alike = [{key: value for key, value in each.items() if key != "messages"} for each in written]
        alike = [each for each in alike if bool(each["held"]) is held]
        if alike:
            db.session.execute(update(LedgerRow), alike)


def _has_rows(ledger_id: UUID) -> bool:
    with reading():
        there = db.session.scalar(select(LedgerRow.id).where(LedgerRow.ledger_id == ledger_id).limit(1))
    db.session.rollback()
    return there is not None


def _held(ledger_id: UUID) -> Ledger | None:
    """Return a ledger, held until the transaction ends: whoever stops it waits for the end of the batch."""
    return db.session.get(Ledger, ledger_id, with_for_update=True, populate_existing=True)
