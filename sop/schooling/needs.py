"""Who needs a school place and when, and what an official should know: from birth date, schooling and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.schooling import grades

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sop.content import Sop
    from sop.identity import BirthDate

NOW: Final = "now"
NEXT: Final = "next_september"
NONE: Final = "none"
LISTS: Final[Mapping[str, frozenset[str] | None]] = {
    "schooling_status": frozenset(
        {
            *("in_school", "not_in_school", "dropout", "suspended", "delayed"),
            *("graduated", "home_teaching", "unknown"),
        }
    ),
    "schooling_need": frozenset({NOW, NEXT, NONE}),
    "schooling_flag": frozenset(
        {
            *("dropout", "not_in_school_14_15", "still_in_kindergarten", "entrant_grade_1", "entrant_grade_7"),
            *("over_age", "suspended", "home_teaching", "delayed", "kindergarten_age", "to_verify"),
        }
    ),
}
IN_A_SCHOOL: Final = frozenset({"primary", "junior", "senior"})
LEFT: Final = frozenset({"not_in_school", "dropout", "graduated"})


class Needs(NamedTuple):
    """What a child's schooling comes to on a day.

    `stage_expected` and `grade_expected` (1 to 9) follow from the age alone, and so does `enters`, the year of entry,
    but for a child with an approved delay: it enters in the September after its own, or, once that is over, in the
    next. `needs`: code of
    `schooling_need`; `flags`: codes of `schooling_flag` in the order of that list.
    """

    stage_expected: str | None
    grade_expected: int | None
    enters: int
    needs: str
    flags: tuple[str, ...]


class _Found(NamedTuple):
    needs: str
    flags: frozenset[str] = frozenset()

    def plus(self, *flags: str) -> _Found:
        return _Found(self.needs, self.flags | set(flags))


@dataclass(frozen=True)
class _Child:
    """A child on a day: the grade due by age, where it goes or last went, and the rules that it is judged by."""

    sop: Sop
    birth: BirthDate
    on: date
    area: str | None
    stage: str
    grade: int | None
    status: str

    @property
    def due(self) -> int:
        return grades.grade(self.sop, self.birth, self.on, self.area)

    @property
    def primary(self) -> int:
        return self.sop.schooling.primary_grades

    @property
    def compulsory(self) -> int:
        return self.sop.schooling.compulsory_grades

    @property
    def is_of_compulsory_age(self) -> bool:
        return 1 <= self.due <= self.compulsory

    @property
    def is_young(self) -> bool:
        """Of the age that the register is for: under 16."""
        return self.birth.age_on(self.on) < self.sop.eligibility.age_below

    @property
    def is_of_a_guessed_grade(self) -> bool:
        """In primary school, not said in which grade, at an age at which most have finished it."""
        finished = grades.entry_rule(self.sop, self.area).age + self.primary
        return self.stage == "primary" and self.grade is None and self.birth.age_on(self.on) >= finished

    @property
    def level(self) -> int:
        """The grade that the child is or last was in; where it is not told, the one of its stage nearest to its age.

        Who has finished a stage was in its last.
        """
        if self.grade is not None:
            return self.grade
        lowest, highest = {
            "kindergarten": (0, 0),
            "primary": (1, self.primary),
            "junior": (self.primary + 1, self.compulsory),
            "senior": (self.compulsory + 1, self.compulsory + self.sop.schooling.senior_grades),
        }.get(self.stage, (self.due, self.due))
        return highest if self.status == "graduated" else min(max(self.due, lowest), highest)


def schooling_needs(
    sop: Sop, birth: BirthDate, stage: str, grade: int | None, status: str, on: date, area: str | None = None
) -> Needs:
    """Say when a child needs a school place, and what there is to know of its schooling.

    `stage`: code of the list `school`, empty is unknown; `grade`: 1 to 9 within the nine years (1 to 3 of junior school
    are 7 to 9), the last one where the child has left, or None; `status`: code of `schooling_status`, empty is untold,
    and unknown beside a school is told to be checked.
    Codes in none of these lists raise SopError. `area`: an area code whose own entry rule applies where it has one.

    A place is needed now by a child of the nine compulsory grades in no school (Compulsory Education Law arts. 2, 11),
    and by one under 16 known to have left before their end; next September by whoever enters grade 1 or grade 7 then.
    Kindergarten and senior school are no duty. A place is kept for who is suspended; who was granted a delay enters
    in the September after (art. 11). Of a child born after `on` nothing is expected but a check. Domain 1.4, 3.1, 3.2,
    3.7.
    """
    sop.codes["school"].text(stage or "unknown")
    sop.codes["schooling_status"].text(status or "unknown")
    if birth.earliest > on:
        return Needs(None, None, grades.entry_year(sop, birth, area), NONE, ("to_verify",))
    child, contradictory = _settled(_Child(sop, birth, on, area, stage, grade, status))
    found = _judged(child)
    to_check = status == "unknown" and stage in {"kindergarten", *IN_A_SCHOOL}
    if contradictory or to_check or _is_ahead(child):
        found = found.plus("to_verify")
    return Needs(
        stage_expected=grades.stage_expected(sop, birth, on, area),
        grade_expected=child.due if child.is_of_compulsory_age else None,
        enters=_enters(child),
        needs=found.needs,
        flags=_in_order(sop, found.flags),
    )


def doubted(sop: Sop, needs: Needs) -> Needs:
    """Return an answer with to_verify: something that was told could not be read."""
    return needs._replace(flags=_in_order(sop, {*needs.flags, "to_verify"}))


def _in_order(sop: Sop, flags: Collection[str]) -> tuple[str, ...]:
    return tuple(entry.code for entry in sop.codes["schooling_flag"] if entry.code in flags)


def _enters(child: _Child) -> int:
    """Return the year of entry: with an approved delay the one after the own, and once that is over, the next."""
    own = grades.entry_year(child.sop, child.birth, child.area)
    if child.status != "delayed" or child.due > child.compulsory:
        return own
    return own + 1 if child.due < 1 else grades.next_start(child.sop, child.on).year


def _settled(child: _Child) -> tuple[_Child, bool]:
    """Return the child with what was told made of one piece, and whether it contradicted itself.

    Of two answers that cannot both be true neither is believed to the child's cost: nobody is called a drop-out by it.
    """
    stage, grade, status = child.stage, child.grade, child.status or "unknown"
    contradictory = False
    if stage == "junior" and grade is not None and grade <= child.compulsory - child.primary:
        grade += child.primary
    if stage in {"", "unknown", "refused", "none"} and grade is not None:
        stage, told_none = _stage_of(child, grade), stage == "none"
        status = "not_in_school" if told_none and status == "unknown" else status
    if grade is not None and stage != _stage_of(child, grade):
        contradictory = stage in {"primary", "junior"}  # 大班 3 and 高中 1 count grades of their own
        grade = None
    if stage == "none" and status == "in_school":
        stage, contradictory = "unknown", True
    if stage in IN_A_SCHOOL and status == "delayed":
        status, contradictory = "in_school", True
    return _Child(child.sop, child.birth, child.on, child.area, stage or "unknown", grade, status), contradictory


def _stage_of(child: _Child, grade: int) -> str:
    return grades.stage(child.sop, grade) or "senior"


def _judged(child: _Child) -> _Found:
    if child.status == "delayed":
        return _delayed(child)
    if child.status == "graduated":
        return _of_age(child, _graduated(child))
    if child.status in LEFT or (child.stage == "none" and child.status == "unknown"):
        return _of_age(child, _left(child))
    if child.status == "suspended" and child.due >= 1:
        return _Found(NONE, frozenset({"suspended"}))
    found = _pupil(child)
    return found.plus("home_teaching") if child.status == "home_teaching" else found


def _pupil(child: _Child) -> _Found:
    """Judge a child in a school or kindergarten, or of whom neither is known."""
    if child.stage == "kindergarten" and child.due >= 1:
        return _Found(NOW if child.is_of_compulsory_age else NONE, frozenset({"still_in_kindergarten"}))
    if child.due < 1 and child.stage not in IN_A_SCHOOL:
        known = child.stage == "kindergarten" or child.status != "unknown"
        return _entering(child, in_kindergarten=known)
    found = _Found(NONE)
    if child.level == child.primary and child.is_young:
        found = _Found(NEXT, frozenset({"entrant_grade_7"}))
    if child.stage in {"primary", "junior"} and grades.is_over_age(
        child.sop, child.birth, child.level, child.on, child.area
    ):
        found = found.plus("over_age")
    unknown = child.stage not in IN_A_SCHOOL and child.status == "unknown" and child.is_of_compulsory_age
    return found.plus("to_verify") if unknown or child.is_of_a_guessed_grade else found


def _entering(child: _Child, *, in_kindergarten: bool) -> _Found:
    """Judge a child below school age: who enters next September is planned for, whatever it does until then."""
    enters = grades.due_next(child.sop, child.birth, child.on, child.area) == 1
    found = _Found(NEXT, frozenset({"entrant_grade_1"})) if enters else _Found(NONE)
    waits = not in_kindergarten and grades.of_kindergarten_age(child.sop, child.birth, child.on, child.area)
    return found.plus("kindergarten_age") if waits else found


def _delayed(child: _Child) -> _Found:
    """Judge a child whose later entry the education bureau approved: it enters in the September after its own."""
    found = _Found(NONE)
    if child.is_of_compulsory_age:
        found = _Found(NEXT, frozenset({"entrant_grade_1"}))
    elif child.due < 1:
        found = _Found(NONE, _entering(child, in_kindergarten=child.stage != "none").flags - {"entrant_grade_1"})
    return found.plus("delayed")


def _graduated(child: _Child) -> _Found:
    """Judge a child that has finished a school and is in no other: the next one is due while compulsory."""
    if child.due < 1:
        return _entering(child, in_kindergarten=True)
    stage = child.stage
    if stage == "kindergarten":
        return _unplaced(child)
    if stage not in IN_A_SCHOOL:
        stage = "primary" if child.due < child.compulsory else "junior"
    if stage in {"junior", "senior"}:
        return _Found(NONE)
    rules = child.sop.schooling
    if rules.graduates_from <= child.on.month < rules.year_starts_month and child.is_young:
        return _Found(NEXT, frozenset({"entrant_grade_7"}))
    return _Found(NOW) if child.is_young else _Found(NONE)


def _unplaced(child: _Child) -> _Found:
    return _Found(NOW if child.is_of_compulsory_age else NONE)


def _left(child: _Child) -> _Found:
    """Judge a child in no school: never entered, left, or dropped out."""
    if child.due < 1:
        return _entering(child, in_kindergarten=False)
    if child.stage == "senior":
        return _Found(NONE)
    dropped = child.status == "dropout"
    was_there = child.stage in IN_A_SCHOOL
    unfinished = child.is_young and (dropped or (was_there and child.level < child.compulsory))
    if child.is_of_compulsory_age or unfinished:
        return _Found(NOW, frozenset({"dropout"} if dropped or was_there else ()))
    return _Found(NONE)


def _of_age(child: _Child, found: _Found) -> _Found:
    """Add the name that the forms have for a child in no school at 14 or 15 (domain 1.4)."""
    old = child.birth.age_on(child.on) >= child.sop.schooling.leaving_age
    return found.plus("not_in_school_14_15") if old and child.is_young else found


def _is_ahead(child: _Child) -> bool:
    """Tell whether the school told lies two years or more above the age, the mirror of over-age: a slip, mostly."""
    return child.stage in IN_A_SCHOOL and child.level - child.due >= child.sop.schooling.over_age_years
