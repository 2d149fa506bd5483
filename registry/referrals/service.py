"""Verbs of referrals: propose, send, and every move after it. Limits and who may move are the SOP's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from registry.areas.queries import office_for
from registry.audit import service as audit
from registry.children import recording
from registry.children.facts import birth_of
from registry.children.queries import is_worked_on, present_episode, present_schooling
from registry.clock import now
from registry.database import db
from registry.referrals import queries
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, StaleVersionError, UnfitAnswerError
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.reasons import kept
from sop.identity import BirthDate
from sop.referral import Deadlines, Move, State, calendar_known, deadlines, effects, move_for, next_state, propose
from sop.version import in_force, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.children.models import Child
    from sop.version import Outcome, Reason, Service


@dataclass(frozen=True)
class Proposed:
    """A referral that may be sent: `office` is None where none serves the area yet.

    `calendar_known`: whether the limits rest on a complete calendar of working days.
    """

    service: Service
    office: Office | None
    reasons: tuple[Reason, ...]
    deadlines: Deadlines
    calendar_known: bool


@dataclass(frozen=True)
class Answer:
    """What an office answers: a code of the service's outcomes, and what the outcome asks for.

    `day` is the day of recall, appointment or next dose; `school` the school's name; both and the note
    are left out where there are none.
    """

    outcome: str
    reason: str | None = None
    day: date | None = None
    school: str | None = None
    note: str | None = None


def proposals(birth: BirthDate, school: str, certificate: str, area_code: str, on: date) -> tuple[Proposed, ...]:
    """Return what the answers of a family call for, with office and limits, were it sent on this day.

    `school` and `certificate` are codes of the lists of those names; `area_code` the 12-digit community.
    """
    sop = in_force(on)
    found = propose(sop, birth, school, certificate, on, area=area_code)
    return tuple(_proposed(sop.services[each.service], each.reasons, area_code, on) for each in found)


def proposals_for(viewer: Viewer, child: Child, on: date) -> tuple[Proposed, ...]:
    """Return what the answers on file call for, without the services that are asked already.

    `child` as `children.queries.file_of` returns it. Of a child who left, grew up or died nothing is asked any more.
    """
    if not is_worked_on(child):
        return ()
    spell, place = present_schooling(child), present_episode(child).area_code
    school = spell.stage if spell else "unknown"
    asked = queries.open_services(child.id)
    found = proposals(birth_of(child, viewer), school, child.certificate, place, on)
    return tuple(each for each in found if each.service.code not in asked)


def _proposed(service: Service, reasons: tuple[Reason, ...], area_code: str, on: date) -> Proposed:
    calendar = working_calendar()
    limits = deadlines(service, on, calendar)
    known = calendar_known(calendar, limits.answer_by)
    return Proposed(service, office_for(service.code, area_code), reasons, limits, known)


def send(
    viewer: Viewer, child_id: UUID, service_code: str, reasons: Iterable[Reason], area_code: str, on: date
) -> Referral:
    """Send a child to the office that serves the area. Raises NoOfficeError, AlreadyOpenError."""
    sop = in_force(on)
    referral = Referral(
        child_id=child_id,
        service=service_code,
        from_office_id=viewer.office_id,
        area_code=area_code,
        state=State.DRAFT.value,
        reasons=kept(reasons),
        sop_version=sop.version,
        version=1,
    )
    _address(referral, sop.services[service_code], on)
    try:
        with db.session.begin_nested():
            db.session.add(referral)
    except IntegrityError as error:
        if not queries.has_open(child_id, service_code):
            raise
        raise AlreadyOpenError(service_code) from error
    _step(viewer, referral, Move.SEND)
    audit.record(
        "referral_sent",
        viewer=viewer,
        children=[child_id],
        referral=referral.id,
        service=service_code,
        office=referral.office_id,
    )
    return referral


def send_chosen(
    viewer: Viewer, child: Child, chosen: Iterable[Proposed], on: date
) -> list[AlreadyOpenError | NoOfficeError]:
    """Send these of the proposals for a child; return what kept any of them from being sent."""
    place, unsent = present_episode(child).area_code, list[AlreadyOpenError | NoOfficeError]()
    for each in chosen:
        try:
            send(viewer, child.id, each.service.code, each.reasons, place, on)
        except (AlreadyOpenError, NoOfficeError) as error:
            unsent.append(error)
    return unsent


def send_again(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Send a returned referral once more, to the office that serves the area now; the limits start anew.

    Raises ForbiddenMove, StaleVersionError, NoOfficeError.
    """
    referral = _held(viewer, referral_id, version)
    _advance(viewer, referral, Move.SEND)
    _address(referral, load(referral.sop_version).services[referral.service], on)
    return _finish(viewer, referral, Move.SEND)


def accept(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Take a referral on. Raises ForbiddenMove, StaleVersionError."""
    referral = _held(viewer, referral_id, version)
    _advance(viewer, referral, Move.ACCEPT)
    referral.accepted_on = on
    return _finish(viewer, referral, Move.ACCEPT)


def return_(viewer: Viewer, referral_id: UUID, version: int, reason: str, note: str | None, on: date) -> Referral:
    """Give a referral back with a reason of the list `return_reason`. Raises as `answer`."""
    _check_reason(in_force(on).codes["return_reason"].has(reason))
    referral = _held(viewer, referral_id, version)
    _advance(viewer, referral, Move.RETURN_)
    return _finish(viewer, referral, Move.RETURN_, reason=reason, note=note)


def withdraw(viewer: Viewer, referral_id: UUID, version: int, reason: str, on: date) -> Referral:
    """Take back what was sent, with a reason of the list `withdraw_reason`. Raises as `answer`."""
    _check_reason(in_force(on).codes["withdraw_reason"].has(reason))
    referral = _held(viewer, referral_id, version)
    _advance(viewer, referral, Move.WITHDRAW)
    referral.closed_on = on
    return _finish(viewer, referral, Move.WITHDRAW, reason=reason)


def answer(viewer: Viewer, referral_id: UUID, version: int, given: Answer, on: date) -> Referral:
    """Answer a referral. A solved or unsolved outcome closes it; an interim one is kept and stops no clock.

    What the outcome writes back (schooling, vaccination certificate) is recorded in the child's file in
    the same act. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError.
    """
    referral = _held(viewer, referral_id, version)
    outcome = fit(load(referral.sop_version).services[referral.service], given, on)
    move = move_for(outcome)
    _advance(viewer, referral, move)
    referral.outcome, referral.outcome_kind = outcome.code, outcome.kind
    referral.recall_on = given.day if outcome.asks else None
    referral.closed_on = on if move is Move.CLOSE else None
    referral.told_at = None  # a new answer is news again
    _write_back(viewer, referral, outcome, given.school, on)
    reason = given.reason if outcome.reasons else None
    return _finish(viewer, referral, move, outcome=outcome.code, reason=reason, note=given.note)


def _address(referral: Referral, service: Service, on: date) -> None:
    """Name the office that serves the area now, and set the limits from this day on."""
    office = office_for(service.code, referral.area_code)
    if office is None:
        raise NoOfficeError(service.code)
    limits = deadlines(service, on, working_calendar())
    referral.office_id = office.id
    referral.state = State.SENT.value
    referral.sent_on, referral.accept_by, referral.answer_by = on, limits.accept_by, limits.answer_by
    referral.accepted_on = None


def _held(viewer: Viewer, referral_id: UUID, version: int) -> Referral:
    """Hold the referral until the end of the transaction, if it is still as the viewer saw it."""
    referral = queries.held(viewer, referral_id)
    if referral.version != version:
        raise StaleVersionError
    return referral


def _advance(viewer: Viewer, referral: Referral, move: Move) -> None:
    following = next_state(State(referral.state), move, queries.side_of(viewer, referral))
    referral.state = following.value
    referral.version += 1


def _finish(
    viewer: Viewer,
    referral: Referral,
    move: Move,
    *,
    outcome: str | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Referral:
    _step(viewer, referral, move, outcome=outcome, reason=reason, note=note)
    audit.record(
        "referral_moved",
        viewer=viewer,
        children=[referral.child_id],
        referral=referral.id,
        move=move.value,
        state=referral.state,
        outcome=referral.outcome_kind if outcome else None,
    )
    return referral


def _step(viewer: Viewer, referral: Referral, move: Move, **said: str | None) -> None:
    db.session.add(
        ReferralStep(
            referral_id=referral.id,
            child_id=referral.child_id,
            at=now(),
            user_id=viewer.user_id,
            move=move.value,
            state=referral.state,
            **said,
        )
    )
    db.session.flush()


def fit(service: Service, given: Answer, on: date) -> Outcome:
    """Return the outcome when the service has it and everything that it asks for was given.

    Raises UnfitAnswerError naming the first of outcome, reason and day that does not fit.
    """
    outcome = next((each for each in service.outcomes if each.code == given.outcome), None)
    if outcome is None:
        raise UnfitAnswerError("outcome")
    if outcome.reasons:
        _check_reason(given.reason in outcome.reasons)
    if outcome.asks and (given.day is None or given.day < on):
        raise UnfitAnswerError("day")
    return outcome


def _check_reason(fits: bool) -> None:
    if not fits:
        raise UnfitAnswerError("reason")


def _write_back(viewer: Viewer, referral: Referral, outcome: Outcome, school: str | None, on: date) -> None:
    """Record in the child's file what the answer says. The month of birth is enough to know the stage."""
    child = referral.child
    birth = BirthDate(child.birth_year, child.birth_month)
    written = effects(load(referral.sop_version), outcome, birth, on, referral.area_code)
    if stage := written.get("school"):
        recording.record_schooling(viewer, referral.child_id, stage, written.get("schooling_kind"), school, on)
    if certificate := written.get("certificate"):
        recording.record_certificate(viewer, referral.child_id, certificate)
