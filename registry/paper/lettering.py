"""The one font of all papers, embedded, whose text copies correctly also beyond the basic plane; and its measures."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportlab.pdfbase import pdfmetrics, ttfonts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FONT: Final = "NotoSansSC"
FILE: Final = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
ENTRIES_A_BLOCK: Final = 100  # as many as a character map may list in one go
HAN: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff\u3000-\u303f"
UNITS: Final = re.compile(rf"\s+|[{HAN}]|[^\s{HAN}]+")
NOT_FIRST: Final = frozenset("，。；：、？！）》」』”’…·％")
NOT_LAST: Final = frozenset("（《「『“‘")
SMALLEST: Final = 6.0


@functools.cache
def load() -> None:
    """Make the font known to the library; done once in a process, since it reads ten megabytes."""
    # Its own map writes characters beyond U+FFFF with five digits, which every reader takes for two others.
    ttfonts.makeToUnicodeCMap = character_map
    pdfmetrics.registerFont(ttfonts.TTFont(FONT, str(FILE)))


def character_map(name: str, subset: Sequence[int]) -> str:
    """Return the map (CMap) from the codes of an embedded part of the font to the characters they stand for.

    `subset`: code points by code; 0 stands for none. Characters beyond the basic plane are written as UTF-16
    wants them, in two halves.
    """
    entries = [f"<{code:02X}> <{_utf_16(point)}>" for code, point in enumerate(subset) if point]
    blocks = [entries[start : start + ENTRIES_A_BLOCK] for start in range(0, len(entries), ENTRIES_A_BLOCK)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def _utf_16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


def width_of(text: str, size: float) -> float:
    """Return how wide a line is, in points."""
    load()
    return float(pdfmetrics.stringWidth(text, FONT, size))


def size_to_fit(text: str, size: float, width: float) -> float:
    """Return the greatest size, at most `size` and not below SMALLEST, at which a line is no wider than `width`."""
    wide = width_of(text, size)
    return size if wide <= width else max(size * width / wide, SMALLEST)


def broken(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width`: between Chinese characters, but not inside a Latin word.

    No line begins with a closing mark or ends with an opening one. A word that is wider than a line is broken.
    """
    lines, line = list[str](), ""
    for unit in _units(text):
        joined = line + unit if line else unit.lstrip()
        if width_of(joined.rstrip(), size) <= width:
            line = joined
            continue
        if line.rstrip():
            lines.append(line.rstrip())
        line = unit.lstrip()
        while len(line) > 1 and width_of(line, size) > width:
            fitting = next(
                end for end in range(len(line) - 1, 0, -1) if end == 1 or width_of(line[:end], size) <= width
            )
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _units(text: str) -> Iterator[str]:
    """Yield what may not be broken: a word with the spaces before it, a character with the marks that cling to it."""
    unit = ""
    for found in UNITS.findall(text):
        clings = found in NOT_FIRST or unit[-1:] in NOT_LAST or unit.isspace()
        if unit and not clings:
            yield unit
            unit = ""
        unit += found
    if unit:
        yield unit
