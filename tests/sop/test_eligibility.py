"""Who is registered as what: every line, every limit, the day before, the day and the day after."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sop.eligibility import Classification, Facts, classify, line_crossed, months_between, too_old
from sop.identity import BirthDate
from sop.version import Sop

ON = date(2026, 11, 22)
TIANNING = "320402004901"
ONE_DAY = timedelta(days=1)
MIGRANT = Facts(
    birth=BirthDate(2017, 4, 12),
    residence=TIANNING,
    hukou="321322",
    arrived=date(2026, 3, 2),
    stays="yes",
    guardian_here="both",
)


def codes(found: Classification) -> list[str]:
    return [flag.code for flag in found.flags]


def why(found: Classification) -> str:
    return found.flags[0].reason.key


def test_a_child_from_another_county_is_migrant_in_both_scopes(sop: Sop) -> None:
    found = classify(sop, MIGRANT, ON)
    assert codes(found) == ["migrant_monitoring", "migrant_statistical"]
    assert (found.outside, found.changes_on) == (None, None)
    assert found.flags[0].reason.params == {"since": date(2026, 3, 2), "months": 8}


@pytest.mark.parametrize(
    ("arrived", "turns"),
    [
        (date(2026, 9, 1), date(2027, 3, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 5, 31), date(2026, 11, 30)),
        (date(2028, 2, 29), date(2028, 8, 29)),
    ],
)
def test_six_months_turn_on_their_day(sop: Sop, arrived: date, turns: date) -> None:
    facts = replace(MIGRANT, arrived=arrived)
    before = classify(sop, facts, turns - ONE_DAY)
    assert (codes(before), before.changes_on) == (["provisional"], turns)
    for day in (turns, turns + ONE_DAY):
        assert codes(classify(sop, facts, day)) == ["migrant_monitoring", "migrant_statistical"]


def test_an_arrival_known_to_the_month_counts_from_its_end(sop: Sop) -> None:
    facts = replace(MIGRANT, arrived=date(2026, 3, 1), arrived_precision="month")
    before = classify(sop, facts, date(2026, 9, 29))
    assert before.changes_on == date(2026, 9, 30)
    assert sop.explain(before.flags[0].reason, "zh").startswith("2026年3月才到")
    assert sop.explain(before.flags[0].reason, "en").startswith("Arrived March 2026 and")
    assert "migrant_monitoring" in codes(classify(sop, facts, date(2026, 9, 30)))


@pytest.mark.parametrize(
    ("stays", "key"),
    [
        ("yes", "short_stay_staying"),
        ("no", "short_stay_leaving"),
        ("unknown", "short_stay_unsure"),
        ("refused", "short_stay_unsure"),
    ],
)
def test_a_short_stay_is_provisional_whatever_the_intention(sop: Sop, stays: str, key: str) -> None:
    found = classify(sop, replace(MIGRANT, arrived=date(2026, 9, 1), stays=stays), ON)
    assert (codes(found), why(found)) == (["provisional"], key)
    assert found.changes_on == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("birth", "ends"),
    [
        (BirthDate(2011, 2, 28), date(2027, 2, 28)),
        (BirthDate(2011, 3, 1), date(2027, 3, 1)),
        (BirthDate(2011, 2), date(2027, 2, 28)),
    ],
)
def test_who_is_sixteen_before_six_months_are_over_is_promised_that_day(sop: Sop, birth: BirthDate, ends: date) -> None:
    found = classify(sop, replace(MIGRANT, birth=birth, arrived=date(2026, 9, 1)), ON)
    assert (codes(found), why(found), found.changes_on) == (["provisional"], "ages_out_before", ends)
    younger = classify(sop, replace(MIGRANT, birth=BirthDate(2011, 3, 2), arrived=date(2026, 9, 1)), ON)
    assert why(younger) == "short_stay_staying"


def test_an_arrival_still_to_come_is_provisional(sop: Sop) -> None:
    assert codes(classify(sop, replace(MIGRANT, arrived=ON + ONE_DAY), ON)) == ["provisional"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"arrived": None}, "arrival_unknown"),
        ({"arrived": ON + ONE_DAY}, "arrival_unknown"),
        ({"hukou": None}, "hukou_unknown"),
        ({"hukou": "320000"}, "hukou_county_unknown"),
        ({"hukou": "32"}, "hukou_county_unknown"),
        ({"hukou": "320400"}, "hukou_county_unknown"),
        ({"hukou": "320402"}, "hukou_town_unknown"),
        ({"hukou": "320402000000"}, "hukou_town_unknown"),
    ],
)
def test_what_is_not_known_is_provisional_with_its_own_reason(sop: Sop, change: dict[str, Any], key: str) -> None:
    found = classify(sop, replace(MIGRANT, **change), ON)
    assert (codes(found), why(found)) == (["provisional"], key)
    assert (found.outside, found.changes_on) == (None, None)


@pytest.mark.parametrize(
    ("hukou", "residence", "line"),
    [
        ("321322", TIANNING, "county"),
        ("320481", TIANNING, "county"),
        ("320412", TIANNING, "town"),
        ("320405", "320412001901", "town"),
        ("320413", TIANNING, "county"),
        ("320402003", TIANNING, "town"),
        ("320402004", TIANNING, "none"),
        ("320402004000", TIANNING, "none"),
        ("320402004902", TIANNING, "none"),
        ("120101", "120104001901", "town"),
        ("120110", "120104001901", "county"),
        ("320402", "120104001901", "county"),
        ("442000", "442000003901", "town_unknown"),
        ("442000001", "442000003901", "town"),
        ("442000003", "442000003901", "none"),
        ("441402", "442000003901", "county"),
        ("440000", "442000003901", "county_unknown"),
        ("430000", "442000003901", "county"),
        ("3204", TIANNING, "county_unknown"),
    ],
)
def test_which_line_was_crossed(sop: Sop, hukou: str, residence: str, line: str) -> None:
    assert line_crossed(sop, hukou, residence) == line


@pytest.mark.parametrize("hukou", ["320412", "320402003"])
def test_within_the_centre_or_the_county_only_the_statistical_scope_holds(sop: Sop, hukou: str) -> None:
    assert codes(classify(sop, replace(MIGRANT, hukou=hukou), ON)) == ["migrant_statistical"]


@pytest.mark.parametrize("guardian", ["both", "one", "other", "unknown", "refused"])
def test_whoever_the_guardian_is_the_child_is_migrant(sop: Sop, guardian: str) -> None:
    assert "migrant_monitoring" in codes(classify(sop, replace(MIGRANT, guardian_here=guardian), ON))


@pytest.mark.parametrize("arrived", [None, date(2026, 11, 1), date(2020, 1, 1)])
def test_a_child_alone_is_unaccompanied_from_the_first_day(sop: Sop, arrived: date | None) -> None:
    found = classify(sop, replace(MIGRANT, guardian_here="alone", arrived=arrived), ON)
    assert codes(found) == ["unaccompanied"]


@pytest.mark.parametrize(
    ("birth", "birthday"),
    [
        (BirthDate(2010, 11, 22), date(2026, 11, 22)),
        (BirthDate(2010, 11), date(2026, 11, 30)),
        (BirthDate(2012, 2, 29), date(2028, 2, 29)),
    ],
)
def test_registration_ends_on_the_sixteenth_birthday(sop: Sop, birth: BirthDate, birthday: date) -> None:
    facts = replace(MIGRANT, birth=birth)
    assert not too_old(sop, birth, birthday - ONE_DAY)
    assert classify(sop, facts, birthday - ONE_DAY).outside is None
    for day in (birthday, birthday + ONE_DAY):
        assert too_old(sop, birth, day)
        found = classify(sop, facts, day)
        assert found.outside is not None
        assert (found.flags, found.outside.key, found.changes_on) == ((), "aged_out", None)


def test_an_open_question_of_parents_is_not_put_to_a_migrant_child(sop: Sop) -> None:
    facts = replace(MIGRANT, father_away=True, mother_away=False, guardian_here="one")
    assert codes(classify(sop, facts, ON)) == ["migrant_monitoring", "migrant_statistical"]


HOME = replace(MIGRANT, hukou="320402004", father_away=False, mother_away=False)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (replace(HOME, arrived=None), "hukou_here"),
        (HOME, "hukou_here"),
        (replace(HOME, father_away=None, mother_away=None), "hukou_here"),
        (replace(HOME, arrived=date(2026, 10, 1)), "returned"),
    ],
)
def test_a_child_outside_every_definition_is_told_why(sop: Sop, facts: Facts, key: str) -> None:
    found = classify(sop, facts, ON)
    assert found.outside is not None
    assert (found.flags, found.outside.key) == ((), key)


@pytest.mark.parametrize("guardian", ["one", "other", "alone", "unknown", "refused"])
def test_at_home_without_both_parents_the_question_who_is_away_comes_first(sop: Sop, guardian: str) -> None:
    facts = replace(HOME, guardian_here=guardian, father_away=None, mother_away=None)
    assert why(classify(sop, facts, ON)) == "who_away_unknown"


@pytest.mark.parametrize(
    ("on", "months"),
    [(date(2026, 9, 1), 5), (date(2026, 9, 2), 6), (date(2026, 9, 3), 6), (date(2026, 3, 2), 0)],
)
def test_full_months_are_counted(on: date, months: int) -> None:
    assert months_between(date(2026, 3, 2), on) == months
