"""Opens a spreadsheet that somebody uploaded: its sheets as rows of cells, whatever program wrote it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sop.ledger.columns import find_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sop.ledger.columns import Header
    from sop.ledger.words import LedgerWords

Cell = str | int | float | bool | date | datetime | None

BYTES: Final = 20 * 2**20  # of a file
UNPACKED: Final = 150 * 2**20  # bytes of a workbook's parts, pictures apart
ROWS: Final = 20_000  # of all sheets together: a large township's whole ledger
CELLS: Final = 600_000  # of all sheets together
LETTERS: Final = 8_000_000  # in all cells together: 400 a row; what a file tells once it may show in every cell
SECONDS: Final = 60
WAITING: Final = 5  # seconds for the file before it
ONE_AT_A_TIME: Final = threading.Lock()  # in a process: the largest file takes a hundred megabytes of it
DAY: Final = 3  # numbers that tell a day; more of them an instant
ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_TEXT: Final = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
MARKUP: Final = (b"<", b"\xef\xbb\xbf<")
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # the part of a workbook saved with a password
GLOBALS: Final = bytes.fromhex("0908100000060500")  # how the record begins that opens an xls workbook
GLOBALS_LENGTH: Final = 20
SEALED: Final = (b"\x2f\x00", b"\x86\x00\x00\x00\x2f\x00")  # the record after it in one with a password
PICTURES: Final = ("xl/media/", "xl/embeddings/", "docProps/thumbnail")


class BookError(ValueError):
    """A file that cannot be read as a spreadsheet.

    `code`: kind (no spreadsheet, or a broken one), password, too_big, empty, encoding; busy while others are read.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sheet(NamedTuple):
    """A sheet: its name (of a text file that of the file), its rows with their number counted from 1."""

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]


def read_book(content: bytes, name: str | None = None) -> list[Sheet]:
    """Return the visible sheets of an xlsx or xls workbook, or the one of a csv file; at least one holds something.

    What kind it is the bytes tell, never the name. Rows keep their number in the sheet, records of a csv file the
    line on which they begin. Cells merged over several rows have their value in each of these rows. Raises BookError.
    """
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise BookError("empty")
    if len(content) > BYTES:
        raise BookError("too_big")
    if content.startswith(ZIPPED):
        _check_parts(content)
    elif content.startswith(COMPOUND):
        if ENCRYPTED in content or _is_sealed(content):
            raise BookError("password")
    elif content.startswith((*NO_TEXT, *MARKUP)):
        raise BookError("kind")
    sheets = [Sheet(sheet.name or Path(name or "").stem, sheet.rows) for sheet in _read(content)]
    if not any(sheet.rows for sheet in sheets):
        raise BookError("empty")
    return sheets


def sheets_with_children(sheets: Iterable[Sheet], words: LedgerWords) -> list[tuple[Sheet, Header]]:
    """Return the sheets that have the headings of a ledger, each with its header; instructions and lists have none."""
    found = ((sheet, find_header(sheet.rows, words, sheet.name)) for sheet in sheets)
    return [(sheet, header) for sheet, header in found if header is not None]


def _is_sealed(content: bytes) -> bool:
    """Say whether an xls workbook is encrypted, which the reader does not notice: it would read noise."""
    start = content.find(GLOBALS)
    return start >= 0 and content.startswith(SEALED, start + GLOBALS_LENGTH)


def _check_parts(content: bytes) -> None:
    """Refuse what is no workbook, or grows out of all proportion when it is unpacked, before anything is."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            listed = parts.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BookError("kind") from error
    if "xl/workbook.xml" not in {part.filename for part in listed}:
        raise BookError("kind")
    if sum(part.file_size for part in listed if not part.filename.startswith(PICTURES)) > UNPACKED:
        raise BookError("too_big")


def _read(content: bytes) -> list[Sheet]:
    if not ONE_AT_A_TIME.acquire(timeout=WAITING):
        raise BookError("busy")
    try:
        return _sheets(_unpacked(content))
    finally:
        ONE_AT_A_TIME.release()


def _unpacked(content: bytes) -> bytes:
    """Return what the process says that unpacks; one that needs more memory or time than it is given dies of it."""
    script = Path(__file__).with_name("unpacking.py")
    kind = "workbook" if content.startswith((ZIPPED, COMPOUND)) else "text"
    command = [sys.executable, "-I", str(script), kind, *map(str, (ROWS, CELLS, LETTERS))]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 -- our own script
    except subprocess.TimeoutExpired as error:
        raise BookError("too_big") from error
    if done.returncode < 0:  # ended by a signal: the memory or the time that it may take
        raise BookError("too_big")
    if done.returncode:
        raise RuntimeError(f"the unpacking of a file ended with {done.returncode}")  # its words may hold cells
    return done.stdout


def _sheets(answer: bytes) -> list[Sheet]:
    """Return the sheets out of the lines that `unpacking` writes, one at a time: no text of them all lies in memory."""
    found: list[tuple[str, list[tuple[int, list[Cell]]]]] = []
    for line in BytesIO(answer):
        told = json.loads(line)
        if isinstance(told, dict):
            raise BookError(told["fault"])
        if isinstance(told, str):
            found.append((told, []))
        else:
            number, cells = told
            found[-1][1].append((number, [_cell(cell) for cell in cells]))
    return [Sheet(name, rows) for name, rows in found]


def _cell(value: Any) -> Cell:  # noqa: ANN401
    if isinstance(value, list):
        return date(*value) if len(value) == DAY else datetime(*value)  # noqa: DTZ001 -- as the wall clock shows it
    cell: Cell = value
    return cell
