"""Reads and fills in the spreadsheets that pages give out, the way an office would."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.client import Page


def download(page: Page, answers: Mapping[str, Any] | None = None, form: str = "form#form", **button: Any) -> Any:
    """Send a form that answers with a spreadsheet; returns the response, whose data is the file."""
    pairs = page.values(form)
    for name, value in (answers or {}).items():
        assert any(each == name for each, _value in pairs), f"no field {name}"
        pairs = [(each, old) for each, old in pairs if each != name] + [(name, value)]
    path = page.form(form).get("action") or page.path
    response = page.client.http.post(path, data=dict(pairs) | button)
    assert response.status_code == 200, response.text[:2000]
    assert response.mimetype.endswith("spreadsheetml.sheet"), response.text[:2000]
    return response


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """Return the rows of each visible sheet by its name."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    seen = [each.name for each in book.sheets_metadata if str(each.visible).endswith(".Visible")]
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in seen}


def written(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an xlsx file as a spreadsheet program would save it."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
    return content.getvalue()


def filled(content: bytes, answers: Mapping[int, Mapping[str, Any]], sheet: str | None = None) -> bytes:
    """Fill answers (by row counted from 1 below the headings, then by heading) into a sheet of a list."""
    book = sheets_of(content)
    name = sheet or next(iter(book))
    heads = book[name][0]
    for row, cells in answers.items():
        for heading, value in cells.items():
            book[name][row][heads.index(heading)] = value
    return written(book)
