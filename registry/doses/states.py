"""The rows that say how children stand: held while they are reckoned, and written only where something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from registry.database import db, insert_into, uuid7
from registry.doses.models import CourseState, Immunisation
from sop.immunisation.standing import NOT_RECORDED, Course
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from sop.immunisation.standing import Standing

    Key = tuple[UUID, str]  # child and code of a course

UNTRACKED: Final = {"synchronize_session": False}


class Held(NamedTuple):
    """How a child stands by its row, which nobody else writes until the transaction ends."""

    id: UUID
    state: str
    due_month: str | None
    whole: bool
    long_overdue: bool


def hold(child_ids: Iterable[UUID], on: date) -> dict[UUID, Held]:
    """Hold the rows of these children, made where they were missing, in an order in which nobody waits for another.

    What is read after this, and reckoned from it, is what will be true when it is written.
    """
    wanted = set(child_ids)
    found = _held(wanted)
    missing = sorted(wanted - found.keys())
    if not missing:
        return found
    made = {"state": NOT_RECORDED, "whole": False, "reckoned_on": on, "sop_version": in_force(on).version}
    adding = insert_into(Immunisation).on_conflict_do_nothing(index_elements=["child_id"])
    db.session.execute(adding, [{"id": uuid7(), "version": 1, "child_id": each, **made} for each in missing])
    return found | _held(missing)


def _held(child_ids: Iterable[UUID]) -> dict[UUID, Held]:
    one = Immunisation
    columns = select(one.child_id, one.id, one.state, one.due_month, one.whole, one.long_overdue)
    wanted = columns.where(one.child_id.in_(set(child_ids))).order_by(one.child_id)
    rows = db.session.execute(wanted.with_for_update(key_share=True))
    return {row[0]: Held(*row[1:]) for row in rows}


def write(held: Mapping[UUID, Held], found: Mapping[UUID, Standing], on: date) -> int:
    """Let the rows say how these children stand; return for how many that was new. At most five statements.

    `held`: from `hold` in this transaction; of whom nothing was found nothing is written.
    """
    states = {child_id for child_id, one in found.items() if _is_new(one, held[child_id])}
    if states:
        now = {"on_": on, "version_": in_force(on).version}
        _update_states([_state_values(held[each].id, found[each]) | now for each in sorted(states)])
    return len(states | _write_courses(found))


def _is_new(found: Standing, held: Held) -> bool:
    return (found.state, found.due_month, found.long_overdue) != (held.state, held.due_month, held.long_overdue)


def _state_values(row_id: UUID, standing: Standing) -> dict[str, Any]:
    return {
        "id_": row_id,
        "state_": standing.state,
        "month_": standing.due_month,
        "long_": standing.long_overdue,
    }


def _update_states(rows: list[dict[str, Any]]) -> None:
    table: Any = Immunisation.__table__
    changed: dict[str, Any] = {
        "state": bindparam("state_"),
        "due_month": bindparam("month_"),
        "long_overdue": bindparam("long_"),
        "reckoned_on": bindparam("on_"),
        "sop_version": bindparam("version_"),
    }
    db.session.connection().execute(update(table).where(table.c.id == bindparam("id_")).values(**changed), rows)


def _write_courses(found: Mapping[UUID, Standing]) -> set[UUID]:
    """Add, change and remove rows of courses; return the children of whom any was."""
    wanted = {(child_id, code): one for child_id, each in found.items() for code, one in each.courses.items()}
    row = CourseState
    columns = select(row.id, row.child_id, row.course, row.status, row.next_dose, row.due_month)
    there = db.session.execute(columns.where(row.child_id.in_(found)))
    ids: dict[Key, UUID] = {}
    known: dict[Key, Course] = {}
    for row_id, child_id, course, status, next_dose, month in there:
        ids[child_id, course], known[child_id, course] = row_id, Course(status, next_dose, month)
    gone = known.keys() - wanted.keys()
    changed = {key for key in known.keys() & wanted.keys() if known[key] != wanted[key]}
    new = wanted.keys() - known.keys()
    if gone:
        db.session.execute(delete(row).where(row.id.in_([ids[key] for key in gone])), execution_options=UNTRACKED)
    if changed:
        _update_courses([{"id_": ids[key], **_named(wanted[key])} for key in sorted(changed)])
    if new:
        db.session.execute(insert(row), [course_row(*key, wanted[key]) for key in sorted(new)])
    return {child_id for child_id, _course in gone | changed | new}


def course_row(child_id: UUID, code: str, course: Course) -> dict[str, Any]:
    """Return the row of an open course, for an insert of many."""
    return {"id": uuid7(), "child_id": child_id, "course": code, **course._asdict()}


def _named(course: Course) -> dict[str, Any]:
    return {f"{name}_": value for name, value in course._asdict().items()}


def _update_courses(rows: list[dict[str, Any]]) -> None:
    table: Any = CourseState.__table__
    changed: dict[str, Any] = {name: bindparam(f"{name}_") for name in Course._fields}
    db.session.connection().execute(update(table).where(table.c.id == bindparam("id_")).values(**changed), rows)
