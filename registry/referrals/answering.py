"""Verbs of answers: what an office answers itself, and what it wrote on the slip that came back on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.access import outside_scope
from registry.children import following, recording
from registry.referrals import confidential, queries
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.moving import check_reason
from registry.referrals.steps import advance, finish, hold
from sop import schooling
from sop.identity import BirthDate
from sop.referral import Move, Side, effects, move_for
from sop.version import in_force, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.vault.codecs import JsonValue
    from sop.content import CodeList
    from sop.version import Outcome, Service

OFFICE, SLIP = "office", "slip"  # of the list `answer_source`; what is answered, an office has told either way
LAST_GRADE: Final = 12
LATEST_BEGIN: Final = timedelta(days=366)  # a place is given for the next school year at the latest


@dataclass(frozen=True)
class Answer:
    """What an office answers: a code of the service's outcomes, and what the outcome asks for or takes.

    `day` is the day of recall, appointment or next dose; `school` the school's name, `school_kind` a code of
    `schooling_kind`, `grade` 0 (kindergarten) to 12, `begins` the first day there; `alternative` a code of the list of
    that name; `items`: result of each item that was compared, by its code. Left out where there are none.
    """

    outcome: str
    reason: str | None = None
    day: date | None = None
    school: str | None = None
    note: str | None = None
    school_kind: str | None = None
    grade: int | None = None
    begins: date | None = None
    alternative: str | None = None
    items: Mapping[str, str] | None = None


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
    move = move_for(outcome)
    advance(referral, move, side)
    referral.accepted_on = referral.accepted_on or on
    settle(referral, outcome, given, on)
    write_back(viewer, [Answered(referral, outcome, given)], on)
    return finish(
        viewer,
        referral,
        move,
        outcome=outcome.code,
        reason=given.reason if outcome.reasons else None,
        note=given.note,
        details=details_of(outcome, given),
        source=source,
    )


def settle(referral: Referral, outcome: Outcome, given: Answer, on: date) -> None:
    """Write into the referral what an outcome makes of it."""
    referral.outcome, referral.outcome_kind = outcome.code, outcome.kind
    referral.recall_on = given.day if outcome.asks else None
    referral.closed_on = on if move_for(outcome) is Move.CLOSE else None
    referral.told_at = None  # a new answer is news again


def fit(service: Service, given: Answer, referral: Referral, on: date) -> Outcome:
    """Return the outcome when the service has it and everything that it asks for was given.

    What it does not take is not kept, and not judged. Raises UnfitAnswerError naming the first of outcome, reason, day,
    alternative, school_kind, grade, begins and items that does not fit.
    """
    outcome = next((each for each in service.outcomes if each.code == given.outcome), None)
    if outcome is None:
        raise UnfitAnswerError("outcome")
    sop = load(referral.sop_version)
    wrong = {
        "reason": bool(outcome.reasons) and given.reason not in outcome.reasons,
        "day": bool(outcome.asks) and (given.day is None or given.day < on),
        "alternative": needs_alternative(outcome, referral, on) and given.alternative not in outcome.alternative,
        "school_kind": "school_kind" in outcome.takes and not _in(sop.codes["schooling_kind"], given.school_kind),
        "grade": "grade" in outcome.takes and given.grade is not None and not 0 <= given.grade <= LAST_GRADE,
        "begins": "begins" in outcome.takes and not _may_begin(given.begins, referral, on),
        "items": not _compared(service, outcome, given.items or {}, sop.codes["item_result"]),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise UnfitAnswerError(field)
    return outcome


def needs_alternative(outcome: Outcome, referral: Referral, on: date) -> bool:
    """Say whether an answer must name what is offered instead: a child of compulsory age is refused."""
    return bool(outcome.alternative) and is_of_compulsory_age(referral, on)


def is_of_compulsory_age(referral: Referral, on: date) -> bool:
    """Say whether the child should be in grade 1 to 9 by the rules of the area; the month of birth is enough."""
    sop = in_force(on)
    return 1 <= schooling.grade(sop, _birth(referral), on, referral.area_code) <= sop.schooling.compulsory_grades


def _in(codes: CodeList, value: str | None) -> bool:
    return value is None or codes.has(value)


def _may_begin(begins: date | None, referral: Referral, on: date) -> bool:
    """A first day at school may be past or to come; not before the birth, and not more than a year away."""
    return begins is None or _birth(referral).earliest <= begins <= on + LATEST_BEGIN


def _compared(service: Service, outcome: Outcome, items: Mapping[str, str], results: CodeList) -> bool:
    """Only what the service compares has a result; a solved answer has one for every item."""
    fits = items.keys() <= set(service.items) and all(results.has(each) for each in items.values())
    return fits and (outcome.kind != "solved" or len(items) == len(service.items))


def details_of(outcome: Outcome, given: Answer) -> JsonValue:
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
        written = effects(sop, outcome, _birth(referral), on, referral.area_code, *told)
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


def _birth(referral: Referral) -> BirthDate:
    return BirthDate(referral.child.birth_year, referral.child.birth_month)
