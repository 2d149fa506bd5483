"""The header of a sheet: where it stands, which column is which field, and from which side it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sop.ledger.cells import folded, text_of, unbracketed
from sop.ledger.fields import IGNORED, SPREAD
from sop.ledger.headings import field_of, field_under

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sop.ledger.cells import Rows
    from sop.ledger.words import LedgerWords

WITHIN: Final = 30  # rows from the top in which a header begins
FEWEST: Final = 3  # columns that are known in a header
SAYS_WHEN_OR_WHO: Final = frozenset({"birth", "birth_year", "id_number", "sex", "guardian", "phone", "school"})
SENDING: Final = frozenset({"away", "away_place", "away_since", "father_away", "mother_away"})
RECEIVING: Final = frozenset({"arrived"})
LABEL: Final = re.compile(r"^([^:：]{1,12})[:：]\s*(.+)$")
SHORTEST_PLACE: Final = 2
LONGEST_PLACE: Final = 40
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
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    side: str
    community: str | None = None
    lines: tuple[tuple[str, ...], ...] = ()

    def with_fields(self, fields: Mapping[int, str | None]) -> Header:
        """Return the header with the columns as somebody confirmed them, by index; others stay as they are."""
        columns = (replace(each, field=fields.get(each.index, each.field)) for each in self.columns)
        return replace(self, columns=tuple(columns))

    def fields(self) -> frozenset[str]:
        """Return the fields that this header knows."""
        return frozenset(column.field for column in self.columns if column.field)

    def as_plan(self) -> dict[str, Any]:
        """Return the header as plain values, to be kept and read again by `of_plan`."""
        columns = [[column.index, column.text, column.field] for column in self.columns]
        lines = [list(line) for line in self.lines]
        kept = {"first": self.first, "last": self.last, "side": self.side, "community": self.community}
        return {**kept, "columns": columns, "lines": lines}

    @classmethod
    def of_plan(cls, plan: Mapping[str, Any]) -> Header:
        """Return the header out of what `as_plan` gave."""
        columns = tuple(Column(index, text, field) for index, text, field in plan["columns"])
        lines = tuple(tuple(line) for line in plan["lines"])
        return cls(plan["first"], plan["last"], columns, plan["side"], plan["community"], lines)


def find_header(rows: Rows, words: LedgerWords, title: str = "") -> Header | None:
    """Return the header of a sheet of children, or None where there is none in its first rows.

    It may take two rows, the upper one with headings over several columns. `title`: the name of the sheet, which
    often is that of a community.
    """
    lines: Lines = [(number, [text_of(cell) for cell in cells]) for number, cells in rows[: WITHIN + 1]]
    best: tuple[int, int] | None = None  # how many fields are known, and less for two rows
    found: tuple[int, int, tuple[Column, ...]] | None = None
    for first in range(min(WITHIN, len(lines))):
        for last in (first, first + 1):
            columns = _columns(lines[first : last + 1], words) if last < len(lines) else ()
            score = (_known(columns), first - last)
            if _is_header(columns) and (best is None or score > best):
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
        community=_community(lines[:first], title, words),
        lines=tuple(tuple(folded(text) for text in line) for _, line in lines[first : last + 1]),
    )


def _columns(lines: Lines, words: LedgerWords) -> tuple[Column, ...]:
    upper = lines[0][1]
    headings = [("", text) for text in upper] if len(lines) == 1 else _paired(upper, lines[1][1])
    columns: list[Column] = []
    taken: set[str] = set()
    for index, (group, heading) in enumerate(headings):
        text = " ".join(dict.fromkeys(part for part in (group, heading) if part))
        field = field_under(group, heading, words) if text else None
        if field in taken and field not in SPREAD:
            field = None  # the first column of a field counts; a second one is left to be confirmed
        columns.append(Column(index, " ".join(text.split()), field))
        taken.update((field,) if field else ())
    return tuple(columns)


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


def _side(columns: tuple[Column, ...], above: list[str], words: LedgerWords) -> str:
    fields = {column.field for column in columns}
    if fields & RECEIVING:
        return "receiving"
    said = "".join(above).casefold()
    return "sending" if fields & SENDING or any(word in said for word in words.sending) else "receiving"


def _community(lines: Lines, title: str, words: LedgerWords) -> str | None:
    """Return the community that the lines above a header name, the nearest first, else the name of the sheet."""
    for _, line in reversed(lines):
        for number, text in enumerate(line):
            if name := _labelled(text, line[number + 1 :], words) or place_named(text, words):
                return name
    return place_named(title, words)


def _labelled(text: str, after: Sequence[str], words: LedgerWords) -> str | None:
    """Return the place after a label: 社区：三井社区, in the same cell or the next one that holds anything."""
    label, _, rest = text.replace("：", ":").partition(":")
    if folded(unbracketed(label)) not in words.lines["place_labels"]:
        return None
    return place_named(rest or next((cell for cell in after if cell), ""), words)


def place_named(text: str, words: LedgerWords) -> str | None:
    """Return text that is nothing but the name of a community or village, without brackets and numbers before it."""
    name = re.sub(r"^[\d一二三四五六七八九十]{1,3}[.、．\s]+", "", unbracketed(text)).strip()
    if not SHORTEST_PLACE <= len(name) <= LONGEST_PLACE or LABEL.match(name) or re.search(r"[,，。；;!！?？]", name):
        return None
    return name if folded(name).endswith(words.lines["places"]) and folded(name) not in words.headers else None


def is_repeated(header: Header, texts: Sequence[str], words: LedgerWords) -> bool:
    """Tell whether a row is the header again, as it is printed on every page, or names columns as a header does."""
    said = [(index, folded(text)) for index, text in enumerate(texts) if text]
    for line in header.lines:
        same = sum(1 for index, text in said if text and index < len(line) and line[index] == text)
        if same >= FEWEST_SAME and same * 2 >= len(said):
            return True
    named = sum(1 for _, text in said if text in words.headers)
    return named >= FEWEST and named * 2 >= len(said) and field_of(texts[said[0][0]], words) is not None
