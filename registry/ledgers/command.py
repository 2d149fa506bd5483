"""What the command `registry import` is asked for and answers, and a ledger read by itself, without a database."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TextIO

from registry.ledgers.alone import read_alone
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.report import Style, document
from registry.ledgers.sheets import BookError
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

DONE: Final = "done"
OWNER_ONLY: Final = 0o600  # a report may hold what was read of children
SENTENCES: Final = {
    "kind": "This is no spreadsheet: choose an xlsx, xls or csv file. If Excel or WPS opens it, save it there as xlsx.",
    "password": "The file is protected by a password: save it without one.",
    "too_big": "The file holds more than can be read at once: divide it.",
    "empty": "There is nothing in the file.",
    "encoding": "The text is in no encoding that is known: save the file as xlsx, or as csv in UTF-8 or GB 18030.",
    "busy": "Another file is being read just now: try again in a moment.",
}
NO_HEADER: Final = "No row of headings was found: a ledger needs the name, and the date of birth or the ID number."


class ImportFileError(ValueError):
    """The ledger cannot be taken in; the message is a sentence for an operator."""


@dataclass(frozen=True)
class Asked:
    """What the operator wants. `on`: the day judged from."""

    file: Path
    on: date
    dry_run: bool
    with_values: bool

    def style(self, language: str = "en") -> Style:
        """Return how the report is to speak; in English, as the other commands do, where nobody signed in is asked."""
        return Style(in_force(self.on), language, self.with_values)

    def content(self) -> bytes:
        """Return the bytes of the file. Raises ImportFileError."""
        try:
            return self.file.read_bytes()
        except OSError as error:
            raise ImportFileError(f"The file cannot be opened: {error.strerror}.") from error


def read(asked: Asked) -> dict[str, Any]:
    """Return the report of a file that is read by itself. Raises ImportFileError."""
    style = asked.style()
    with told_plainly():
        rows = read_alone(asked.content(), asked.file.name, asked.on, style.sop, with_values=asked.with_values)
    return document(asked.file.name, rows, style)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Say in a sentence why a file could not be read."""
    try:
        yield
    except BookError as error:
        raise ImportFileError(SENTENCES[error.code]) from error
    except NoHeaderError as error:
        raise ImportFileError(NO_HEADER) from error


@contextmanager
def report_to(out: Path | None) -> Iterator[TextIO | None]:
    """Open the file for the report, for its owner's eyes, before anything is taken in. Raises ImportFileError.

    What a file of before let others do ends with it, and one that only points elsewhere is not followed.
    """
    if out is None:
        yield None
        return
    try:
        number = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, OWNER_ONLY)
        os.fchmod(number, OWNER_ONLY)
    except OSError as error:
        raise ImportFileError(f"The report cannot be written: {error.strerror}.") from error
    with os.fdopen(number, "w", encoding="utf-8") as file:
        yield file


def write(report: dict[str, Any], file: TextIO | None) -> None:
    """Write a report as JSON, where one is wanted."""
    if file is not None:
        file.truncate()
        json.dump(report, file, ensure_ascii=False, indent=1)
        file.write("\n")
