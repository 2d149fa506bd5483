"""The plan of a ledger: its sheets with their columns and what each is taken for, as an office confirmed it once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from registry.clock import now
from registry.database import db
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import ColumnMemory
from registry.ledgers.sheets import read_book, sheets_with_children
from registry.vault.service import vault
from sop.ledger.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from registry.ledgers.models import Ledger
    from registry.ledgers.sheets import Sheet
    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener
    from sop.ledger.columns import Header
    from sop.ledger.words import LedgerWords

SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 60
LINES_ABOVE, LONGEST_LINE = 5, 60  # of title, as far as they may name a place
CHILDREN: Final = "children"
HEADER: Final = "ledger_header"  # the kind of keyed digest: no index of children has it
Fields = dict[int, str | None]


@dataclass(frozen=True)
class Planned:
    """A sheet with the header by which its rows are read. `number`: counted from 0 among those with children."""

    number: int
    sheet: Sheet
    header: Header

    @property
    def above(self) -> tuple[str, ...]:
        """What may name the place of all its rows: the lines over the header, the nearest first, then its name."""
        rows = [cells for number, cells in self.sheet.rows if number < self.header.first]
        lines = [text[:LONGEST_LINE] for cells in reversed(rows) for text in map(text_of, cells) if text]
        return (*lines[:LINES_ABOVE], self.sheet.name[:LONGEST_LINE])


def draw_up(office_id: UUID, content: bytes, name: str | None, words: LedgerWords) -> dict[str, JsonValue]:
    """Return the plan of a file by what the office confirmed before, else by the words of its headings.

    {"remembered": bool, "sheets": [{"name", "side", "first", "last", "place", "several", "columns": [{"index",
    "heading", "field", "samples"}]}]}. `several`: a row may name more than one child. Raises BookError, NoHeaderError.
    """
    sheets, remembered = [], True
    for one in read(content, name, words):
        kept = recall(office_id, one.header)
        remembered = remembered and kept is not None
        sheets.append(_drawn(one, kept))
    return {"remembered": remembered, "sheets": cast("JsonValue", sheets)}


def read(content: bytes, name: str | None, words: LedgerWords) -> list[Planned]:
    """Return the sheets with children and their headers as the words tell them. Raises BookError, NoHeaderError."""
    book = read_book(content, name)
    found = sheets_with_children(book, words)
    if not found:
        raise NoHeaderError(book)
    return [Planned(number, sheet, header) for number, (sheet, header) in enumerate(found)]


def as_planned(found: Sequence[Planned], plan: Mapping[str, Any]) -> Iterator[Planned]:
    """Give the sheets with the side and the fields that the plan names, which may differ from the words."""
    for one, told in zip(found, plan["sheets"], strict=True):
        fields = {column["index"]: column["field"] for column in told["columns"]}
        header = replace(one.header.with_fields(fields), side=told["side"])
        yield Planned(one.number, one.sheet, header)


def confirmed(plan: Mapping[str, Any], mapping: Sequence[Fields], sides: Sequence[str]) -> dict[str, Any]:
    """Return the plan with the fields and the side that somebody chose for each sheet.

    `mapping`: {index of the column: field}; `sides`: receiving or sending.
    """
    sheets = []
    for sheet, chosen, side in zip(plan["sheets"], mapping, sides, strict=True):
        columns = [{**each, "field": chosen.get(each["index"], each["field"])} for each in sheet["columns"]]
        sheets.append({**sheet, "side": side, "columns": columns})
    return {**plan, "sheets": sheets}


def opened(ledger: Ledger, viewer: Opener) -> dict[str, Any]:
    """Open the plan of a ledger."""
    return cast("dict[str, Any]", ledger.plan.open(viewer) or {"remembered": False, "sheets": []})


def recall(office_id: UUID, header: Header) -> Fields | None:
    """Return which column is which field in a header that the office confirmed before; None for a new one."""
    marks = [mark.hex() for mark in vault().tokens(HEADER, *_said(header)).values()]
    of_office = ColumnMemory.office_id == office_id, ColumnMemory.kind == CHILDREN
    row = db.session.scalars(select(ColumnMemory).where(*of_office, ColumnMemory.header.in_(marks))).first()
    if row is None:
        return None
    kept = cast("dict[str, str | None]", row.columns.open(_Keeper()))
    return {int(index): field for index, field in kept.items()}


def remember(office_id: UUID, headings: Sequence[tuple[int, str]], fields: Fields) -> None:
    """Keep which column is which field for the next ledger with the same headings: (index, as written)."""
    mark = vault().token(HEADER, *_named(headings)).hex()
    of_office = ColumnMemory.office_id == office_id, ColumnMemory.kind == CHILDREN
    row = db.session.scalars(select(ColumnMemory).where(*of_office, ColumnMemory.header == mark)).one_or_none()
    if row is None:
        row = ColumnMemory(office_id=office_id, kind=CHILDREN, header=mark)
        db.session.add(row)
    row.columns = {str(index): field for index, field in fields.items()}
    row.confirmed_at = now()


class _Keeper:
    """Opens what an office confirmed, and nothing else."""

    opens: frozenset[str] | None = frozenset({"column_memory.columns"})


def _drawn(one: Planned, kept: Fields | None) -> dict[str, Any]:
    header = one.header
    columns = [
        {
            "index": column.index,
            "heading": column.text,
            "field": kept.get(column.index, column.field) if kept is not None else column.field,
            "samples": _samples(one, column.index),
        }
        for column in header.columns
    ]
    named = {"name": one.sheet.name, "side": header.side, "first": header.first, "last": header.last}
    named |= {"place": header.community, "several": bool(header.others)}
    return {**named, "columns": columns}


def _samples(one: Planned, index: int) -> list[str]:
    """Return the first values below a heading, so that a page can show them without reading the file again."""
    found: list[str] = []
    for number, cells in one.sheet.rows:
        if number > one.header.last and index < len(cells) and cells[index] not in (None, ""):
            found.append(text_of(cells[index])[:LONGEST_SAMPLE])
        if len(found) == SAMPLES:
            break
    return found


def _said(header: Header) -> list[str]:
    return _named([(column.index, column.text) for column in header.columns])


def _named(headings: Sequence[tuple[int, str]]) -> list[str]:
    return [f"{index}:{heading}" for index, heading in headings]
