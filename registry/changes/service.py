"""Verbs of correction: fill in what was missing, ask for another identity, decide. Nobody decides an own request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from registry.audit import service as audit
from registry.changes import queries
from registry.changes.errors import (
    AlreadyAskedError,
    AlreadyDecidedError,
    ChangedMeanwhileError,
    NothingToChangeError,
    OwnRequestError,
)
from registry.changes.models import Correction
from registry.children.correcting import Why, change_identity, changed, held, identity_of
from registry.children.queries import area_of
from registry.clock import now
from registry.database import db, lock
from registry.matching.service import SAME_NUMBER, raise_match
from sop.identity import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.correcting import Identity
    from registry.children.models import Child
    from registry.children.queries import Kept

COMPLETED = Why("completed")
LATER = "later"  # the answer that a number will follow
Told = dict[str, str]  # fields of an identity and their values, as `Identity.told` writes them


def missing(identity: Identity) -> tuple[str, ...]:
    """Return what of an identity may be filled in at once: a name, the day of birth, an ID number that was to follow.

    What was declined, and that there is no number, are answers: another one is a correction.
    """
    wanted = {
        "name": is_placeholder(identity.name),
        "birth_date": identity.birth.day is None,
        "id_number": identity.number is None and identity.number_answer == LATER,
    }
    return tuple(field for field, is_missing in wanted.items() if is_missing)


def completes(old: Identity, new: Identity) -> bool:
    """Say whether all that is different only fills in what was missing; a day of birth within its month."""
    before, after, gaps = old.told(), new.told(), missing(old)
    filled = [field for field in before if before[field] != after[field]]
    same_month = (old.birth.year, old.birth.month) == (new.birth.year, new.birth.month)
    return all(field in gaps for field in filled) and ("birth_date" not in filled or same_month)


def fill_in(viewer: Viewer, child: Child, told: Told, on: date) -> None:
    """Fill in at once what was missing: no correction, but kept in the history. Pending becomes active by rule.

    `child` is held. Raises NothingToChangeError, SameChildError, and ValueError for what is a correction.
    """
    old = identity_of(child, viewer)
    new = changed(told, old)
    if new == old:
        raise NothingToChangeError
    if not completes(old, new):
        raise ValueError("this is a correction, which a supervisor decides")
    raise_pairs(viewer, child.id, change_identity(viewer, child, new, COMPLETED, on))


def ask(viewer: Viewer, child: Child, told: Told, reason: str, note: str | None) -> Correction:
    """Ask for another name, birth date or ID number. `child` is held: a child has one open request at a time.

    `told`: the fields that are wanted; those that stand there already are left out. `reason`: a code of
    `correction_reason`. Raises AlreadyAskedError, NothingToChangeError.
    """
    if queries.open_of(child.id) is not None:
        raise AlreadyAskedError
    old = identity_of(child, viewer)
    before, after = old.told(), changed(told, old).told()
    values = {field: {"before": before[field], "after": after[field]} for field in before}
    wanted = {field: both for field, both in values.items() if both["before"] != both["after"]}
    if not wanted:
        raise NothingToChangeError
    correction = Correction(
        child_id=child.id,
        values=wanted,
        reason=reason,
        note=note,
        asked_by=viewer.user_id,
        asked_office_id=viewer.office_id,
        asked_at=now(),
        state=queries.ASKED,
    )
    db.session.add(correction)
    audit.record("correction_asked", viewer=viewer, children=[child.id], correction=correction.id)
    db.session.flush()
    return correction


def values_of(correction: Correction, viewer: Viewer) -> dict[str, Told]:
    """Open what is to be corrected: by field "before" and "after"."""
    opened = correction.values.open(viewer)
    return cast("dict[str, Told]", opened) if isinstance(opened, dict) else {}


def approve(viewer: Viewer, correction_id: UUID, seen: int, on: date) -> Correction:
    """Let what was asked for hold. `seen`: version of the child that the supervisor saw.

    Raises OwnRequestError, AlreadyDecidedError, SameChildError, and ChangedMeanwhileError when the file says by
    now neither what it said when the request was made nor what the supervisor was shown.
    """
    child = held(queries.one(viewer, correction_id).child)  # first, as whoever records a death does
    correction = _to_decide(viewer, correction_id)
    values, now_there = values_of(correction, viewer), identity_of(child, viewer)
    told = now_there.told()
    differs = any(told[field] != both["before"] for field, both in values.items())
    if differs and child.version != seen:
        raise ChangedMeanwhileError
    asked_by = (correction.asked_by, correction.asked_office_id)
    why = Why(correction.reason, correction.note.open(viewer), asked_by)
    new = changed({field: both["after"] for field, both in values.items()}, now_there)
    raise_pairs(viewer, child.id, change_identity(viewer, child, new, why, on))
    return _decided(viewer, correction, queries.APPROVED)


def refuse(viewer: Viewer, correction_id: UUID, reason: str, answer: str | None) -> Correction:
    """Let what stands there hold. `reason`: a code of `refusal_reason`. Raises OwnRequestError, AlreadyDecidedError."""
    correction = _to_decide(viewer, correction_id)
    correction.refusal, correction.answer = reason, answer
    return _decided(viewer, correction, queries.REFUSED)


def withdraw(viewer: Viewer, correction_id: UUID) -> Correction:
    """Take back what one asked for oneself; anybody else's is as if absent. Raises AlreadyDecidedError."""
    correction = queries.held(viewer, correction_id)
    if correction.asked_by != viewer.user_id:
        raise OwnRequestError
    _check_open(correction)
    return _decided(viewer, correction, queries.WITHDRAWN)


def withdraw_open(viewer: Viewer, child_id: UUID) -> None:
    """End what waits for a child who died or arrived elsewhere: there is nothing to decide any more here."""
    correction = queries.open_of(child_id)
    if correction is None:
        return
    lock(correction)
    if correction.state == queries.ASKED:
        _decided(viewer, correction, queries.WITHDRAWN)


def raise_pairs(viewer: Viewer, child_id: UUID, others: Iterable[Kept]) -> None:
    """Put a file and each other one with the same number before whoever decides; a protected one where it is kept."""
    here = area_of(child_id)
    for other in others:
        place = area_of(other.id) if other.protected else here
        if place is not None:
            raise_match(viewer, child_id, other.id, place, SAME_NUMBER, protected=other.protected)


def _to_decide(viewer: Viewer, correction_id: UUID) -> Correction:
    correction = queries.held(viewer, correction_id)
    if correction.asked_by == viewer.user_id:
        raise OwnRequestError
    _check_open(correction)
    return correction


def _check_open(correction: Correction) -> None:
    if correction.state != queries.ASKED:
        raise AlreadyDecidedError


def _decided(viewer: Viewer, correction: Correction, state: str) -> Correction:
    correction.state, correction.decided_by, correction.decided_at = state, viewer.user_id, now()
    correction.version += 1
    told = {"correction": correction.id, "decision": state}
    audit.record("correction_decided", viewer=viewer, children=[correction.child_id], **told)
    db.session.flush()
    return correction
