"""The rows of a sheet below its header: "as above" filled in, lines without a child left out, each value read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import Cell, text_of
from sop.ledger.fields import BESIDE, DAYS, IGNORED, OWN, SHARED, SPREAD
from sop.ledger.headings import owner_of
from sop.ledger.lines import is_child, section
from sop.ledger.names import read_name
from sop.ledger.values import Fault, Row, read_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sop.ledger.cells import Rows
    from sop.ledger.columns import Column, Header
    from sop.ledger.values import Values
    from sop.ledger.words import LedgerWords

LONGEST_DITTO: Final = 12
PART_OF_A_DAY: Final = re.compile(r"\d{1,2}[月日号]?")
Taken = tuple[Cell, str]  # a cell with its text
EMPTY: Final[Taken] = (None, "")


@dataclass(frozen=True)
class LedgerRow:
    """A child as a row gives it. `row` is counted as the sheet does; `raw` is what was typed, by field.

    `sheet`: the name of its sheet.
    """

    row: int
    raw: Mapping[str, str]
    values: Values
    faults: tuple[Fault, ...]
    sheet: str = ""


def read_rows(rows: Rows, header: Header, words: LedgerWords) -> Iterator[LedgerRow]:
    """Read every row below the header that holds a child, in their order.

    Empty lines, totals, signatures, notes, examples and repeated headers hold none; every other line is given, however
    many faults it has. A line that names a community stands for those below it. Where no column is the name, there are
    none: somebody has to say which it is.
    """
    if "name" not in header.fields():
        return
    reader = _Reader(header, words)
    for number, cells in rows:
        if number > header.last and (row := reader.read(number, cells)):
            yield row


class _Reader:
    """Remembers what stood above."""

    def __init__(self, header: Header, words: LedgerWords) -> None:
        self.header, self.words = header, words
        self.columns = tuple(column for column in header.columns if column.field and column.field != IGNORED)
        self.fields = header.fields()
        self.shared = [column.index for column in self.columns if column.field in SHARED]
        phones = [column for column in self.columns if column.field == "phone"]
        self.phones = {column.index: owner_of(column.text, words) for column in phones}
        self.above: dict[int, Taken] = {}
        self.place = header.community

    def read(self, number: int, cells: Sequence[Cell]) -> LedgerRow | None:
        """Return the child of a line, or None."""
        texts = [text_of(cell) for cell in cells]
        if not any(texts):
            return None
        taken = {column.index: self._taken(column, cells, texts) for column in self.columns}
        filled = self._fill_household(taken)
        row = self._row(taken)
        values = read_values(row, self.words)
        if not is_child(row, values, self.header, texts, self.words):
            self.place = section(texts, self.words) or self.place
            return None
        if filled:
            row.fault("address", "taken_from_above")
        self._say_others(row, texts)
        self._say_phone_once(row, taken)
        self.above.update((index, each) for index, each in taken.items() if each[1])
        raw = {name: text for name, text in row.texts.items() if text}
        return LedgerRow(number, raw, values, tuple(row.faults), self.header.sheet)

    def _taken(self, column: Column, cells: Sequence[Cell], texts: Sequence[str]) -> Taken:
        """Return the cell of a column with its text, or the one above where it says so."""
        if column.index >= len(cells):
            return EMPTY
        text = texts[column.index]
        if not self._is_ditto(text):
            return cells[column.index], text
        return EMPTY if column.field in OWN else self.above.get(column.index, EMPTY)

    def _is_ditto(self, text: str) -> bool:
        if not text or len(text) > LONGEST_DITTO:
            return False
        mark = "".join(text.casefold().split())
        marks = {mark, mark.strip("-－—.。()（）"), mark[0] if mark == mark[0] * len(mark) else mark}
        return not marks.isdisjoint(self.words.ditto)

    def _fill_household(self, taken: dict[int, Taken]) -> bool:
        """Take address, guardian and phone from above where all of them are empty: merged cells, saved without."""
        if any(taken[index][1] for index in self.shared) or not self.fields.issuperset(SHARED):
            return False
        taken.update((index, self.above.get(index, EMPTY)) for index in self.shared)
        return any(taken[index][1] for index in self.shared)

    def _say_others(self, row: Row, texts: Sequence[str]) -> None:
        """Say that a line names further children, of whom nothing is read."""
        named = {texts[index] for index in self.header.others if index < len(texts)} - {row.text("name")}
        if any(read_name(text, self.words) for text in named):
            row.fault("name", "second_child")

    def _say_phone_once(self, row: Row, taken: Mapping[int, Taken]) -> None:
        """Say what is wrong with a phone where it was typed, not at each child for whom it stands as well."""
        if not any(fault.field == "phone" for fault in row.faults):
            return
        if all(taken[index][1] in ("", self.above.get(index, EMPTY)[1]) for index in self.phones):
            row.faults = [each for each in row.faults if each.field != "phone"]
            row.fault("phone", "phone_above")

    def _row(self, taken: Mapping[int, Taken]) -> Row:
        cells: dict[str, Cell] = {}
        texts: dict[str, str] = {}
        for column in self.columns:
            field, (cell, text) = str(column.field), taken[column.index]
            if field not in texts:
                cells[field], texts[field] = cell, text
            elif field in SPREAD and text and (field in DAYS or text not in texts[field]):
                cells[field] = texts[field] = _joined(field, texts[field], text)
        phones = [(owner, taken[index][0]) for index, owner in self.phones.items() if taken[index][1]]
        return Row(cells, texts, phones, self.fields, self.header.side, self.place)


def _joined(field: str, first: str, second: str) -> str:
    """Return what two columns of a field say: an address or a day goes on, anything else stands beside each other."""
    if field in DAYS:
        parts = (part.rstrip("年月日号") for part in (first, second) if part)
        return "-".join(parts) if PART_OF_A_DAY.fullmatch(second) else first or second
    return first + second if field in ("address", "origin") else f"{first}{BESIDE}{second}".removeprefix(BESIDE)
