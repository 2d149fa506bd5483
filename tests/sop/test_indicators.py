"""Rates: an interval over an estimate, unknown without one, flagged above the whole, never rounded up to it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.indicators import Above, coverage, percent

counts = st.integers(min_value=0, max_value=10**8)
estimates = st.integers(min_value=1, max_value=10**8)


def test_a_rate_lies_between_the_count_over_the_most_and_over_the_least() -> None:
    rate = coverage(61_284, 106_000, 128_000)
    assert rate is not None
    assert (percent(rate.low), percent(rate.high)) == (Decimal("47.8"), Decimal("57.8"))
    assert rate.above is Above.NO


@pytest.mark.parametrize("told", [(None, 10, 20), (5, None, None), (None, None, None), (5, 10, None), (5, None, 20)])
def test_what_is_hidden_or_not_estimated_has_no_rate(told: tuple[int | None, int | None, int | None]) -> None:
    assert coverage(*told) is None


@pytest.mark.parametrize(
    ("registered", "above"),
    [(100, Above.NO), (101, Above.PERHAPS), (200, Above.PERHAPS), (201, Above.SURELY)],
)
def test_more_than_there_are_is_flagged_and_by_which_bound_is_said(registered: int, above: Above) -> None:
    rate = coverage(registered, 100, 200)
    assert rate is not None
    assert rate.above is above


@pytest.mark.parametrize("told", [(5, 0, 10), (5, 20, 10), (-1, 10, 20), (5, -3, 10)])
def test_an_estimate_that_cannot_be_is_refused(told: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="to"):
        coverage(*told)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Fraction(9996, 10_000), "99.9"),
        (Fraction(10_000, 10_000), "100.0"),
        (Fraction(0), "0.0"),
        (Fraction(2, 3), "66.6"),
        (Fraction(10_999, 1000), "1099.9"),
    ],
)
def test_tenths_are_cut_off_so_that_nearly_all_is_not_all(part: Fraction, words: str) -> None:
    assert str(percent(part)) == words


@given(counts, estimates, estimates)
def test_the_true_rate_lies_in_the_interval_whatever_the_true_number_is(registered: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    rate = coverage(registered, low, high)
    assert rate is not None
    for truth in (low, (low + high) // 2, high):
        assert rate.low <= Fraction(registered, truth) <= rate.high
    assert (rate.above is Above.SURELY) == (registered > high)
    assert (rate.above is Above.NO) == (registered <= low)
