"""What is told of a child's schooling becomes what the rules ask, and from it the admission, year and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.admission import wording
from registry.admission.telling import grade_in
from registry.clock import today
from registry.i18n import spoken
from sop.schooling import school_year
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Flask

    from tests.admission.conftest import Families

THIS_SCHOOL_YEAR = school_year(in_force(today()), today())


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("三年级2班", 3),
        ("3年级（2）班", 3),
        ("初一（4）班", 7),
        ("Grade 5, class 2", 5),
        ("高二", 11),
        ("2班", None),
        ("大班", None),
        ("", None),
    ],
)
def test_the_grade_is_what_a_class_begins_with_and_a_number_alone_is_none(text: str, grade: int | None) -> None:
    assert grade_in(in_force(today()), text) == grade


@pytest.mark.parametrize(
    ("grade", "school", "said", "needs", "flags", "stage"),
    [
        (1, "none", None, "now", (), "grade_1"),
        (3, "none", None, "now", (), "grade_1"),
        (7, "none", None, "now", (), "grade_7"),
        (8, "none", None, "now", (), "grade_7"),
        (1, "kindergarten", None, "now", ("still_in_kindergarten",), "grade_1"),
        (0, "kindergarten", None, "next_september", ("entrant_grade_1",), "grade_1"),
        (6, "primary", None, "next_september", ("entrant_grade_7",), "grade_7"),
        (1, "none", "delayed", "next_september", ("entrant_grade_1", "delayed"), "grade_1"),
        (3, "primary", None, "none", (), "transfer"),
        (3, "none", "suspended", "none", ("suspended",), "transfer"),
        (3, "none", "home_teaching", "none", ("home_teaching",), "transfer"),
        (5, "none", "dropped_out", "now", ("dropout",), "transfer"),
        (-1, "none", None, "none", ("kindergarten_age",), "kindergarten"),
        (4, "unknown", None, "none", ("to_verify",), "transfer"),
        (4, "refused", None, "none", ("to_verify",), "transfer"),
        (9, "none", "left_school", "now", ("not_in_school_14_15",), "grade_7"),
    ],
)
def test_what_was_told_decides_whether_a_place_is_needed_and_which_admission_it_is(
    families: Families, grade: int, school: str, said: str | None, needs: str, flags: tuple[str, ...], stage: str
) -> None:
    child = families.child(grade, school)
    if said:
        families.tell(child, not_in_school=said)
    found = families.standing(child)
    assert (found.needs.needs, found.needs.flags, found.stage) == (needs, flags, stage)
    assert found.year == THIS_SCHOOL_YEAR + (needs == "next_september")


def test_who_was_in_a_school_and_left_it_is_a_transfer_and_nobody_is_called_a_drop_out_unasked(
    families: Families,
) -> None:
    child = families.child(4)
    families.spell(child, "primary", since="2023-09", until="2025-09")
    found = families.standing(child)
    assert (found.needs.needs, found.needs.flags, found.stage) == ("now", (), "transfer")
    families.tell(child, not_in_school="left_school")
    assert families.standing(child).needs.flags == ("dropout",)


def test_who_finished_primary_school_and_is_in_no_other_enters_junior_school(families: Families) -> None:
    child = families.child(8)
    families.spell(child, "primary", since="2019-09", until="2025-07")
    families.tell(child, not_in_school="graduated")
    found = families.standing(child)
    assert found.stage == "grade_7"
    assert found.needs.needs in {"now", "next_september"}  # in the summer after it, the next September


def test_an_answer_given_before_the_present_spell_says_nothing_of_it(families: Families) -> None:
    child = families.child(5)  # its spell began in September 2025
    families.tell(child, on=today().replace(year=2025, month=8, day=1), not_in_school="dropped_out")
    assert families.standing(child).told.status == "unknown"
    families.tell(child, not_in_school="dropped_out")
    assert families.standing(child).told.status == "dropout"


def test_a_grade_rises_with_each_school_year_and_never_out_of_its_school(families: Families) -> None:
    child = families.child(6, "primary")
    families.tell(child, grade_class="四年级1班")
    assert families.standing(child).needs.flags == ("over_age",)
    pupil = families.child(6, "primary")
    families.spell_began(pupil, "2000-09")
    families.tell(pupil, on=today().replace(year=today().year - 2, day=1), grade_class="四年级1班")
    found = families.standing(pupil)
    assert (found.told.grade, found.needs.flags) == (6, ("entrant_grade_7",))
    families.tell(pupil, on=today().replace(year=today().year - 2, day=1), grade_class="五年级1班")
    assert families.standing(pupil).told.grade is None


def test_a_class_of_junior_school_counted_from_one_is_told_from_one_of_primary_school(families: Families) -> None:
    child = families.child(8, "junior")
    families.tell(child, grade_class="二年级3班")
    assert families.standing(child).told.grade == 8


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_outcome_has_a_sentence_without_a_gap(app: Flask, families: Families, tongue: str) -> None:
    schools = ("none", "kindergarten", "primary", "junior", "senior", "unknown")
    made = [families.child(grade, school) for grade in range(-4, 12) for school in schools]
    children = [families.standing(child) for child in made[:: 1 if tongue == "zh" else 5]]
    with app.test_request_context(), spoken(tongue):
        for found in children:
            assert "%(" not in wording.why(found)
            assert wording.why(found)
            assert wording.by_age(found)
            assert str(found.needs.enters) in wording.entry(found)
            assert wording.need(found)[0]
            assert all(all(flag) for flag in wording.flags(found))


@pytest.mark.parametrize("grade", [0, 1])
def test_of_who_was_granted_a_delay_one_year_is_told_everywhere(app: Flask, families: Families, grade: int) -> None:
    child = families.child(grade)
    families.tell(child, not_in_school="delayed")
    found = families.standing(child)
    year = str(THIS_SCHOOL_YEAR + 2 - grade)
    with app.test_request_context(), spoken("zh"):
        assert year in wording.entry(found)
        assert year in wording.why(found)


def test_every_need_and_flag_of_the_procedure_has_its_words() -> None:
    codes = in_force(today()).codes
    assert {entry.code for entry in codes["schooling_need"]} == set(wording.NEEDS)
    assert {entry.code for entry in codes["schooling_flag"]} == set(wording.FLAGS)
