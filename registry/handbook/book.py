"""A paper in one language with chapters, sections and tables, which knows on which page each of them begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.handbook.tables import Drawn
from registry.paper.flow import BAR, FULL, Flow
from registry.paper.lettering import broken, width_of
from registry.paper.sheet import BOTTOM, BRAND, FAINT, INK, LEFT, MM, QUIET, RIGHT, TINT, Letters, Mark
from sop.handbook.parts import Facts, Points, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfgen.canvas import Canvas

    from registry.paper.sheet import Imprint
    from sop.handbook.parts import Block, Chapter, Section

SIZE: Final = 9.5
LABEL: Final = 30 * MM
BULLET: Final = 9.0
CHAPTER_STEP, SECTION_STEP = 7.5 * MM, 5 * MM
FOLLOWS: Final = 24 * MM  # what of a section stays with its heading


class Place(NamedTuple):
    """Where something begins: its words, its depth in the contents (0 a chapter), the page counted from 0."""

    words: str
    depth: int
    page: int


class Book(Flow):
    """A paper in one language, which notes where its chapters and sections begin."""

    def __init__(self, imprint: Imprint, language: str) -> None:
        super().__init__(imprint)
        self.language = language
        self.places: list[Place] = []
        self.leaps = 0

    def chapter(self, chapter: Chapter) -> None:
        """Write a chapter; a page holds as many as fit on it."""
        self.need(BAR + FOLLOWS + 10 * MM)
        self.space(4 * MM)
        self._note(chapter.title, 0)
        self.y -= BAR
        self.sheet.frame(LEFT, self.y, FULL, BAR, fill=TINT, ink=TINT)
        place = LEFT + 2 * MM, self.y + 1.9 * MM
        self.sheet.text(place, chapter.title, Letters(12, BRAND, bold=True), language=self.language, kind="H1")
        for section in chapter.sections:
            self.section(section, alone=len(chapter.sections) == 1 and section.title == chapter.title)

    def section(self, section: Section, *, alone: bool) -> None:
        """Write a section; one that is all of its chapter needs no heading of its own."""
        self.space(3 * MM)
        if not alone:
            self.need(FOLLOWS)
            self._note(section.title, 1)
            self.subheading(section.title, 10.5, self.language)
            self.space(1 * MM)
        for block in section.blocks:
            self.block(block, section.title)

    def block(self, block: Block, title: str) -> None:
        """Write a paragraph, points, facts or a table; what a table is called only where its section is not."""
        if isinstance(block, Points):
            for item in block.items:
                self.lines(item, SIZE, language=self.language, bullet=True, inset=BULLET)
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Table):
            self._table(block, title)
        else:
            self.lines(block.words, SIZE, language=self.language)
        self.space(1.5 * MM)

    def contents(self, places: Sequence[Place], before: int) -> None:
        """Write the contents: titles with their pages. `before`: pages that come before the first chapter's."""
        for place in places:
            step = SECTION_STEP if place.depth else CHAPTER_STEP
            self.need(step)
            self.y -= step
            size, inset = (9.0, 6 * MM) if place.depth else (10.5, 0.0)
            number = str(place.page + before + 1)
            letters = Letters(size, QUIET if place.depth else INK, bold=not place.depth)
            line = broken(place.words, size, FULL - inset - 12 * MM)[0]
            self.sheet.text((LEFT + inset, self.y), line, letters, language=self.language)
            at = RIGHT - width_of(number, size)
            self.sheet.text((at, self.y), number, Letters(size, letters.ink), language=self.language)
            end = LEFT + inset + width_of(line, size) + 3
            self.sheet.line(end, self.y + 1, at - 3, self.y + 1, ink=FAINT)
            self._leap(place, self.y - 2, step)

    def _facts(self, facts: Facts) -> None:
        for label, values in facts.rows:
            lines = [line for value in values for line in broken(value, SIZE, FULL - LABEL)]
            letters = Letters(SIZE, leading=SIZE * 1.5)
            height = len(lines) * letters.step + 2.4 * MM
            self.need(height)
            top = self.y - 1.2 * MM - SIZE
            self.sheet.text((LEFT, top), label, Letters(SIZE, QUIET), language=self.language)
            self.sheet.text((LEFT + LABEL, top), lines, letters, language=self.language)
            self.y -= height
            self.sheet.line(LEFT, self.y, RIGHT, self.y, ink=FAINT)

    def _table(self, table: Table, title: str) -> None:
        if table.name != title and table.name != table.columns[0]:
            self.need(FOLLOWS)
            self.lines(table.name, SIZE, language=self.language, ink=BRAND)
        drawn = Drawn(table, self.language)
        self.need(drawn.head.height + (drawn.rows[0].height if drawn.rows else 0))
        self.y = drawn.head.draw(self.sheet, self.y)
        for row in drawn.rows:
            if self.y - row.height < BOTTOM:
                self.turn()
                self.y = drawn.head.draw(self.sheet, self.y)
            self.y = row.draw(self.sheet, self.y)

    def _note(self, words: str, depth: int) -> None:
        """Note where something begins, and let a reader's list of contents lead there."""
        place = Place(words, depth, len(self.sheet.pages) - 1)
        key = str(len(self.places))
        self.places.append(place)

        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(key)
            canvas.addOutlineEntry(words, key, depth, closed=True)

        self.sheet.pages[-1].append(Mark(draw))

    def _leap(self, place: Place, y: float, height: float) -> None:
        """Make a line of the contents lead to its page."""
        key = str(self.leaps)
        self.leaps += 1

        def draw(canvas: Canvas) -> None:
            canvas.linkRect(place.words, key, (LEFT, y, RIGHT, y + height), relative=0, thickness=0)

        self.sheet.pages[-1].append(Mark(draw))
