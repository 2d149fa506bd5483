"""What lists and files tell of a child's schooling, read into codes: stage, grade, status."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.ledger.cells import folded
from sop.schooling.grades import LAST_GRADE

if TYPE_CHECKING:
    from sop.content import Sop

UNTOLD: Final = frozenset({"", "unknown", "refused"})
WITH_GRADES: Final = frozenset({"primary", "junior", "senior"})
ATTENDING: Final = "attending"  # in a school, not said in which (words of ledgers)
KINDERGARTEN: Final = "kindergarten"
NUMERALS: Final = "一二三四五六七八九"
WHOLE_NUMBER: Final = re.compile(r"([0-9]{1,2})(?:\.0+)?")
GRADE: Final = re.compile(
    rf"(小学|小|初中|初|高中|高|primary|junior|senior|grade|year|p|g|y)?第?([0-9]{{1,2}}|[{NUMERALS}])(?:年级|级)?"
    rf"(?:[上下](?:半?学?期|册)?)?(?:(?:[0-9]{{1,2}}|[{NUMERALS}十]{{1,2}})班)?"
)
GRADES_BEFORE: Final = {"初": 6, "高": 9, "j": 6, "s": 9}  # a stage counts from 1, by the first letter of its word
KINDERGARTEN_CLASS: Final = re.compile(r"k[0-9]?|[大中小托]{1,2}[0-9一二三四五六]?班|学前班")


class Told(NamedTuple):
    """Stage (code of `school`), grade 1 to 12 or None, status (code of `schooling_status`, empty where untold)."""

    stage: str
    grade: int | None
    status: str


class Heard(NamedTuple):
    """What three cells tell, and the columns (stage, grade, status) of which something could not be read."""

    told: Told
    unread: tuple[str, ...]


class _Cell(NamedTuple):
    """What one cell tells: stage and status empty, grade None where it tells none of them."""

    stage: str = ""
    grade: int | None = None
    status: str = ""
    is_read: bool = True


def read_told(sop: Sop, stage: str, grade: str, status: str) -> Heard:
    """Read three cells: codes, or words as lists have them (domain 1.4).

    Some lists know one column for stage and status together, so either may hold a word of the other, or both: 辍学
    beside 小学, 小学毕业; and 三年级 tells the stage with the grade. Empty is untold. What cannot be read counts as
    unknown and is named; what a kindergarten calls its classes (大班) is no grade.
    """
    cells = {"stage": _of_stage(sop, stage), "grade": _of_grade(sop, grade), "status": _of_status(sop, status)}
    first, second, third = cells.values()
    stage_told = _stage_of(first, second, third)
    told = Told(
        stage=stage_told,
        grade=None if stage_told == KINDERGARTEN else second.grade or first.grade or third.grade,
        status=third.status if third.status not in UNTOLD else first.status or third.status,
    )
    passed_over = {"grade"} if stage_told == KINDERGARTEN else set[str]()
    return Heard(told, tuple(name for name, cell in cells.items() if not cell.is_read and name not in passed_over))


def _stage_of(stage: _Cell, grade: _Cell, status: _Cell) -> str:
    """Return the stage that the three cells tell: that of a school which was left says more than none."""
    if stage.stage == "none" and status.stage not in UNTOLD and status.status not in UNTOLD:
        return status.stage
    return next((cell.stage for cell in (stage, status, grade) if cell.stage not in UNTOLD), stage.stage or "unknown")


def _of_stage(sop: Sop, text: str) -> _Cell:
    """Read a cell of the column stage; of a word for both stage and status, that of no school tells the stage."""
    status, stage = sop.schooling.statuses.get(folded(text)), _school(sop, text)
    if status is None and stage is None:
        return _longer(sop, text)
    if stage == "none" and status in {None, "not_in_school"}:
        return _Cell("none")  # nothing is said of a school that the child has left
    if stage in {None, ATTENDING, "none", "unknown"}:  # 休学 may be from any stage
        return _Cell(status=status or ("in_school" if stage == ATTENDING else ""))
    return _Cell(stage or "", _number(sop, text) if stage in WITH_GRADES else None)


def _of_status(sop: Sop, text: str) -> _Cell:
    """Read a cell of the column status; of a word for both stage and status it tells the status."""
    status, stage = sop.schooling.statuses.get(folded(text)), _school(sop, text)
    if status is not None:
        return _Cell(status=status)
    if stage is None:
        return _longer(sop, text)
    return _Cell(status="in_school") if stage == ATTENDING else _Cell(stage, _number(sop, text))


def _of_grade(sop: Sop, text: str) -> _Cell:
    """Read a cell of the column grade; a class of a kindergarten tells that stage, and no grade."""
    grade = _number(sop, text)
    if grade is not None or sop.ledgers.is_nothing(text):
        return _Cell(grade=grade)
    if KINDERGARTEN_CLASS.fullmatch(folded(text)) or sop.ledgers.code("school", text) == KINDERGARTEN:
        return _Cell(KINDERGARTEN)
    return _Cell(is_read=False)


def _longer(sop: Sop, text: str) -> _Cell:
    """Read a text of several words: what it says of the status, and which school it names beside (小学，已退学)."""
    said = folded(text)
    found = next((each for each in sop.schooling.status_words if each.word in said), None)
    rest = said if found is None else said.replace(found.word, "", 1)
    if found is not None and not found.was_there:
        return _Cell("none", status=found.status)
    grade = _number(sop, rest)
    stage = _school(sop, rest) or sop.ledgers.part("school", rest)
    status = found.status if found else "in_school" if stage == ATTENDING else ""
    if stage is None or stage in {ATTENDING, "none"}:
        is_read = bool(status) or grade is not None or stage is not None or sop.ledgers.is_nothing(text)
        return _Cell("none" if stage == "none" and not status else "", grade, status, is_read)
    return _Cell(stage, grade if stage in WITH_GRADES else None, status)


def _school(sop: Sop, text: str) -> str | None:
    """Return the code of the list `school` that a text as a whole stands for, or `attending`."""
    return sop.schooling.stages.get(folded(text)) or sop.ledgers.code("school", text)


def _number(sop: Sop, text: str) -> int | None:
    """Return the grade that a text is: 3, 3.0, 04, 四, 第四年级, 四年级上, 初1, P4; None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    whole = WHOLE_NUMBER.fullmatch(plain)
    said = str(int(whole[1])) if whole else folded(text)
    if said in sop.schooling.grades:
        return sop.schooling.grades[said]
    match = None if whole else GRADE.fullmatch(said)
    if match is None:
        return None
    number = int(match[2]) if match[2].isdecimal() else NUMERALS.index(match[2]) + 1
    counted_from = GRADES_BEFORE.get((match[1] or " ")[0], 0)
    grade = number + counted_from if number <= LAST_GRADE - 9 else number
    return grade if 1 <= grade <= LAST_GRADE else None
