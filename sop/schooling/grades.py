"""What follows from a birth date and a day alone: year of entry, grade and stage due, entrants, age for a grade."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sop.content import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Sop
    from sop.identity import BirthDate
    from sop.schooling.rules import EntryRule

LAST_GRADE: Final = 12  # the last year of senior school
WORDING: Final[Mapping[str, frozenset[str]]] = {
    **{f"grade_{grade}": frozenset() for grade in range(1, LAST_GRADE + 1)},
    "grade_entry": frozenset({"year"}),
    "grade_before": frozenset(),
    "grade_beyond": frozenset(),
}


def entry_year(sop: Sop, birth: BirthDate, area: str | None = None) -> int:
    """Return the year in which the child enters primary school (6 by 31 August; domain 3.2).

    `area` is an area code whose own rule applies where it has one. Where the day of birth is unknown
    the earlier one counts, which never keeps a child out of school.
    """
    rule = entry_rule(sop, area)
    born = (birth.earliest.month, birth.earliest.day)
    return birth.year + rule.age + (born > (rule.cut_off_month, rule.cut_off_day))


def entry_rule(sop: Sop, area: str | None) -> EntryRule:
    """Return the entry rule of the smallest area around `area` that has its own, else the general one."""
    own = [prefix for prefix in sop.schooling.areas if area and area.startswith(prefix)]
    return sop.schooling.areas[max(own, key=len)] if own else sop.schooling.entry


def school_year(sop: Sop, on: date) -> int:
    """Return the year in which the school year of this day began (1 September)."""
    starts = (sop.schooling.year_starts_month, sop.schooling.year_starts_day)
    return on.year if (on.month, on.day) >= starts else on.year - 1


def next_start(sop: Sop, on: date) -> date:
    """Return the day on which the next school year begins: on 31 August tomorrow, on 1 September in a year."""
    return date(school_year(sop, on) + 1, sop.schooling.year_starts_month, sop.schooling.year_starts_day)


def grade(sop: Sop, birth: BirthDate, on: date, area: str | None = None) -> int:
    """Return the grade due by age: 1 to 9 is compulsory, below 1 not yet, above 9 beyond."""
    return school_year(sop, on) - entry_year(sop, birth, area) + 1


def stage(sop: Sop, due: int) -> str | None:
    """Return the school answer that fits a grade: primary or junior, None outside the compulsory ones."""
    if not 1 <= due <= sop.schooling.compulsory_grades:
        return None
    return "primary" if due <= sop.schooling.primary_grades else "junior"


def stage_expected(sop: Sop, birth: BirthDate, on: date, area: str | None = None) -> str | None:
    """Return the stage that the age speaks for, a code of the list `school`, or None.

    Kindergarten from three years to entry (Preschool Education Law art. 2), primary and junior through the nine
    compulsory grades (Compulsory Education Law arts. 2, 11), senior for the three years after; the first and the last
    are open to a child, and no duty.
    """
    due = grade(sop, birth, on, area)
    if due < 1:
        return "kindergarten" if of_kindergarten_age(sop, birth, on, area) else None
    beyond = due - sop.schooling.compulsory_grades
    return "senior" if 1 <= beyond <= sop.schooling.senior_grades else stage(sop, due)


def of_kindergarten_age(sop: Sop, birth: BirthDate, on: date, area: str | None = None) -> bool:
    """Tell whether a child is three or older and not yet due in primary school (Preschool Education Law art. 2)."""
    return grade(sop, birth, on, area) < 1 and birth.age_on(on) >= sop.schooling.kindergarten_age


def due_next(sop: Sop, birth: BirthDate, on: date, area: str | None = None) -> int | None:
    """Return the grade that a child enters by age next September where it opens a school, 1 or 7, else None."""
    due = grade(sop, birth, next_start(sop, on), area)
    return due if due in {1, sop.schooling.primary_grades + 1} else None


def is_over_age(sop: Sop, birth: BirthDate, in_grade: int, on: date, area: str | None = None) -> bool:
    """Tell whether a pupil of a grade (1 to 9) is two years or more above its age.

    Reckoned by school years, so that nobody becomes over-age on a birthday in the middle of one.
    """
    return grade(sop, birth, on, area) - in_grade >= sop.schooling.over_age_years


def name_of_grade(sop: Sop, number: int) -> Text:
    """Return the name of a grade from 1 to LAST_GRADE: 小学二年级 / Primary 2; of one below, kindergarten."""
    return sop.codes["school"].text("kindergarten") if number < 1 else sop.wording[f"grade_{number}"]


def grade_name(sop: Sop, birth: BirthDate, on: date, area: str | None = None) -> Text:
    """Return the name of the grade due: 小学二年级 / Primary 2, 2027年入学 / Entry 2027."""
    due = grade(sop, birth, on, area)
    if due == 0:
        year = entry_year(sop, birth, area)
        return Text(*(sop.say("grade_entry", language, year=year) for language in ("zh", "en")))
    if due < 0:
        return sop.wording["grade_before"]
    return sop.wording["grade_beyond" if stage(sop, due) is None else f"grade_{due}"]
