"""A paper that tells somebody something: facts with their labels, both languages on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.paper.flow import FULL, Flow
from registry.paper.lettering import broken
from registry.paper.sheet import BRAND, FAINT, INK, LEFT, MM, QUIET, RIGHT, Letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sop.content import Text

LABEL: Final = 44 * MM
VALUE: Final = FULL - LABEL
SIZE, SMALL = 9.2, 7.6
STEP: Final = 1.35
PADDING: Final = 1.2 * MM
NOTHING: Final = "—"

Fact = tuple["Text", "Text"]


class Letter(Flow):
    """A paper with facts: label left, value right, a hairline below each."""

    def facts(self, rows: Sequence[Fact]) -> None:
        """Write facts; one that has no value says so."""
        for label, value in rows:
            left = _lines(label, LABEL - 3 * MM)
            right = _lines(value, VALUE) or [(NOTHING, SIZE, "zh")]
            height = max(_height(left), _height(right)) + 2 * PADDING
            self.need(height)
            self._column(LEFT, left, QUIET)
            self._column(LEFT + LABEL, right, INK)
            self.y -= height
            self.sheet.line(LEFT, self.y, RIGHT, self.y, ink=FAINT)
        self.space(2 * MM)

    def subtitle(self, said: Text) -> None:
        """Write a lesser heading inside a part."""
        self.need(14 * MM)
        self.y -= SIZE + 1 * MM
        self.sheet.both((LEFT, self.y), said, Letters(SIZE, BRAND), kind="H2")
        self.space(1 * MM)

    def _column(self, x: float, lines: Sequence[tuple[str, float, str]], ink: str) -> None:
        y = self.y - PADDING
        for words, size, language in lines:
            letters = Letters(size, ink if language == "zh" else QUIET)
            self.sheet.text((x, y - size), words, letters, language=language)
            y -= size * STEP


def _lines(said: Text, width: float) -> list[tuple[str, float, str]]:
    """Return (words, size, language) of each line; what is the same in both languages stands once."""
    languages = (("zh", said.zh, SIZE), ("en", said.en, SMALL)) if said.zh != said.en else (("zh", said.zh, SIZE),)
    return [(line, size, tongue) for tongue, words, size in languages for line in broken(words, size, width) if line]


def _height(lines: Sequence[tuple[str, float, str]]) -> float:
    return sum(size * STEP for _words, size, _language in lines)
