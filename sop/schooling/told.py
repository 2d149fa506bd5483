"""What lists and files tell of a child's schooling, read into codes: stage, grade, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sop.ledger.cells import folded

if TYPE_CHECKING:
    from sop.content import Sop

UNTOLD: Final = frozenset({"", "unknown", "refused"})
WITH_GRADES: Final = frozenset({"primary", "junior", "senior"})
ATTENDING: Final = "attending"  # in a school, not said in which (words of ledgers)


class ToldError(ValueError):
    """A cell says nothing that is known; `column`: stage, grade or status."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


class Told(NamedTuple):
    """Stage (code of the list `school`), grade 1 to 12 or None, status (code of `schooling_status`)."""

    stage: str
    grade: int | None
    status: str


def read_told(sop: Sop, stage: str, grade: str, status: str) -> Told:
    """Read three cells: codes, or words as lists have them (domain 1.4).

    Some lists know one column for stage and status together, so either may hold a word of the other: 辍学 beside 小学;
    and 三年级 tells the stage with the grade. Empty is unknown; what a kindergarten calls its classes (大班) is passed
    over. Raises ToldError.
    """
    in_stage, of_stage = _stage(sop, stage)
    in_status, of_status = _status(sop, status)
    stage_told = in_stage if in_stage not in UNTOLD or in_status in UNTOLD else in_status
    by_stage = sop.schooling.grades.get(folded(stage)) if in_stage in WITH_GRADES else None
    return Told(
        stage=stage_told,
        grade=None if stage_told == "kindergarten" else _grade(sop, grade) or by_stage,
        status=of_status if of_status not in UNTOLD else of_stage or "unknown",
    )


def _stage(sop: Sop, text: str) -> tuple[str, str]:
    """Return the stage that a cell of the column stage tells, and the status, empty where it tells none."""
    words, status = sop.ledgers, sop.schooling.statuses.get(folded(text))
    stage = words.code("school", text) or (words.part("school", text) if status is None else None)
    if folded(text) and stage is None and status is None:
        raise ToldError("stage")
    if stage == "none" and status in {None, "not_in_school"}:
        return "none", ""  # nothing is said of a school that the child has left
    if stage in {None, ATTENDING, "none"}:  # 休学 may be from any stage
        return "unknown", status or ("in_school" if stage == ATTENDING else "")
    return stage or "unknown", ""


def _status(sop: Sop, text: str) -> tuple[str, str]:
    """Return the stage that a cell of the column status tells, and the status, empty where it tells none."""
    status = sop.schooling.statuses.get(folded(text))
    if status is not None:
        return "unknown", status
    stage = sop.ledgers.code("school", text)
    if folded(text) and stage is None:
        raise ToldError("status")
    return ("unknown", "in_school") if stage == ATTENDING else (stage or "unknown", "")


def _grade(sop: Sop, text: str) -> int | None:
    grade = sop.schooling.grades.get(folded(text))
    if grade is None and not sop.ledgers.is_nothing(text):
        raise ToldError("grade")
    return grade
