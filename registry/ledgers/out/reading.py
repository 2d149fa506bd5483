"""What spreadsheets bring to lists: the headings of a template, and the rows that a service office filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from registry.clock import today
from registry.ledgers.out.layouts import LOOKED_AT, headings_of
from registry.ledgers.sheets import read_book
from registry.web.fields import clean
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from registry.ledgers.sheets import Cell, Sheet
    from sop.downloads import DownloadRules

KEY: Final = "key"
NEEDED: Final = frozenset({KEY, "outcome"})  # without these two columns no row says anything


class NoHeadingsError(Exception):
    """No sheet of the file has headings that the register knows."""


class TooManyAnswersError(Exception):
    """The file answers more referrals than one upload may bring."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(most)


@dataclass(frozen=True)
class Filled:
    """A row in which something was filled in: sheet counted from 0, row from 1, its key and what was typed."""

    sheet: int
    row: int
    key: str
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Brought:
    """What came back: the rows with anything filled in, and how many were left as they were."""

    rows: list[Filled]
    untouched: int


def headings_in(content: bytes, name: str) -> list[str]:
    """Return the headings of a template, of its first sheet that has any. Raises BookError, NoHeadingsError."""
    for sheet in read_book(content, name):
        if found := headings_of(sheet.rows):
            return found
    raise NoHeadingsError


def answers_in(content: bytes, name: str) -> Brought:
    """Return the rows of a list that came back, with what was filled in, from every sheet that has keys.

    Raises BookError, NoHeadingsError, TooManyAnswersError.
    """
    rules, rows, untouched, found = in_force(today()).downloads, list[Filled](), 0, False
    for number, sheet in enumerate(read_book(content, name)):
        columns, first = _columns(sheet, rules)
        found = found or bool(columns)
        for filled in _rows(number, sheet, columns, first, rules.filled_in):
            if any(filled.typed.values()):
                rows.append(filled)
            else:
                untouched += bool(filled.key)
    if not found:
        raise NoHeadingsError
    if len(rows) > rules.most_answers:
        raise TooManyAnswersError(rules.most_answers)
    return Brought(rows, untouched)


def _columns(sheet: Sheet, rules: DownloadRules) -> tuple[dict[str, int], int]:
    """Return the place of each column of answers, and the number of the row of headings; nothing where there is none.

    People put titles above and move columns about; a heading keeps its words.
    """
    for number, cells in sheet.rows[:LOOKED_AT]:
        named = {rules.answer_column(text(cell)): place for place, cell in enumerate(cells) if text(cell)}
        if named.keys() >= NEEDED:
            return {column: place for column, place in named.items() if column}, number
    return {}, 0


def _rows(
    number: int, sheet: Sheet, columns: Mapping[str, int], first: int, filled_in: Sequence[str]
) -> Iterator[Filled]:
    for row, cells in sheet.rows if columns else ():
        if row > first:
            typed = {column: _at(cells, columns.get(column)) for column in filled_in}
            yield Filled(number, row, _at(cells, columns[KEY]), typed)


def _at(cells: Sequence[Cell], place: int | None) -> str:
    return text(cells[place]) if place is not None and place < len(cells) else ""


def text(cell: Cell) -> str:
    """Return a cell as somebody would have typed it: a day as 2026-12-01, a code that became a number without .0."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else clean(str(cell))
