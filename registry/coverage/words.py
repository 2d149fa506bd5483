"""Estimates and rates as a page writes them: a number or a range, per cent with one decimal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.indicators import percent

if TYPE_CHECKING:
    from sop.indicators import Rate


def range_words(low: int, high: int) -> str:
    """Return 106,000–128,000, or one number where both ends are the same."""
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def rate_words(rate: Rate) -> str:
    """Return 47.8%–57.9%, or one rate where both ends are the same."""
    low, high = percent(rate.low), percent(rate.high)
    return f"{low:,}%" if low == high else f"{low:,}%–{high:,}%"
