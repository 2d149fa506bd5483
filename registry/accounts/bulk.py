"""Many accounts from a list: read as people have it, checked row by row, and every right row made."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from registry.access import Role
from registry.accounts import fitting, keeping, queries
from registry.accounts.keeping import AccountRefusedError, Particulars
from registry.areas import queries as areas
from registry.web.fields import clean
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from registry.access import Viewer
    from registry.accounts.keeping import Password
    from registry.accounts.models import User
    from registry.areas.models import Office

MOST_ROWS: Final = 100
COLUMNS: Final = 4
MARKS: Final = ("\t", ",", "，")
LONGEST: Final = 40
# Two words or more of the first row say that it is a heading, not a person.
HEADINGS: Final = frozenset({*("姓名", "用户名", "角色", "单位"), *("name", "user name", "username", "role", "office")})


class UnreadableListError(ValueError):
    """The file holds no text that could be read; `why` is text, workbook, many or empty."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Row:
    """One person of the list: `number` from 1, the cells as they were typed, and what is wrong with them.

    `faults` are columns, name, no_name, username, taken, twice, role, office, several, fit.
    """

    number: int
    cells: tuple[str, ...]
    role: str | None = None
    office: Office | None = None
    faults: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the person."""
        return self.cells[0] if self.cells else ""

    @property
    def username(self) -> str:
        """The user name as it is kept."""
        return queries.as_kept(self.cells[1]) if len(self.cells) > 1 else ""


@dataclass(frozen=True)
class Made:
    """What became of a list: accounts with their temporary passwords, and the rows that were left."""

    accounts: list[tuple[User, str]]
    left: list[Row]


def text_of(data: bytes) -> str:
    """Return a file's text: UTF-8 with or without its mark, UTF-16 with it, GB18030. Raises UnreadableListError."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableListError("workbook")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableListError("text")


def split(text: str) -> list[tuple[str, ...]]:
    """Return the cells of each person's row: by tabs or commas, whichever give four; a heading is left out.

    Raises UnreadableListError for none or too many.
    """
    first = next((line for line in text.splitlines() if line.strip()), MARKS[0])
    mark = next((each for each in MARKS if len(next(csv.reader([first], delimiter=each))) == COLUMNS), MARKS[0])
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark)
    rows = (tuple(clean(cell) for cell in line) for line in lines)
    kept = [row for row in rows if any(row)]
    if kept and len(HEADINGS & {cell.casefold() for cell in kept[0]}) > 1:
        kept = kept[1:]
    if not kept:
        raise UnreadableListError("empty")
    if len(kept) > MOST_ROWS:
        raise UnreadableListError("many")
    return kept


def check(viewer: Viewer, rows: Iterable[tuple[str, ...]], on: date) -> list[Row]:
    """Return the rows with what each means and what is wrong with it, in a constant number of statements."""
    read = [Row(number, cells) for number, cells in enumerate(rows, start=1)]
    offices = areas.open_offices(viewer.prefixes)
    taken = queries.taken(row.username for row in read)
    times = Counter(row.username for row in read)
    return [_checked(row, offices, on, taken, times) for row in read]


def make(viewer: Viewer, rows: list[Row], passwords: Iterable[Password], language: str) -> Made:
    """Make an account for every right row; each takes one of the passwords. A name taken meanwhile stays left."""
    made = Made([], [])
    drawn = iter(passwords)
    for row in rows:
        if row.faults or row.role is None or row.office is None:
            made.left.append(row)
            continue
        password = next(drawn)
        who = Particulars(row.name, row.role, row.office.id, language)
        try:
            made.accounts.append((keeping.make_account(viewer, row.username, who, password), password.plain))
        except AccountRefusedError as error:
            made.left.append(replace(row, faults=(error.why,)))
    return made


def as_text(rows: Iterable[Row]) -> str:
    """Return rows as a list that can be corrected and sent again."""
    return "\n".join("\t".join(row.cells) for row in rows)


def _checked(row: Row, offices: list[Office], on: date, taken: set[str], times: Counter[str]) -> Row:
    if len(row.cells) != COLUMNS:
        return replace(row, faults=("columns",))
    role = _role(row.cells[2], on)
    found = [office for office in offices if row.cells[3] in (office.name_zh, office.name_en)]
    office = found[0] if len(found) == 1 else None
    wrong = {
        "no_name": not row.name,
        "name": len(row.name) > LONGEST,
        "username": not keeping.USERNAME.fullmatch(row.username),
        "taken": row.username in taken,
        "twice": times[row.username] > 1,
        "role": role is None,
        "office": not found,
        "several": len(found) > 1,
        "fit": role is not None and office is not None and not fitting.fits(role, office.kind),
    }
    return replace(row, role=role, office=office, faults=tuple(fault for fault, so in wrong.items() if so))


def _role(typed: str, on: date) -> str | None:
    """Return the role of a word in either language, or of its code."""
    words = in_force(on).codes["role"]
    known = {role.value: {role.value, words.text(role).zh, words.text(role).en.casefold()} for role in Role}
    return next((role for role, said in known.items() if typed.casefold() in said), None)
