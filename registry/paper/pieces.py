"""What an answer on a blank form is made of: ticks, digit boxes, a line to write on, the words beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.paper.lettering import width_of
from registry.paper.sheet import INK, MM, QUIET, Letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.paper.sheet import Sheet
    from sop.content import Text

ROW: Final = 7.2 * MM  # a line of answers: high enough to write in by hand
BASE: Final = 2.5 * MM  # from the foot of the line to the letters
GAP: Final = 3 * MM
TICK: Final = 3.3 * MM
BOX: Final = 4.8 * MM
BOX_HEIGHT: Final = 5.8 * MM
BETWEEN_GROUPS: Final = 1.5 * MM
SIZE, SMALL = 9.0, 7.2
SHORTEST_LINE: Final = 38 * MM


@dataclass(frozen=True)
class Tick:
    """One answer of a list, with its box."""

    words: Text

    @property
    def width(self) -> float:
        """The box and both words."""
        return TICK + 2 + width_of(self.words.zh, SIZE) + 3 + width_of(self.words.en, SMALL)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Draw it with its left end at `x` on the foot `y` of a line."""
        sheet.frame(x, y + BASE - 0.6 * MM, TICK, TICK, ink=INK)
        _words(sheet, x + TICK + 2, y, self.words, width - TICK - 2)


@dataclass(frozen=True)
class Boxes:
    """Boxes for digits, in groups."""

    groups: tuple[int, ...]

    @property
    def width(self) -> float:
        """All boxes and the gaps between their groups."""
        return sum(self.groups) * BOX + (len(self.groups) - 1) * BETWEEN_GROUPS

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:  # noqa: ARG002 -- one shape for all pieces
        """Draw them, vertically in the middle of the line."""
        for count in self.groups:
            for number in range(count):
                sheet.frame(x + number * BOX, y + (ROW - BOX_HEIGHT) / 2, BOX, BOX_HEIGHT)
            x += count * BOX + BETWEEN_GROUPS


@dataclass(frozen=True)
class Words:
    """Words beside a box or a line: 年 Year."""

    said: Text

    @property
    def width(self) -> float:
        """Both words."""
        return width_of(self.said.zh, SIZE) + 3 + width_of(self.said.en, SMALL)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Write them."""
        _words(sheet, x, y, self.said, width)


@dataclass(frozen=True)
class Blank:
    """A line to write on, as long as there is room."""

    width: float = SHORTEST_LINE

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Draw it."""
        sheet.line(x, y + 1.5 * MM, x + width, y + 1.5 * MM)


@dataclass(frozen=True)
class Group:
    """Pieces that stay on one line."""

    pieces: tuple[Tick | Boxes | Words, ...]
    gap: float = 1.2 * MM

    @property
    def width(self) -> float:
        """All pieces and the gaps between them."""
        return sum(piece.width for piece in self.pieces) + self.gap * (len(self.pieces) - 1)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:  # noqa: ARG002 -- one shape for all pieces
        """Draw them one behind the other."""
        for piece in self.pieces:
            piece.draw(sheet, x, y, piece.width)
            x += piece.width + self.gap


Piece = Tick | Boxes | Words | Blank | Group
Placed = tuple[Piece, float, float]


def arranged(pieces: Sequence[Piece], width: float) -> list[list[Placed]]:
    """Set pieces into lines of a width; returns (piece, its left end, its width) for each. Blanks take what is left."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        taken = sum(other.width + GAP for other in lines[-1])
        if lines[-1] and taken + piece.width > width:
            lines.append([])
        lines[-1].append(piece)
    return [_spread(line, width) for line in lines]


def _spread(line: list[Piece], width: float) -> list[Placed]:
    blanks = [piece for piece in line if isinstance(piece, Blank)]
    left = width - sum(piece.width for piece in line) - GAP * (len(line) - 1)
    more = max(left, 0) / len(blanks) if blanks else 0
    placed, x = list[Placed](), 0.0
    for piece in line:
        wide = min(piece.width, width) + (more if isinstance(piece, Blank) else 0)
        placed.append((piece, x, wide))
        x += wide + GAP
    return placed


def _words(sheet: Sheet, x: float, y: float, said: Text, width: float) -> None:
    """Write both words; where they are wider than there is room, smaller."""
    share = min(1.0, width / (width_of(said.zh, SIZE) + 3 + width_of(said.en, SMALL)))
    size, small = SIZE * share, SMALL * share
    sheet.text((x, y + BASE), said.zh, Letters(size), kind="Span")
    behind = x + width_of(said.zh, size) + 3
    sheet.text((behind, y + BASE), said.en, Letters(small, QUIET), language="en", kind="Span")
