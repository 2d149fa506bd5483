"""Verbs that let a file say again what it said before an office answered by mistake; the history keeps all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sqlalchemy import select

from registry.children.history import record_change
from registry.children.models import Change, ChildAnswer
from registry.children.recording import GRADE, AtSchool, record_certificates, record_grades, record_schoolings
from registry.clock import local
from registry.database import db
from registry.vault.evening import without_filling

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

SCHOOLING, CERTIFICATE = "schooling", "certificate"
OFFICE: Final = "office"  # of the list `change_reason`: who told it
READ: Final = frozenset({"child_change.before"})


class Act(NamedTuple):
    """Who wrote into the file, and between which instants."""

    user_id: UUID
    first: datetime
    last: datetime


def take_back(viewer: Viewer, child_id: UUID, fields: Iterable[str], act: Act, on: date) -> None:
    """Tell anew, as an office, what these fields of a file said before an act changed them.

    `fields`: of SCHOOLING, CERTIFICATE and GRADE. What has been told anew since stays, and so does what the act did
    not change. Whoever calls has checked that the viewer may answer for this child.
    """
    for field in fields:
        rows = select(Change).where(Change.child_id == child_id, Change.field == field)
        found = db.session.scalars(rows.order_by(Change.id.desc()).limit(2)).all()
        if found and _is_of(act, found[0]):
            told_on = local(found[1].at).date() if len(found) > 1 else on
            _tell(viewer, child_id, field, found[0].before.open(viewer.opening(READ)), told_on, on)


def _is_of(act: Act, change: Change) -> bool:
    return (change.reason, change.user_id) == (OFFICE, act.user_id) and local(act.first) <= local(change.at) <= local(
        act.last
    )


def _tell(viewer: Viewer, child_id: UUID, field: str, before: JsonValue, told_on: date, on: date) -> None:
    if field == SCHOOLING:
        spell = cast("dict[str, Any]", without_filling(before) if isinstance(before, dict) else {"stage": "unknown"})
        at_school = AtSchool(spell["stage"], spell.get("kind"), spell.get("school"))
        record_schoolings(viewer, {child_id: at_school}, on, told_by=OFFICE)
    elif field == CERTIFICATE:
        record_certificates(viewer, [child_id], str(before), reason=OFFICE)
    elif isinstance(before, dict) and before.get(GRADE):
        record_grades(viewer, {child_id: (str(before[GRADE]), told_on)}, OFFICE)
    else:
        _unsaid(viewer, child_id)


def _unsaid(viewer: Viewer, child_id: UUID) -> None:
    """Let the grade be unanswered, as it was."""
    asked = select(ChildAnswer).where(ChildAnswer.child_id == child_id, ChildAnswer.question == GRADE)
    row = db.session.scalars(asked).one()
    now_is = row.value.open(viewer.opening(frozenset({"child_answer.value"})))
    row.value, row.version = {}, row.version + 1
    record_change(viewer, child_id, "answer", row.id, GRADE, now_is, None, OFFICE)
