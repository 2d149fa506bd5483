"""Spreadsheets that leave the register: every value is written as text, never as a formula, in memory alone."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from flask import Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT: Final = "@"  # the number format under which a spreadsheet program leaves digits alone
# A value that looks like a formula, a number or an address stays the text that it is; and what a file holds of
# children lies in no temporary folder meanwhile, as it would under `constant_memory`.
OPTIONS: Final = {
    "in_memory": True,
    **dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False),
}


@contextmanager
def book() -> Iterator[tuple[Any, BytesIO]]:
    """Give a workbook of XlsxWriter, and the buffer that holds the file once the block has ended."""
    content = BytesIO()
    made = xlsxwriter.Workbook(content, OPTIONS)
    try:
        yield made, content
    finally:
        made.close()


def write_row(sheet: Any, row: int, values: Sequence[str | None], style: Any = None) -> None:  # noqa: ANN401
    """Write one row of texts (rows counted from 0); None leaves its cell empty but for the style."""
    for column, value in enumerate(values):
        if value:
            sheet.write_string(row, column, value, style)
        elif style is not None:
            sheet.write_blank(row, column, None, style)


def xlsx_answer(document: bytes, name: str) -> Response:
    """Return a spreadsheet to be saved. `name`: of the file, which says nothing about anybody: rows-to-mend."""
    answer = Response(document, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
