"""The corrected copy of a ledger: its refused rows under their own headings, with the reasons beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _

from registry.ledgers.xlsx import AS_TEXT, book, write_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH: Final = 16  # characters, of a column of the ledger
HEADINGS: Final = 1  # the row with the headings, below the title
WIDE: Final = 48  # of a column with sentences
LONGEST_SHEET_NAME: Final = 31
NO_SHEET_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class MendColumn:
    """One column of the ledger that the register reads: its heading, and the field that it holds."""

    heading: str
    field: str


@dataclass(frozen=True)
class MendRow:
    """One refused row: its number in the ledger, what was typed by field, and why with what to do, line by line.

    `faulty`: the fields that have to be looked at.
    """

    row: int
    typed: Mapping[str, str]
    reasons: Sequence[str]
    proposals: Sequence[str]
    faulty: frozenset[str]


@dataclass(frozen=True)
class MendSheet:
    """The refused rows of one sheet. `title`: says which kind of ledger it is, and an upload reads it so."""

    name: str
    title: str
    columns: Sequence[MendColumn]
    rows: Sequence[MendRow]


def corrected_copy(sheets: Sequence[MendSheet]) -> bytes:
    """Return an xlsx file with a sheet for each of these, in the language of the page.

    Every cell is text and has the format of text, so that neither an ID number nor a date is changed by the
    spreadsheet program when it is typed again; the cells at fault are coloured. The columns that say what is wrong
    stand last, under headings that an upload leaves out.
    """
    with book() as (made, content):
        styles = _Styles(made)
        taken: set[str] = set()
        for number, sheet in enumerate(sheets, start=1):
            _write(made.add_worksheet(_sheet_name(sheet.name, number, taken)), sheet, styles)
    return content.getvalue()


class _Styles:
    """How the cells look."""

    def __init__(self, made: Any) -> None:  # noqa: ANN401
        framed = {"border": 1, "border_color": "#D3DCE0", "valign": "top", "font_size": 11}
        head = {**framed, "bold": True, "text_wrap": True, "valign": "vcenter"}
        self.head = made.add_format({**head, "bg_color": "#DFEEF1"})
        self.said = made.add_format({**head, "bg_color": "#FFF4D1"})
        self.cell = made.add_format({**framed, "num_format": AS_TEXT})
        self.faulty = made.add_format({**framed, "num_format": AS_TEXT, "bg_color": "#FFF4D1"})
        self.words = made.add_format({**framed, "text_wrap": True, "font_color": "#47565F"})


def _write(sheet: Any, told: MendSheet, styles: _Styles) -> None:  # noqa: ANN401
    last = len(told.columns)
    sheet.set_column(0, max(last - 1, 0), WIDTH, styles.cell)
    sheet.set_column(last, last, WIDTH)
    sheet.set_column(last + 1, last + 2, WIDE)
    sheet.freeze_panes(HEADINGS + 1, 0)
    sheet.write_string(0, 0, told.title)
    write_row(sheet, HEADINGS, [column.heading for column in told.columns], styles.head)
    for place, heading in enumerate(said_headings(), start=last):
        sheet.write_string(HEADINGS, place, heading, styles.said)
    for number, row in enumerate(told.rows, start=HEADINGS + 1):
        for place, column in enumerate(told.columns):
            style = styles.faulty if column.field in row.faulty else styles.cell
            value = row.typed.get(column.field, "")
            if value:
                sheet.write_string(number, place, value, style)
            else:
                sheet.write_blank(number, place, None, style)
        beside = [str(row.row), "\n".join(row.reasons), "\n".join(row.proposals)]
        for place, words in enumerate(beside, start=last):
            sheet.write_string(number, place, words, styles.words)


def said_headings() -> list[str]:
    """Return the headings of the columns that say what is wrong. No field of a ledger is called so."""
    return [_("Row in the ledger"), _("Why it was not registered"), _("What to do")]


def _sheet_name(name: str, number: int, taken: set[str]) -> str:
    """Return a name that spreadsheet programs accept, and that no sheet before it has."""
    clean = name.translate(NO_SHEET_NAME).strip()[:LONGEST_SHEET_NAME].strip() or str(number)
    if clean.lower() in taken or clean.lower() == "history":
        clean = f"{clean[: LONGEST_SHEET_NAME - 4].strip()} {number}"
    taken.add(clean.lower())
    return clean
