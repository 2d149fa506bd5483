"""Verbs of a decision: the same child or not, sent up where one covers one file only, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import merging
from registry.children.history import record_change
from registry.clock import now
from registry.database import db
from registry.matching.models import Match
from registry.matching.service import raise_match
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer

SAME, NOT_SAME = "same", "not_same"


class StaleDecisionError(Exception):
    """Somebody decided the pair, or changed one of its files, since the page was fetched."""


class UnfitDecisionError(ValueError):
    """The file to be kept is not of the pair, or the reason is not in the list match_reason."""


def decide(viewer: Viewer, match_id: UUID, version: int, kept: UUID | None, reason: str | None, on: date) -> Match:
    """Say that a pair is one child, whose file `kept` is, or two children (None).

    The other file is merged by pointer; pairs that it still stood in go on with the kept one. `version`: of the pair
    as it was seen; `reason`: code of the list match_reason, or None. Pairs of which the viewer does not cover both
    files are as if absent (404). Raises StaleDecisionError, UnfitDecisionError.
    """
    match = _held(viewer, match_id, version)
    if match.decision is not None:
        raise StaleDecisionError
    if kept not in (None, *match.pair) or not (reason is None or in_force(on).codes["match_reason"].has(reason)):
        raise UnfitDecisionError
    match.decision = NOT_SAME if kept is None else SAME
    match.decision_reason, match.kept_id = reason, kept
    match.decided_at, match.decided_by = now(), viewer.user_id
    if kept is not None:
        match.status_before = _merge(viewer, match, kept)
        _pass_on(viewer, match, kept)
    return _recorded(viewer, match, match.decision)


def undo(viewer: Viewer, match_id: UUID, version: int) -> Match:
    """Take a decision back: a merged file stands for itself again, and the pair waits once more. As for `decide`."""
    match = _held(viewer, match_id, version)
    if match.decision is None:
        raise StaleDecisionError
    if match.decision == SAME:
        _part(viewer, merged_of(match), match.status_before or "registered")
    match.decision = match.decision_reason = match.kept_id = match.status_before = None
    match.decided_at = match.decided_by = None
    return _recorded(viewer, match, "undone")


def send_up(viewer: Viewer, match_id: UUID, version: int) -> Match:
    """Put a pair, of which the viewer covers one file only, before the supervisor whose area covers both.

    Sent up once more it stays as it is. Raises StaleDecisionError when it was decided meanwhile.
    """
    match = _locked(match_id)
    if match is None or not any(_covered(viewer, match)):
        outside_scope()
    if match.decision is not None or match.version != version:
        raise StaleDecisionError
    if match.sent_up_at is not None:
        return match
    match.sent_up_at, match.sent_up_by = now(), viewer.user_id
    return _recorded(viewer, match, "sent_up")


def merged_of(match: Match) -> UUID:
    """Return which file of a pair that is one child was merged into the other."""
    return match.other_child_id if match.kept_id == match.child_id else match.child_id


def _held(viewer: Viewer, match_id: UUID, version: int) -> Match:
    match = _locked(match_id)
    if match is None or not all(_covered(viewer, match)):
        outside_scope()
    if match.version != version:
        raise StaleDecisionError
    return match


def _locked(match_id: UUID) -> Match | None:
    wanted = select(Match).where(Match.id == match_id, Match.protected.is_(False)).with_for_update()
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def _covered(viewer: Viewer, match: Match) -> list[bool]:
    """Say of each file of a pair whether the viewer covers it; of none when either of them became protected."""
    standing = merging.standing_of(match.pair)
    if any(each.protected for each in standing.values()):
        return [False, False]
    return [each in standing and viewer.covers(standing[each].area_code) for each in match.pair]


def _merge(viewer: Viewer, match: Match, kept: UUID) -> str:
    merged = merged_of(match)
    try:
        before = merging.merge(viewer, merged, kept)
    except merging.MergeError as error:
        raise StaleDecisionError from error
    record_change(viewer, merged, "child", merged, "status", before, merging.MERGED, "merged")
    return before


def _part(viewer: Viewer, merged: UUID, status: str) -> None:
    try:
        merging.part(viewer, merged, status)
    except merging.MergeError as error:
        raise StaleDecisionError from error
    record_change(viewer, merged, "child", merged, "status", merging.MERGED, status, "parted")


def _pass_on(viewer: Viewer, match: Match, kept: UUID) -> None:
    """Let the kept file stand in the open pairs of the merged one, unless that pair was there already."""
    merged = merged_of(match)
    waiting = select(Match).where(Match.decision.is_(None), Match.id != match.id)
    for other in db.session.scalars(waiting.where(or_(Match.child_id == merged, Match.other_child_id == merged))):
        third = other.other_child_id if other.child_id == merged else other.child_id
        raise_match(viewer, kept, third, other.area_code, other.reason, protected=other.protected)


def _recorded(viewer: Viewer, match: Match, decision: str) -> Match:
    match.version += 1
    audit.record("match_decided", viewer=viewer, children=match.pair, match=match.id, decision=decision)
    return match
