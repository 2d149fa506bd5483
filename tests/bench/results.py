"""What was measured, as tables to read and as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from tests.bench.layers import OTHER, SQL, TEMPLATE, VAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.bench.measure import Cell, Cost
    from tests.bench.profiling import Spent

HEAD = (
    *("operation", "engine", "clients", "requests", "runs", "p50 ms", "p95 ms", "p95 a request", "p95 last"),
    "requests/s",
)
LAYERS = (
    *("operation", "engine", "statements", "sql ms", "template ms", "vault ms", "other ms", "page kB"),
    *("bare rows ms", "bare pages ms"),
)
SPENT = ("operation", "engine", "function", "% of the time")
WORDS = frozenset({"operation", "engine", "function", "what"})


@dataclass(frozen=True)
class Inside:
    """Of one request on average: statements, milliseconds by layer; kilobytes; and beside it the bare cost."""

    operation: str
    engine: str
    statements: float
    sql: float
    template: float
    vault: float
    other: float
    kilobytes: float
    bare_rows: float
    bare_pages: float

    @classmethod
    def of(cls, operation: str, engine: str, cost: Cost, bare_rows: float, bare_pages: float) -> Inside:
        """Divide what a run costs by its requests. `bare_rows`, `bare_pages`: seconds of a run."""
        spent = {name: round(cost.milliseconds[name] / cost.requests, 2) for name in (SQL, TEMPLATE, VAULT, OTHER)}
        return cls(
            operation=operation,
            engine=engine,
            statements=round(cost.statements / cost.requests, 1),
            **spent,
            kilobytes=round(sum(cost.sizes) / cost.requests / 1024, 1),
            bare_rows=round(bare_rows * 1000 / cost.requests, 2),
            bare_pages=round(bare_pages * 1000 / cost.requests, 2),
        )


@dataclass
class Found:
    """Everything that was measured; `facts`: (what, engine, number)."""

    cells: list[Cell] = field(default_factory=list)
    inside: list[Inside] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    facts: list[tuple[str, str, float]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the tables as lines."""
        cells = [tuple(asdict(each).values()) for each in self.cells]
        inside = [tuple(asdict(each).values()) for each in self.inside]
        return [
            *("One run of an operation, over the network:", *table(HEAD, cells), ""),
            *("One request, on average, inside one process:", *table(LAYERS, inside), ""),
            *("The largest costs, each function without what it calls:", *table(SPENT, self.spent), ""),
            *table(("what", "engine", "number"), self.facts),
        ]

    def as_json(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {
            "cells": [each.as_json() for each in self.cells],
            "inside": [asdict(each) for each in self.inside],
            "largest": [each._asdict() for each in self.spent],
            "facts": [{"what": what, "engine": engine, "number": number} for what, engine, number in self.facts],
        }


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return rows as lines with aligned columns; words left, numbers right."""
    told = [tuple(head), *(tuple("" if value is None else str(value) for value in row) for row in rows)]
    widths = [max(len(row[place]) for row in told) for place in range(len(head))]
    return [
        "  ".join(
            text.ljust(width) if name in WORDS else text.rjust(width)
            for name, text, width in zip(head, row, widths, strict=True)
        ).rstrip()
        for row in told
    ]
