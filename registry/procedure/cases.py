"""Cases in a csv file, and the answers to them in a JSON file."""

from __future__ import annotations

import codecs
import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

ENCODINGS: Final = ("utf-8-sig", "gb18030")  # as Excel in China saves csv
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # as Excel saves "Unicode text"
CONTROLS: Final = frozenset({"Cc", "Zl", "Zp"})  # NUL, line breaks and the like
BETWEEN_CELLS: Final = ",;\t"

Answer = TypeVar("Answer")


class CaseError(ValueError):
    """A file of cases cannot be answered; the message is a sentence for an operator on each line."""

    @classmethod
    def at(cls, line: int, column: str, wrong: str) -> CaseError:
        """Return the error that a cell gives rise to; `wrong` begins as a sentence goes on."""
        return cls(f"Line {line}, column {column}: {wrong}.")


class Case(NamedTuple):
    """One row: the line it ends on, the first being 1, its trimmed cells by column, what is wrong with it as a row."""

    line: int
    cells: Mapping[str, str]
    faults: tuple[str, ...] = ()

    def wrong(self, column: str, what: str) -> CaseError:
        """Return the error of one cell of this row."""
        return CaseError.at(self.line, column, what)

    def with_fault(self, fault: str) -> Case:
        """Return the row with something that is wrong with it."""
        return self._replace(faults=(*self.faults, fault))


def read_cases(file: Path, columns: Sequence[str]) -> list[Case]:
    """Return the rows of a csv file with at least these columns, in any order; `id` must tell them apart.

    UTF-8 with or without a byte order mark, UTF-16 with one, else GB 18030; commas, semicolons or tabs between cells,
    as the heading has them. Empty rows are passed over. Raises CaseError where the file cannot be read as a whole.
    """
    text = _text(file)
    if not text.strip():
        raise CaseError("The file is empty.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text, columns))
    try:
        heading = _heading(next(reader, []))
        _check_heading(heading, columns)
        cases = [_case(reader.line_num, heading, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CaseError(f"Line {reader.line_num}: this is no csv: {error}.") from error
    return _with_checked_ids(cases)


def answer_all(cases: Iterable[Case], answer: Callable[[Case], Answer]) -> dict[str, Answer]:
    """Return what `answer` makes of each case, by id. Raises CaseError naming every fault of every row."""
    answers: dict[str, Answer] = {}
    faults: list[str] = []
    for case in cases:
        faults += case.faults
        try:
            answers[case.cells["id"]] = answer(case)
        except CaseError as error:
            faults.append(str(error))
    if faults:
        raise CaseError("\n".join(faults))
    return answers


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
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue  # the next one may be it
    raise CaseError("The text is in no encoding that is known: save the file as csv in UTF-8.")


def _heading(row: Sequence[str]) -> list[str]:
    return [cell.strip().casefold() for cell in row]


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """Return what stands between the cells of the heading, by which most of the columns are found."""
    first = text.lstrip().partition("\n")[0]
    return max(BETWEEN_CELLS, key=lambda sign: len(set(_heading(first.split(sign))) & set(columns)))


def _check_heading(heading: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in heading]
    if missing:
        raise CaseError(f"Line 1: the column {missing[0]} is missing; wanted are {', '.join(columns)}.")
    twice = [column for column in columns if heading.count(column) > 1]
    if twice:
        raise CaseError(f"Line 1: the column {twice[0]} is there twice.")


def _case(line: int, heading: Sequence[str], row: Sequence[str]) -> Case:
    filled = [*row, *[""] * (len(heading) - len(row))]
    case = Case(line, {column: cell.strip() for column, cell in zip(heading, filled, strict=False)})
    if any(cell.strip() for cell in row[len(heading) :]):
        return case.with_fault(f"Line {line}: there are more cells than columns.")
    return case


def _with_checked_ids(cases: Sequence[Case]) -> list[Case]:
    lines: dict[str, int] = {}
    checked = []
    for case in cases:
        name = case.cells["id"]
        wrong = _wrong_id(name, lines)
        checked.append(case.with_fault(str(case.wrong("id", wrong))) if wrong else case)
        lines.setdefault(name, case.line)
    return checked


def _wrong_id(name: str, lines: Mapping[str, int]) -> str:
    if not name:
        return "it is empty"
    if any(unicodedata.category(sign) in CONTROLS for sign in name):
        return "it holds a line break or another sign that cannot be seen"
    return f"{name!r} stands on line {lines[name]} already" if name in lines else ""
