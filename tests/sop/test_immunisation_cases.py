"""The published immunisation cases hold, and the set itself is what it says it is."""

import re
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from tests.sop.immunisation_report import DIFFERS, FAIL, PASS, Answer, Case, accepted, cases, judge, lines

POSITIONS = ("day-before", "on-the-day", "day-after")
RULE = re.compile(r"[a-z0-9-]+(/(day-before|on-the-day|day-after))? \(domain 4\.[1-7]\)")
VARIANT = re.compile(r"-(month-end|leap-day)$")
STATUSES = {"not_yet", "due", "overdue", "aged_out", "complete", "none", "ask"}
COURSES = {"HepB", "BCG", "polio", "DTaP", "MMR", "JE-L", "MPSV-A", "MPSV-AC", "HepA-L", "2vHPV"}

# Every limit of the tables: from birth, or from the dose of that number in the row; then months (m) or days (d).
LIMITS = """
hepb-1-minimum-age birth 0d
hepb-1-overdue birth 1d
hepb-2-due birth 1m
hepb-2-minimum-age birth 1m
hepb-2-overdue birth 2m
hepb-2-interval 1 28d
hepb-3-due birth 6m
hepb-3-minimum-age birth 6m
hepb-3-overdue birth 12m
hepb-3-interval-from-2 2 60d
hepb-3-interval-from-1 1 4m
hepb-latest-age birth 216m
bcg-minimum-age birth 0d
bcg-direct-until-3-months birth 3m
bcg-latest-age birth 48m
polio-1-due birth 2m
polio-1-minimum-age birth 2m
polio-1-overdue birth 3m
polio-2-due birth 3m
polio-2-minimum-age birth 3m
polio-2-overdue birth 4m
polio-2-interval 1 28d
polio-3-due birth 4m
polio-3-minimum-age birth 4m
polio-3-overdue birth 12m
polio-3-interval 2 28d
polio-4-due birth 48m
polio-4-minimum-age birth 48m
polio-4-overdue birth 60m
polio-4-interval 3 28d
polio-4-of-ipv-at-18-months birth 18m
polio-4-of-ipv-interval 3 28d
polio-latest-age birth 216m
dtap-1-due-2021 birth 3m
dtap-1-minimum-age-2021 birth 3m
dtap-1-overdue-2021 birth 4m
dtap-2-due-2021 birth 4m
dtap-2-minimum-age-2021 birth 4m
dtap-2-overdue-2021 birth 5m
dtap-2-interval-2021 1 28d
dtap-3-due-2021 birth 5m
dtap-3-minimum-age-2021 birth 5m
dtap-3-overdue-2021 birth 12m
dtap-3-interval-2021 2 28d
dtap-4-due-2021 birth 18m
dtap-4-minimum-age-2021 birth 18m
dtap-4-overdue-2021 birth 24m
dtap-4-interval-2021 3 6m
dt-due-2021 birth 72m
dt-minimum-age-2021 birth 72m
dt-overdue-2021 birth 84m
dt-interval-2021 4 12m
dtap-1-due-2025 birth 2m
dtap-1-minimum-age-2025 birth 2m
dtap-1-overdue-2025 birth 3m
dtap-2-due-2025 birth 4m
dtap-2-minimum-age-2025 birth 4m
dtap-2-overdue-2025 birth 5m
dtap-2-interval-2025 1 28d
dtap-3-due-2025 birth 6m
dtap-3-minimum-age-2025 birth 6m
dtap-3-overdue-2025 birth 12m
dtap-3-interval-2025 2 28d
dtap-4-due-2025 birth 18m
dtap-4-minimum-age-2025 birth 18m
dtap-4-overdue-2025 birth 24m
dtap-4-interval-2025 3 6m
dtap-5-due-2025 birth 72m
dtap-5-minimum-age-2025 birth 72m
dtap-5-overdue-2025 birth 84m
dtap-5-interval-2025 4 12m
dtap-latest-age birth 144m
dtap-latest-age-2021 birth 144m
dtap-product-until-7-years birth 84m
dtap-product-until-7-years-2021 birth 84m
dt-product-from-6-years birth 72m
dt-product-until-12-years birth 144m
five-in-one-1-minimum-age-2025 birth 2m
five-in-one-2-minimum-age-2025 birth 3m
five-in-one-3-minimum-age-2025 birth 4m
five-in-one-4-minimum-age-2025 birth 18m
five-in-one-2-interval 1 28d
five-in-one-3-interval 2 28d
five-in-one-4-interval 3 6m
dt-catch-up-2-after-one-month-2021 1 1m
dt-catch-up-3-after-six-months-2021 2 6m
dt-after-three-dtap-six-months-2021 3 6m
dt-after-four-dtap-twelve-months-2021 4 12m
dt-catch-up-2-after-one-month-2025 1 1m
dt-catch-up-3-after-six-months-2025 2 6m
dt-after-three-dtap-six-months-2025 3 6m
dt-after-four-dtap-twelve-months-2025 4 12m
mmr-1-due birth 8m
mmr-1-minimum-age birth 8m
mmr-1-overdue birth 12m
mmr-2-due birth 18m
mmr-2-minimum-age birth 18m
mmr-2-overdue birth 24m
mmr-2-interval 1 28d
mmr-older-cohort-top-up-interval 2 28d
mmr-latest-age birth 216m
je-live-1-due birth 8m
je-live-1-minimum-age birth 8m
je-live-1-overdue birth 12m
je-live-2-due birth 24m
je-live-2-minimum-age birth 24m
je-live-2-overdue birth 36m
je-live-2-interval 1 12m
je-inactivated-1-minimum-age birth 8m
je-inactivated-2-interval 1 7d
je-inactivated-2-overdue birth 12m
je-inactivated-3-due birth 24m
je-inactivated-3-minimum-age birth 24m
je-inactivated-3-overdue birth 36m
je-inactivated-3-interval 2 1m
je-inactivated-4-due birth 72m
je-inactivated-4-minimum-age birth 72m
je-inactivated-4-overdue birth 84m
je-inactivated-4-interval 3 36m
je-latest-age birth 216m
mpsv-a-1-due birth 6m
mpsv-a-1-minimum-age birth 6m
mpsv-a-1-overdue-2021 birth 7m
mpsv-a-1-overdue-2025 birth 7m
mpsv-a-1-overdue-hpv birth 7m
mpsv-a-1-overdue-2026 birth 12m
mpsv-a-2-due birth 9m
mpsv-a-2-minimum-age birth 9m
mpsv-a-2-interval 1 3m
mpsv-a-2-overdue-2021 birth 18m
mpsv-a-2-overdue-2025 birth 18m
mpsv-a-2-overdue-hpv birth 18m
mpsv-a-2-until-24-months-2026 birth 24m
mpsv-a-latest-age birth 24m
mpsv-a-product-until-24-months birth 24m
mpsv-a-conjugate-until-24-months birth 24m
mpsv-ac-1-due birth 36m
mpsv-ac-1-minimum-age birth 36m
mpsv-ac-1-overdue birth 48m
mpsv-ac-1-minimum-age-no-a-dose birth 24m
mpsv-ac-1-minimum-age-one-a-dose birth 24m
mpsv-ac-1-interval-one-a-dose 1 3m
mpsv-ac-2-due birth 72m
mpsv-ac-2-minimum-age birth 72m
mpsv-ac-2-overdue birth 84m
mpsv-ac-2-interval 3 36m
mpsv-ac-conjugate-1-from-24-months birth 24m
mpsv-ac-latest-age birth 216m
hepa-live-1-due birth 18m
hepa-live-1-minimum-age birth 18m
hepa-live-1-overdue birth 24m
hepa-inactivated-1-minimum-age birth 18m
hepa-inactivated-2-due birth 24m
hepa-inactivated-2-minimum-age birth 24m
hepa-inactivated-2-overdue birth 36m
hepa-inactivated-2-interval 1 6m
hepa-live-after-inactivated-interval 1 6m
hepa-latest-age birth 216m
hpv-1-due birth 156m
hpv-1-minimum-age birth 156m
hpv-1-overdue birth 168m
hpv-2-due 1 6m
hpv-2-interval 1 6m
hpv-2-overdue 1 12m
hpv-latest-age birth 216m
live-spacing-je-after-mmr 1 28d
live-spacing-mmr-after-je 1 28d
live-spacing-hepa-after-mmr 1 28d
live-spacing-hepa-after-je 1 28d
live-spacing-second-mmr-after-hepa 2 28d
live-spacing-second-je-after-hepa 2 28d
immunoglobulin-mmr-after-3-months 1 3m
immunoglobulin-je-after-3-months 1 3m
immunoglobulin-hepa-after-3-months 1 3m
immunoglobulin-je-inactivated-after-1-month 1 1m
"""
LIMIT_LINES = [tuple(line.split()) for line in LIMITS.split("\n") if line]


def later(day: date, amount: str) -> date:
    number, unit = int(amount[:-1]), amount[-1]
    if unit == "d":
        return day + timedelta(days=number)
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def slug(case: Case) -> str:
    return case.rule.partition(" ")[0].partition("/")[0]


def triples() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases():
        if "/" in case.rule:
            found[slug(case)].append(case)
    return found


def moved_days(triple: list[Case]) -> list[date]:
    """The day that differs between the three: that of the last dose, or else the day judged."""
    if len({case.doses for case in triple}) > 1:
        return [case.doses[-1][1] for case in triple]
    return [case.on for case in triple]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.id}:{case.rule.partition(' ')[0]}")
def test_a_published_case_is_answered_as_written(case: Case) -> None:
    result = judge(case, accepted())
    assert result.outcome != FAIL, "\n".join(lines([result]))


def test_there_are_at_least_four_hundred_cases_and_some_for_every_course() -> None:
    assert len(cases()) >= 400
    assert {case.course for case in cases()} == COURSES


def test_no_two_cases_have_the_same_id() -> None:
    assert [name for name, count in Counter(case.id for case in cases()).items() if count > 1] == []


def test_no_two_cases_ask_the_same() -> None:
    asked = Counter(case[2:7] for case in cases() if "/" not in case.rule)
    assert [question for question, count in asked.items() if count > 1] == []


def test_every_case_names_its_rule_and_where_the_rule_stands() -> None:
    assert [case.id for case in cases() if not RULE.fullmatch(case.rule)] == []


def test_every_status_is_expected_somewhere_and_no_other() -> None:
    assert {case.expected.status for case in cases()} == STATUSES


def test_a_next_dose_has_its_days_and_what_is_over_has_none() -> None:
    for case in cases():
        open_course = case.expected.status in {"not_yet", "due", "overdue"}
        assert [value is not None for value in case.expected[2:]] == [open_course] * 3, case.id


@pytest.mark.parametrize("name", sorted(triples()))
def test_a_limit_has_the_day_before_the_day_and_the_day_after(name: str) -> None:
    triple = triples()[name]
    assert tuple(case.rule.partition(" ")[0].partition("/")[2] for case in triple) == POSITIONS
    before, on, after = moved_days(triple)
    assert (on - before, after - on) == (timedelta(days=1), timedelta(days=1))


@pytest.mark.parametrize(("name", "start", "amount"), LIMIT_LINES, ids=[line[0] for line in LIMIT_LINES])
def test_a_limit_of_the_tables_is_tested_on_its_day(name: str, start: str, amount: str) -> None:
    tested = [triple for each, triple in triples().items() if VARIANT.sub("", each) == name]
    assert tested
    for triple in tested:
        middle = triple[1]
        first = middle.birth if start == "birth" else middle.doses[int(start) - 1][1]
        assert moved_days(triple)[1] == later(first, amount), slug(middle)


def test_month_ends_and_leap_days_are_among_the_limits() -> None:
    days = [moved_days(triple)[1] for triple in triples().values()]
    assert sum((day.month, day.day) == (2, 29) for day in days) >= 25
    assert sum((day.month, day.day) == (2, 28) for day in days) >= 40


def test_every_accepted_difference_has_a_reason_and_still_differs() -> None:
    by_id = {case.id: case for case in cases()}
    assert all(accepted().values())
    assert [name for name in accepted() if judge(by_id[name], accepted()).outcome == PASS] == []


def test_the_report_tells_the_three_outcomes_apart() -> None:
    case = cases()[0]
    wrong = case._replace(expected=Answer(99, "due", None, None, None))
    results = [judge(case, {}), judge(wrong, {case.id: "as the clinic does it"}), judge(wrong, {})]
    assert [result.outcome for result in results] == [PASS, DIFFERS, FAIL]
    report = list(lines(results))
    assert report[0] == "pass: 1, accepted difference: 1, fail: 1"
    assert "as the clinic does it" in report[1]
    assert "expected valid=99" in report[5]
