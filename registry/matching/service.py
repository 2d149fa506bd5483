"""Verbs of matching: raising the suspicion that two files are one child's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from registry.audit import service as audit
from registry.children.queries import area_of
from registry.clock import now
from registry.database import db
from registry.matching.models import Match

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.service import Registered

SAME_NUMBER = "same_number"


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

    `area_code`: 12 digits, whose supervisor is told; with `protected` its protection officer.
    A pair with a protected file is recorded as such, and under the protected file only.
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


def raise_for_same_number(viewer: Viewer, new: Registered, area_code: str) -> None:
    """Raise a pair with every file that holds the number of a new one; a protected one's where it is kept.

    To be called in the transaction of every registration; `area_code`: 12 digits, of the new file.
    """
    for other in new.same_number:
        place = area_of(other.id) if other.protected else None
        raise_match(viewer, new.child_id, other.id, place or area_code, protected=other.protected)


def _is_raised(one: UUID, other: UUID) -> bool:
    pair = or_(
        and_(Match.child_id == one, Match.other_child_id == other),
        and_(Match.child_id == other, Match.other_child_id == one),
    )
    return db.session.scalar(select(Match.id).where(pair)) is not None
