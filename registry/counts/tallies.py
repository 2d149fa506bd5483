"""What is counted with the writes, and how an area is written at each level that is rolled up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import String, func, inspect, type_coerce

from registry.areas.codes import full
from registry.areas.queries import district
from registry.counts.models import (
    ChildTally,
    ChildTallyDelta,
    Delta,
    PopulationTally,
    ReferralTally,
    ReferralTallyDelta,
    RolledUp,
)
from sop.indicators import POPULATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.orm import InstrumentedAttribute

COUNTY: Final = 6
TOWN: Final = 9
COMMUNITY: Final = 12
LEVELS: Final = (COUNTY, TOWN, COMMUNITY)  # in digits of a code
MONTH: Final = "month"  # in which it was counted: a count in full cannot tell it


@dataclass(frozen=True)
class Sums:
    """What is told apart in one table of sums, and the deltas that are still to be folded into it."""

    model: type[RolledUp]
    deltas: type[Delta]
    dimensions: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The table of the sums."""
        return cast("Table", inspect(self.model).local_table)

    @property
    def present(self) -> tuple[str, ...]:
        """What is told apart of the present number, whenever it was counted."""
        return tuple(name for name in self.dimensions if name != MONTH)


@dataclass(frozen=True)
class Tally:
    """One thing that is counted: its deltas, which say all that is told apart, and the sums that they go into."""

    deltas: type[Delta]
    dimensions: tuple[str, ...]
    sums: tuple[Sums, ...]


BY_BIRTH: Final = Sums(ChildTally, ChildTallyDelta, ("sex", "birth_year", "birth_month"))
BY_POPULATION: Final = Sums(PopulationTally, ChildTallyDelta, (MONTH, "sex", *POPULATIONS))
BY_RESULT: Final = Sums(ReferralTally, ReferralTallyDelta, ("service", "result"))
CHILDREN: Final = Tally(
    ChildTallyDelta, (MONTH, "sex", "birth_year", "birth_month", *POPULATIONS), (BY_BIRTH, BY_POPULATION)
)
REFERRALS: Final = Tally(ReferralTallyDelta, ("service", "result"), (BY_RESULT,))


def columns(model: Any, names: Iterable[str]) -> list[InstrumentedAttribute[Any]]:  # noqa: ANN401 -- a class of rows
    """Return these columns of a table of sums or deltas."""
    return [getattr(model, name) for name in names]


def place_of(area_code: str, digits: int) -> str:
    """Return the area (12 digits) under which a level counts a community: itself, its town, its county.

    A city without counties is divided by its towns, as in `areas.queries.district`.
    """
    whole_city = digits == COUNTY and area_code[4:6] == "00"
    return full(area_code[: TOWN if whole_city else digits])


def place_column(column: Any, digits: int) -> ColumnElement[str]:  # noqa: ANN401 -- of a table or of a subquery
    """Return the same of a column of 12-digit codes, as an expression of the database."""
    if digits == COMMUNITY:
        return type_coerce(column, String)
    return func.substr(district(column, None if digits == COUNTY else digits).concat("0" * COUNTY), 1, COMMUNITY)
