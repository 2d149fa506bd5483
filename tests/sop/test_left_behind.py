"""Who is left behind: who is away, where, since when, and whether the other parent can care."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sop.eligibility import Classification, Facts, classify
from sop.identity import BirthDate
from sop.version import Sop

ON = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
LEFT = Facts(
    birth=BirthDate(2017, 4, 12),
    residence="321322101901",
    hukou="321322101",
    guardian_here="other",
    father_away=True,
    mother_away=True,
    away_since=date(2026, 3, 2),
    away_area="320400",
)


def codes(found: Classification) -> list[str]:
    return [flag.code for flag in found.flags]


def why(found: Classification) -> str:
    return found.flags[0].reason.key


def test_both_parents_away_for_six_months_leave_a_child_behind(sop: Sop) -> None:
    found = classify(sop, LEFT, ON)
    assert (codes(found), why(found)) == (["left_behind"], "left_behind_both")


@pytest.mark.parametrize(("father", "mother"), [(True, False), (False, True), (True, None)])
def test_one_parent_away_leaves_behind_when_the_other_cannot_care(
    sop: Sop, father: bool | None, mother: bool | None
) -> None:
    facts = replace(LEFT, father_away=father, mother_away=mother, other_parent_can_care="no")
    assert why(classify(sop, facts, ON)) == "left_behind_one"


@pytest.mark.parametrize("answer", [None, "unknown", "refused"])
def test_an_open_question_about_care_is_provisional(sop: Sop, answer: str | None) -> None:
    found = classify(sop, replace(LEFT, mother_away=False, other_parent_can_care=answer), ON)
    assert (codes(found), why(found)) == (["provisional"], "care_unknown")


def test_six_months_of_absence_turn_on_their_day(sop: Sop) -> None:
    facts = replace(LEFT, away_since=date(2026, 8, 31))
    turns = date(2027, 2, 28)
    before = classify(sop, facts, turns - ONE_DAY)
    assert (codes(before), why(before), before.changes_on) == (["provisional"], "short_absence", turns)
    for day in (turns, turns + ONE_DAY):
        assert codes(classify(sop, facts, day)) == ["left_behind"]


def test_of_a_month_alone_the_end_counts_and_no_day_is_invented(sop: Sop) -> None:
    facts = replace(LEFT, away_since=date(2026, 5, 1), away_since_precision="month")
    before, after = classify(sop, facts, date(2026, 11, 29)), classify(sop, facts, date(2026, 11, 30))
    assert (why(before), before.changes_on, codes(after)) == ("short_absence", date(2026, 11, 30), ["left_behind"])
    for found in (before, after):
        assert sop.explain(found.flags[0].reason, "zh").startswith(("父母一方或双方2026年5月才", "2026年5月起"))
        assert "May 2026" in sop.explain(found.flags[0].reason, "en")


def test_a_child_at_home_of_whom_no_parent_is_away_is_outside(sop: Sop) -> None:
    found = classify(sop, replace(LEFT, father_away=False, mother_away=False), ON)
    assert found.outside is not None
    assert (found.flags, found.outside.key) == ((), "hukou_here")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"away_since": None}, "away_since_unknown"),
        ({"away_area": None}, "away_area_unknown"),
        ({"away_area": "321300"}, "away_area_unknown"),
        ({"away_area": "320000"}, "away_area_unknown"),
        ({"father_away": None, "mother_away": None}, "who_away_unknown"),
        ({"father_away": None, "mother_away": False}, "who_away_unknown"),
    ],
)
def test_what_is_not_known_of_the_parents_is_provisional(sop: Sop, change: dict[str, Any], key: str) -> None:
    found = classify(sop, replace(LEFT, **change), ON)
    assert (codes(found), why(found)) == (["provisional"], key)


@pytest.mark.parametrize("area", ["310000", "31", "320402000000", "321300000000"])
def test_away_may_be_known_to_the_province_or_the_city(sop: Sop, area: str) -> None:
    expected = ["provisional"] if area.startswith("3213") else ["left_behind"]
    assert codes(classify(sop, replace(LEFT, away_area=area), ON)) == expected


@pytest.mark.parametrize("hukou", [None, "321322"])
def test_a_left_behind_child_is_not_asked_for_its_hukou_town(sop: Sop, hukou: str | None) -> None:
    assert codes(classify(sop, replace(LEFT, hukou=hukou), ON)) == ["left_behind"]


def test_a_reason_that_time_settles_is_shown_before_one_that_waits_for_an_answer(sop: Sop) -> None:
    found = classify(sop, replace(LEFT, hukou=None, away_since=date(2026, 9, 1)), ON)
    assert (codes(found), why(found), found.changes_on) == (
        ["provisional"],
        "short_absence",
        date(2027, 3, 1),
    )


def test_a_child_may_be_left_behind_and_migrant_at_once(sop: Sop) -> None:
    facts = replace(LEFT, hukou="341124", arrived=date(2020, 1, 1))
    assert codes(classify(sop, facts, ON)) == ["migrant_monitoring", "migrant_statistical", "left_behind"]
    later = classify(sop, replace(facts, arrived=date(2026, 10, 1)), ON)
    assert (codes(later), later.changes_on) == (["left_behind", "provisional"], date(2027, 4, 1))


def test_of_two_reasons_for_provisional_the_sooner_day_is_shown(sop: Sop) -> None:
    facts = replace(LEFT, hukou="341124", arrived=date(2026, 10, 1), away_since=date(2026, 9, 1))
    found = classify(sop, facts, ON)
    assert (codes(found), why(found), found.changes_on) == (
        ["provisional"],
        "short_absence",
        date(2027, 3, 1),
    )


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"mother_away": False, "other_parent_can_care": "yes"}, "other_parent_cares"),
        ({"away_area": "321322"}, "away_same_county"),
    ],
)
def test_a_child_who_is_not_left_behind_is_told_why(sop: Sop, change: dict[str, Any], key: str) -> None:
    found = classify(sop, replace(LEFT, **change), ON)
    assert found.outside is not None
    assert (found.flags, found.outside.key) == ((), key)
