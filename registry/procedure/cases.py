"""Cases in a csv file, and the answers to them in a JSON file."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ENCODINGS: Final = ("utf-8-sig", "gb18030")  # as Excel in China saves csv


class CaseError(ValueError):
    """A file of cases cannot be answered; the message is a sentence for an operator."""

    @classmethod
    def at(cls, line: int, column: str, wrong: str) -> CaseError:
        """Return the error that a cell gives rise to; `wrong` begins as a sentence goes on."""
        return cls(f"Line {line}, column {column}: {wrong}.")


class Case(NamedTuple):
    """One row: the line it ends on, the first being 1, and its trimmed cells by column."""

    line: int
    cells: Mapping[str, str]

    def wrong(self, column: str, what: str) -> CaseError:
        """Return the error of one cell of this row."""
        return CaseError.at(self.line, column, what)


def read_cases(file: Path, columns: Sequence[str]) -> list[Case]:
    """Return the rows of a csv file with at least these columns, in any order; `id` must tell them apart.

    UTF-8 with or without a byte order mark, else GB 18030. Empty rows are passed over. Raises CaseError.
    """
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        heading = [cell.strip().casefold() for cell in next(reader, [])]
        _check_heading(heading, columns)
        cases = [_case(reader.line_num, heading, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CaseError(f"Line {reader.line_num}: this is no csv: {error}.") from error
    _check_ids(cases)
    return cases


def write_answers(file: Path, answers: Mapping[str, Any]) -> None:
    """Write the answers by id; what stood in the file is replaced as a whole or not at all. Raises CaseError."""
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CaseError(f"The answers cannot be written: {error.strerror}.") from error


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CaseError(f"The file cannot be opened: {error.strerror}.") from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue  # the next one may be it
    raise CaseError("The text is in no encoding that is known: save the file as csv in UTF-8.")


def _check_heading(heading: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in heading]
    if missing:
        raise CaseError(f"Line 1: the column {missing[0]} is missing; wanted are {', '.join(columns)}.")
    twice = [column for column in columns if heading.count(column) > 1]
    if twice:
        raise CaseError(f"Line 1: the column {twice[0]} is there twice.")


def _case(line: int, heading: Sequence[str], row: Sequence[str]) -> Case:
    if len(row) > len(heading) and any(cell.strip() for cell in row[len(heading) :]):
        raise CaseError(f"Line {line}: there are more cells than columns.")
    filled = [*row, *[""] * (len(heading) - len(row))]
    return Case(line, {column: cell.strip() for column, cell in zip(heading, filled, strict=False)})


def _check_ids(cases: Sequence[Case]) -> None:
    lines: dict[str, int] = {}
    for case in cases:
        name = case.cells["id"]
        if not name:
            raise case.wrong("id", "it is empty")
        if name in lines:
            raise case.wrong("id", f"{name!r} stands on line {lines[name]} already")
        lines[name] = case.line
