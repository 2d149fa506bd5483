"""The header of a sheet: where it stands, which column is which field, and from which side it looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sop.ledger.cells import folded, text_of
from sop.ledger.fields import DAYS, IGNORED, SPREAD
from sop.ledger.headings import PARTS_OF_A_DAY, PARTS_OF_BIRTH, field_of, field_under
from sop.ledger.names import read_name
from sop.ledger.titles import community_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sop.ledger.cells import Rows
    from sop.ledger.words import LedgerWords

WITHIN: Final = 30  # rows from the top in which a header begins
FEWEST: Final = 3  # columns that are known in a header
SAYS_WHEN_OR_WHO: Final = frozenset({"birth", "birth_year", "id_number", "sex", "guardian", "phone", "school"})
SENDING: Final = frozenset({"away", "away_place", "away_since", "father_away", "mother_away"})
RECEIVING: Final = frozenset({"arrived"})
# A row without a heading for the name is one of headings where it has so many others, and one of these.
FEWEST_BESIDE_THE_NAME: Final = 4
BY_ITSELF: Final = frozenset({"birth", "birth_year", "id_number"})
LOOKED_AT: Final = 10  # rows below it, of which half have what may be a name
AS_LONG_AS_A_NAME: Final = range(2, 5)  # characters, of a Chinese one
FEWEST_SAME: Final = 2  # cells by which a repeated header is known

Lines = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Column:
    """A column: its place counted from 0, its heading as written, and the field that it holds, None if unknown."""

    index: int
    text: str
    field: str | None


@dataclass(frozen=True)
class Header:
    """A header from its first to its last row (counted as the sheet does), and what stands above it.

    `side`: receiving or sending. `community`: the name of the community that the title or a line above the header
    gives. `lines`: the folded words of its rows, by which it is known again when it is repeated.
    `sheet`: the name of the sheet. `others`: the columns, by index, with the names of further children of a row.
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    side: str
    community: str | None = None
    lines: tuple[tuple[str, ...], ...] = ()
    sheet: str = ""
    others: tuple[int, ...] = ()

    def with_fields(self, fields: Mapping[int, str | None]) -> Header:
        """Return the header with the columns as somebody confirmed them, by index; others stay as they are."""
        columns = tuple(replace(each, field=fields.get(each.index, each.field)) for each in self.columns)
        others = tuple(index for index in self.others if fields.get(index) is None)
        return replace(self, columns=columns, others=others)

    def fields(self) -> frozenset[str]:
        """Return the fields that this header knows."""
        return frozenset(column.field for column in self.columns if column.field)

    def as_plan(self) -> dict[str, Any]:
        """Return the header as plain values, to be kept and read again by `of_plan`."""
        columns = [[column.index, column.text, column.field] for column in self.columns]
        lines = [list(line) for line in self.lines]
        kept = {"first": self.first, "last": self.last, "side": self.side, "community": self.community}
        return {**kept, "columns": columns, "lines": lines, "sheet": self.sheet, "others": list(self.others)}

    @classmethod
    def of_plan(cls, plan: Mapping[str, Any]) -> Header:
        """Return the header out of what `as_plan` gave."""
        columns = tuple(Column(index, text, field) for index, text, field in plan["columns"])
        lines = tuple(tuple(line) for line in plan["lines"])
        kept = {name: plan[name] for name in ("first", "last", "side", "community", "sheet")}
        return cls(columns=columns, lines=lines, others=tuple(plan["others"]), **kept)


def find_header(rows: Rows, words: LedgerWords, title: str = "") -> Header | None:
    """Return the header of a sheet of children, or None where there is none in its first rows.

    It may take two rows, the upper one with headings over several columns. Where no row says which column is the name,
    one may do that has enough else and a column that may hold names: somebody has to be asked. `title`: the name of
    the sheet, which often is that of a community.
    """
    lines: Lines = [(number, [text_of(cell) for cell in cells]) for number, cells in rows[: WITHIN + 1]]
    # Whether it has the name, how many fields, in how many columns, and less for two rows.
    best: tuple[bool, int, int, int] | None = None
    found: tuple[int, int, tuple[Column, ...]] | None = None
    for first in range(min(WITHIN, len(lines))):
        for last in (first, first + 1):
            columns = _columns(lines[first : last + 1], words) if last < len(lines) else ()
            told = sum(column.field is not None for column in columns)
            score = (_is_header(columns), _known(columns), told, first - last)
            if (best is None or score > best) and (score[0] or _lacks_name(columns, rows[last + 1 :], words)):
                best, found = score, (first, last, columns)
    if found is None:
        return None
    first, last, columns = found
    above = [title, *(text for _, line in lines[:first] for text in line)]
    return Header(
        first=lines[first][0],
        last=lines[last][0],
        columns=columns,
        side=_side(columns, above, words),
        community=community_of([line for _, line in lines[:first]], title, words),
        lines=tuple(tuple(folded(text) for text in line) for _, line in lines[first : last + 1]),
        sheet=title,
        others=_others(lines[first : last + 1], words),
    )


def _columns(lines: Lines, words: LedgerWords) -> tuple[Column, ...]:
    columns: list[Column] = []
    taken: set[str] = set()
    for index, (group, heading) in enumerate(_headings(lines)):
        text = " ".join(dict.fromkeys(part for part in (group, heading) if part))
        field = field_under(group, heading, words) if text else None
        if field in taken and (field not in SPREAD or (field in DAYS and folded(heading) not in PARTS_OF_A_DAY)):
            field = None  # the first column of a field counts; a second one is left to be confirmed
        columns.append(Column(index, " ".join(text.split()), field))
        taken.update((field,) if field else ())
    return _with_birth(columns, [folded(heading) for _, heading in _headings(lines)])


def _with_birth(columns: list[Column], headings: list[str]) -> tuple[Column, ...]:
    """Return columns with a birth date that only stands beside others: 年, 月, 日 in a row; 出生日 without 出生年."""
    fields = [column.field for column in columns]
    if "birth" in fields or "birth_year" in fields:
        return tuple(columns)
    for index in range(len(fields) - 2):
        if tuple(headings[index : index + 3]) == PARTS_OF_A_DAY and not any(fields[index : index + 3]):
            fields[index : index + 3] = PARTS_OF_BIRTH.values()
            break
    else:
        fields = ["birth" if field == "birth_day" else field for field in fields]
    return tuple(replace(column, field=field) for column, field in zip(columns, fields, strict=True))


def _headings(lines: Lines) -> list[tuple[str, str]]:
    upper = lines[0][1]
    return [("", text) for text in upper] if len(lines) == 1 else _paired(upper, lines[1][1])


def _others(lines: Lines, words: LedgerWords) -> tuple[int, ...]:
    """Return the columns with names of further children: 二孩姓名, or two children side by side with all columns."""
    headings = _headings(lines)
    fields = [field_under(group, heading, words) for group, heading in headings]
    twice = any(fields.count(name) > 1 for name in ("birth", "birth_year", "sex"))
    names = [index for index, name in enumerate(fields) if name == "name"][1:]
    return tuple(index for index in names if twice or folded("".join(headings[index])).startswith(words.child))


def _paired(upper: list[str], lower: list[str]) -> list[tuple[str, str]]:
    """Return the heading of each column with that of its group, which stands once over several columns."""
    width = max(len(upper), len(lower))
    upper, lower = ([*line, *[""] * (width - len(line))] for line in (upper, lower))
    pairs, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above if above or not below else group
        pairs.append((group, below))
    return pairs


def _known(columns: tuple[Column, ...]) -> int:
    return len({column.field for column in columns if column.field and column.field != IGNORED})


def _is_header(columns: tuple[Column, ...]) -> bool:
    fields = {column.field for column in columns}
    return "name" in fields and bool(fields & SAYS_WHEN_OR_WHO) and _known(columns) >= FEWEST


def _lacks_name(columns: tuple[Column, ...], below: Rows, words: LedgerWords) -> bool:
    """Tell whether these are headings of children all but the name, which stands in a column that nobody knows."""
    fields = {column.field for column in columns}
    if "name" in fields or not fields & BY_ITSELF or _known(columns) < FEWEST_BESIDE_THE_NAME:
        return False
    lines = [cells for _, cells in below[:LOOKED_AT]]
    for column in columns:
        if column.field is None:
            told = [text_of(cells[column.index]) for cells in lines if column.index < len(cells)]
            names = [text for text in told if _may_be_a_name(read_name(text, words) or "")]
            if names and len(names) * 2 >= len(lines):
                return True
    return False


def _may_be_a_name(text: str) -> bool:
    return len(text) in AS_LONG_AS_A_NAME or "·" in text or (text.isascii() and " " in text)


def _side(columns: tuple[Column, ...], above: list[str], words: LedgerWords) -> str:
    fields = {column.field for column in columns}
    if fields & RECEIVING:
        return "receiving"
    said = "".join(above).casefold()
    return "sending" if fields & SENDING or any(word in said for word in words.sending) else "receiving"


def is_repeated(header: Header, texts: Sequence[str], words: LedgerWords) -> bool:
    """Tell whether a row is the header again, as it is printed on every page, or names columns as a header does."""
    said = [(index, folded(text)) for index, text in enumerate(texts) if text]
    for line in header.lines:
        same = sum(1 for index, text in said if text and index < len(line) and line[index] == text)
        if same >= FEWEST_SAME and same * 2 >= len(said):
            return True
    named = sum(1 for _, text in said if text in words.headers)
    return named >= FEWEST and named * 2 >= len(said) and field_of(texts[said[0][0]], words) is not None
