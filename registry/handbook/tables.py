"""Tables on paper: columns as wide as what stands in them, cells of several lines, the head again on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.paper.flow import FULL
from registry.paper.lettering import broken, width_of
from registry.paper.sheet import BRAND, FAINT, INK, LEFT, MM, QUIET, RIGHT, Letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.paper.sheet import Sheet
    from sop.handbook.parts import Cell, Table

SIZE: Final = 8.8
STEP: Final = SIZE * 1.45
PADDING: Final = 1.1 * MM
GAP: Final = 4 * MM
NOTHING: Final = "—"


@dataclass(frozen=True)
class Row:
    """A row ready to be drawn: the lines of each cell at the place of its column."""

    cells: tuple[tuple[float, list[str]], ...]
    language: str
    head: bool = False

    @property
    def height(self) -> float:
        """As high as its highest cell."""
        return max(len(lines) for _x, lines in self.cells) * STEP + 2 * PADDING

    def draw(self, sheet: Sheet, y: float) -> float:
        """Draw it below `y`; returns where it ends."""
        letters = Letters(SIZE, QUIET if self.head else INK, bold=self.head, leading=STEP)
        for x, lines in self.cells:
            sheet.text((LEFT + x, y - PADDING - SIZE), lines, letters, language=self.language)
        end = y - self.height
        sheet.line(LEFT, end, RIGHT, end, ink=BRAND if self.head else FAINT)
        return end


class Drawn:
    """A table with its columns measured. `head`: the row above, `rows`: all others."""

    def __init__(self, table: Table, language: str, alike: Sequence[Table] = ()) -> None:
        """Measure a table so that those `alike`, which have the same columns, get the same ones."""
        words = [[said(cell, table.mark) for cell in row] for row in table.rows]
        self.language = language
        others = [[said(cell, each.mark) for cell in row] for each in alike for row in each.rows]
        self.widths = widths([table.columns, *words, *others])
        self.head = self._row(table.columns, head=True)
        self.rows = [self._row(row) for row in words]

    def _row(self, words: Sequence[str], *, head: bool = False) -> Row:
        x, cells = 0.0, list[tuple[float, list[str]]]()
        for each, width in zip(words, self.widths, strict=True):
            cells.append((x, broken(each, SIZE, width)))
            x += width + GAP
        return Row(tuple(cells), self.language, head)


def said(cell: Cell, mark: str) -> str:
    """Return what a cell says; what is not certain carries a mark, what is empty is a dash."""
    return f"{cell.words} [{mark}]" if cell.unsure else cell.words or NOTHING


def widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the widths of the columns: narrow ones as wide as their words, the others share what is left."""
    wanted = [max(width_of(word, SIZE) for word in column) + 1 for column in zip(*rows, strict=True)]
    left, given = FULL - GAP * (len(wanted) - 1), dict[int, float]()
    while len(given) < len(wanted):
        share = left / (len(wanted) - len(given))
        narrow = [place for place, width in enumerate(wanted) if place not in given and width <= share]
        if not narrow:
            return _shared(wanted, given, left)
        for place in narrow:
            given[place] = wanted[place]
            left -= wanted[place]
    return [given[place] for place in range(len(wanted))]


def _shared(wanted: Sequence[float], given: dict[int, float], left: float) -> list[float]:
    """Give the wide columns what is left, each by what it wants."""
    total = sum(width for place, width in enumerate(wanted) if place not in given)
    return [given.get(place, left * width / total) for place, width in enumerate(wanted)]
