"""Reads a file in a process of its own, with little memory: a hostile or broken one ends that process only.

Run as a script with "workbook" or "text" and the most rows, cells and letters; reads the file from its input and
writes lines of JSON: the name of a sheet ("" of a text), then each of its rows that holds something, [number counted
from 1, cells], a day being a list; or {"fault": code} alone.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import resource
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

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


STYLES: Final = b"xl/styles.xml", b"xl/styles.off"  # as a part of an xlsx workbook is named, and as none is
Row = tuple[int, list[Any]]


class Limits(NamedTuple):
    """The most that a file may hold."""

    rows: int
    cells: int
    letters: int


class FaultError(Exception):
    """Why the file cannot be read: a code of `sheets.BookError`."""


def main() -> None:
    """Answer with the sheets of the file, or with why there are none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    read, limits = _text if sys.argv[1] == "text" else _workbook, Limits(*map(int, sys.argv[2:]))
    try:
        sheets = read(sys.stdin.buffer.read(), limits)
        _check_letters(sheets, limits.letters)
    except FaultError as fault:
        _write({"fault": str(fault)})
    except PasswordError:
        _write({"fault": "password"})
    except CalamineError:
        _write({"fault": "kind"})
    except MemoryError:
        _write({"fault": "too_big"})
    else:
        for name, rows in sheets:
            _write(name)
            for row in rows:
                _write(row)


def _write(told: Any) -> None:  # noqa: ANN401
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def _check_letters(sheets: list[tuple[str, list[Row]]], letters: int) -> None:
    """Refuse what is small as a file and huge as cells: one text told in all of them, or merged over them."""
    for name, rows in sheets:
        letters -= len(name)
        for _, cells in rows:
            letters -= sum(len(cell) for cell in cells if isinstance(cell, str))
    if letters < 0:
        raise FaultError("too_big")


def _text(content: bytes, limits: Limits) -> list[tuple[str, list[Row]]]:
    sys.path.append(str(Path(__file__).parent))  # last, so that none of its modules stands in for another
    delimited = importlib.import_module("delimited")
    try:
        found = delimited.records(content, limits.rows, limits.cells)
    except delimited.EncodingError as error:
        raise FaultError("kind" if b"\x00" in content else "encoding") from error
    except delimited.TooManyError as error:
        raise FaultError("too_big") from error
    return [("", [(line, [cell or None for cell in cells]) for line, cells in found])]


def _workbook(content: bytes, limits: Limits) -> list[tuple[str, list[Row]]]:
    """Return the sheets that a person sees on opening the file: hidden ones hold lists, or former years."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows, cells, found = limits.rows, limits.cells, []
    for number, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(number)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        rows, cells = rows - height, cells - height * width
        if rows < 0 or cells < 0:
            raise FaultError("too_big")
        lines = _whole(_lines(sheet), content, number) if height else []
        found.append((about.name, _filled(lines, sheet)))
    return found


def _lines(sheet: CalamineSheet) -> list[list[Any] | None]:
    """Return the rows; None for one with a number of more days than the reader can count, under a format of hours."""
    rows, lines = sheet.iter_rows(), list[list[Any] | None]()
    while True:
        try:
            lines.append([_cell(cell) for cell in next(rows)])
        except OverflowError:
            lines.append(None)
        except StopIteration:
            return lines


def _whole(lines: list[list[Any] | None], content: bytes, number: int) -> list[list[Any]]:
    """Return the rows, those that could not be read as the file has them without its formats: a day is a number."""
    if None in lines:
        plain = CalamineWorkbook.from_filelike(io.BytesIO(content.replace(*STYLES))).get_sheet_by_index(number)
        lines = [other if line is None else line for line, other in zip(lines, _lines(plain), strict=True)]
    whole = [line for line in lines if line is not None]
    if len(whole) < len(lines):  # an xls workbook, in which the formats are no part of their own
        raise FaultError("kind")
    return whole


def _filled(lines: list[list[Any]], sheet: CalamineSheet) -> list[Row]:
    """Return the rows that hold something, with what is merged over several in each."""
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < len(lines) and left < len(lines[top]):
            for line in lines[top + 1 : bottom + 1]:  # downwards only: a title across is no value of each column
                if line[left] is None:
                    line[left] = lines[top][left]
    return [(row, line) for row, line in enumerate(lines, start=1) if any(cell is not None for cell in line)]


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
