"""Verbs of answers: what an office answers itself, and what it wrote on the slip that came back on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.access import outside_scope
from registry.children import following, recording
from registry.referrals import confidential, queries
from registry.referrals.answers.came_back import ANSWERED_ON, is_possible
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.models import OFFICE, SLIP
from registry.referrals.moving import give_back
from registry.referrals.proposals.knowing import immunised
from registry.referrals.steps import advance, finish, hold
from sop.immunisation.standing import NOTHING_DUE
from sop.referral import DAY, Move, Side, effects, kept_beside, latest_day, move_for, unfit, with_grade
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.answers.came_back import Slip
    from registry.referrals.models import Referral
    from registry.referrals.steps import Said
    from sop.referral import Answer
    from sop.version import Outcome, Service


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
    return _answered(viewer, referral, given, on, queries.side_of(viewer, referral))


def answer_by_slip(viewer: Viewer, referral_id: UUID, version: int, given: Answer, slip: Slip, on: date) -> Referral:
    """Enter what the office wrote on the slip that came back on paper; otherwise as `answer`.

    For the registrar whose office sent it, who keeps the paper. The office answered on the day of the slip, which
    is what its limits and figures count; the file learns of it today. Raises UnfitAnswerError ("answered_on") too.
    """
    referral = hold(viewer, referral_id, version)
    _check_slip(viewer, referral, slip, on)
    return _answered(viewer, referral, given, on, Side.SLIP, slip)


def return_by_slip(
    viewer: Viewer, referral_id: UUID, version: int, reason: str, note: str | None, slip: Slip, on: date
) -> Referral:
    """Enter that the office gave it back on the slip, with a reason of the list `return_reason`. Raises as `answer`."""
    referral = hold(viewer, referral_id, version)
    _check_slip(viewer, referral, slip, on)
    said: Said = {"reason": reason, "note": note, "source": SLIP, "details": slip.told()}
    return give_back(viewer, referral, Side.SLIP, on, **said)


def _check_slip(viewer: Viewer, referral: Referral, slip: Slip, on: date) -> None:
    """A slip comes back to the office that sent it; for everybody else it is as if absent."""
    if queries.side_of(viewer, referral) is not Side.SENDER:
        outside_scope()
    if not is_possible(referral, slip.answered_on, on):
        raise UnfitAnswerError(ANSWERED_ON)


def _answered(
    viewer: Viewer, referral: Referral, given: Answer, on: date, side: Side, slip: Slip | None = None
) -> Referral:
    day = slip.answered_on if slip else on
    doses = None if side is Side.SLIP else doses_behind([referral])
    outcome = fit(confidential.service_of(referral, viewer), given, referral, day, doses)
    answered = settle(viewer, referral, outcome, given, on, side, slip)
    write_back(viewer, [answered], on)
    return referral


def settle(
    viewer: Viewer, referral: Referral, outcome: Outcome, given: Answer, on: date, side: Side, slip: Slip | None = None
) -> Answered:
    """Let a held referral be answered with what fits it: its columns, step and audit event; the file is not written.

    `slip`: where the answer came back on paper; it counts from the day on it. Raises ForbiddenMove.
    """
    move, day = move_for(outcome), slip.answered_on if slip else on
    advance(referral, move, side, on)
    referral.accepted_on = referral.accepted_on or day
    referral.outcome, referral.outcome_kind = outcome.code, outcome.kind
    referral.recall_on = given.day if outcome.asks else None
    referral.closed_on = day if move is Move.CLOSE else None
    referral.told_at = None  # a new answer is news again
    answered = Answered(referral, outcome, as_given(referral, outcome, given, day))
    said = told(outcome, answered.given)
    said["source"] = SLIP if slip else OFFICE
    if slip:
        said["details"] = kept_beside(outcome, answered.given) | slip.told()
    finish(viewer, referral, move, **said)
    return answered


def told(outcome: Outcome, given: Answer) -> Said:
    """Return what an answer leaves in its step."""
    return {
        "outcome": outcome.code,
        "reason": given.reason if outcome.reasons else None,
        "note": given.note,
        "details": kept_beside(outcome, given) or None,
    }


def fit(
    service: Service, given: Answer, referral: Referral, on: date, doses: Mapping[UUID, str] | None = None
) -> Outcome:
    """Return the outcome that an answer gives. Raises UnfitAnswerError naming the fields that do not fit.

    What fits, `sop.referral.unfit` says; its rules are of the version under which the referral was sent. `doses`: as
    `doses_behind` returns them; None where an office's paper is taken at its word.
    """
    sop = load(referral.sop_version)
    state = None if doses is None else doses.get(referral.child_id)
    if fields := unfit(sop, service, given, referral.child.birth_in_plain, on, referral.area_code, state):
        until = latest_day(sop, service.outcome(given.outcome), on) if DAY in fields else None
        raise UnfitAnswerError(fields[0], until, fields[1:])
    return service.outcome(given.outcome)


def doses_behind(referrals: Iterable[Referral]) -> dict[UUID, str]:
    """Return by child how it stands with its doses, of those of whom an office may answer that all are given.

    Two statements, or none where no service asks for doses.
    """
    asked = {each.child_id for each in referrals if _says_complete(each) is not None}
    return immunised(asked) if asked else {}


def _says_complete(referral: Referral) -> str | None:
    """Return the outcome by which all doses are given, as the referral's version has it."""
    service = load(referral.sop_version).services.get(referral.service)
    return service.when_complete if service else None


def as_given(referral: Referral, outcome: Outcome, given: Answer, on: date) -> Answer:
    """Return an answer as it is kept: with the grade due by age where it names none."""
    return with_grade(load(referral.sop_version), outcome, given, referral.child.birth_in_plain, on, referral.area_code)


def write_back(viewer: Viewer, answered: Iterable[Answered], on: date) -> None:
    """Record in the children's files what answers say. The month of birth is enough to know the stage.

    Whoever calls has moved the referrals: what is proposed for a child follows as soon as one of its is closed. That
    all doses are given shows a certificate only where they are recorded: a slip of paper may say so before they are.
    """
    answered = list(answered)
    doses = doses_behind(each.referral for each in answered)
    ended: set[UUID] = set()
    schools: dict[UUID, recording.AtSchool] = {}
    grades: dict[UUID, tuple[str, date]] = {}
    certified: dict[str, set[UUID]] = {}
    for referral, outcome, given in answered:
        if move_for(outcome) is Move.CLOSE:
            ended.add(referral.child_id)
        sop = load(referral.sop_version)
        told = given.school_kind, given.grade
        written = effects(sop, outcome, referral.child.birth_in_plain, on, referral.area_code, *told)
        if stage := written.get("school"):
            begins = given.begins if "begins" in outcome.takes else None
            school = given.school if "school" in outcome.takes else None
            kind = written.get("schooling_kind")
            schools[referral.child_id] = recording.AtSchool(stage, kind, school, begins)
            if "grade" in outcome.takes and (words := sop.wording.get(f"grade_{given.grade}")):
                grades[referral.child_id] = words.zh, max(on, begins or on)
        unproven = outcome.code == _says_complete(referral) and doses.get(referral.child_id) not in NOTHING_DUE
        if (certificate := written.get("certificate")) and not unproven:
            certified.setdefault(certificate, set()).add(referral.child_id)
    if schools:
        recording.record_schoolings(viewer, schools, on, told_by=OFFICE)
    if grades:
        recording.record_grades(viewer, grades, OFFICE)
    for certificate, files in certified.items():
        recording.record_certificates(viewer, files, certificate, reason=OFFICE)
    following.changed(viewer, ended)
