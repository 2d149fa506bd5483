"""Verbs of answers: what an office answers itself, and what it wrote on the slip that came back on paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from registry.access import outside_scope
from registry.children import following, recording
from registry.referrals import confidential, queries
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.moving import check_reason
from registry.referrals.steps import advance, finish, hold
from sop.identity import BirthDate
from sop.referral import Move, Side, effects, move_for, unfit
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.vault.codecs import JsonValue
    from sop.referral import Answer
    from sop.version import Outcome, Service

OFFICE, SLIP = "office", "slip"  # of the list `answer_source`; what is answered, an office has told either way


class Answered(NamedTuple):
    """A referral with the outcome that it was answered with, and all that was said."""

    referral: Referral
    outcome: Outcome
    given: Answer


def answer(viewer: Viewer, referral_id: UUID, version: int, given: Answer, on: date) -> Referral:
    """Answer a referral. A solved or unsolved outcome closes it; an interim one is kept and stops no clock.

    What the outcome writes back (schooling, vaccination certificate) is recorded in the child's file in
    the same act. Raises ForbiddenMove, StaleVersionError, UnfitAnswerError.
    """
    referral = hold(viewer, referral_id, version)
    return _answered(viewer, referral, given, on, queries.side_of(viewer, referral), OFFICE)


def answer_by_slip(viewer: Viewer, referral_id: UUID, version: int, given: Answer, on: date) -> Referral:
    """Enter what the office wrote on the slip that came back on paper; otherwise as `answer`.

    For the registrar whose office sent it, who keeps the paper.
    """
    referral = hold(viewer, referral_id, version)
    _check_sender(viewer, referral)
    return _answered(viewer, referral, given, on, Side.SLIP, SLIP)


def return_by_slip(
    viewer: Viewer, referral_id: UUID, version: int, reason: str, note: str | None, on: date
) -> Referral:
    """Enter that the office gave it back on the slip, with a reason of the list `return_reason`. Raises as `answer`."""
    check_reason("return_reason", reason, on)
    referral = hold(viewer, referral_id, version)
    _check_sender(viewer, referral)
    advance(referral, Move.RETURN_, Side.SLIP)
    return finish(viewer, referral, Move.RETURN_, reason=reason, note=note, source=SLIP)


def _check_sender(viewer: Viewer, referral: Referral) -> None:
    """A slip comes back to the office that sent it; for everybody else it is as if absent."""
    if queries.side_of(viewer, referral) is not Side.SENDER:
        outside_scope()


def _answered(viewer: Viewer, referral: Referral, given: Answer, on: date, side: Side, source: str) -> Referral:
    outcome = fit(confidential.service_of(referral, viewer), given, referral, on)
    advance(referral, move_for(outcome), side)
    referral.accepted_on = referral.accepted_on or on
    answered = settle(referral, outcome, given, on)
    write_back(viewer, [answered], on)
    return finish_answered(viewer, answered, source)


def settle(referral: Referral, outcome: Outcome, given: Answer, on: date) -> Answered:
    """Write into the referral what an outcome makes of it."""
    referral.outcome, referral.outcome_kind = outcome.code, outcome.kind
    referral.recall_on = given.day if outcome.asks else None
    referral.closed_on = on if move_for(outcome) is Move.CLOSE else None
    referral.told_at = None  # a new answer is news again
    return Answered(referral, outcome, given)


def finish_answered(viewer: Viewer, answered: Answered, source: str = OFFICE) -> Referral:
    """Keep an answer as a step with all that was said, and record it; `source`: code of `answer_source`."""
    referral, outcome, given = answered
    return finish(
        viewer,
        referral,
        move_for(outcome),
        outcome=outcome.code,
        reason=given.reason if outcome.reasons else None,
        note=given.note,
        details=_details(outcome, given),
        source=source,
    )


def fit(service: Service, given: Answer, referral: Referral, on: date) -> Outcome:
    """Return the outcome that an answer gives. Raises UnfitAnswerError naming the field that does not fit.

    What fits, `sop.referral.unfit` says; its rules are of the version under which the referral was sent.
    """
    sop = load(referral.sop_version)
    if field := unfit(sop, service, given, _birth_of(referral), on, referral.area_code):
        raise UnfitAnswerError(field)
    return service.outcome(given.outcome)


def _details(outcome: Outcome, given: Answer) -> JsonValue:
    """Return what an answer says beside outcome, reason, day and note, for the step; None for nothing.

    The keys are those of `Answer`; a day is written as in 2026-11-22.
    """
    told = {name: getattr(given, name) for name in (*outcome.takes, *(("alternative",) if outcome.alternative else ()))}
    told["items"] = dict(given.items or {})
    kept = {name: value for name, value in told.items() if value or value == 0}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()} or None


def write_back(viewer: Viewer, answered: Iterable[Answered], on: date) -> None:
    """Record in the children's files what answers say. The month of birth is enough to know the stage.

    Whoever calls has moved the referrals: what is proposed for a child follows as soon as one of its is closed.
    """
    ended: set[UUID] = set()
    schools: dict[UUID, recording.AtSchool] = {}
    grades: list[tuple[UUID, str, date]] = []
    certified: dict[str, set[UUID]] = {}
    for referral, outcome, given in answered:
        if move_for(outcome) is Move.CLOSE:
            ended.add(referral.child_id)
        sop = load(referral.sop_version)
        told = given.school_kind, given.grade
        written = effects(sop, outcome, _birth_of(referral), on, referral.area_code, *told)
        if stage := written.get("school"):
            begins = given.begins if "begins" in outcome.takes else None
            school = given.school if "school" in outcome.takes else None
            kind = written.get("schooling_kind")
            schools[referral.child_id] = recording.AtSchool(stage, kind, school, begins)
            if "grade" in outcome.takes and (words := sop.wording.get(f"grade_{given.grade}")):
                grades.append((referral.child_id, words.zh, max(on, begins or on)))
        if certificate := written.get("certificate"):
            certified.setdefault(certificate, set()).add(referral.child_id)
    if schools:
        recording.record_schoolings(viewer, schools, on, told_by=OFFICE)
    for child_id, grade, holds_from in grades:
        recording.record_grade(viewer, child_id, grade, holds_from, OFFICE)
    for certificate, files in certified.items():
        recording.record_certificates(viewer, files, certificate, reason=OFFICE)
    following.changed(viewer, ended)


def _birth_of(referral: Referral) -> BirthDate:
    return BirthDate(referral.child.birth_year, referral.child.birth_month)
