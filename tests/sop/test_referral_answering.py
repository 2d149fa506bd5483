"""What answers write back to a child's file, and how the outcomes of the procedure are marked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sop.identity import BirthDate
from sop.referral import Answer, State, effects, latest_day, unfit
from sop.version import Sop, load

ON = date(2026, 11, 22)
PUPIL = BirthDate(2017, 4, 12)


@pytest.mark.parametrize(
    ("service", "code", "birth", "written"),
    [
        ("education", "11", PUPIL, {"school": "primary", "schooling_kind": "public"}),
        ("education", "12", BirthDate(2013, 9, 1), {"school": "junior", "schooling_kind": "purchased"}),
        ("education", "13", BirthDate(2021, 9, 1), {"schooling_kind": "private"}),
        ("education", "15", BirthDate(2021, 9, 1), {"school": "kindergarten", "schooling_kind": "public"}),
        ("education", "46", PUPIL, {"school": "primary"}),
        ("education", "44", PUPIL, {}),
        ("vaccination", "01", PUPIL, {"certificate": "seen"}),
        ("vaccination", "07", PUPIL, {"certificate": "seen"}),
        ("vaccination", "03", PUPIL, {}),
    ],
)
def test_what_an_answer_writes_back(
    sop: Sop, service: str, code: str, birth: BirthDate, written: dict[str, str]
) -> None:
    assert effects(sop, sop.services[service].outcome(code), birth, ON) == written


@pytest.mark.parametrize(
    ("code", "kind", "grade", "written"),
    [
        ("46", "private", None, {"school": "primary", "schooling_kind": "private"}),
        ("46", None, 7, {"school": "junior"}),
        ("11", "private", 3, {"school": "primary", "schooling_kind": "public"}),
        ("11", None, 6, {"school": "primary", "schooling_kind": "public"}),
        ("11", None, 7, {"school": "junior", "schooling_kind": "public"}),
        ("11", None, 9, {"school": "junior", "schooling_kind": "public"}),
        ("11", None, 10, {"school": "senior", "schooling_kind": "public"}),
        ("11", None, 0, {"school": "kindergarten", "schooling_kind": "public"}),
        ("15", None, 7, {"school": "kindergarten", "schooling_kind": "public"}),
        ("44", "private", 7, {}),
    ],
)
def test_what_is_told_with_an_answer_counts_where_the_outcome_takes_it(
    sop: Sop, code: str, kind: str | None, grade: int | None, written: dict[str, str]
) -> None:
    outcome = sop.services["education"].outcome(code)
    assert effects(sop, outcome, PUPIL, ON, school_kind=kind, grade=grade) == written


def test_a_grade_told_says_the_school_also_outside_the_compulsory_age(sop: Sop) -> None:
    entrant = BirthDate(2021, 3, 1)
    outcome = sop.services["education"].outcome("11")
    assert effects(sop, outcome, entrant, ON) == {"schooling_kind": "public"}
    assert effects(sop, outcome, entrant, ON, grade=1) == {"school": "primary", "schooling_kind": "public"}


def test_outcomes_are_marked_as_the_procedure_says(sop: Sop) -> None:
    kinds = {
        name: {
            kind: {outcome.code for outcome in service.outcomes if outcome.kind == kind}
            for kind in ("solved", "interim", "unsolved")
        }
        for name, service in sop.services.items()
    }
    assert kinds["education"] == {
        "solved": {"11", "12", "13", "14", "15", "16", "21", "22", "31", "32", "46"},
        "interim": {"41", "43"},
        "unsolved": {"42", "44", "45", "49"},
    }
    assert kinds["vaccination"] == {
        "solved": {"01", "07"},
        "interim": {"02", "03", "04", "06", "09"},
        "unsolved": {"05", "08", "99"},
    }
    education, vaccination = sop.services["education"], sop.services["vaccination"]
    assert {outcome.code for outcome in education.outcomes if outcome.asks == "recall"} == {"31", "32"}
    assert {outcome.code for outcome in education.outcomes if outcome.reasons} == {"42", "44"}
    assert vaccination.outcome("03").state == State.APPOINTED


def test_a_grade_that_the_outcome_does_not_take_counts_for_nothing(sop: Sop) -> None:
    outcome = replace(sop.services["education"].outcome("11"), takes=())
    assert effects(sop, outcome, PUPIL, ON, grade=7) == {"school": "primary", "schooling_kind": "public"}


DAYS = [
    (service.code, outcome.code, outcome.asks)
    for service in load("2026-11").services.values()
    for outcome in service.outcomes
    if outcome.asks
]


@pytest.mark.parametrize(("service", "code", "kind"), DAYS)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_day_lies_between_today_and_the_bound_of_its_kind(
    sop: Sop, service: str, code: str, kind: str, off: int
) -> None:
    most = {"recall": 731, "appointment": 183, "next_dose": 366}[kind]
    asked = sop.services[service]
    toddler = BirthDate(2023, 4, 12)
    assert latest_day(sop, asked.outcome(code), ON) == ON + timedelta(days=most)
    late = Answer(code, day=ON + timedelta(days=most + off))
    early = Answer(code, day=ON + timedelta(days=off))
    assert ("day" in unfit(sop, asked, late, toddler, ON)) is (off > 0)
    assert ("day" in unfit(sop, asked, early, toddler, ON)) is (off < 0)
    assert "day" in unfit(sop, asked, replace(early, day=None), toddler, ON)


@pytest.mark.parametrize(
    ("birth", "fits"), [(BirthDate(2020, 9, 1), True), (BirthDate(2020, 8, 31), False), (PUPIL, False)]
)
def test_not_yet_of_school_age_is_no_answer_for_a_child_that_is(sop: Sop, birth: BirthDate, *, fits: bool) -> None:
    given = Answer("31", day=ON + timedelta(days=200))
    assert ("school_age" not in unfit(sop, sop.services["education"], given, birth, ON)) is fits
