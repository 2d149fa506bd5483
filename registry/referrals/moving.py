"""Verbs of the moves that a referral makes after it was sent. Who may make which, and by when, the SOP says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from registry.areas.offices import office_by_id
from registry.areas.queries import office_for
from registry.children import following
from registry.database import db
from registry.jobs.service import Reader
from registry.referrals import confidential, queries
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, UnfitAnswerError
from registry.referrals.service import address
from registry.referrals.steps import advance, finish, hold, set_due
from sop.referral import Move, Side, add_working_days
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.referrals.models import Referral
    from registry.vault.codecs import JsonValue
    from sop.version import Service

# Who passes a referral on from office to office is shown nothing of it: only which office may take it is asked.
PASSING_ON: Final = Reader(confidential.FIELDS)


def send_again(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Send a returned referral once more, to the office that serves the area now; the limits start anew.

    Raises ForbiddenMove, StaleVersionError, NoOfficeError.
    """
    referral = hold(viewer, referral_id, version)
    advance(referral, Move.SEND, queries.side_of(viewer, referral))
    service = confidential.service_of(referral, viewer)
    office = office_for(service.code, referral.area_code)
    if office is None:
        raise NoOfficeError(service.code)
    address(viewer, referral, service, office, on)
    return finish(viewer, referral, Move.SEND)


def accept(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Take a referral on. Raises ForbiddenMove, StaleVersionError."""
    referral = hold(viewer, referral_id, version)
    advance(referral, Move.ACCEPT, queries.side_of(viewer, referral))
    referral.accepted_on = on
    return finish(viewer, referral, Move.ACCEPT)


def return_(viewer: Viewer, referral_id: UUID, version: int, reason: str, note: str | None, on: date) -> Referral:
    """Give a referral back with a reason of the list `return_reason`. Raises as `answering.answer`."""
    check_reason("return_reason", reason, on)
    referral = hold(viewer, referral_id, version)
    advance(referral, Move.RETURN_, queries.side_of(viewer, referral))
    return finish(viewer, referral, Move.RETURN_, reason=reason, note=note)


def withdraw(viewer: Viewer, referral_id: UUID, version: int, reason: str, on: date) -> Referral:
    """Take back what was sent, with a reason of the list `withdraw_reason`. Raises as `answering.answer`."""
    check_reason("withdraw_reason", reason, on)
    referral = hold(viewer, referral_id, version)
    advance(referral, Move.WITHDRAW, queries.side_of(viewer, referral))
    referral.closed_on = on
    finish(viewer, referral, Move.WITHDRAW, reason=reason)
    following.changed(viewer, [referral.child_id])
    return referral


def hand_on(viewer: Viewer, referral_id: UUID, version: int, office_id: UUID, reason: str, on: date) -> Referral:
    """Pass a referral on to another office that may answer it; the limits start anew.

    `office_id`: one of `queries.offices_that_may_take`; `reason`: of the list `hand_on_reason`. The office that passes
    it on sees the child no longer. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError ("reason", "office").
    """
    check_reason("hand_on_reason", reason, on)
    referral = hold(viewer, referral_id, version)
    advance(referral, Move.HAND_ON, queries.side_of(viewer, referral))
    there = {each.id: each for each in queries.offices_that_may_take(viewer, referral)}
    if office_id not in there:
        raise UnfitAnswerError("office")
    told = _passed(referral, there[office_id], viewer.office_id, on)
    return finish(viewer, referral, Move.HAND_ON, reason=reason, details=told)


def reopen(viewer: Viewer, referral_id: UUID, version: int, reason: str, on: date) -> Referral:
    """Open a closed referral again at the office that closed it, with a new limit to answer.

    Where that office is closed by now, at the one that serves the area. `reason`: of the list `reopen_reason`. The
    office sees the child again. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError ("reason"), NoOfficeError,
    and AlreadyOpenError where the same was asked anew meanwhile.
    """
    check_reason("reopen_reason", reason, on)
    referral = hold(viewer, referral_id, version)
    service = confidential.service_of(referral, viewer)
    office = _still_there(referral, service)
    try:
        with db.session.begin_nested():  # one open referral of a service: the database refuses the second
            advance(referral, Move.REOPEN, queries.side_of(viewer, referral))
            confidential.address(referral, office, PASSING_ON)
            referral.answer_by = add_working_days(working_calendar(), on, service.answer_days)
            referral.outcome, referral.outcome_kind, referral.recall_on = None, None, None
            referral.closed_on, referral.told_at = None, None
            set_due(referral)
            db.session.flush()
    except IntegrityError as error:
        raise AlreadyOpenError(service.code) from error
    finish(viewer, referral, Move.REOPEN, reason=reason)
    following.changed(viewer, [referral.child_id])
    return referral


def _still_there(referral: Referral, service: Service) -> Office:
    office = confidential.office_of(referral, PASSING_ON)
    if office is None or office.closed_on is not None:
        office = office_for(service.code, referral.area_code)
    if office is None:
        raise NoOfficeError(service.code)
    return office


def hand_over(viewer: Viewer, referrals: list[Referral], successor_id: UUID, on: date) -> None:
    """Pass what an office that closes still has on to its successor, with new limits.

    Whoever calls holds the referrals, and has checked that the viewer may close the office and the successor may
    answer all of them. What the closing office saw of the children ends with this act.
    """
    successor = office_by_id(successor_id)
    for referral in referrals:
        before = confidential.office_id_of(referral, PASSING_ON)
        advance(referral, Move.HAND_ON, Side.RECEIVER)
        told = _passed(referral, successor, before, on)
        finish(viewer, referral, Move.HAND_ON, reason="office_closed", details=told)


def _passed(referral: Referral, there: Office, before: UUID | None, on: date) -> JsonValue:
    """Address a referral to another office, which has answered nothing yet; return what its step tells of it."""
    address(PASSING_ON, referral, confidential.service_of(referral, PASSING_ON), there, on)
    referral.outcome, referral.outcome_kind, referral.recall_on = None, None, None
    return {"from": before.hex if before else None, "to": there.id.hex}


def check_reason(name: str, code: str, on: date) -> None:
    """Check a reason against its list. Raises UnfitAnswerError."""
    if not in_force(on).codes[name].has(code):
        raise UnfitAnswerError("reason")
