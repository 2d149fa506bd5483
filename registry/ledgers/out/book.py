"""A list of children as a spreadsheet: its sheets of rows, and one that says what the file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.ledgers.xlsx import AS_TEXT, book, write_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NARROW, WIDE, NOTE = 8, 34, 90  # widths in characters
ASIAN: Final = 2  # columns that a Chinese character takes
FIRST_ASIAN: Final = "\u2e80"
READ_FOR_WIDTH: Final = 200  # rows that say how wide the columns are


@dataclass(frozen=True)
class Part:
    """One sheet: all, new, changed or gone; its headings, and the cells of each row."""

    kind: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str]]


def list_book(parts: Iterable[Part], about: Sequence[str]) -> bytes:
    """Return the xlsx file of a list in the language of the page. Every cell is text, under the format of text.

    `about`: sentences for the last sheet.
    """
    titles = {
        "all": _("Children on file"),
        "new": _("New"),
        "changed": _("Changed"),
        "gone": _("No longer on the list"),
    }
    with book() as (made, content):
        head = made.add_format({"bold": True, "bg_color": "#DFEEF1", "bottom": 1, "text_wrap": True, "valign": "top"})
        cell = made.add_format({"num_format": AS_TEXT})
        counts = [
            (titles[part.kind], _write(made.add_worksheet(titles[part.kind]), part, head, cell)) for part in parts
        ]
        _write_about(made, [*about, *_counted(counts)])
    return content.getvalue()


def _write(sheet: Any, part: Part, head: Any, cell: Any) -> int:  # noqa: ANN401
    """Write a sheet and return how many rows it has."""
    widths, number = [_width(heading) for heading in part.headings], 0
    write_row(sheet, 0, part.headings, head)
    for number, row in enumerate(part.rows, start=1):
        write_row(sheet, number, row, cell)
        if number <= READ_FOR_WIDTH:
            widths = [max(width, _width(text)) for width, text in zip(widths, row, strict=True)]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, NARROW), WIDE), cell)
    sheet.freeze_panes(1, 0)
    return number


def _width(text: str) -> int:
    return sum(ASIAN if sign >= FIRST_ASIAN else 1 for sign in text)


def _counted(counts: Sequence[tuple[str, int]]) -> list[str]:
    return [
        ngettext("%(sheet)s: %(num)s child", "%(sheet)s: %(num)s children", number, sheet=sheet)
        for sheet, number in counts
    ]


def _write_about(made: Any, lines: Sequence[str]) -> None:  # noqa: ANN401
    sheet, wrapped = made.add_worksheet(_("About this file")), made.add_format({"text_wrap": True})
    sheet.set_column(0, 0, NOTE, wrapped)
    for number, line in enumerate(lines):
        write_row(sheet, number, [line], wrapped)
