"""What an office may answer for a child, and what an answer writes back to its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sop import schooling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sop.content import CodeList, Outcome, Service, Sop
    from sop.identity import BirthDate

STAGE, KIND, GRADE = "stage", "school_kind", "grade"
KINDERGARTEN, SENIOR = "kindergarten", "senior"
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


def unfit(sop: Sop, service: Service, given: Answer, birth: BirthDate, on: date, area: str | None = None) -> str | None:
    """Return the first field of an answer that does not fit its outcome or the child; None where all of it does.

    The first of outcome, reason, day, alternative, school_kind, grade, begins and items. What the outcome does not take
    is not judged, as it is not kept. A child of compulsory school age is refused only with what is offered instead
    (Compulsory Education Law 2018, articles 5 and 12); the month of birth is enough to know. `area`: code of where the
    child lives.
    """
    outcome = service.find_outcome(given.outcome)
    if outcome is None:
        return "outcome"
    compulsory = schooling.stage(sop, schooling.grade(sop, birth, on, area)) is not None
    fits = {
        "reason": not outcome.reasons or given.reason in outcome.reasons,
        "day": not outcome.asks or (given.day is not None and given.day >= on),
        "alternative": not (outcome.alternative and compulsory) or given.alternative in outcome.alternative,
        KIND: KIND not in outcome.takes or _in(sop.codes["schooling_kind"], given.school_kind),
        GRADE: GRADE not in outcome.takes or given.grade is None or 0 <= given.grade <= LAST_GRADE,
        "begins": "begins" not in outcome.takes or _may_begin(given.begins, birth, on),
        "items": _compared(service, outcome, given.items or {}, sop.codes["item_result"]),
    }
    return next((field for field, fitting in fits.items() if not fitting), None)


def _in(codes: CodeList, value: str | None) -> bool:
    return value is None or codes.has(value)


def _may_begin(begins: date | None, birth: BirthDate, on: date) -> bool:
    """A first day at school may be past or to come; not before the birth, and not more than a year away."""
    return begins is None or birth.earliest <= begins <= on + LATEST_BEGIN


def _compared(service: Service, outcome: Outcome, items: Mapping[str, str], results: CodeList) -> bool:
    """Only what the service compares has a result; a solved answer has one for every item."""
    fits = items.keys() <= set(service.items) and all(results.has(each) for each in items.values())
    return fits and (outcome.kind != "solved" or len(items) == len(service.items))


def effects(
    sop: Sop,
    outcome: Outcome,
    birth: BirthDate,
    on: date,
    area: str | None = None,
    school_kind: str | None = None,
    grade: int | None = None,
) -> dict[str, str]:
    """Return what an answer writes back to the child's file: school, schooling_kind, certificate.

    `school_kind` (code of `schooling_kind`) and `grade` (1 to 12; 0 kindergarten) as given with the answer, where it
    takes them. Where it says only that the child goes to school, the school is the one of the grade given, else of the
    grade due; the answer "school" is left out for a child outside the compulsory grades of whom no grade was given.
    """
    told = grade if GRADE in outcome.takes else None
    stage = schooling.stage(sop, schooling.grade(sop, birth, on, area)) if told is None else _stage_of(sop, told)
    resolved = {key: stage if value == STAGE else value for key, value in outcome.writes.items()}
    if school_kind is not None and KIND in outcome.takes:
        resolved["schooling_kind"] = school_kind
    return {key: value for key, value in resolved.items() if value is not None}


def _stage_of(sop: Sop, grade: int) -> str:
    if grade < 1:
        return KINDERGARTEN
    return schooling.stage(sop, grade) or SENIOR
