"""A paper as it grows: marks on A4 pages, each a part of its structure or decoration, and the PDF they become."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from registry.paper.lettering import FONT, load, width_of
from registry.paper.said import both
from registry.paper.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sop.content import Text

MM: Final = 72 / 25.4
WIDTH, HEIGHT = A4
LEFT: Final = 18 * MM
RIGHT: Final = WIDTH - 18 * MM
TOP: Final = HEIGHT - 15 * MM
BOTTOM: Final = 19 * MM
INK, QUIET, LINE, FAINT = "#17242b", "#47565f", "#5f7079", "#d3dce0"
BRAND, TINT = "#0b5567", "#e8f1f3"
HAIR: Final = 0.5
ENGLISH: Final = 0.8  # English letters look larger than Chinese ones of their size
BOLDER: Final = 0.018  # of its size a letter is drawn thicker, instead of a second font of ten megabytes
FOOT_SIZE: Final = 7.5

# The font reads its file from one place at a time: two papers are never finished at once in one process.
_finishing = threading.Lock()


@dataclass(frozen=True)
class Imprint:
    """What stands on every page of a paper: its title, the version it was made by, whether people are invented."""

    title: Text
    version: str
    sample: bool


class Letters(NamedTuple):
    """How words are written: size in points, colour, whether bold, points from line to line."""

    size: float
    ink: str = INK
    bold: bool = False
    leading: float | None = None

    @property
    def step(self) -> float:
        """From one base line to the next."""
        return self.leading or self.size * 1.45


class Mark(NamedTuple):
    """Something on a page. `kind`: P, H1, H2 or Figure; None for decoration."""

    draw: Callable[[Canvas], None]
    kind: str | None = None
    language: str = "zh"
    alternative: str | None = None


class Sheet:
    """Marks on pages, in the order in which they are read. Places are points from the lower left corner."""

    def __init__(self, imprint: Imprint) -> None:
        load()
        self.imprint = imprint
        self.pages: list[list[Mark]] = [[]]

    def turn(self) -> None:
        """Begin another page."""
        self.pages.append([])

    def text(
        self,
        place: tuple[float, float],
        lines: str | Sequence[str],
        letters: Letters,
        *,
        language: str = "zh",
        kind: str | None = "P",
    ) -> None:
        """Write lines from `place`, the beginning of the first one's base line, downwards. `kind` as of a Mark."""
        written = [lines] if isinstance(lines, str) else list(lines)

        def draw(canvas: Canvas) -> None:
            _set_letters(canvas, letters)
            for number, line in enumerate(written):
                canvas.drawString(place[0], place[1] - number * letters.step, line, mode=2 if letters.bold else None)

        self.pages[-1].append(Mark(draw, kind, language))

    def both(
        self, place: tuple[float, float], said: Text, letters: Letters, *, gap: float = 4, kind: str = "P"
    ) -> float:
        """Write the Chinese words and smaller, behind them, the English ones; returns where they end."""
        self.text(place, said.zh, letters, kind=kind)
        behind, small = place[0] + width_of(said.zh, letters.size) + gap, letters.size * ENGLISH
        self.text((behind, place[1]), said.en, Letters(small, QUIET), language="en", kind=kind)
        return behind + width_of(said.en, small)

    def frame(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None, ink: str = LINE
    ) -> None:
        """Draw a rectangle from its lower left corner, perhaps filled."""

        def draw(canvas: Canvas) -> None:
            canvas.setLineWidth(HAIR)
            canvas.setStrokeColor(HexColor(ink))
            if fill:
                canvas.setFillColor(HexColor(fill))
            canvas.rect(x, y, width, height, stroke=1, fill=int(fill is not None))

        self.pages[-1].append(Mark(draw))

    def line(self, x: float, y: float, to_x: float, to_y: float, *, ink: str = LINE, dashed: bool = False) -> None:
        """Draw a hairline."""

        def draw(canvas: Canvas) -> None:
            canvas.setLineWidth(HAIR)
            canvas.setStrokeColor(HexColor(ink))
            canvas.setDash(*((3, 2) if dashed else ()))
            canvas.line(x, y, to_x, to_y)
            canvas.setDash()

        self.pages[-1].append(Mark(draw))

    def picture(self, x: float, y: float, side: float, png: bytes, alternative: str) -> None:
        """Draw a square picture from its lower left corner; `alternative` says what it shows."""

        def draw(canvas: Canvas) -> None:
            canvas.drawImage(ImageReader(io.BytesIO(png)), x, y, side, side)

        self.pages[-1].append(Mark(draw, "Figure", "zh", alternative))

    def pdf(self) -> bytes:
        """Return the finished document: A4, font embedded, titled, its structure and languages told."""
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=A4, pageCompression=1, initialFontName=FONT, lang="zh-CN", pdfVersion=(1, 7))
        canvas.setTitle(_in_line(self.imprint.title))
        canvas.setAuthor(_in_line(both(lambda: _("One-card child registry"))))
        canvas.setViewerPreference("DisplayDocTitle", "true")
        with _finishing:
            structure = Structure(canvas)
            for number, page in enumerate(self.pages, 1):
                for mark in (*page, *_furniture(self.imprint, number, len(self.pages))):
                    _draw(mark, canvas, structure)
                structure.turn_page()
            structure.close()
            canvas.save()
        return target.getvalue()


def _draw(mark: Mark, canvas: Canvas, structure: Structure) -> None:
    if mark.kind is None:
        structure.begin_decoration()
    else:
        structure.begin(mark.kind, mark.language, mark.alternative)
    canvas.saveState()
    mark.draw(canvas)
    canvas.restoreState()
    structure.end()


def _furniture(imprint: Imprint, number: int, count: int) -> list[Mark]:
    """Return the foot of a page: title and version, page and number of pages; and the box of sample data."""
    version = both(lambda: _("Procedure version %(version)s", version=imprint.version))
    page = both(lambda: _("Page %(current)s of %(total)s", current=number, total=count))

    def draw(canvas: Canvas) -> None:
        y = 9 * MM
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(HAIR)
        canvas.line(LEFT, y + 20, RIGHT, y + 20)
        _set_letters(canvas, Letters(FOOT_SIZE, QUIET))
        canvas.drawString(LEFT, y + 11, _in_line(imprint.title))
        canvas.drawString(LEFT, y, _in_line(version))
        canvas.drawRightString(RIGHT, y, _in_line(page))

    return [Mark(draw), *([Mark(_sample())] if imprint.sample else [])]


def _sample() -> Callable[[Canvas], None]:
    words = _in_line(both(lambda: _("Sample data")))
    wide = width_of(words, FOOT_SIZE) + 10

    def draw(canvas: Canvas) -> None:
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1)
        canvas.rect(RIGHT - wide, HEIGHT - 12 * MM, wide, 14)
        _set_letters(canvas, Letters(FOOT_SIZE))
        canvas.drawString(RIGHT - wide + 5, HEIGHT - 12 * MM + 4, words)

    return draw


def _in_line(said: Text) -> str:
    return f"{said.zh} {said.en}"


def _set_letters(canvas: Canvas, letters: Letters) -> None:
    canvas.setFont(FONT, letters.size)
    canvas.setFillColor(HexColor(letters.ink))
    if letters.bold:
        canvas.setStrokeColor(HexColor(letters.ink))
        canvas.setLineWidth(letters.size * BOLDER)
