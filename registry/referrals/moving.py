"""Verbs of the moves that a referral makes after it was sent. Who may make which, and by when, the SOP says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.areas.offices import held_open, office_by_id
from registry.areas.serving import held_office_for
from registry.children import following
from registry.jobs.service import Reader
from registry.referrals import confidential, queries
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import NoOfficeError, UnfitAnswerError
from registry.referrals.service import address, limits_from
from registry.referrals.steps import advance, finish, hold
from sop.referral import Move, Side, State, handed_on, next_state
from sop.version import load

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.referrals.models import Referral
    from registry.referrals.steps import Said
    from registry.vault.codecs import JsonValue
    from sop.referral import Deadlines
    from sop.version import Service, Sop

# Who passes a referral on from office to office is shown nothing of it: only which office may take it is asked.
PASSING_ON: Final = Reader(confidential.FIELDS)
OFFICE_CLOSED: Final = "office_closed"  # of the list `hand_on_reason`


def send_again(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Send a returned referral once more, to the office that serves the area now; the limits start anew.

    Raises ForbiddenMove, StaleVersionError, NoOfficeError.
    """
    referral = hold(viewer, referral_id, version)
    side, service = queries.side_of(viewer, referral), confidential.service_of(referral, viewer)
    office = held_office_for(service.code, referral.area_code)
    if office is None:
        raise NoOfficeError(service.code)
    advance(referral, Move.SEND, side, on, limits_of(referral, service, on))
    address(viewer, referral, office, on)
    forget_answer(referral)
    return finish(viewer, referral, Move.SEND)


def accept(viewer: Viewer, referral_id: UUID, version: int, on: date) -> Referral:
    """Take a referral on. Raises ForbiddenMove, StaleVersionError."""
    referral = hold(viewer, referral_id, version)
    return take_on(viewer, referral, queries.side_of(viewer, referral), on)


def take_on(viewer: Viewer, referral: Referral, side: Side, on: date) -> Referral:
    """Let a held referral be accepted. Raises ForbiddenMove."""
    advance(referral, Move.ACCEPT, side, on)
    referral.accepted_on = on
    return finish(viewer, referral, Move.ACCEPT)


def return_(viewer: Viewer, referral_id: UUID, version: int, reason: str, note: str | None, on: date) -> Referral:
    """Give a referral back with a reason of the list `return_reason`. Raises as `answering.answer`."""
    referral = hold(viewer, referral_id, version)
    return give_back(viewer, referral, queries.side_of(viewer, referral), on, reason=reason, note=note)


def give_back(viewer: Viewer, referral: Referral, side: Side, on: date, **said: Unpack[Said]) -> Referral:
    """Let a held referral be returned for a reason of its own version's list. Raises ForbiddenMove, UnfitAnswerError.

    `said`: the reason, and what else goes with the step.
    """
    check_reason(load(referral.sop_version), "return_reason", said.get("reason") or "")
    advance(referral, Move.RETURN_, side, on)
    return finish(viewer, referral, Move.RETURN_, **said)


def withdraw(viewer: Viewer, referral_id: UUID, version: int, reason: str, on: date) -> Referral:
    """Take back what was sent, with a reason of the list `withdraw_reason`. Raises as `answering.answer`."""
    referral = hold(viewer, referral_id, version)
    check_reason(load(referral.sop_version), "withdraw_reason", reason)
    advance(referral, Move.WITHDRAW, queries.side_of(viewer, referral), on)
    referral.closed_on = on
    finish(viewer, referral, Move.WITHDRAW, reason=reason)
    following.changed(viewer, [referral.child_id])
    return referral


def hand_on(viewer: Viewer, referral_id: UUID, version: int, office_id: UUID, reason: str, on: date) -> Referral:
    """Pass a referral on to another office that may answer it, which has its own days to accept it.

    `office_id`: one of `queries.offices_that_may_take`; `reason`: of the list `hand_on_reason`. The office that passes
    it on sees the child no longer. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError ("reason", "office").
    """
    referral = hold(viewer, referral_id, version)
    side = queries.side_of(viewer, referral)
    next_state(State(referral.state), Move.HAND_ON, side)  # before anything is asked of what is not theirs to pass on
    check_reason(load(referral.sop_version), "hand_on_reason", reason)
    there = {each.id: each for each in queries.offices_that_may_take(viewer, referral)}
    if office_id not in there or not held_open([office_id]):
        raise UnfitAnswerError("office")
    return pass_to(viewer, referral, there[office_id], reason, on, side=side)


def hand_over(viewer: Viewer, referrals: list[Referral], successor_id: UUID, on: date) -> None:
    """Pass what an office that closes still has on to its successor.

    Whoever calls holds the referrals, and has checked that the viewer may close the office and the successor may
    answer all of them. What the closing office saw of the children ends with this act.
    """
    successor = office_by_id(successor_id)
    for referral in referrals:
        pass_to(viewer, referral, successor, OFFICE_CLOSED, on)


def pass_to(
    viewer: Viewer, referral: Referral, there: Office, reason: str, on: date, *, side: Side = Side.RECEIVER
) -> Referral:
    """Let a held referral go from the office that has it to another, which has answered nothing yet."""
    service, before = confidential.service_of(referral, PASSING_ON), confidential.office_id_of(referral, PASSING_ON)
    advance(referral, Move.HAND_ON, side, on, handed_on(service, on, referral.answer_by, working_calendar()))
    address(PASSING_ON, referral, there, on)
    forget_answer(referral)
    told: JsonValue = {"from": before.hex if before else None, "to": there.id.hex}
    return finish(viewer, referral, Move.HAND_ON, reason=reason, details=told)


def forget_answer(referral: Referral) -> None:
    """Let nothing stand that an office before answered: whoever has it now has answered nothing yet."""
    referral.outcome, referral.outcome_kind, referral.recall_on, referral.told_at = None, None, None, None


def limits_of(referral: Referral, service: Service, on: date) -> Deadlines:
    """Return the limits of a referral that is sent on a day, as its own version says."""
    birth = referral.child.birth_in_plain
    return limits_from(on, load(referral.sop_version), service, birth, referral.area_code)


def check_reason(sop: Sop, name: str, code: str) -> None:
    """Check a reason against a list of the version under which something was asked. Raises UnfitAnswerError."""
    if name not in sop.codes or not sop.codes[name].has(code):
        raise UnfitAnswerError("reason")
