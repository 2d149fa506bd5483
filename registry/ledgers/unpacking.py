"""Unpacks a workbook in a process of its own, with little memory: a hostile or broken file ends that process only.

Run as a script with the most rows and cells; reads the file from its input and writes JSON: sheets, or why not.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY: Final = 700 * 2**20  # bytes of address space, of which the largest workbook that is taken needs half
SECONDS: Final = 30  # of computing


def main() -> None:
    """Answer with {"sheets": [[name, rows]]} or {"fault": code}; a row is a list, a day a list in the list."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    rows, cells = int(sys.argv[1]), int(sys.argv[2])
    try:
        answer = {"sheets": _sheets(sys.stdin.buffer.read(), rows, cells)}
    except PasswordError:
        answer = {"fault": "password"}
    except CalamineError:
        answer = {"fault": "kind"}
    except (MemoryError, OverflowError):
        answer = {"fault": "too_big"}
    json.dump(answer, sys.stdout, ensure_ascii=True)


def _sheets(content: bytes, rows: int, cells: int) -> Any:  # noqa: ANN401
    """Return the sheets that a person sees on opening the file: hidden ones hold lists, or former years."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    for number, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(number)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        rows, cells = rows - height, cells - height * width
        if rows < 0 or cells < 0:
            raise OverflowError
        found.append([about.name, _rows(sheet) if height else []])
    return found


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    lines = [[_cell(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < len(lines) and left < len(lines[top]):
            for line in lines[top + 1 : bottom + 1]:  # downwards only: a title across is no value of each column
                if line[left] is None:
                    line[left] = lines[top][left]
    return lines


def _cell(value: Any) -> Any:  # noqa: ANN401
    if value == "" or value is None:
        return None
    if isinstance(value, dt.datetime):
        return [value.year, value.month, value.day, value.hour, value.minute, value.second]
    if isinstance(value, dt.date):
        return [value.year, value.month, value.day]
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)  # a number under a format of hours is a number again
    if isinstance(value, dt.time):
        return value.isoformat()
    return value


if __name__ == "__main__":
    main()
