"""Protects a table of counts: cells of 1 to 9 are never shown, nor found by subtracting what is shown.

Why nothing small is given away by `protect`. Let t be the threshold (3 or more), n the grand total, a a small
cell or a small sum over some dimensions, v its true count, x its member in the dimension d in question. If n is
small nothing at all is shown; if the cells are shown nothing is small. Otherwise all cells are hidden, and what
is shown are totals of single dimensions. Think of n rows, one for each child, with a column for each dimension.
Two changes keep every number shown: exchanging two rows' entries of one column, and turning hidden members of
one dimension into one another. And in each dimension either nothing is hidden or t rows or more are.

1. From the numbers shown, v could as well be t or more. In each d of a, if x is hidden turn all hidden members
   into x; so x has t rows or more there, as it has where it is shown, being neither small nor 0. Now order each
   column of a's so that its x comes first: the first t rows at least are all in a.

2. Whoever knows the rule as well, and which places it hides, still cannot tell v: another table with another
   count in a is shown the very same way (some cell of it must be small, and the same totals hidden).
   First let x have less than t rows in some d of a.
   - No member of d has t. Then all of d is hidden, and all cells stay small while that is so. Let G be the rows
     that match a in all other dimensions. If some row outside G is not x, exchange its entry in d with that of
     a row in a: v - 1. Else, if there are rows outside G, exchange the x of one with an entry in G that is not
     x: v + 1. Else a is the whole of x: turn a row of x into a member with fewer than t - 1 rows; or, if all
     others have t - 1, one of theirs into x (if that makes t, t - 2 remain, and still all are hidden).
   - Some member of d has t. Then x is hidden together with a y that has t rows or more, and all that have as
     many as y are hidden too; so exchanging the names x and y hides the same places. If that leaves v as it
     was, go on with the new table, in which x has t rows or more; where d is all there is to a, v is now y's.
   What is left is a table in which x has t rows or more in every d of a, so a has two dimensions or more.
   - If v + 1 is small: take a row outside a that has one x, and give it the others one by one, each exchanged
     with a row outside a: v + 1, still in small cells.
   - If v is t - 1: take a d in which some rows are not x. If one of those misses a in another dimension too,
     exchange its entry with that of a row in a: v - 1, in small cells. Else exchange the entry of one with that
     of an x outside a: v + 1, and the latter row is now alone in its cell, which is small.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

THRESHOLD: Final = 10

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """One way in which a table divides people: its name, and its members in the order shown."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Exact counts, one for each combination of members; combinations left out count 0.

    Raises ValueError for a combination that is not of the dimensions, or a negative count.
    """

    dimensions: tuple[Dimension, ...]
    counts: Mapping[Cell, int]

    def __post_init__(self) -> None:
        known = set(self.cells())
        for cell, count in self.counts.items():
            if cell not in known or count < 0:
                raise ValueError(f"{cell} with {count} does not belong in this table")

    def cells(self) -> Iterable[Cell]:
        """Return every combination of members, the last dimension running fastest."""
        return itertools.product(*(dimension.members for dimension in self.dimensions))

    def total(self, fixed: Mapping[str, str]) -> int:
        """Return the sum over all cells with these members; `{}` gives the grand total."""
        places = {
            place: fixed[dimension.name] for place, dimension in enumerate(self.dimensions) if dimension.name in fixed
        }
        return sum(
            count
            for cell, count in self.counts.items()
            if all(cell[place] == member for place, member in places.items())
        )


@dataclass(frozen=True)
class ProtectedTable:
    """What may be shown of a table; None stands for all cells, one total or the grand total hidden."""

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Cell, int] | None
    totals: Mapping[str, Mapping[str, int | None]]
    grand_total: int | None


def protect(table: Table, threshold: int = THRESHOLD) -> ProtectedTable:
    """Return what may be shown: small is a count from 1 to `threshold` - 1.

    - The cells are shown when none is small; else all of them are hidden and only totals remain.
    - Of the totals of one dimension (the districts, say) those that are small are hidden, and with them those
      equal to the least that is not small and not 0: two or more hidden, t or more together. Without such a
      one to hide among, or if the grand total is small, none of the dimension is shown.
    - The grand total is shown when it is not small.

    Nothing small is given away: the proof stands at the top of this module.
    """
    counts = {cell: table.counts.get(cell, 0) for cell in table.cells()}
    grand_total = table.total({})
    return ProtectedTable(
        table.dimensions,
        None if any(_is_small(count, threshold) for count in counts.values()) else counts,
        {dimension.name: _family(table, dimension, threshold) for dimension in table.dimensions},
        None if _is_small(grand_total, threshold) else grand_total,
    )


def _family(table: Table, dimension: Dimension, threshold: int) -> dict[str, int | None]:
    totals = {member: table.total({dimension.name: member}) for member in dimension.members}
    if not any(_is_small(count, threshold) for count in totals.values()):
        return dict(totals)
    large = [count for count in totals.values() if count >= threshold]
    return {member: None if not large or 0 < count <= min(large) else count for member, count in totals.items()}


def _is_small(count: int, threshold: int) -> bool:
    return 0 < count < threshold
