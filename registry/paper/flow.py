"""A paper that is written from top to bottom: title, headings, paragraphs in both languages, turning pages itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.paper.lettering import broken, size_to_fit, width_of
from registry.paper.sheet import BOTTOM, BRAND, INK, LEFT, MM, QUIET, RIGHT, TINT, TOP, Letters, Sheet

if TYPE_CHECKING:
    from registry.paper.sheet import Imprint
    from sop.content import Text

FULL: Final = RIGHT - LEFT
BAR: Final = 6.4 * MM
TITLE: Final = 17.0
LEADING: Final = 1.5
SMALLER: Final = 0.86  # of the Chinese letters, for English ones
BULLET: Final = 9.0


class Flow:
    """A sheet with a place where the next thing goes. `y` is what is still free on the page, from below."""

    def __init__(self, imprint: Imprint) -> None:
        self.sheet = Sheet(imprint)
        self.y = TOP

    def need(self, height: float) -> None:
        """Turn the page unless so much is free on it."""
        if self.y - height < BOTTOM:
            self.turn()

    def turn(self) -> None:
        """Begin another page."""
        self.sheet.turn()
        self.y = TOP

    def space(self, height: float) -> None:
        """Leave a space."""
        self.y -= height

    def title(self, said: Text, lead: Text | None = None) -> None:
        """Write the title of the paper, and a sentence below it."""
        self.y -= 7 * MM
        self.sheet.text((LEFT, self.y), said.zh, Letters(TITLE, bold=True), kind="H1")
        behind = LEFT + width_of(said.zh, TITLE) + 8
        size = size_to_fit(said.en, 11, RIGHT - behind)
        self.sheet.text((behind, self.y), said.en, Letters(size, QUIET), language="en", kind="H1")
        self.y -= 3.5 * MM
        self.sheet.line(LEFT, self.y, RIGHT, self.y, ink=BRAND)
        if lead:
            self.space(1.5 * MM)
            self.paragraph(lead, 8.5)
        self.space(1.5 * MM)

    def heading(self, said: Text, *, follows: float = 14 * MM) -> None:
        """Write a heading in a bar; on the next page where less than `follows` would fit below it."""
        self.need(BAR + follows)
        self.y -= BAR
        self.sheet.frame(LEFT, self.y, FULL, BAR, fill=TINT)
        self.sheet.both((LEFT + 2 * MM, self.y + 2 * MM), said, Letters(10.5, bold=True), kind="H2")

    def subheading(self, words: str, size: float, language: str) -> None:
        """Write a heading of one language inside a text."""
        self.y -= size * LEADING
        place = LEFT, self.y + size * (LEADING - 1)
        self.sheet.text(place, words, Letters(size * 1.08, BRAND), language=language, kind="H2")

    def paragraph(self, said: Text, size: float = 9.5, *, bullet: bool = False, gap: float = 1.2 * MM) -> None:
        """Write a paragraph in Chinese and, below it, in English."""
        for language, words, points in (("zh", said.zh, size), ("en", said.en, size * SMALLER)):
            self.lines(
                words, points, language=language, bullet=bullet and language == "zh", inset=BULLET if bullet else 0
            )
        self.space(gap)

    def lines(
        self, words: str, size: float, *, language: str = "zh", bullet: bool = False, inset: float = 0, ink: str = INK
    ) -> None:
        """Write one language's lines, over to the next page where they do not fit."""
        letters = Letters(size, ink, leading=size * LEADING)
        left = broken(words, size, FULL - inset)
        while left:
            self.need(letters.step)
            fitting = max(1, int((self.y - BOTTOM + 0.01) / letters.step))
            now, left = left[:fitting], left[fitting:]
            if bullet:
                self.sheet.text((LEFT, self.y - size), "·", Letters(size), kind=None)
                bullet = False
            self.sheet.text((LEFT + inset, self.y - size), now, letters, language=language)
            self.y -= letters.step * len(now)

    def pdf(self) -> bytes:
        """Return the finished document."""
        return self.sheet.pdf()
