"""What an office is asked: one answer for page, many at once, slip and spreadsheet, and the rules judge by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sop.content import LANGUAGES
from sop.identity import BirthDate
from sop.referral import Answer, by_kind, for_many, goes_with, kept_beside, offers, unfit, wanting
from sop.schooling import LAST_GRADE, name_of_grade

if TYPE_CHECKING:
    from sop.version import Sop

ON = date(2026, 11, 22)
PUPIL = BirthDate(2017, 4, 12)


def test_the_fields_that_go_with_an_outcome_are_those_that_it_asks_for_and_takes(sop: Sop) -> None:
    school, doses = sop.services["education"], sop.services["vaccination"]
    assert goes_with(school.outcome("42")) == {"reason", "alternative"}
    assert goes_with(school.outcome("46")) == {"school", "school_kind", "grade", "begins"}
    assert goes_with(doses.outcome("02")) == {"day"}
    assert goes_with(doses.outcome("01")) == frozenset()
    assert [each.code for each in wanting(school, "reason")] == ["42", "44"]
    assert wanting(doses, "grade") == ()


def test_only_what_is_offered_fits(sop: Sop) -> None:
    service = sop.services["education"]
    offered = offers(sop, service)
    answer = Answer("46", school_kind="public", grade=3, begins=ON)
    assert unfit(sop, service, answer, PUPIL, ON) == ()
    for code in sop.codes["schooling_kind"].known:
        fits = code in {each.code for each in offered["school_kind"]}
        wrong = () if fits else ("school_kind",)
        assert unfit(sop, service, replace(answer, school_kind=code), PUPIL, ON) == wrong, code
    for grade in range(-1, LAST_GRADE + 2):
        fits = str(grade) in {each.code for each in offered["grade"]}
        assert unfit(sop, service, replace(answer, grade=grade), PUPIL, ON) == (() if fits else ("grade",)), grade


def test_an_office_knows_the_kind_of_school(sop: Sop) -> None:
    kinds = {each.code for each in offers(sop, sop.services["education"])["school_kind"]}
    assert kinds == sop.codes["schooling_kind"].known - {"unknown", "refused"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_grade_has_a_name_of_its_own_and_stages_follow_each_other(sop: Sop, language: str) -> None:
    names = [name_of_grade(sop, grade).in_language(language) for grade in range(LAST_GRADE + 1)]
    assert len(set(names)) == len(names)
    assert names[10] == {"zh": "高中一年级", "en": "Senior 1"}[language]
    stages = [name[:2] if language == "zh" else name.split()[0] for name in names]
    assert sum(one != other for one, other in pairwise(stages)) == 3, "kindergarten, primary, junior, senior"


def test_reasons_and_alternatives_are_those_of_the_services_outcomes(sop: Sop) -> None:
    for service in sop.services.values():
        offered = offers(sop, service)
        assert {each.code for each in offered["reason"]} == {code for one in service.outcomes for code in one.reasons}
        alternatives = {code for one in service.outcomes for code in one.alternative}
        assert {each.code for each in offered["alternative"]} == alternatives
        assert bool(offered["items"]) is bool(service.items)


def test_many_are_given_no_outcome_that_needs_results_item_by_item(sop: Sop) -> None:
    police = sop.services["identity"]
    assert {each.kind for each in for_many(police)} == {"interim", "unsolved"}
    assert for_many(sop.services["education"]) == sop.services["education"].outcomes


def test_outcomes_stand_under_their_kinds_and_empty_kinds_nowhere(sop: Sop) -> None:
    grouped = by_kind(sop.services["vaccination"].outcomes)
    assert [kind for kind, _members in grouped] == ["solved", "interim", "unsolved"]
    assert all(each.kind == kind for kind, members in grouped for each in members)
    assert by_kind([]) == []


@pytest.mark.parametrize(
    ("code", "said", "kept"),
    [
        ("11", {"school": "采菱小学", "grade": 0, "school_kind": "public"}, {"school": "采菱小学", "grade": 0}),
        ("11", {"begins": date(2026, 12, 1)}, {"begins": "2026-12-01"}),
        ("42", {"alternative": "waiting_list", "reason": "age"}, {"alternative": "waiting_list"}),
        ("44", {"alternative": "waiting_list", "note": "x"}, {}),
        ("43", {"items": {"name": "agrees"}}, {"items": {"name": "agrees"}}),
    ],
)
def test_kept_beside_an_outcome_is_what_it_takes_and_nothing_else(
    sop: Sop, code: str, said: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert kept_beside(sop.services["education"].outcome(code), Answer(code, **said)) == kept
