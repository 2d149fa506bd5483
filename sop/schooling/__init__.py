"""School age: the year of entry, the grade due on a day, who needs a place and when."""

from sop.schooling.grades import (
    WORDING,
    due_next,
    entry_rule,
    entry_year,
    grade,
    grade_name,
    is_over_age,
    next_start,
    of_kindergarten_age,
    school_year,
    stage,
    stage_expected,
)
from sop.schooling.needs import Needs, schooling_needs

__all__ = [
    "WORDING",
    "Needs",
    "due_next",
    "entry_rule",
    "entry_year",
    "grade",
    "grade_name",
    "is_over_age",
    "next_start",
    "of_kindergarten_age",
    "school_year",
    "schooling_needs",
    "stage",
    "stage_expected",
]
