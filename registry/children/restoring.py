"""Verbs that let a file say again what it said before an office answered by mistake; the history keeps all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import current_app
from sqlalchemy import select

from registry.children.history import record_change
from registry.children.models import Change, ChildAnswer, Schooling
from registry.children.recording import GRADE, AtSchool, record_certificates, record_grades, record_schoolings
from registry.clock import local
from registry.database import db
from registry.vault.evening import without_filling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

SCHOOLING, CERTIFICATE = "schooling", "certificate"
OFFICE: Final = "office"  # of the list `change_reason`: who told it
READ: Final = frozenset({"child_change.before", "child_change.after"})
PROVEN: Final = "whose_certificate_is_proven"


class Act(NamedTuple):
    """Who wrote into the file, between which instants, and what.

    `wrote`: by field (SCHOOLING, CERTIFICATE, GRADE) the code of the certificate, or as much as is known of the value
    of the others; `begins`: the first day at school and in the grade, where one was named.
    """

    user_id: UUID
    first: datetime
    last: datetime
    wrote: Mapping[str, JsonValue]
    begins: date | None = None


def certificate_proven_by(app: Flask, read: Callable[[UUID], bool]) -> None:
    """Let `read(child_id)` say whether what was entered from a child's certificate stands: that room is above."""
    app.extensions[PROVEN] = read


def take_back(
    viewer: Viewer, child_id: UUID, fields: Iterable[str], act: Act, earlier: Sequence[Act], on: date
) -> None:
    """Tell anew, as an office, what these fields of a file said before an act changed them.

    `fields`: of those that the act wrote; `earlier`: acts before it. What has been told anew since stays, and so does
    what the act did not change, and a certificate from which doses are entered: somebody has seen that. Whoever calls
    has checked that the viewer may answer for this child.
    """
    for field in fields:
        rows = select(Change).where(Change.child_id == child_id, Change.field == field)
        found = db.session.scalars(rows.order_by(Change.id.desc()).limit(2)).all()
        if found and _is_of(viewer, act, found[0]) and not (field == CERTIFICATE and _is_proven(child_id)):
            since = _since(viewer, found[1], earlier) if len(found) > 1 else on
            _tell(viewer, found[0], since, on)


def _is_proven(child_id: UUID) -> bool:
    return bool(current_app.extensions[PROVEN](child_id))


def _is_of(viewer: Viewer, act: Act, change: Change) -> bool:
    """Say whether an act made a change: of its hand, in its moment, and of what it wrote."""
    hand = change.reason == OFFICE and change.user_id == act.user_id and change.field in act.wrote
    return hand and local(act.first) <= local(change.at) <= local(act.last) and _is_what(viewer, act, change)


def _is_what(viewer: Viewer, act: Act, change: Change) -> bool:
    wrote, after = act.wrote[change.field], change.after.open(viewer.opening(READ))
    if not isinstance(wrote, dict) or not isinstance(after, dict):
        return wrote == after
    return all((after.get(key) or None) == value for key, value in wrote.items())


def _since(viewer: Viewer, change: Change, earlier: Sequence[Act]) -> date:
    """Return the first day on which what a change told holds."""
    told_on = local(change.at).date()
    begins = next((each.begins for each in reversed(earlier) if _is_of(viewer, each, change)), None)
    return max(told_on, begins or told_on)


def _tell(viewer: Viewer, change: Change, since: date, on: date) -> None:
    child_id, before = change.child_id, change.before.open(viewer.opening(READ))
    if change.field == SCHOOLING:
        _at_school(viewer, change, before, on)
    elif change.field == CERTIFICATE:
        record_certificates(viewer, [child_id], str(before), reason=OFFICE)
    elif isinstance(before, dict) and before.get(GRADE):
        record_grades(viewer, {child_id: (str(before[GRADE]), since)}, OFFICE)
    else:
        _unsaid(viewer, child_id)


def _at_school(viewer: Viewer, change: Change, before: JsonValue, on: date) -> None:
    """Let the spell before be the present one again, from its own first month and as told by whoever told it."""
    told = cast("dict[str, Any]", without_filling(before) if isinstance(before, dict) else {"stage": "unknown"})
    spells = select(Schooling).where(Schooling.child_id == change.child_id)
    was = db.session.scalars(spells.where(Schooling.id < change.subject_id).order_by(Schooling.id.desc())).first()
    at_school = AtSchool(told["stage"], told.get("kind"), told.get("school"))
    record_schoolings(viewer, {change.child_id: at_school}, on, OFFICE, told_by=was.told_by if was else OFFICE)
    if was:
        db.session.scalars(spells.where(Schooling.to_month.is_(None))).one().from_month = was.from_month


def _unsaid(viewer: Viewer, child_id: UUID) -> None:
    """Let the grade be unanswered, as it was."""
    asked = select(ChildAnswer).where(ChildAnswer.child_id == child_id, ChildAnswer.question == GRADE)
    row = db.session.scalars(asked).one()
    now_is = row.value.open(viewer.opening(frozenset({"child_answer.value"})))
    row.value, row.version = {}, row.version + 1
    record_change(viewer, child_id, "answer", row.id, GRADE, now_is, None, OFFICE)
