"""What an answer writes back to the child's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop import schooling

if TYPE_CHECKING:
    from datetime import date

    from sop.content import Outcome, Sop
    from sop.identity import BirthDate

STAGE, KIND, GRADE = "stage", "school_kind", "grade"
KINDERGARTEN, SENIOR = "kindergarten", "senior"


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
