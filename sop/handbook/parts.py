"""What a handbook is made of: chapters of sections of paragraphs, points, facts and tables, in one language.

`kind` of each says to whoever draws it what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


BETWEEN: Final = " · "  # a label and its value, or the cells of a row, when they are read in a line


class Cell(NamedTuple):
    """What stands in a table. `unsure`: a person has still to check it against the official text."""

    words: str
    unsure: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A sentence or more."""

    kind: ClassVar = "paragraph"
    words: str

    def said(self) -> Iterator[str]:
        """Yield what it says, piece by piece, as a search reads it."""
        yield self.words


@dataclass(frozen=True)
class Points:
    """Points of a list."""

    kind: ClassVar = "points"
    items: tuple[str, ...]

    def said(self) -> Iterator[str]:
        """Yield each point."""
        yield from self.items


@dataclass(frozen=True)
class Facts:
    """Labels with what belongs to them; a value may have several lines."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def said(self) -> Iterator[str]:
        """Yield each label with each of its lines."""
        for label, lines in self.rows:
            yield from (f"{label}{BETWEEN}{line}" for line in lines)


@dataclass(frozen=True)
class Table:
    """A table with a head; `name` says what it is, `rows` are as long as `columns`.

    `keys`: what each column is, the same in both languages; `mark`: the words that go with a cell that is unsure.
    """

    kind: ClassVar = "table"
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...]
    mark: str

    def said(self) -> Iterator[str]:
        """Yield its name, its head, and each row in a line."""
        yield self.name
        yield BETWEEN.join(self.columns)
        yield from (BETWEEN.join(self._row(row)) for row in self.rows)

    def _row(self, row: tuple[Cell, ...]) -> Iterator[str]:
        for cell in row:
            if cell.words:
                yield cell.words
            if cell.unsure:
                yield self.mark


Block = Paragraph | Points | Facts | Table


@dataclass(frozen=True)
class Section:
    """A part of a chapter; `key` is its own inside the chapter and names its place in an address."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    def said(self) -> Iterator[str]:
        """Yield everything it says, its title first."""
        yield self.title
        for block in self.blocks:
            yield from block.said()


@dataclass(frozen=True)
class Chapter:
    """A chapter; `key` is its own inside the handbook."""

    key: str
    title: str
    sections: tuple[Section, ...]
