"""What is counted over what: a rate is an interval, because nobody knows how many children there are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

POPULATIONS: Final = ("migrant_monitoring", "migrant_statistical", "left_behind")
TENTH: Final = Decimal("0.1")


class Above(StrEnum):
    """How a rate stands to 100 %: below or at it, above it by the low estimate only, above it in any case."""

    NO = "no"
    PERHAPS = "perhaps"
    SURELY = "surely"


@dataclass(frozen=True)
class Rate:
    """A rate between two bounds, both included, as exact parts of 1."""

    low: Fraction
    high: Fraction

    @property
    def above(self) -> Above:
        """Say whether the rate passes 100 %: the estimate may be too low, or children are registered twice."""
        if self.low > 1:
            return Above.SURELY
        return Above.PERHAPS if self.high > 1 else Above.NO


def coverage(registered: int | None, low: int | None, high: int | None) -> Rate | None:
    """Return how many of the children there are were registered (design 11).

    `registered`: the count as it may be shown, None where it is protected; `low` and `high`: the estimate, None
    where there is none. Without either the rate is unknown (None): no rate may give away a count that is not
    shown. Raises ValueError for an estimate below 1 or whose bounds are exchanged, and for a negative count.
    """
    if registered is None or low is None or high is None:
        return None
    if registered < 0 or not 1 <= low <= high:
        raise ValueError(f"{registered} of {low} to {high}")
    return Rate(Fraction(registered, high), Fraction(registered, low))


def percent(part: Fraction) -> Decimal:
    """Return a part of 1 in per cent with one decimal, cut off and not rounded: 99.96 % is not yet 100 %."""
    exact = Decimal(part.numerator * 100) / Decimal(part.denominator)
    return exact.quantize(TENTH, rounding=ROUND_DOWN)
