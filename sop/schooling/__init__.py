"""School age: the year of entry, the grade due on a day, who needs a place and when."""

from sop.schooling.grades import (
    LAST_GRADE,
    WORDING,
    due_next,
    entry_rule,
    entry_year,
    grade,
    grade_name,
    is_over_age,
    name_of_grade,
    next_start,
    of_kindergarten_age,
    school_year,
    stage,
    stage_expected,
)
from sop.schooling.needs import Needs, schooling_needs

__all__ = [
    "LAST_GRADE",
    "WORDING",
    "Needs",
    "due_next",
    "entry_rule",
    "entry_year",
    "grade",
    "grade_name",
    "is_over_age",
    "name_of_grade",
    "next_start",
    "of_kindergarten_age",
    "school_year",
    "schooling_needs",
    "stage",
    "stage_expected",
]
