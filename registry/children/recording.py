"""Verbs that record what families tell and offices answer about a child, and keep what stood there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from registry.access import Role
from registry.audit import service as audit
from registry.children.history import record_change
from registry.children.models import Child, Schooling
from registry.database import db

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

OF_SCHOOL = frozenset({"schooling.kind", "schooling.school"})


def record_schooling(  # noqa: PLR0913, PLR0917 -- what is told, and why it is told anew
    viewer: Viewer,
    child_id: UUID,
    stage: str,
    kind: str | None,
    school: str | None,
    on: date,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    """Close the present spell of schooling and open the next one.

    `stage`: a school answer; `kind`: code of the list schooling_kind; `reason`: of `correction_reason`, left out
    where the family or an office simply tells. Whoever calls has checked that the viewer may answer for this child.
    """
    month = f"{on:%Y-%m}"
    present = db.session.scalars(
        select(Schooling).where(Schooling.child_id == child_id, Schooling.to_month.is_(None))
    ).one_or_none()
    spell = Schooling(child_id=child_id, stage=stage, kind=kind, from_month=month, told_by=_told_by(viewer))
    spell.school = school
    before: JsonValue = {"stage": present.stage, **_spell(viewer, present)} if present else None
    if present is not None:
        present.to_month = month
    after: JsonValue = {"stage": stage, **_spell(viewer, spell)}
    record_change(viewer, child_id, "schooling", spell.id, "schooling", before, after, reason or _told_by(viewer), note)
    db.session.add(spell)
    stage_before = present.stage if present else None
    audit.record("child_changed", viewer=viewer, children=[child_id], field="schooling", before=stage_before)


def record_certificate(
    viewer: Viewer, child_id: UUID, answer: str, reason: str | None = None, note: str | None = None
) -> None:
    """Record the answer about the vaccination certificate; reason and scope as for `record_schooling`."""
    before = db.session.scalar(select(Child.certificate).where(Child.id == child_id))
    changed = {"certificate": answer, "version": Child.version + 1}
    db.session.execute(update(Child).where(Child.id == child_id).values(**changed))
    why = reason or _told_by(viewer)
    record_change(viewer, child_id, "child", child_id, "certificate", before, answer, why, note)
    audit.record("child_changed", viewer=viewer, children=[child_id], field="certificate", before=before)


def _told_by(viewer: Viewer) -> str:
    return "office" if viewer.role is Role.OFFICER else "guardian"


def _spell(viewer: Viewer, spell: Schooling) -> dict[str, JsonValue]:
    """Copy kind and name of a school from one sealed place to the other; nobody is shown them by that."""
    reader = viewer.opening(OF_SCHOOL)
    return {"kind": spell.kind.open(reader), "school": spell.school.open(reader)}
