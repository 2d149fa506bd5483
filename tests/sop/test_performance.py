"""How offices perform: where each referral counts, and what sums, shares and days say."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.performance import (
    MEDIAN,
    NINETIETH,
    RESULTS,
    Referred,
    Totals,
    counts_of,
    months_until,
    percentile,
    result_of,
    share,
    total,
    working_days,
)
from sop.referral import Calendar, State

ON = date(2026, 11, 22)
CALENDAR = Calendar(frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}), frozenset({2026}))


def referred(state="sent", **values):
    known = {
        "sent_on": date(2026, 9, 28),
        "accepted_on": None,
        "closed_on": None,
        "due_on": date(2026, 11, 22),
        "kind": None,
        "outcome": None,
    }
    return Referred(state=state, **known | values)


def months_of(*referrals):
    found = {}
    for each in referrals:
        for month, measure, what in counts_of(each, ON, working_days(CALENDAR)):
            found.setdefault(month, {}).setdefault(measure, Counter())[what] += 1
    return found


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"state": "sent"}, "open"),
        ({"state": "sent", "due_on": date(2026, 11, 21)}, "overdue"),
        ({"state": "accepted"}, "open"),
        ({"state": "appointed", "due_on": date(2026, 11, 1)}, "overdue"),
        ({"state": "accepted", "kind": "interim", "due_on": date(2026, 11, 1)}, "overdue"),  # stops no clock
        ({"state": "returned", "due_on": None}, "returned"),
        ({"state": "withdrawn", "due_on": None}, "withdrawn"),
        ({"state": "closed", "kind": "solved"}, "solved"),
        ({"state": "closed", "kind": "unsolved"}, "unsolved"),
        ({"state": "closed", "kind": None}, "unsolved"),
    ],
)
def test_each_referral_that_was_sent_became_exactly_one_thing(values, result):
    assert result_of(referred(**values), ON) == result
    months = months_of(referred(**values))
    assert months["2026-09"]["became"] == {result: 1}


def test_every_state_but_a_draft_has_a_result():
    for state in set(State) - {State.DRAFT}:
        assert result_of(referred(state=state.value), ON) in RESULTS


def test_a_closed_one_counts_in_the_month_of_its_closing_with_its_outcome_and_working_days():
    one = referred("closed", kind="solved", outcome="11", accepted_on=date(2026, 9, 29), closed_on=date(2026, 10, 12))
    months = months_of(one)
    assert months["2026-09"] == {"became": {"solved": 1}, "accepted": {"all": 1}}
    # 29 and 30 September, 2 October, 5 to 9, Saturday the 10th that is worked, 12: 1 October is a holiday.
    assert months["2026-10"] == {"closed": {"solved": 1}, "outcomes": {"11": 1}, "days": {"10": 1}}


def test_what_is_confidential_tells_no_outcome():
    months = months_of(referred("closed", kind="unsolved", closed_on=date(2026, 10, 12)))
    assert months["2026-10"] == {"closed": {"unsolved": 1}, "days": {"10": 1}}


def test_what_is_open_now_counts_in_the_present_month_whenever_it_was_sent():
    old, late = (referred(sent_on=date(2024, 1, 5), due_on=day) for day in (ON, date(2024, 3, 1)))
    months = months_of(old, late)
    assert months["2026-11"] == {"now": {"open": 1, "overdue": 1}}
    lines = [(month, counts) for month, counts in months.items()]
    performed = total(lines, months=("2026-09",))
    assert (performed.sent, performed.open_now) == (0, 2)


def test_what_was_reopened_is_open_and_closed_no_more():
    again = months_of(referred("accepted", accepted_on=date(2026, 9, 30), closed_on=None))
    assert again["2026-11"] == {"now": {"open": 1}}
    assert all("closed" not in counts for counts in again.values())


@given(st.lists(st.sampled_from(["open", "overdue", "returned", "withdrawn", "solved", "unsolved"]), max_size=12))
def test_sums_do_not_depend_on_how_they_are_divided(results):
    each = [("2026-09", {"became": {result: 1}, "closed": {result: 1}}) for result in results]
    together = total(each, months=("2026-09",))
    parts = [("2026-09", total([one], months=("2026-09",)).counts) for one in each]
    assert total(parts, months=("2026-09",)).counts == together.counts
    assert together.sent == len(results)
    assert sum(together.became(result) for result in RESULTS) == together.sent


def test_months_of_other_periods_do_not_count():
    lines = [("2026-09", {"became": {"open": 3}}), ("2026-10", {"became": {"open": 4}})]
    assert total(lines, months=("2026-10",)).sent == 4


@pytest.mark.parametrize(
    ("many", "months"),
    [(1, ("2026-11",)), (3, ("2026-09", "2026-10", "2026-11")), (12, ("2025-12", "2026-01"))],
)
def test_months_end_with_that_of_the_day(many, months):
    found = months_until(ON, many)
    assert len(found) == many
    assert found[: len(months)] == months
    assert found[-1] == "2026-11"


def test_the_solved_share_is_of_those_closed_and_of_nothing_there_is_none():
    performed = Totals({"closed": {"solved": 2, "unsolved": 1}})
    assert performed.solved is not None
    assert performed.solved.low == performed.solved.high == Fraction(2, 3)
    assert Totals({}).solved is None
    assert share(0, 4).low == 0


@pytest.mark.parametrize(
    ("histogram", "median", "ninetieth"),
    [
        ({}, None, None),
        ({"5": 1}, 5, 5),
        ({"3": 1, "10": 1}, 3, 10),
        ({"2": 9, "40": 1}, 2, 2),
        ({"2": 8, "40": 2}, 2, 40),
        ({"9": 1, "10": 1, "11": 1}, 10, 11),  # days are numbers, not words
        ({"0": 5, "1": 0, "7": 5}, 0, 7),
    ],
)
def test_median_and_ninetieth_are_the_nearest_rank(histogram, median, ninetieth):
    assert (percentile(histogram, MEDIAN), percentile(histogram, NINETIETH)) == (median, ninetieth)


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 9), min_size=1), st.sampled_from([MEDIAN, NINETIETH]))
def test_a_percentile_is_the_value_at_its_rank_in_the_sorted_list(histogram, part):
    values = sorted(day for day, number in histogram.items() for _ in range(number))
    rank = -(-part.numerator * len(values) // part.denominator)
    assert percentile({str(day): number for day, number in histogram.items()}, part) == values[rank - 1]


def test_working_days_from_a_later_day_count_as_none():
    months = months_of(referred("closed", kind="solved", closed_on=date(2026, 9, 25)))
    assert months["2026-09"]["days"] == {"0": 1}
