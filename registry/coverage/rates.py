"""Coverage for a page: registered, estimate and rate of each population, of the whole area and of its districts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.coverage.estimates import in_force_in
from registry.coverage.queries import TOGETHER, populations
from registry.disclosure.tables import protect
from sop.indicators import POPULATIONS, coverage

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.coverage.models import Estimate
    from registry.disclosure.tables import ProtectedTable
    from sop.indicators import Rate


@dataclass(frozen=True)
class Covered:
    """One population of one area. `registered` is None where the count is protected; then there is no rate."""

    area_code: str
    population: str
    registered: int | None
    estimate: Estimate | None
    rate: Rate | None


def of_area(viewer: Viewer) -> tuple[list[Covered], list[Covered]]:
    """Return coverage of the viewer's whole area, and of those districts that have an estimate of their own."""
    table = protect(populations(viewer))
    districts = table.dimensions[0].members
    estimates = in_force_in([viewer.area_code, *districts])
    own = [_covered(viewer.area_code, each, _total(table, each), estimates) for each in POPULATIONS]
    below = [
        _covered(district, each, _cell(table, district, each), estimates)
        for each in POPULATIONS
        for district in districts
        if (district, each) in estimates
    ]
    return own, below


def _covered(
    area_code: str, population: str, registered: int | None, estimates: dict[tuple[str, str], Estimate]
) -> Covered:
    estimate = estimates.get((area_code, population))
    low, high = (estimate.low, estimate.high) if estimate else (None, None)
    return Covered(area_code, population, registered, estimate, coverage(registered, low, high))


def _total(table: ProtectedTable, population: str) -> int | None:
    totals = table.totals["population"]
    return _sum([totals[member] for member in _members(table, population)])


def _cell(table: ProtectedTable, district: str, population: str) -> int | None:
    if table.cells is None:
        return None
    return _sum([table.cells[district, member] for member in _members(table, population)])


def _members(table: ProtectedTable, population: str) -> list[str]:
    return [member for member in table.dimensions[1].members if population in member.split(TOGETHER)]


def _sum(counts: list[int | None]) -> int | None:
    """Add what is shown; one hidden count hides the sum."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
