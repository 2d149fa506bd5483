"""The work of a comparison, batch by batch: the list is read once, then looked for in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from registry.access import Permission
from registry.areas.queries import scope_prefixes
from registry.audit import service as audit
from registry.children import comparing
from registry.clock import now
from registry.database import db, reading, uuid7
from registry.jobs.service import Batch
from registry.ledgers.comparing.reading import Roster, listed, read_roster
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.records import WAITING
from registry.ledgers.running import WORKED_ON, uploader
from registry.ledgers.sheets import BookError
from sop.rosters import BOTH, GROUPS, PERHAPS, TO_LOOK_UP
from sop.version import in_force

if TYPE_CHECKING:
    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.ledgers.comparing.reading import RosterRow

ROSTER: Final = "roster"
KIND: Final = "roster-compare"
BATCH: Final = 500  # rows looked for in one transaction
SCHOOL: Final = "school"
ON_BOTH: Final = tuple(code for code, group in GROUPS.items() if group in (BOTH, PERHAPS))


def run_batch(key: str, after: UUID | None) -> Batch:
    """Do the next piece of a comparison, by its ledger's id: the first is to read the list.

    A row is waiting until it was looked for, in the same transaction: whatever ends the work half-way, it goes on
    there. `after` only says that more is to come.
    """
    ledger_id = UUID(key)
    if after is None and not _is_read(ledger_id):
        return _read(ledger_id)
    ledger = db.session.get(Ledger, ledger_id, with_for_update=True, populate_existing=True)
    if ledger is None or ledger.state not in WORKED_ON:
        return Batch(0)
    viewer = comparer(ledger)
    if viewer is None:
        give_up(ledger, "stopped")
        return Batch(0)
    return _look_for(ledger, viewer)


def comparer(ledger: Ledger) -> Viewer | None:
    """Return who asked for a comparison as the viewer that it was; None once it may not compare there any more."""
    viewer = uploader(ledger)
    may = viewer is not None and viewer.may(Permission.DEPARTMENT_COMPARE) and viewer.covers(ledger.area_code)
    return viewer if may else None


def give_up(ledger: Ledger, state: str) -> None:
    """End a comparison before its end: nothing of it is kept. `state`: stopped, failed."""
    ledger.state, ledger.ended_at = state, now()
    ledger.content = ledger.plan = ledger.name = None
    ledger.version += 1
    db.session.execute(delete(LedgerRow).where(LedgerRow.ledger_id == ledger.id))
    _record(ledger, uploader(ledger))


def range_of(ledger: Ledger) -> comparing.Range | None:
    """Return whom the list of a comparison that has ended is about; None where no row could be read."""
    plan = plan_of(ledger)
    months = plan.get("months")
    if not months:
        return None
    stages = plan.get("stages")
    return comparing.Range(months[0], months[1], frozenset(stages) if stages else None)


def plan_of(ledger: Ledger) -> dict[str, Any]:
    """Open what is kept of a comparison: no child stands in it."""
    return cast("dict[str, Any]", ledger.plan.open(_Keeper()) or {})


def on_list(ledger_id: UUID) -> Select[UUID]:
    """Return the statement for the files that a list has, or may have."""
    found = LedgerRow.ledger_id == ledger_id, LedgerRow.child_id.is_not(None)
    return select(LedgerRow.child_id).where(*found)  # type: ignore[return-value]


class _Keeper:
    """Opens what is kept of a comparison as a whole, and nothing of a child."""

    opens: frozenset[str] | None = frozenset({"ledger.plan"})


def _read(ledger_id: UUID) -> Batch:
    """Read all rows of a list and keep them. SQLite's write lock is not held while they are read."""
    with reading():
        ledger = db.session.get_one(Ledger, ledger_id)
        state, viewer = ledger.state, comparer(ledger)
        content, name = (ledger.content.open(viewer), ledger.name.open(viewer)) if viewer else (None, None)
        rows = _rows(viewer, ledger, content, name) if viewer and content and state in WORKED_ON else None
    db.session.rollback()
    ledger = db.session.get_one(Ledger, ledger_id, with_for_update=True, populate_existing=True)
    if ledger.state not in WORKED_ON:
        return Batch(0)
    if rows is None:
        give_up(ledger, "failed" if viewer else "stopped")
        return Batch(0)
    if ledger.state == "running":  # another worker that was taken for dead has read it meanwhile
        return Batch(0, after=ledger.id)
    _keep(ledger, rows)
    return Batch(ledger.rows_done, after=ledger.id)


def _rows(viewer: Viewer, ledger: Ledger, content: bytes, name: str | None) -> list[RosterRow] | None:
    try:
        sheets = read_roster(content, name, in_force(ledger.judged_on).ledgers)
    except (BookError, NoHeaderError):  # it could be read when it was uploaded
        return None
    return Roster(viewer, ledger.area_code, ledger.judged_on).rows(sheets)


def _keep(ledger: Ledger, rows: list[RosterRow]) -> None:
    months = [row.month for row in rows if row.month is not None]
    ledger.state, ledger.rows_total = "running", len(rows)
    ledger.rows_done = sum(row.settled for row in rows)
    ledger.plan = {"months": [min(months), max(months)] if months else []}
    ledger.content = None  # its rows are kept, until they are compared
    if rows:
        db.session.execute(insert(LedgerRow), [_columns(ledger.id, row) for row in rows])


def _columns(ledger_id: UUID, row: RosterRow) -> dict[str, object]:
    row_id = uuid7()
    return {
        "id": row_id,
        "ledger_id": ledger_id,
        "sheet": row.sheet,
        "row": row.row,
        "outcome": row.code if row.settled else WAITING,
        "area_code": row.area_code,
        "read_sealed": None if row.settled else LedgerRow.read.seal_for(row_id, {**row.kept, "code": row.code}),
    }


def _look_for(ledger: Ledger, viewer: Viewer) -> Batch:
    wanted = LedgerRow.ledger_id == ledger.id, LedgerRow.outcome == WAITING
    rows = db.session.scalars(select(LedgerRow).where(*wanted).order_by(LedgerRow.id).limit(BATCH)).all()
    if not rows:
        _end(ledger, viewer)
        return Batch(0)
    kept = [cast("dict[str, Any]", row.read.open(viewer)) for row in rows]
    those = [listed(each) for each in kept]
    found = comparing.find_listed(viewer, those)
    written = [_written(row, each["code"], one) for row, each, one in zip(rows, kept, found, strict=True)]
    for keeps in (True, False):  # rows that are written alike go together
        alike = [each for each in written if ("read_sealed" not in each) is keeps]
        if alike:
            db.session.execute(update(LedgerRow), alike)
    met = sorted(comparing.protected_among(viewer, those))
    if met:  # told to their officers alone; the row comes to what it would without a file
        audit.record("protected_file_met", viewer=viewer, children=met, by="roster")
    ledger.rows_done += len(rows)
    return Batch(len(rows), after=rows[-1].id)


def _written(row: LedgerRow, code: str, found: comparing.Found | None) -> dict[str, object]:
    """What a row comes to; of a child whom nobody has to look up nothing that was read is kept."""
    outcome = found.code if found else code
    written: dict[str, object] = {"id": row.id, "outcome": outcome}
    written["child_id"] = found.child_id if found else None
    written["area_code"] = found.area_code if found else row.area_code
    return written if outcome in TO_LOOK_UP else written | {"read_sealed": None}


def _end(ledger: Ledger, viewer: Viewer) -> None:
    """Count, once and for all: a comparison is shown as it was, so that no two of its pages can be subtracted."""
    plan = plan_of(ledger)
    if ledger.department == SCHOOL:
        met = on_list(ledger.id).where(LedgerRow.outcome.in_(ON_BOTH))
        plan["stages"] = sorted(comparing.stages_of(met))
    ledger.plan = plan
    counts = _counted(ledger, viewer)
    ledger.plan = plan | {"counts": counts}
    ledger.state, ledger.ended_at, ledger.content = "done", now(), None
    ledger.version += 1
    _replace_former(ledger)
    _record(ledger, viewer)


def _counted(ledger: Ledger, viewer: Viewer) -> dict[str, dict[str, int]]:
    rows = select(LedgerRow.area_code, LedgerRow.outcome, func.count()).where(LedgerRow.ledger_id == ledger.id)
    found: list[tuple[str, str, int]] = []
    for area, code, number in db.session.execute(rows.group_by(LedgerRow.area_code, LedgerRow.outcome)):
        found.append((area or ledger.area_code, code, number))
    of = range_of(ledger)
    if of is not None:
        found += comparing.count_unlisted(viewer, scope_prefixes(ledger.area_code), on_list(ledger.id), of)
    counts: dict[str, dict[str, int]] = {}
    for area, code, number in found:
        counts.setdefault(area, {})[code] = number
    return counts


def _replace_former(ledger: Ledger) -> None:
    """Let the same list that was compared earlier go: nobody is to look the same children up twice."""
    same = Ledger.kind == ROSTER, Ledger.digest == ledger.digest, Ledger.area_code == ledger.area_code
    former = select(Ledger).where(*same, Ledger.state == "done", Ledger.id != ledger.id)
    for each in db.session.scalars(former.where(Ledger.office_id == ledger.office_id).with_for_update()):
        each.state, each.name, each.plan = "replaced", None, None
        db.session.execute(delete(LedgerRow).where(LedgerRow.ledger_id == each.id))


def _record(ledger: Ledger, viewer: Viewer | None) -> None:
    """Record that it has ended, without its counts: of a village they are too small for all who read the audit."""
    audit.record("roster_compared", viewer=viewer, ledger=ledger.id, state=ledger.state)


def _is_read(ledger_id: UUID) -> bool:
    with reading():
        state = db.session.scalar(select(Ledger.state).where(Ledger.id == ledger_id))
    db.session.rollback()
    return state == "running"
