"""A paper in one language with chapters, sections and tables, which knows on which page each of them begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.handbook.tables import Drawn
from registry.paper.flow import BAR, FULL, LEADING, Flow
from registry.paper.lettering import broken, width_of
from registry.paper.sheet import BOTTOM, BRAND, FAINT, INK, LEFT, MM, QUIET, RIGHT, TINT, Letters, Mark
from sop.handbook.parts import Facts, Points, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfgen.canvas import Canvas

    from registry.paper.sheet import Imprint
    from sop.handbook.parts import Block, Chapter, Section

SIZE: Final = 9.5
LABEL: Final = 45 * MM  # as wide as labels may grow before they are broken
LABEL_GAP: Final = 5 * MM
HEADING: Final = 7 * MM
TOGETHER: Final = 60 * MM  # facts that are lower stay on one page
BULLET: Final = 9.0
CHAPTER_STEP, SECTION_STEP = 7.5 * MM, 5 * MM
FOLLOWS: Final = 24 * MM  # what of a section stays with its heading


class Place(NamedTuple):
    """Where something begins: its words, its depth in the contents (0 a chapter), the page counted from 0."""

    words: str
    depth: int
    page: int


class Listed:
    """Facts with their lines broken. `beside`: where the values begin; `heights`: of the rows."""

    def __init__(self, facts: Facts) -> None:
        width = min(max(width_of(label, SIZE) for label, _values in facts.rows) + 1, LABEL)
        self.beside = width + LABEL_GAP
        self.rows = [
            (broken(label, SIZE, width), [line for each in values for line in broken(each, SIZE, FULL - self.beside)])
            for label, values in facts.rows
        ]
        self.heights = [max(map(len, row)) * SIZE * LEADING + 2.4 * MM for row in self.rows]

    @property
    def together(self) -> float:
        """How much of a page they need: all of it where they are low, else that of the first row."""
        return sum(self.heights) if sum(self.heights) <= TOGETHER else self.heights[0]


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
            first = section.blocks[0]
            self.need(max(FOLLOWS, HEADING + Listed(first).together if isinstance(first, Facts) else 0))
            self._note(section.title, 1)
            self.subheading(section.title, 10.5, self.language)
            self.space(1 * MM)
        for block in section.blocks:
            self.block(block, section)

    def block(self, block: Block, section: Section) -> None:
        """Write a paragraph, points, facts or a table of a section."""
        if isinstance(block, Points):
            for item in block.items:
                self.lines(item, SIZE, language=self.language, bullet=True, inset=BULLET)
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Table):
            self._table(block, section)
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
        """Write labels with what belongs to them beside them."""
        listed = Listed(facts)
        self.need(listed.together)
        for (label, lines), height in zip(listed.rows, listed.heights, strict=True):
            self.need(height)
            top = self.y - 1.2 * MM - SIZE
            for x, said, ink in ((LEFT, label, QUIET), (LEFT + listed.beside, lines, INK)):
                self.sheet.text((x, top), said, Letters(SIZE, ink, leading=SIZE * LEADING), language=self.language)
            self.y -= height
            self.sheet.line(LEFT, self.y, RIGHT, self.y, ink=FAINT)

    def _table(self, table: Table, section: Section) -> None:
        """Write a table under its name, unless its section is called the same."""
        if table.name != section.title:
            self.need(FOLLOWS)
            self.lines(table.name, SIZE, language=self.language, ink=BRAND)
        alike = [each for each in section.blocks if isinstance(each, Table) and each.keys == table.keys]
        drawn = Drawn(table, self.language, alike)
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
