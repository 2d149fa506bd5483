"""Counting the children on the register by the populations that estimates are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.counts import queries as counts
from registry.counts.tallies import BY_POPULATION
from sop.indicators import POPULATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable


class Counted(NamedTuple):
    """Children of one district (see `areas.queries.district`) who belong to exactly these populations."""

    district: str
    populations: tuple[str, ...]
    number: int


def count_by_population(prefixes: Iterable[str], digits: int | None = None) -> list[Counted]:
    """Count children on the register by district and the populations they belong to; protected files too.

    As `queries.count_registered` counts: each child once, from the counts that are kept with the writes.
    """
    return [
        Counted(place, tuple(name for name, held in zip(POPULATIONS, flags, strict=True) if held), number)
        for place, *flags, number in counts.read(BY_POPULATION, prefixes, digits, POPULATIONS)
    ]
