"""Writes an xls file as the programs before 2007 do: records of BIFF8 in a compound file. For tests of reading."""

from __future__ import annotations

import struct
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST_STREAM = 4096  # smaller ones would have to stand in the stream of mini sectors
DATE_STYLE = 1
Merged = tuple[int, int, int, int]  # first and last row, first and last column, from 0


def xls(
    sheets: Mapping[str, Iterable[Iterable[object]]], *, merged: Iterable[Merged] = (), locked: bool = False
) -> bytes:
    """Return a workbook; `merged` in its first sheet; `locked`: with the mark of one protected by a password."""
    bodies = [_sheet(rows, () if number else merged) for number, rows in enumerate(sheets.values())]
    start, names = _globals(locked=locked), list(sheets)
    listed = sum(len(_bound(name, 0)) for name in names)
    where = len(start) + listed + len(_record(0x0A))
    bounds = b""
    for name, body in zip(names, bodies, strict=True):
        bounds += _bound(name, where)
        where += len(body)
    return compound({"Workbook": start + bounds + _record(0x0A) + b"".join(bodies)})


def _record(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _text(words: str) -> bytes:
    return struct.pack("<HB", len(words.encode("utf-16-le")) // 2, 1) + words.encode("utf-16-le")


def _globals(*, locked: bool) -> bytes:
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    lock = _record(0x2F, struct.pack("<HHH", 0, 1, 1)) if locked else b""
    code_page = _record(0x42, struct.pack("<H", 1200))
    styles = b"".join(_record(0xE0, struct.pack("<HHH", 0, form, 0).ljust(20, b"\0")) for form in (0, 14))
    return begin + lock + code_page + styles


def _bound(name: str, where: int) -> bytes:
    letters = name.encode("utf-16-le")
    return _record(0x85, struct.pack("<IBBBB", where, 0, 0, len(letters) // 2, 1) + letters)


def _sheet(rows: Iterable[Iterable[object]], merged: Iterable[Merged]) -> bytes:
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for row, cells in enumerate(rows):
        body += b"".join(_cell(row, column, value) for column, value in enumerate(cells) if value is not None)
    ranges = list(merged)
    if ranges:
        body += _record(0xE5, struct.pack("<H", len(ranges)) + b"".join(struct.pack("<4H", *each) for each in ranges))
    return body + _record(0x0A)


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, date):
        serial = float((value - date(1899, 12, 30)).days)
        return _record(0x203, struct.pack("<HHHd", row, column, DATE_STYLE, serial))
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", row, column, 0, float(value)))
    return _record(0x204, struct.pack("<HHH", row, column, 0) + _text(str(value)))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams."""
    padded = {name: _padded(body) for name, body in streams.items()}
    counts = {name: len(body) // SECTOR for name, body in padded.items()}
    directory = _padded(b"".join(_entries(streams, counts)), SECTOR)
    used = sum(counts.values()) + len(directory) // SECTOR
    tables = next(n for n in range(1, 110) if (used + n) * 4 <= n * SECTOR)
    table = _chained([*counts.values(), len(directory) // SECTOR]) + [FAT] * tables
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    first_table, first_directory = used, used - len(directory) // SECTOR
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, first_directory, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(first_table, first_table + tables), *[FREE] * (109 - tables))
    return header + b"".join(padded.values()) + directory + struct.pack(f"<{len(table)}I", *table)


def _padded(body: bytes, least: int = SMALLEST_STREAM) -> bytes:
    size = max(least, -(-len(body) // SECTOR) * SECTOR)
    return body.ljust(size, b"\0")


def _chained(counts: Iterable[int]) -> list[int]:
    """Return the table in which each sector names the next one of its stream."""
    table: list[int] = []
    for count in counts:
        table += [*range(len(table) + 1, len(table) + count), END]
    return table


def _entries(streams: Mapping[str, bytes], counts: Mapping[str, int]) -> Iterable[bytes]:
    yield _entry("Root Entry", 5, END, 0, child=1)
    start = 0
    for number, (name, body) in enumerate(streams.items(), start=1):
        following = number + 1 if number < len(streams) else FREE
        yield _entry(name, 2, start, max(len(body), SMALLEST_STREAM), right=following)
        start += counts[name]


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    letters = name.encode("utf-16-le")
    head = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters) + 2, kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
