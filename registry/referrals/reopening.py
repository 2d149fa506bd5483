"""Opening again what was closed: where that may be, what becomes of it, and what of its answer is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from registry.areas.offices import held_open
from registry.areas.serving import held_office_for
from registry.children import following
from registry.children.queries import is_registered_in, kept_by_id
from registry.database import db
from registry.referrals import confidential, queries
from registry.referrals.answers.taking_back import take_back
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, NotAgreedError, NotReopenedError
from registry.referrals.moving import OFFICE_CLOSED, PASSING_ON, check_reason, forget_answer, limits_of, pass_to
from registry.referrals.steps import advance, finish, hold
from sop.referral import ASKED, TAKES_BACK, Move, State, next_state, reopening_hindered
from sop.version import Reason, load

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.referrals.models import Referral
    from sop.referral import Hindrance
    from sop.version import Service


def hindrance(viewer: Viewer, referral: Referral, on: date) -> Hindrance | None:
    """Return what keeps a closed referral closed for the viewer's side on a day, None where nothing does."""
    sop, service = load(referral.sop_version), confidential.service_of(referral, viewer)
    is_here = is_registered_in(referral.child_id, referral.area_code)
    side = queries.side_of(viewer, referral)
    return reopening_hindered(sop, service, side, referral.closed_on, on, is_here=is_here)


def reopen(viewer: Viewer, referral_id: UUID, version: int, reason: str, on: date, *, agreed: bool = False) -> Referral:
    """Open a closed referral again at the office that closed it, with a new limit to answer.

    Where that office is closed by now, the one that serves the area has it to accept. `reason`: of the list
    `reopen_reason`; `agreed`: the guardian agreed anew, where the service asks for it. The office sees the child again.
    From now on somebody asked for it, so that no rule proposes to take it back; and what an answer that was none had
    written into the file is told anew as it was before. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError
    ("reason"), NotReopenedError, NotAgreedError, NoOfficeError, and AlreadyOpenError where the same was asked anew
    meanwhile, for any file of the child; nothing is changed then.
    """
    referral = hold(viewer, referral_id, version)
    side, service = queries.side_of(viewer, referral), confidential.service_of(referral, viewer)
    next_state(State(referral.state), Move.REOPEN, side)
    check_reason(load(referral.sop_version), "reopen_reason", reason)
    if why := hindrance(viewer, referral, on):
        raise NotReopenedError(why)
    if service.needs_agreement and not agreed:
        raise NotAgreedError(service.code)
    _check_not_asked(viewer, referral, service)
    closed_by, office = confidential.office_of(referral, PASSING_ON), _still_there(referral, service)
    try:
        with db.session.begin_nested():  # one open referral of a service: the database refuses the second
            _ask_anew(referral, service, closed_by or office, on)
            advance(referral, Move.REOPEN, side, on, limits_of(referral, service, on))
            forget_answer(referral)
            referral.closed_on = None
            db.session.flush()
    except IntegrityError as error:
        raise AlreadyOpenError(service.code) from error
    finish(viewer, referral, Move.REOPEN, reason=reason)
    if closed_by is None or office.id != closed_by.id:
        pass_to(viewer, referral, office, OFFICE_CLOSED, on)
    if reason in TAKES_BACK:
        take_back(viewer, referral, on)
    following.changed(viewer, [referral.child_id])
    return referral


def _check_not_asked(viewer: Viewer, referral: Referral, service: Service) -> None:
    """The database knows of one file; what was asked for another file of the same child is found here."""
    kept = kept_by_id([referral.child_id])[referral.child_id]
    if service.code in queries.open_services(viewer, kept.id):
        raise AlreadyOpenError(service.code)


def _still_there(referral: Referral, service: Service) -> Office:
    office = confidential.office_of(referral, PASSING_ON)
    if office is None or not held_open([office.id]):
        office = held_office_for(service.code, referral.area_code)
    if office is None:
        raise NoOfficeError(service.code)
    return office


def _ask_anew(referral: Referral, service: Service, office: Office, on: date) -> None:
    """Let somebody have asked for it: what rules alone had proposed they would propose to take back."""
    reasons = confidential.reasons_of(referral, PASSING_ON)
    if all(reason.key != ASKED for reason in reasons):
        reasons = (*reasons, Reason(ASKED, {}))
    agreed_on, offered = on if service.needs_agreement else None, confidential.was_offered(referral, PASSING_ON)
    confidential.write(referral, service, reasons, agreed_on=agreed_on, offered=offered)
    confidential.address(referral, office, PASSING_ON)
