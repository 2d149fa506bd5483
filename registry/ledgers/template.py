"""The empty ledger as a spreadsheet: headings, lists to choose from, an example row and how to fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from registry.ledgers.xlsx import AS_TEXT, book
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from sop.content import CodeList, Sop
    from sop.empty_ledger import EmptyColumn

EMPTY_LEDGERS: Final = ("receiving-zh", "receiving-en", "sending-zh", "sending-en")
HEAD, EXAMPLE, FIRST = 1, 2, 3  # rows counted from 0, below the title
PREPARED: Final = 2000  # rows with lists to choose from
NOT_OFFERED: Final = frozenset({"refused", "0", "9"})  # whom a family told so is said at the door, not in a ledger
WARNED_LENGTHS: Final = {"id_number": (15, 18), "phone": (11, 13)}
LONGEST_SAID: Final = 255  # characters that a message beside a cell may have


def ledger_names() -> list[tuple[str, str]]:
    """Return the empty ledgers there are, each with its words for a link."""
    return [
        ("receiving-zh", _("Children who moved here, in Chinese")),
        ("receiving-en", _("Children who moved here, in English")),
        ("sending-zh", _("Children who stayed behind, in Chinese")),
        ("sending-en", _("Children who stayed behind, in English")),
    ]


def empty_ledger(name: str, on: date) -> bytes:
    """Return an xlsx file, one of EMPTY_LEDGERS, by the procedure in force on a day.

    What is typed into it stays text: the cells have that format, so that ID numbers keep their last digits and
    dates are not turned round. Filled in and uploaded it is read without asking for its columns.
    """
    side, language = name.split("-")
    making = _Making(in_force(on), side, language)
    with book() as (made, content):
        making.write(made)
    return content.getvalue()


@dataclass(frozen=True)
class _Making:
    """One empty ledger on its way into a workbook."""

    sop: Sop
    side: str
    language: str

    def write(self, made: Any) -> None:  # noqa: ANN401
        """Write the sheet to fill in, the explanation, and the hidden sheet of choices."""
        columns = self.sop.empty_ledger.of_side(self.side)
        sheet = made.add_worksheet(self.said("rows"))
        explained = made.add_worksheet(self.said("explained"))
        lists = made.add_worksheet(self.said("lists"))
        lists.hide()
        self._rows(made, sheet, columns)
        for place, column in enumerate(columns):
            self._guide(sheet, place, column, lists)
        self._explain(made, explained, columns)

    def said(self, key: str) -> str:
        """Return one of the single words."""
        return self.sop.empty_ledger.said[key].in_language(self.language)

    def _rows(self, made: Any, sheet: Any, columns: tuple[EmptyColumn, ...]) -> None:  # noqa: ANN401
        framed = {"border": 1, "border_color": "#9DBCC5", "valign": "vcenter"}
        typed = made.add_format({"num_format": AS_TEXT})
        heads = {
            True: made.add_format({**framed, "bold": True, "text_wrap": True, "bg_color": "#DFEEF1"}),
            False: made.add_format({**framed, "text_wrap": True, "bg_color": "#F2F6F7"}),
        }
        shown = made.add_format({**framed, "italic": True, "font_color": "#47565F", "num_format": AS_TEXT})
        title = self.sop.empty_ledger.titles[self.side].in_language(self.language)
        sheet.write_string(0, 0, title, made.add_format({"bold": True, "font_size": 16}))
        sheet.set_row(0, 28)
        sheet.set_row(HEAD, 32)
        sheet.freeze_panes(FIRST, 2)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, typed)
            sheet.write_string(HEAD, place, column.heading.in_language(self.language), heads[column.needed])
            sheet.write_string(EXAMPLE, place, self._example(place, column), shown)

    def _example(self, place: int, column: EmptyColumn) -> str:
        if place == 0:
            return self.said("example")
        if column.list and column.choice:
            return self.sop.codes[column.list].text(column.choice).in_language(self.language)
        return column.sample.in_language(self.language) if column.sample else ""

    def _guide(self, sheet: Any, place: int, column: EmptyColumn, lists: Any) -> None:  # noqa: ANN401
        """Say at the cell how it is filled in, and offer its list; other words may be typed all the same."""
        rule: dict[str, Any] = {
            "input_title": column.heading.in_language(self.language)[:32],
            "input_message": column.how.in_language(self.language)[:LONGEST_SAID],
            "error_type": "warning",
            "validate": "any",
        }
        if column.list:
            rule |= {"validate": "list", "source": self._choices(lists, place, self.sop.codes[column.list])}
        elif column.key in WARNED_LENGTHS:
            shortest, longest = WARNED_LENGTHS[column.key]
            rule |= {"validate": "length", "criteria": "between", "minimum": shortest, "maximum": longest}
        sheet.data_validation(FIRST, place, FIRST + PREPARED - 1, place, rule)

    def _choices(self, lists: Any, place: int, codes: CodeList) -> str:  # noqa: ANN401
        """Write the words of a list below each other and return their range: in the cell itself they find no room."""
        words = [code.text.in_language(self.language) for code in codes if code.code not in NOT_OFFERED]
        for row, word in enumerate(words):
            lists.write_string(row, place, word)
        first, last = (xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True) for row in (0, len(words) - 1))
        return f"='{self.said('lists')}'!{first}:{last}"

    def _explain(self, made: Any, sheet: Any, columns: tuple[EmptyColumn, ...]) -> None:  # noqa: ANN401
        wrapped = made.add_format({"text_wrap": True, "valign": "top"})
        bold = made.add_format({"bold": True, "bg_color": "#DFEEF1"})
        for place, width in enumerate((24, 16, 80)):
            sheet.set_column(place, place, width, wrapped)
        for row, text in enumerate(self.sop.empty_ledger.paragraphs):
            sheet.merge_range(row, 0, row, 2, text.in_language(self.language), wrapped)
            sheet.set_row(row, 32)
        top = len(self.sop.empty_ledger.paragraphs) + 1
        for place, key in enumerate(("column", "need", "how")):
            sheet.write_string(top, place, self.said(key), bold)
        for row, column in enumerate(columns, start=top + 1):
            sheet.write_string(row, 0, column.heading.in_language(self.language))
            sheet.write_string(row, 1, self.said("needed" if column.needed else "wished"))
            sheet.write_string(row, 2, column.how.in_language(self.language))
