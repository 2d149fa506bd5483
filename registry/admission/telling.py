"""What a file tells of a child's schooling, read into what the rules ask: stage, grade, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.children.queries import present_schooling
from sop.ledger.cells import folded
from sop.schooling import school_year
from sop.schooling.told import Told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from registry.children.answers_named import Answered
    from registry.children.models import Child, Schooling
    from registry.vault.sealed import Opener
    from sop.content import Sop

NOT_IN_SCHOOL: Final = "not_in_school"
GRADE_CLASS: Final = "grade_class"
NEVER: Final = "not_entered"
SCHOOLS: Final = frozenset({"kindergarten", "primary", "junior", "senior"})


def read_schooling(sop: Sop, child: Child, answers: Mapping[str, Answered], on: date, viewer: Opener) -> Told:
    """Return stage, grade and status of a child by its spells of schooling and these answers.

    `answers`: those to NOT_IN_SCHOOL and GRADE_CLASS, as far as they were given. Only what was answered since the
    present spell began speaks of it. Of a child in no school whose status was told the stage is that of the school it
    left; where none was told it is "none": nobody is made a drop-out by what nobody said. Opens the one of the two
    answers that the file shows beside the present spell.
    """
    present = present_schooling(child)
    if present is None:
        return Told("unknown", None, "unknown")
    fresh = {key: each for key, each in answers.items() if f"{each.on:%Y-%m}" >= present.from_month}
    if present.stage == "none":
        return _out_of_school(sop, child, _text(fresh.get(NOT_IN_SCHOOL), viewer))
    if present.stage not in SCHOOLS:
        return Told("unknown", None, "unknown")
    answered = fresh.get(GRADE_CLASS) if present.stage in {"primary", "junior"} else None
    text = _text(answered, viewer)
    grade = _grade_now(sop, present, grade_in(sop, text), answered.on, on) if answered and text else None
    return Told(present.stage, grade, "in_school")


def grade_in(sop: Sop, text: str) -> int | None:
    """Return the grade that a class begins with (三年级2班, Grade 3, 初一（4）班): 1 to 12, or None.

    A number alone is no grade: it is the class as often.
    """
    said = folded(text)
    words = [word for word in sop.schooling.grades if not word.isdigit() and said.startswith(word)]
    return sop.schooling.grades[max(words, key=len)] if words else None


def has_been_to_school(child: Child) -> bool:
    """Say whether a child is or was in a primary or junior school, by its spells of schooling."""
    return any(spell.stage in {"primary", "junior"} for spell in child.schooling)


def _text(answered: Answered | None, viewer: Opener) -> str:
    """Return an answer that is a code or a text; "" where there is none, or only why there is none."""
    told = answered.open(viewer) if answered else None
    return told if isinstance(told, str) else ""


def _out_of_school(sop: Sop, child: Child, code: str) -> Told:
    status = sop.schooling.statuses.get(folded(code), "unknown")
    if status == "unknown" or code == NEVER:
        return Told("none", None, status)
    return Told(_left(child), None, status)


def _left(child: Child) -> str:
    """Return the kind of school that a child left last; none where no spell tells of one."""
    return next((spell.stage for spell in child.schooling if spell.stage in SCHOOLS), "none")


def _grade_now(sop: Sop, present: Schooling, told: int | None, told_on: date, on: date) -> int | None:
    """Return the grade 1 to 9 of a pupil: the one told, and one more for each school year that began since."""
    if told is None:
        return None
    primary, last = sop.schooling.primary_grades, sop.schooling.compulsory_grades
    if present.stage == "junior" and told <= last - primary:
        told += primary
    now = told + school_year(sop, on) - school_year(sop, told_on)
    lowest, highest = (1, primary) if present.stage == "primary" else (primary + 1, last)
    return now if lowest <= now <= highest else None
