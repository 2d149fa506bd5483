"""Protects a table of counts: cells of 1 to 9 are never shown, nor found by subtracting what is shown."""

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
    """What may be shown of a table; None stands for cells, a family of totals or the grand total hidden."""

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Cell, int] | None
    totals: Mapping[str, Mapping[str, int] | None]
    grand_total: int | None

    @property
    def hides(self) -> bool:
        """Whether anything at all is hidden."""
        return self.cells is None or self.grand_total is None or None in self.totals.values()


def protect(table: Table, threshold: int = THRESHOLD) -> ProtectedTable:
    """Return what may be shown: small is a count from 1 to `threshold` - 1.

    - The cells are shown when none is small; else all of them are hidden and only totals remain.
    - The totals of one dimension (the districts, say) are shown whole when none is small, else none of
      them is; a family that lacks only its small members would give them away by subtraction.
    - The grand total is shown when it is not small.

    Why nothing small is determined. Let a be a cell, or a sum over the other dimensions, whose true count v
    is small. Were the cells shown, every sum of them would be 0 or at least `threshold`, so they are hidden.
    What is shown are the grand total n and some families of one-way totals; each shown member that takes
    part in a holds v > 0 children, is not small, hence is at least `threshold`; n is at least that too (if
    n is small no family can be shown and nothing is known). Think of the n children as n rows with one
    column for each dimension. Reordering one column changes no shown number. Order each column so that the
    rows with a's member come first: then the first m rows are all in a, m being the least of the totals of
    a's members (a hidden family may have any members, so there all n). So a table with m >= `threshold` > v
    in a shows exactly the same numbers as the true one: a is not determined, nor even that it is small.
    """
    counts = {cell: table.counts.get(cell, 0) for cell in table.cells()}
    grand_total = table.total({})
    return ProtectedTable(
        table.dimensions,
        None if _any_small(counts.values(), threshold) else counts,
        {dimension.name: _family(table, dimension, threshold) for dimension in table.dimensions},
        None if _any_small([grand_total], threshold) else grand_total,
    )


def _family(table: Table, dimension: Dimension, threshold: int) -> dict[str, int] | None:
    totals = {member: table.total({dimension.name: member}) for member in dimension.members}
    return None if _any_small(totals.values(), threshold) else totals


def _any_small(counts: Iterable[int], threshold: int) -> bool:
    return any(0 < count < threshold for count in counts)
