"""School age: 31 August, 1 September, and nine compulsory grades."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.identity import BirthDate
from sop.schooling import entry_year, grade, grade_name, school_year, stage
from sop.schooling.rules import EntryRule
from sop.version import Sop, Text, load

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("birth", "year"),
    [
        (BirthDate(2019, 8, 30), 2025),
        (BirthDate(2019, 8, 31), 2025),
        (BirthDate(2019, 9, 1), 2026),
        (BirthDate(2019, 8), 2025),
        (BirthDate(2019, 9), 2026),
        (BirthDate(2019, 1, 1), 2025),
        (BirthDate(2019, 12, 31), 2026),
        (BirthDate(2020, 2, 29), 2026),
    ],
)
def test_six_by_the_thirty_first_of_august_enters_that_year(sop: Sop, birth: BirthDate, year: int) -> None:
    assert entry_year(sop, birth) == year


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 9, 2), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_the_school_year_begins_on_the_first_of_september(sop: Sop, on: date, year: int) -> None:
    assert school_year(sop, on) == year


def with_area_rule(sop: Sop, prefix: str, rule: EntryRule) -> Sop:
    areas = MappingProxyType({**sop.schooling.areas, prefix: rule})
    return replace(sop, schooling=replace(sop.schooling, areas=areas))


def test_an_area_may_have_its_own_cut_off_and_the_smallest_one_counts(sop: Sop) -> None:
    own = with_area_rule(sop, "3204", EntryRule(7, 8, 31))
    own = with_area_rule(own, "320412", EntryRule(6, 12, 31))
    birth = BirthDate(2019, 9, 1)
    assert entry_year(own, birth) == 2026
    assert entry_year(own, birth, "321322101901") == 2026
    assert entry_year(own, birth, "320402004901") == 2027
    assert entry_year(own, birth, "320412001901") == 2025
    assert grade(own, birth, ON, "320412001901") == 2


def test_a_birth_day_that_is_not_known_never_delays_entry(sop: Sop) -> None:
    own = with_area_rule(sop, "32", EntryRule(6, 8, 15))
    assert entry_year(own, BirthDate(2019, 8), "320402004901") == 2025
    assert entry_year(own, BirthDate(2019, 8, 16), "320402004901") == 2026


@pytest.mark.parametrize(
    ("birth", "on", "due", "named"),
    [
        (BirthDate(2019, 6, 14), ON, 2, Text("小学二年级", "Primary 2")),
        (BirthDate(2017, 4, 12), ON, 4, Text("小学四年级", "Primary 4")),
        (BirthDate(2013, 9, 1), ON, 7, Text("初中一年级", "Junior 1")),
        (BirthDate(2013, 8, 31), ON, 8, Text("初中二年级", "Junior 2")),
        (BirthDate(2011, 8, 31), ON, 10, Text("义务教育后", "Beyond compulsory school")),
        (BirthDate(2011, 9, 1), ON, 9, Text("初中三年级", "Junior 3")),
        (BirthDate(2020, 8, 31), date(2026, 8, 31), 0, Text("2026年入学", "Entry 2026")),
        (BirthDate(2020, 8, 31), date(2026, 9, 1), 1, Text("小学一年级", "Primary 1")),
        (BirthDate(2020, 9, 1), date(2026, 9, 1), 0, Text("2027年入学", "Entry 2027")),
        (BirthDate(2021, 9, 1), ON, -1, Text("学龄前", "Pre-school")),
        (BirthDate(2026, 11, 22), ON, -6, Text("学龄前", "Pre-school")),
    ],
)
def test_the_grade_due_and_its_name(sop: Sop, birth: BirthDate, on: date, due: int, named: Text) -> None:
    assert grade(sop, birth, on) == due
    assert grade_name(sop, birth, on) == named


def test_six_grades_are_primary_and_three_junior(sop: Sop) -> None:
    assert [stage(sop, due) for due in (0, 1, 6, 7, 9, 10)] == [
        None,
        "primary",
        "primary",
        "junior",
        "junior",
        None,
    ]


@given(
    st.builds(BirthDate, st.integers(2005, 2026), st.integers(1, 12), st.none() | st.integers(1, 28)),
    st.dates(date(2015, 1, 1), date(2035, 1, 1)),
)
def test_every_child_has_a_named_grade_on_every_day(birth: BirthDate, on: date) -> None:
    sop = load("2026-11")
    name = grade_name(sop, birth, on)
    assert name.zh
    assert name.en
    if stage(sop, grade(sop, birth, on)):
        assert 6 <= birth.age_on(on) + (birth.day is None) <= 17
