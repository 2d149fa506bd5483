"""What follows from birth date and day alone: next September's entrants, expected stage, over-age."""

from datetime import date

import pytest

from sop.identity import BirthDate
from sop.schooling import due_next, is_over_age, next_start, of_kindergarten_age, stage_expected
from sop.version import Sop

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("on", "start"),
    [
        (date(2026, 6, 30), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 9, 1)),
        (date(2026, 12, 31), date(2027, 9, 1)),
    ],
)
def test_next_september_is_tomorrow_on_the_last_of_august_and_a_year_away_on_the_first_of_september(
    sop: Sop, on: date, start: date
) -> None:
    assert next_start(sop, on) == start


@pytest.mark.parametrize(
    ("birth", "on", "grade"),
    [
        (BirthDate(2020, 8, 31), date(2026, 8, 31), 1),
        (BirthDate(2020, 8, 31), date(2026, 9, 1), None),
        (BirthDate(2020, 9, 1), date(2026, 8, 31), None),
        (BirthDate(2020, 9, 1), date(2026, 9, 1), 1),
        (BirthDate(2014, 8, 31), date(2026, 8, 31), 7),
        (BirthDate(2014, 8, 31), date(2026, 9, 1), None),
        (BirthDate(2014, 9, 1), date(2026, 9, 1), 7),
        (BirthDate(2017, 5, 5), ON, None),
        (BirthDate(2011, 9, 1), ON, None),
    ],
)
def test_grade_one_and_grade_seven_are_entered_in_the_september_of_the_age(
    sop: Sop, birth: BirthDate, on: date, grade: int | None
) -> None:
    assert due_next(sop, birth, on) == grade


@pytest.mark.parametrize(
    ("birth", "on", "stage"),
    [
        (BirthDate(2023, 11, 23), ON, None),
        (BirthDate(2023, 11, 22), ON, "kindergarten"),
        (BirthDate(2020, 8, 31), date(2026, 8, 31), "kindergarten"),
        (BirthDate(2020, 8, 31), date(2026, 9, 1), "primary"),
        (BirthDate(2014, 8, 31), date(2026, 8, 31), "primary"),
        (BirthDate(2014, 8, 31), date(2026, 9, 1), "junior"),
        (BirthDate(2011, 8, 31), date(2026, 8, 31), "junior"),
        (BirthDate(2011, 8, 31), date(2026, 9, 1), "senior"),
        (BirthDate(2008, 8, 31), date(2026, 8, 31), "senior"),
        (BirthDate(2008, 8, 31), date(2026, 9, 1), None),
    ],
)
def test_the_stage_expected_changes_on_the_third_birthday_and_on_first_septembers(
    sop: Sop, birth: BirthDate, on: date, stage: str | None
) -> None:
    assert stage_expected(sop, birth, on) == stage


def test_kindergarten_age_ends_where_primary_school_begins(sop: Sop) -> None:
    birth = BirthDate(2020, 8, 31)
    days = [date(2023, 8, 30), date(2023, 8, 31), date(2026, 8, 31), date(2026, 9, 1)]
    assert [of_kindergarten_age(sop, birth, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(("grade", "over"), [(5, False), (4, False), (3, False), (2, True), (1, True)])
def test_over_age_is_two_years_or_more_above_the_grade(sop: Sop, grade: int, *, over: bool) -> None:
    assert is_over_age(sop, BirthDate(2017, 3, 1), grade, ON) is over  # due in grade 4, so 3 is one year above


def test_nobody_becomes_over_age_on_a_birthday_within_a_school_year(sop: Sop) -> None:
    birth = BirthDate(2018, 3, 1)
    days = [date(2026, 9, 1), date(2027, 2, 28), date(2027, 3, 1), date(2027, 8, 31)]
    assert [is_over_age(sop, birth, 2, day) for day in days] == [False] * 4
    assert is_over_age(sop, birth, 2, date(2027, 9, 1))
