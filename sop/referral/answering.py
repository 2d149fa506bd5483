"""What an office may answer for a child, and what an answer writes back to its file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sop import schooling
from sop.immunisation.standing import NOTHING_DUE
from sop.referral.offering import ALTERNATIVE, DAY, GRADE, ITEMS, KIND, REASON, goes_with, needs_items, offers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sop.content import Outcome, Service, Sop
    from sop.identity import BirthDate

STAGE = "stage"
SCHOOL_AGE, DOSES = "school_age", "doses"
KINDERGARTEN, SENIOR = "kindergarten", "senior"
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


def unfit(
    sop: Sop,
    service: Service,
    given: Answer,
    birth: BirthDate,
    on: date,
    area: str | None = None,
    doses: str | None = None,
) -> tuple[str, ...]:
    """Return the fields of an answer that do not fit its outcome or the child; none where all of it fits.

    Of outcome, school_age (the outcome is none for a child that is due in school or beyond), doses, reason, day,
    alternative, school_kind, grade, begins and items. What the outcome does not take is not judged, as it is not kept.
    A child of compulsory school age is refused only with what is offered instead (Compulsory Education Law 2018,
    articles 5 and 12); the month of birth is enough to know. `area`: code of where the child lives. `doses`: the state
    of the child over all courses, as its recorded doses make it: that all are given fits only where nothing is missing
    there. None where an office's paper is taken at its word.
    """
    outcome = service.find_outcome(given.outcome)
    if outcome is None:
        return ("outcome",)
    due = schooling.grade(sop, birth, on, area)
    compulsory = schooling.stage(sop, due) is not None
    asked, offered = goes_with(outcome), _codes(sop, service)
    fits = {
        SCHOOL_AGE: due < 1 or not outcome.below_school_age,
        DOSES: doses is None or given.outcome != service.when_complete or doses in NOTHING_DUE,
        REASON: REASON not in asked or given.reason in outcome.reasons,
        DAY: DAY not in asked or (given.day is not None and on <= given.day <= latest_day(sop, outcome, on)),
        ALTERNATIVE: not (ALTERNATIVE in asked and compulsory) or given.alternative in outcome.alternative,
        KIND: KIND not in asked or given.school_kind in offered[KIND],
        GRADE: GRADE not in asked or given.grade is None or str(given.grade) in offered[GRADE],
        "begins": "begins" not in asked or _may_begin(given.begins, birth, on),
        ITEMS: _compared(service, outcome, given.items or {}, offered[ITEMS]),
    }
    return tuple(field for field, fitting in fits.items() if not fitting)


def fitting(sop: Sop, service: Service, birth: BirthDate, on: date, area: str | None = None) -> tuple[Outcome, ...]:
    """Return the outcomes of a service that may be given for a child of this age; arguments as for `unfit`."""
    due = schooling.grade(sop, birth, on, area)
    return tuple(each for each in service.outcomes if due < 1 or not each.below_school_age)


def with_grade(
    sop: Sop, outcome: Outcome, given: Answer, birth: BirthDate, on: date, area: str | None = None
) -> Answer:
    """Return an answer with the grade that it leaves open: the one due by age on the first day at school.

    Of a first day that has passed, the one due now. Nothing is added where the outcome takes none, or none is due.
    """
    if GRADE not in outcome.takes or given.grade is not None:
        return given
    due = schooling.grade(sop, birth, max(on, given.begins or on), area)
    return replace(given, grade=due) if 1 <= due <= schooling.LAST_GRADE else given


def latest_day(sop: Sop, outcome: Outcome, on: date) -> date:
    """Return the last day that may go with an outcome that asks for one; what lies further off is a slip."""
    return on + timedelta(days=sop.referrals.latest_days[outcome.asks]) if outcome.asks else on


def _codes(sop: Sop, service: Service) -> dict[str, frozenset[str]]:
    return {field: frozenset(each.code for each in those) for field, those in offers(sop, service).items()}


def _may_begin(begins: date | None, birth: BirthDate, on: date) -> bool:
    """A first day at school may be past or to come; not before the birth, and not more than a year away."""
    return begins is not None and birth.earliest <= begins <= on + LATEST_BEGIN


def _compared(service: Service, outcome: Outcome, items: Mapping[str, str], results: frozenset[str]) -> bool:
    """Only what the service compares has a result; a solved answer has one for every item."""
    fits = items.keys() <= set(service.items) and all(each in results for each in items.values())
    return fits and (not needs_items(service, outcome) or len(items) == len(service.items))


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
