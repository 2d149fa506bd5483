"""Verbs of matching: raising the suspicion that two files are one child's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from registry.audit import service as audit
from registry.children.queries import area_of
from registry.children.same import alike
from registry.clock import now
from registry.database import db
from registry.matching.models import Match

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.queries import Kept
    from registry.children.same import Particulars
    from registry.children.service import Registered

SAME_NUMBER, SAME_DOCUMENT = "same_number", "same_document"


def raise_match(
    viewer: Viewer,
    child_id: UUID,
    other_child_id: UUID,
    area_code: str,
    reason: str = SAME_NUMBER,
    *,
    protected: bool = False,
) -> None:
    """Put a pair of files before whoever decides; the same pair again, in either order, changes nothing.

    So a pair that was decided never comes back by itself. `area_code`: 12 digits, whose supervisor is told; with
    `protected` its protection officer. A pair with a protected file is recorded as such, and under the protected
    file only.
    """
    if _is_raised(child_id, other_child_id):
        return
    match = Match(
        child_id=child_id,
        other_child_id=other_child_id,
        area_code=area_code,
        reason=reason,
        protected=protected,
        raised_at=now(),
    )
    db.session.add(match)
    if protected:
        audit.record("protected_file_met", viewer=viewer, children=[other_child_id], by="registration")
    else:
        pair = [child_id, other_child_id]
        audit.record("match_raised", viewer=viewer, children=pair, match=match.id, reason=reason)


def raise_for_new(
    viewer: Viewer, new: Registered, child: Particulars, area_code: str, *, siblings: Iterable[UUID] = ()
) -> None:
    """Raise a pair with every file that holds the number of a new one or is much alike, a protected one's where it is.

    To be called in the transaction of every registration. `area_code`: 12 digits, of the new file. `siblings`: files
    made in the same act, which somebody has just told apart.
    """
    raise_for_same_number(viewer, new, area_code)
    for other, reason in alike(child, besides={new.child_id, *siblings}):
        _raise(viewer, new.child_id, other, area_code, reason)


def raise_for_same_number(viewer: Viewer, new: Registered, area_code: str) -> None:
    """Raise a pair with every file that holds the number of a new one; arguments as for `raise_for_new`."""
    for other in new.same_number:
        _raise(viewer, new.child_id, other, area_code, SAME_NUMBER)


def raise_for_same_document(viewer: Viewer, child_id: UUID, others: Iterable[Kept]) -> None:
    """Raise a pair with every file that holds the document which was told for a child, a protected one's where it is.

    Whoever wrote it down is shown nothing of it.
    """
    here = area_of(child_id) or ""
    for other in others:
        _raise(viewer, child_id, other, here, SAME_DOCUMENT)


def release(child_id: UUID) -> None:
    """Put the pairs of a file whose protected mark was lifted before supervisors, unless the other one bears a mark."""
    ordinary = select(Match.id).where(
        Match.protected, Match.child.has(protected=False), Match.other_child.has(protected=False)
    )
    concerned = or_(Match.child_id == child_id, Match.other_child_id == child_id)
    db.session.execute(update(Match).where(concerned, Match.id.in_(ordinary)).values(protected=False))


def _raise(viewer: Viewer, child_id: UUID, other: Kept, area_code: str, reason: str) -> None:
    place = area_of(other.id) if other.protected else None
    raise_match(viewer, child_id, other.id, place or area_code, reason, protected=other.protected)


def _is_raised(one: UUID, other: UUID) -> bool:
    pair = or_(
        and_(Match.child_id == one, Match.other_child_id == other),
        and_(Match.child_id == other, Match.other_child_id == one),
    )
    return db.session.scalar(select(Match.id).where(pair)) is not None
