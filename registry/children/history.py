"""The history of a file: every value that was changed, from what to what, who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.access import Role
from registry.areas.codes import same_township
from registry.children.merging import merged_into
from registry.children.models import Change
from registry.clock import now
from registry.database import cut, db
from registry.vault.evening import without_filling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from registry.access import Viewer
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.vault.codecs import JsonValue

ON_A_PAGE = 50
# Subjects and fields of a change that tell of the household: where it lives, who is of it, where its parents went.
OF_THE_FAMILY: Final = frozenset(
    {"household", "guardian", "absence", "who_away", "away_since", "away_area", "other_parent_can_care"}
)


@dataclass(frozen=True)
class Changed:
    """One change as it was kept. `user` is None where no person changed it but time did.

    `withheld`: another side wrote it and its values, of where a family lived and who was there, stay with that side.
    `before` and `after` are opened; what they mean is for whoever words them, by `subject` and `field`.
    """

    id: UUID
    at: datetime
    user: User | None
    office: Office | None
    subject: str
    subject_id: UUID
    field: str
    before: JsonValue
    after: JsonValue
    reason: str
    note: str | None
    approver: User | None
    withheld: bool


@dataclass(frozen=True)
class HistoryPage:
    """One page of a history. `after`: the id from which the next one follows, None on the last one."""

    changes: list[Changed]
    after: UUID | None


def record_change(  # noqa: PLR0913, PLR0917 -- a change is these ten things, none of which goes with another
    viewer: Viewer | None,
    child_id: UUID,
    subject: str,
    subject_id: UUID,
    field: str,
    before: JsonValue,
    after: JsonValue,
    reason: str,
    note: str | None = None,
    approved_by: UUID | None = None,
) -> None:
    """Keep what a value was, what it became, who changed it, when and why; nothing where it stayed the same.

    `subject`: child, episode, household, guardian, schooling or answer; `subject_id`: that row's id; `field`:
    its column, or the question's key. `before` and `after`: JSON values, None for nothing; a birth date or a
    day as its ISO text. `reason`: a code of the list `correction_reason`, `leaving_reason` or `change_reason`.
    `viewer` is None where time alone changed it. Only keeps the change: the audit event is the caller's.
    """
    if before == after:
        return
    db.session.add(
        Change(
            child_id=child_id,
            at=now(),
            user_id=viewer.user_id if viewer else None,
            office_id=viewer.office_id if viewer else None,
            subject=subject,
            subject_id=subject_id,
            field=field,
            before=before,
            after=after,
            reason=reason,
            note=note,
            approved_by=approved_by,
        )
    )


def changed_since(moments: Mapping[UUID, datetime]) -> dict[UUID, set[str]]:
    """Return by child which of its own fields were changed after a moment of each, whoever did. One statement."""
    rows = select(Change.child_id, Change.field, Change.at).where(
        Change.child_id.in_(moments), Change.subject == "child"
    )
    found: dict[UUID, set[str]] = {}
    for child_id, field, at in db.session.execute(rows):
        if at > moments[child_id]:
            found.setdefault(child_id, set()).add(field)
    return found


def is_own_side(viewer: Viewer, office: Office | None) -> bool:
    """Say whether an office stands on the viewer's side: inside the own area, or in the same township.

    Inside a township a family moves without a transfer. What time alone changed nobody wrote.
    """
    if office is None:
        return True
    return viewer.covers(office.area_code) or same_township(office.area_code, viewer.area_code)


def history_of(viewer: Viewer, child_id: UUID, after: UUID | None = None) -> HistoryPage:
    """Return a page of the changes of a file and of those merged into it, the newest first.

    Of what another side wrote, before the child arrived here, stay with that side: its notes (not from the
    protection officer), and where the family that may have stayed there lives, who it is and how it is reached.
    Whoever calls has checked that the viewer may open the file (`queries.file_of`). One query, and one more for
    each remove at which files were merged.
    """
    rows = (
        select(Change)
        .where(Change.child_id.in_({child_id, *merged_into([child_id])}))
        .options(joinedload(Change.user), joinedload(Change.office), joinedload(Change.approver))
        .order_by(Change.id.desc())
        .limit(ON_A_PAGE + 1)
    )
    if after is not None:
        rows = rows.where(Change.id < after)
    shown, last = cut(db.session.scalars(rows).all(), ON_A_PAGE)
    return HistoryPage([_opened(viewer, change) for change in shown], last.id if last else None)


def _opened(viewer: Viewer, change: Change) -> Changed:
    own = is_own_side(viewer, change.office)
    withheld = not own and (change.subject in OF_THE_FAMILY or change.field in OF_THE_FAMILY)
    reads_note = own or viewer.role is Role.PROTECTION_OFFICER
    return Changed(
        id=change.id,
        at=change.at,
        user=change.user,
        office=change.office,
        subject=change.subject,
        subject_id=change.subject_id,
        field=change.field,
        before=None if withheld else _told(change.before.open(viewer)),
        after=None if withheld else _told(change.after.open(viewer)),
        reason=change.reason,
        note=change.note.open(viewer) if reads_note else None,
        approver=change.approver,
        withheld=withheld,
    )


def _told(value: JsonValue) -> JsonValue:
    return without_filling(value) if isinstance(value, dict) else value
