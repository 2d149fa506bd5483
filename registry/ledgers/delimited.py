"""Rows of a file of separated values, in the encodings and with the separators that spreadsheet programs use."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS: Final = (",", "\t", ";")
LOOKED_AT: Final = 50  # records, to find the delimiter
LONGEST_RECORD: Final = 30  # lines of one record; more means a quotation mark that nobody closed
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f]")  # no text holds these
LONE_MARK: Final = re.compile('(?<![^\r\n,;\t])"(?![^\r\n,;\t])')  # a cell that is one mark: "as above"
TOLD: Final = re.compile("sep=(.)\r?\n")  # the first line that some programs write for others

Record = tuple[int, list[str]]  # the line on which it begins, counted from 1


class EncodingError(ValueError):
    """The bytes are text in no encoding that is known."""


class TooManyError(ValueError):
    """The file has more rows or cells than were asked for, or a cell longer than any."""


def records(content: bytes, rows: int, cells: int) -> list[Record]:
    """Return the records of a file that hold something, with the line on which each begins.

    Raises EncodingError, and TooManyError as soon as there are more rows or cells than these.
    """
    text = decoded(content)
    told = TOLD.match(text)
    delimiter = told[1] if told else _delimiter(text)
    found = _read(_lines(text, delimiter), rows, cells)
    if found is None:
        found = _read(_lines(LONE_MARK.sub("〃", text), delimiter), rows, cells)
    if found is None:
        found = _read(_lines(text, delimiter, csv.QUOTE_NONE), rows, cells)
    if found is None:
        raise TooManyError
    return found[1:] if told else found


def decoded(content: bytes) -> str:
    """Return the text of a file: by its mark, else UTF-8, UTF-16 or GB 18030. Raises EncodingError."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text.removeprefix("\ufeff").rstrip("\x1a")
    raise EncodingError


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    sample = content[:4096]
    if b"\x00" in sample:  # of the Latin letters, digits and commas of a text in UTF-16
        return ("utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le",)
    return ("utf-8", "gb18030")


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first records agree best on having many columns."""
    start = text[: LOOKED_AT * 2000]

    def weight(delimiter: str) -> tuple[int, int]:
        looked_at = itertools.islice(_lines(start, delimiter), LOOKED_AT)
        widths = Counter(len(cells) for _, _, cells in looked_at if len(cells) > 1)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        return times, width

    return max(DELIMITERS, key=weight)


def _lines(text: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> Iterator[tuple[int, int, list[str]]]:
    """Give the records with the lines on which each begins and ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    line = 1
    try:
        for cells in reader:
            yield line, reader.line_num, cells
            line = reader.line_num + 1
    except csv.Error:  # a cell longer than any cell: the same as a mark that nobody closed
        yield line, line + LONGEST_RECORD, []


def _read(lines: Iterator[tuple[int, int, list[str]]], rows: int, cells: int) -> list[Record] | None:
    """Return the records that hold something; None when one swallowed what follows it, as after a mark left open."""
    found: list[Record] = []
    for begins, ends, record in lines:
        if ends - begins >= LONGEST_RECORD:
            return None
        if any(record):
            found.append((begins, record))
            cells -= len(record)
        if cells < 0 or len(found) > rows:
            raise TooManyError
    return found
