"""Who needs a school place now, who next September, and what an official is told beside it."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.identity import BirthDate, parse_birth_date
from sop.schooling import grade as grade_due
from sop.schooling import schooling_needs
from sop.schooling.rules import EntryRule
from sop.version import Sop, SopError, load

ON = "2026-11-22"
STAGES = ("kindergarten", "primary", "junior", "senior", "none", "unknown", "refused", "")
STATUSES = tuple(code.code for code in load("2026-11").codes["schooling_status"])


def judged(sop: Sop, birth: str, stage: str, grade: int | None, status: str, on: str) -> tuple[str, set[str]]:
    found = schooling_needs(sop, parse_birth_date(birth), stage, grade, status, date.fromisoformat(on))
    return found.needs, set(found.flags)


NEXT = "next_september"
E1 = "entrant_grade_1"
E7 = "entrant_grade_7"
# rule, birth, stage, grade, status, day, needs, flags
CASES = [
    ("under three", "2024-03-01", "none", None, "", ON, "none", ""),
    ("three today", "2023-11-22", "none", None, "", ON, "none", "kindergarten_age"),
    ("three tomorrow", "2023-11-23", "none", None, "", ON, "none", ""),
    ("in kindergarten", "2022-03-01", "kindergarten", None, "in_school", ON, "none", ""),
    ("left it", "2022-03-01", "kindergarten", None, "not_in_school", ON, "none", "kindergarten_age"),
    ("pre-school, not known", "2022-03-01", "", None, "", ON, "none", "kindergarten_age"),
    ("enters this year, June", "2020-03-01", "kindergarten", None, "", "2026-06-30", NEXT, E1),
    ("enters tomorrow", "2020-08-31", "kindergarten", None, "", "2026-08-31", NEXT, E1),
    ("a day too young", "2020-09-01", "kindergarten", None, "", "2026-08-31", "none", ""),
    ("a day later", "2020-09-01", "kindergarten", None, "", "2026-09-01", NEXT, E1),
    ("at home", "2020-03-01", "none", None, "", "2026-08-31", NEXT, f"{E1} kindergarten_age"),
    ("enters, not known", "2021-03-01", "unknown", None, "", ON, NEXT, f"{E1} kindergarten_age"),
    ("enters, in some school", "2021-03-01", "", None, "in_school", ON, NEXT, E1),
    ("junior done at the age of grade 7", "2014-03-01", "junior", None, "graduated", ON, "none", "to_verify"),
    ("kindergarten done", "2020-03-01", "kindergarten", None, "graduated", "2026-07-15", NEXT, E1),
    ("kindergarten done, no school", "2020-03-01", "kindergarten", None, "graduated", ON, "now", ""),
    ("not entered, 1 September", "2020-08-31", "none", None, "", "2026-09-01", "now", ""),
    ("still in kindergarten", "2020-08-31", "kindergarten", None, "", "2026-09-01", "now", "still_in_kindergarten"),
    ("entered a year early", "2020-10-01", "primary", 1, "in_school", ON, "none", ""),
    ("in primary at four", "2022-03-01", "primary", 1, "in_school", ON, "none", "to_verify"),
    ("in the grade of the age", "2018-03-01", "primary", 3, "in_school", ON, "none", ""),
    ("one year above the grade", "2018-03-01", "primary", 2, "in_school", ON, "none", ""),
    ("two years above the grade", "2018-03-01", "primary", 1, "in_school", ON, "none", "over_age"),
    ("two years below the grade", "2018-03-01", "primary", 5, "in_school", ON, "none", "to_verify"),
    ("no grade told", "2018-03-01", "primary", None, "", ON, "none", ""),
    ("over-age whatever the grade", "2012-12-01", "primary", None, "", ON, NEXT, f"{E7} over_age to_verify"),
    ("grade 6", "2015-03-01", "primary", 6, "in_school", ON, NEXT, E7),
    ("grade 6 on 31 August", "2014-08-31", "primary", 6, "in_school", "2026-08-31", NEXT, E7),
    ("of the age for grade 6, in grade 5", "2015-03-01", "primary", 5, "in_school", ON, "none", ""),
    ("grade 6, no grade told", "2015-03-01", "primary", None, "in_school", ON, NEXT, E7),
    ("grade 6 over-age", "2013-03-01", "primary", 6, "in_school", ON, NEXT, f"{E7} over_age"),
    ("age of grade 6, in some school", "2015-03-01", "", None, "in_school", ON, NEXT, E7),
    ("age of grade 6, not known", "2015-03-01", "", None, "", ON, NEXT, f"{E7} to_verify"),
    ("grade 6 done, last year", "2013-03-01", "primary", 6, "graduated", "2026-05-31", "now", ""),
    ("grade 6 done, June", "2014-03-01", "primary", 6, "graduated", "2026-06-01", NEXT, E7),
    ("grade 6 done, July", "2014-03-01", "primary", 6, "graduated", "2026-07-15", NEXT, E7),
    ("grade 6 done, 31 August", "2014-03-01", "primary", 6, "graduated", "2026-08-31", NEXT, E7),
    ("grade 6 done, 1 September", "2014-03-01", "primary", 6, "graduated", "2026-09-01", "now", ""),
    ("grade 7", "2014-03-01", "junior", 7, "in_school", ON, "none", ""),
    ("grade 7 told as 1", "2014-03-01", "junior", 1, "in_school", ON, "none", ""),
    ("grade 9 told as 1, over-age", "2012-03-01", "junior", 1, "in_school", ON, "none", "over_age"),
    ("grade 9 goes on to no duty", "2012-03-01", "junior", 9, "in_school", ON, "none", ""),
    ("grade 9 done at 15", "2011-03-01", "junior", 9, "graduated", ON, "none", "not_in_school_14_15"),
    ("grade 9 done at 14", "2012-03-01", "junior", 9, "graduated", ON, "none", "not_in_school_14_15"),
    ("grade 9 done at 16", "2010-03-01", "junior", 9, "graduated", ON, "none", ""),
    ("primary done before school age", "2021-03-01", "primary", None, "graduated", ON, NEXT, f"{E1} to_verify"),
    ("done, not said what, at 15", "2011-03-01", "none", None, "graduated", ON, "none", "not_in_school_14_15"),
    ("done, not said what, at 12", "2014-03-01", "none", None, "graduated", ON, "now", ""),
    ("senior", "2011-03-01", "senior", 1, "in_school", ON, "none", ""),
    ("left senior school", "2011-03-01", "senior", None, "not_in_school", ON, "none", "not_in_school_14_15"),
    ("in no school at 8", "2018-03-01", "none", None, "", ON, "now", ""),
    ("in no school at 8, said twice", "2018-03-01", "none", None, "not_in_school", ON, "now", ""),
    ("nothing known at 8", "2018-03-01", "", None, "", ON, "none", "to_verify"),
    ("refused to say at 8", "2018-03-01", "refused", None, "unknown", ON, "none", "to_verify"),
    ("said both", "2018-03-01", "none", None, "in_school", ON, "none", "to_verify"),
    ("dropped out at 12", "2014-03-01", "none", None, "dropout", ON, "now", "dropout"),
    ("left primary school", "2014-03-01", "primary", 4, "not_in_school", ON, "now", "dropout"),
    ("in no school after grade 4", "2014-03-01", "none", 4, "", ON, "now", "dropout"),
    ("dropped out at 14", "2012-03-01", "junior", 8, "dropout", ON, "now", "dropout not_in_school_14_15"),
    ("in no school at 14", "2012-03-01", "none", None, "not_in_school", ON, "now", "not_in_school_14_15"),
    ("14 tomorrow", "2012-11-23", "none", None, "", ON, "now", ""),
    ("14 today", "2012-11-22", "none", None, "", ON, "now", "not_in_school_14_15"),
    ("compulsory years over, history unknown", "2011-03-01", "none", None, "", ON, "none", "not_in_school_14_15"),
    ("16 tomorrow", "2010-11-23", "none", None, "", ON, "none", "not_in_school_14_15"),
    ("16 today", "2010-11-22", "none", None, "", ON, "none", ""),
    ("left grade 8 at 15", "2011-03-01", "junior", 8, "not_in_school", ON, "now", "dropout not_in_school_14_15"),
    ("left grade 9 at 15", "2011-03-01", "junior", 9, "not_in_school", ON, "none", "not_in_school_14_15"),
    ("dropped out, 16 today", "2010-11-22", "junior", 8, "dropout", ON, "none", ""),
    ("kindergarten left is no drop-out", "2022-03-01", "none", None, "dropout", ON, "none", "kindergarten_age"),
    ("delay before the own September", "2020-03-01", "kindergarten", None, "delayed", "2026-06-30", "none", "delayed"),
    ("delay from then on", "2020-03-01", "kindergarten", None, "delayed", "2026-09-01", NEXT, f"delayed {E1}"),
    ("delay ends tomorrow", "2019-03-01", "none", None, "delayed", "2026-08-31", NEXT, f"delayed {E1}"),
    ("delayed, but in school", "2019-03-01", "primary", 1, "delayed", ON, "none", "to_verify"),
    ("suspended", "2017-03-01", "primary", 3, "suspended", ON, "none", "suspended"),
    ("suspended, stage not told", "2017-03-01", "none", None, "suspended", ON, "none", "suspended"),
    ("suspended in grade 6", "2015-03-01", "primary", 6, "suspended", ON, "none", "suspended"),
    ("taught at home", "2016-03-01", "", None, "home_teaching", ON, "none", "home_teaching"),
    ("taught at home in grade 6", "2015-03-01", "primary", 6, "home_teaching", ON, NEXT, f"{E7} home_teaching"),
    ("primary school has no grade 8", "2018-03-01", "primary", 8, "", ON, "none", "to_verify"),
    ("a grade tells the stage", "2014-03-01", "", 7, "", ON, "none", ""),
    ("grade 6 at 15", "2011-03-01", "primary", 6, "in_school", ON, NEXT, f"{E7} over_age"),
    ("grade 6 at 16", "2010-11-22", "primary", 6, "in_school", ON, "none", "over_age"),
    ("grade 6 at 17", "2009-03-01", "primary", 6, "in_school", ON, "none", "over_age"),
    ("grade not told at 11", "2014-11-23", "primary", None, "", ON, NEXT, E7),
    ("grade not told at 12", "2014-11-22", "primary", None, "", ON, NEXT, f"{E7} to_verify"),
    ("finished primary, grade not told", "2014-11-22", "primary", None, "graduated", ON, "now", ""),
    ("a school to be checked", "2018-03-01", "primary", 3, "unknown", ON, "none", "to_verify"),
    ("a kindergarten to be checked", "2022-03-01", "kindergarten", None, "unknown", ON, "none", "to_verify"),
    ("in no school, why to be checked", "2018-03-01", "none", None, "unknown", ON, "now", ""),
    ("not born yet", "2026-11-23", "primary", 3, "in_school", ON, "none", "to_verify"),
    ("day of birth unknown", "2020-08", "none", None, "", "2026-09-01", "now", ""),
]  # fmt: skip


@pytest.mark.parametrize(("told", "needs", "flags"), [pytest.param(case[1:6], *case[6:], id=case[0]) for case in CASES])
def test_a_careful_official_would_say_the_same(
    sop: Sop, told: tuple[str, str, int | None, str, str], needs: str, flags: str
) -> None:
    assert judged(sop, *told) == (needs, set(flags.split()))


def test_what_is_expected_follows_from_the_age_alone(sop: Sop) -> None:
    for stage in STAGES:
        for status in set(STATUSES) - {"delayed"}:
            found = schooling_needs(sop, BirthDate(2018, 3, 1), stage, None, status, date(2026, 11, 22))
            assert found[:3] == ("primary", 3, 2024)


@pytest.mark.parametrize(
    ("on", "enters", "needs"),
    [
        *(("2025-03-01", 2027, "none"), ("2026-08-31", 2027, "none")),
        *(("2026-09-01", 2027, "next_september"), ("2027-08-31", 2027, "next_september")),
        *(("2027-09-01", 2028, "next_september"), ("2036-09-01", 2026, "none")),
    ],
)
def test_who_was_granted_a_delay_enters_in_the_september_after_its_own(
    sop: Sop, on: str, enters: int, needs: str
) -> None:
    found = schooling_needs(sop, BirthDate(2020, 3, 1), "none", None, "delayed", date.fromisoformat(on))
    assert (found.enters, found.needs) == (enters, needs)


def test_of_a_child_not_born_yet_nothing_is_expected_but_a_check(sop: Sop) -> None:
    for birth in (BirthDate(2026, 11, 23), BirthDate(2031, 1)):
        found = schooling_needs(sop, birth, "", None, "", date(2026, 11, 22))
        assert found == (None, None, birth.year + 6 + (birth.month > 8), "none", ("to_verify",))


def test_flags_stand_in_the_order_of_their_list(sop: Sop) -> None:
    found = schooling_needs(sop, BirthDate(2013, 3, 1), "primary", 6, "home_teaching", date(2026, 11, 22))
    assert found.flags == ("entrant_grade_7", "over_age", "home_teaching")


def test_the_rule_of_the_area_decides_where_it_has_one(sop: Sop) -> None:
    areas = MappingProxyType({"3204": EntryRule(7, 8, 31)})
    own = replace(sop, schooling=replace(sop.schooling, areas=areas))
    birth, on = BirthDate(2020, 3, 1), date(2026, 9, 1)
    assert schooling_needs(own, birth, "none", None, "", on, "320402004901").needs == "next_september"
    assert schooling_needs(own, birth, "none", None, "", on, "120104001001").needs == "now"


def test_a_stage_or_status_that_no_list_has_is_refused(sop: Sop) -> None:
    for stage, status in (("university", ""), ("", "asleep")):
        with pytest.raises(SopError, match="has no code"):
            schooling_needs(sop, BirthDate(2018, 3, 1), stage, None, status, date(2026, 11, 22))


@given(
    st.builds(BirthDate, st.integers(2005, 2026), st.integers(1, 12), st.none() | st.integers(1, 28)),
    st.sampled_from(STAGES),
    st.none() | st.integers(1, 12),
    st.sampled_from(STATUSES),
    st.dates(date(2020, 1, 1), date(2032, 12, 31)),
)
def test_whatever_is_told_the_answer_is_of_one_piece(
    birth: BirthDate, stage: str, grade: int | None, status: str, on: date
) -> None:
    sop = load("2026-11")
    found = schooling_needs(sop, birth, stage, grade, status, on)
    due = grade_due(sop, birth, on)
    assert sop.codes["schooling_need"].has(found.needs)
    assert all(sop.codes["schooling_flag"].has(flag) for flag in found.flags)
    assert not {"entrant_grade_1", "entrant_grade_7"} <= set(found.flags)
    assert (found.needs == "next_september") == bool({"entrant_grade_1", "entrant_grade_7"} & set(found.flags))
    if found.needs == "now":
        assert due >= 1
        assert birth.age_on(on) < 16
    if "dropout" in found.flags:
        assert found.needs == "now"
    if birth.earliest > on:
        return
    if due == 0 and stage in {"none", "kindergarten", ""} and grade is None and status != "delayed":
        assert found.needs == "next_september"
