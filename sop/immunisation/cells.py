"""A cell of the schedule, with how certain it is, and the lengths of time that cells hold."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.identity import add_months

if TYPE_CHECKING:
    from collections.abc import Callable

    from sop.reading import Table

CELL: Final = re.compile(r"(\S+(?: [dmy])?) \(([a-z]+(?:,[a-z]+)*)\)")
SPAN: Final = re.compile(r"([0-9]{1,3}) ([dmy])")
YEAR: Final = 12
REMEMBERED: Final = 1 << 16  # birth days of sixteen years with a dozen ages each


class Span(NamedTuple):
    """A length of time: calendar months, or else days."""

    months: int
    days: int

    def after(self, day: date) -> date:
        """Return the day that lies so far after `day`, clamped to the end of a month (domain 4.5)."""
        return _later(day, self.months, self.days)


class Cell(NamedTuple):
    """One cell: its name, its value, the value as it is written, and its marks of certainty."""

    name: str
    value: Span | date | int | str
    written: str
    marks: tuple[str, ...]


def span(written: str) -> Span:
    """Return the length of time written as `28 d`, `2 m` or `4 y`; raises ValueError for anything else."""
    match = SPAN.fullmatch(written)
    if match is None:
        raise ValueError(written)
    number = int(match[1])
    return {"d": Span(0, number), "m": Span(number, 0), "y": Span(number * YEAR, 0)}[match[2]]


# What a cell may hold, with how that is told to whoever has to mend it.
KINDS: Final[dict[str, tuple[Callable[[str], Span | date | int | str], str]]] = {
    "span": (span, "28 d, 2 m or 4 y"),
    "day": (date.fromisoformat, "2019-10-01"),
    "count": (int, "2"),
    "code": (str, "IPV"),
}


def read_cell(table: Table, name: str, kind: str, marks: frozenset[str]) -> Cell | None:
    """Take the cell `name`, holding something of `kind` with some of `marks`; None after noting a fault."""
    written = table.string(name)
    if not written:
        return None
    value_of, example = KINDS[kind]
    match = CELL.fullmatch(written)
    try:
        value = value_of(match[1]) if match else None
    except ValueError:
        value = None
    if match is None or value is None:
        table.fault(name, f"must be written as {example}, then its marks in brackets")
        return None
    cell = Cell(name, value, match[1], tuple(match[2].split(",")))
    for mark in cell.marks:
        if mark not in marks:
            table.fault(name, f"mark {mark!r} is not known")
    return cell


@lru_cache(maxsize=REMEMBERED)
def _later(day: date, months: int, days: int) -> date:
    try:
        return add_months(day, months) if months else date.fromordinal(day.toordinal() + days)
    except (ValueError, OverflowError):
        return date.max  # beyond the calendar
