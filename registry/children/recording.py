"""Verbs that record what families tell and offices answer about a child, and keep what stood there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import select, update

from registry.access import Role
from registry.audit import service as audit
from registry.children.history import record_change
from registry.children.models import Change, Child, ChildAnswer, Schooling
from registry.database import db
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

OF_SCHOOL = frozenset({"schooling.kind", "schooling.school"})
OF_CHANGES = frozenset({"child_change.before", "child_change.after"})
OFFICE, GUARDIAN = "office", "guardian"  # who told it, of the list `change_reason`
GRADE = "grade_class"  # a question of the full file


class ToldOfCertificate(NamedTuple):
    """A change of the answer about the certificate: when, from which code to which, and whether an office told it."""

    at: datetime
    before: str
    after: str
    by_office: bool


class AtSchool(NamedTuple):
    """What is told of a child's schooling.

    `stage`: a school answer; `kind`: code of the list schooling_kind; `school`: its name; `begins`: the first day
    there, where an office named one.
    """

    stage: str
    kind: str | None = None
    school: str | None = None
    begins: date | None = None


def record_schooling(  # noqa: PLR0913, PLR0917 -- what is told, and why it is told anew
    viewer: Viewer,
    child_id: UUID,
    stage: str,
    kind: str | None,
    school: str | None,
    on: date,
    reason: str | None = None,
    note: str | None = None,
    *,
    begins: date | None = None,
    told_by: str | None = None,
) -> None:
    """Close the present spell of schooling and open the next one; all as for `record_schoolings`."""
    told = {child_id: AtSchool(stage, kind, school, begins)}
    record_schoolings(viewer, told, on, reason, note, told_by=told_by)


def record_schoolings(
    viewer: Viewer,
    told: Mapping[UUID, AtSchool],
    on: date,
    reason: str | None = None,
    note: str | None = None,
    *,
    told_by: str | None = None,
) -> None:
    """Close the present spells of schooling of many children and open the next ones; one statement reads them.

    `told`: by the child's id; `reason`: of `correction_reason`, left out where the family or an office simply tells;
    `told_by`: guardian or office, left out where the role of the viewer says it. Whoever calls has checked that the
    viewer may answer for these children.
    """
    teller = told_by or _told_by(viewer)
    rows = select(Schooling).where(Schooling.child_id.in_(told), Schooling.to_month.is_(None))
    present = {spell.child_id: spell for spell in db.session.scalars(rows)}
    for child_id, at_school in told.items():
        before = present.get(child_id)
        # One spell follows another: a school that began before the present answer was given is told late.
        month = max(f"{at_school.begins or on:%Y-%m}", before.from_month if before else "")
        spell = Schooling(child_id=child_id, stage=at_school.stage, from_month=month, told_by=teller)
        spell.kind, spell.school = at_school.kind, at_school.school
        was, now_is = _spell(viewer, before), _spell(viewer, spell)
        if before is not None:
            before.to_month = month
        record_change(viewer, child_id, "schooling", spell.id, "schooling", was, now_is, reason or teller, note)
        db.session.add(spell)
        stage_before = before.stage if before else None
        audit.record("child_changed", viewer=viewer, children=[child_id], field="schooling", before=stage_before)


def record_grades(viewer: Viewer, told: Mapping[UUID, tuple[str, date]], told_by: str) -> None:
    """Record grades that an office answered, as answers to the question of grade and class; one statement reads them.

    `told`: by the child's id the grade as families tell it (小学三年级), and the first day in it, from which later ones
    are counted; `told_by` and scope as for `record_schoolings`.
    """
    asked = select(ChildAnswer).where(ChildAnswer.child_id.in_(told), ChildAnswer.question == GRADE)
    there = {row.child_id: row for row in db.session.scalars(asked)}
    reader = viewer.opening(frozenset({"child_answer.value"}))
    for child_id, (words, holds_from) in told.items():
        row = there.get(child_id) or ChildAnswer(child_id=child_id, question=GRADE, version=0)
        before, after = row.value.open(reader), cast("JsonValue", {GRADE: words})
        row.value, row.to_come = after, False
        row.version += 1
        row.answered_on, row.answered_by, row.sop_version = holds_from, viewer.user_id, in_force(holds_from).version
        db.session.add(row)
        record_change(viewer, child_id, "answer", row.id, GRADE, before, after, told_by)


def record_certificate(
    viewer: Viewer, child_id: UUID, answer: str, reason: str | None = None, note: str | None = None
) -> None:
    """Record the answer about the vaccination certificate; reason and scope as for `record_schoolings`."""
    record_certificates(viewer, [child_id], answer, reason, note)


def record_certificates(
    viewer: Viewer, child_ids: Iterable[UUID], answer: str, reason: str | None = None, note: str | None = None
) -> None:
    """Record the same answer about the vaccination certificate of many children, in two statements for all of them."""
    those = Child.id.in_(set(child_ids))
    found = db.session.execute(select(Child.id, Child.certificate).where(those).order_by(Child.id)).all()
    db.session.execute(update(Child).where(those).values(certificate=answer, version=Child.version + 1))
    for child_id, before in found:
        why = reason or _told_by(viewer)
        record_change(viewer, child_id, "child", child_id, "certificate", before, answer, why, note)
        audit.record("child_changed", viewer=viewer, children=[child_id], field="certificate", before=before)


def last_of_certificate(viewer: Viewer, child_id: UUID) -> ToldOfCertificate | None:
    """Return how the answer about the vaccination certificate of one file was changed last; None where it never was."""
    rows = select(Change).where(Change.child_id == child_id, Change.field == "certificate", Change.subject == "child")
    last = db.session.scalars(rows.order_by(Change.id.desc()).limit(1)).one_or_none()
    if last is None:
        return None
    reader = viewer.opening(OF_CHANGES)
    before, after = str(last.before.open(reader)), str(last.after.open(reader))
    return ToldOfCertificate(last.at, before, after, last.reason == OFFICE)


def _told_by(viewer: Viewer) -> str:
    return OFFICE if viewer.role is Role.OFFICER else GUARDIAN


def _spell(viewer: Viewer, spell: Schooling | None) -> JsonValue:
    """Copy a spell, with kind and name of the school, from one sealed place to the other; nobody is shown them."""
    if spell is None:
        return None
    reader = viewer.opening(OF_SCHOOL)
    return {"stage": spell.stage, "kind": spell.kind.open(reader), "school": spell.school.open(reader)}
