"""Withdrawing a dose that was entered in error: who may, with what reason, and what falls with the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

from registry.access import Permission, outside_scope
from registry.audit import service as audit
from registry.children import following, merging, recording
from registry.children.queries import kept_by_id
from registry.clock import now
from registry.database import db
from registry.doses import queries
from registry.doses.errors import UnknownReasonError
from registry.doses.models import Dose
from registry.doses.service import CERTIFICATE, READER, SEEN, hold, reckon_these
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.children.models import Child

REASONS: Final = "dose_withdrawal_reason"  # a list of codes
MISTAKE: Final = "mistyped"  # of `correction_reason`: why an answer that a dose had told is put back


def withdraw(viewer: Viewer, child_id: UUID, dose_id: UUID, reason: str, on: date) -> bool:
    """Withdraw a dose of a child that was entered in error; it is kept with the reason, and counts no more.

    `reason`: a code of REASONS. With it go all entries of the same vaccine on the same day, in any file of the child,
    that the viewer may withdraw; return whether one of another office stays. A second time changes nothing. Who may,
    says `withdrawable`; for anybody else, or as a dose of another child, it is as if absent (404, recorded as
    refused). With the last dose of a certificate goes the answer that it was seen, where a dose had told it. Raises
    UnknownReasonError.
    """
    if not in_force(on).codes[REASONS].has(reason):
        raise UnknownReasonError(reason)
    file, row = hold(child_id, on)
    entries = _entries_of(file.id, dose_id)
    mine = _of_viewer(viewer, file.id, entries)
    if not mine:
        outside_scope()
    for each in mine:
        if each.withdrawn_at is not None:
            return False
        each.withdrawn_by, each.withdrawn_at, each.withdrawn_reason = viewer.user_id, now(), reason
        audit.record("dose_withdrawn", viewer=viewer, children=[each.child_id], dose=each.id, reason=reason)
    row.version += 1
    db.session.flush()
    _put_back_certificate(viewer, file)
    reckon_these([file.id], on)
    following.changed(viewer, [file.id])
    return len(mine) < len(entries)


def withdrawable(viewer: Viewer, kept_id: UUID, dose_id: UUID) -> Dose:
    """Return a dose of a kept file that the viewer may withdraw; for anybody else it is as if absent (404).

    An office may withdraw its own while it works on the child, and whoever decides on corrections of the file all,
    the supervisor of the area or of a protected one the protection officer.
    """
    mine = _of_viewer(viewer, kept_id, _entries_of(kept_id, dose_id))
    if not mine:
        outside_scope()
    return mine[0]


def is_proven(child_id: UUID) -> bool:
    """Say whether a dose that was entered from a child's certificate stands, in any of its files."""
    kept = kept_by_id([child_id]).get(child_id)
    return kept is not None and _of_certificate(kept.id, None)


def _entries_of(kept_id: UUID, dose_id: UUID) -> Sequence[Dose]:
    """Return all entries of one dose that stand, in any file of the child; of a withdrawn one itself.

    None for a dose of another child.
    """
    dose = db.session.get(Dose, dose_id, populate_existing=True)
    if dose is None or dose.child_id not in merging.files_of([kept_id]):
        return []
    known = queries.doses_of(READER, kept_id)
    days = {day for each, day in known if each.id == dose_id}
    return [each for each, day in known if each.vaccine == dose.vaccine and day in days] or [dose]


def _of_viewer(viewer: Viewer, kept_id: UUID, entries: Sequence[Dose]) -> Sequence[Dose]:
    if viewer.may(Permission.DOSE_ENTER):
        own = [each for each in entries if each.office_id == viewer.office_id]
        return own if queries.may_enter(viewer, kept_id) else []
    return entries if queries.may_correct(viewer, kept_id) else []


def _put_back_certificate(viewer: Viewer, file: Child) -> None:
    """Put the answer about the certificate back where a dose had told that it was seen, and none of it stands now."""
    if file.certificate != SEEN or _of_certificate(file.id, None):
        return
    told = recording.last_of_certificate(viewer, file.id)
    if told and told.after == SEEN and told.by_office and _of_certificate(file.id, told.at):
        recording.record_certificates(viewer, [file.id], told.before, reason=MISTAKE)


def _of_certificate(kept_id: UUID, at: datetime | None) -> bool:
    """Say whether a dose of a certificate stands in any file of a child, or stood at an instant."""
    those = Dose.child_id.in_(merging.files_of([kept_id])), Dose.source == CERTIFICATE
    stands: ColumnElement[bool] = Dose.withdrawn_at.is_(None)
    if at is not None:
        stands = and_(Dose.entered_at <= at, or_(stands, Dose.withdrawn_at > at))
    return db.session.scalar(select(Dose.id).where(*those, stands).limit(1)) is not None
