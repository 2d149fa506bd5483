"""A ledger read by itself: what the procedure says of its rows, without a database, a key or a register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.areas.codes import full
from registry.areas.gazetteer import from_reference
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.report import Reported, values_of
from registry.ledgers.sheets import read_book, sheets_with_children
from sop.ledger.judging import judge
from sop.ledger.reading import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from registry.areas.addresses import Gazetteer, Located
    from sop.content import Sop
    from sop.ledger.reading import LedgerRow
    from sop.ledger.values import Values

CITY: Final = 4  # digits of a code
COMMUNITY: Final = 5
SENDING: Final = "sending"


@dataclass(frozen=True)
class _Line:
    """A row with its sheet, None for the first, and the words for where the child lives: address and community."""

    row: LedgerRow
    sheet: str | None
    key: tuple[str, str]


def read_alone(content: bytes, name: str, on: date, sop: Sop, *, with_values: bool) -> list[Reported]:
    """Judge the rows of a file from a day, and say where each child lives when values are wanted.

    Raises BookError for what is no spreadsheet, NoHeaderError where no sheet has headings of a ledger.
    """
    book = read_book(content, name)
    found = sheets_with_children(book, sop.ledgers)
    if not any("name" in header.fields() for _, header in found):
        raise NoHeaderError(book)
    lines = [
        _Line(row, sheet.name if number else None, lives(row.values, header.side))
        for number, (sheet, header) in enumerate(found)
        for row in read_rows(sheet.rows, header, sop.ledgers)
    ]
    counties = counties_of({line.key for line in lines}, from_reference()) if with_values else {}
    judged = judge((line.row for line in lines), on, sop)
    return [
        Reported(
            row=each.row.row,
            outcome=each.outcome,
            messages=each.messages,
            sheet=line.sheet,
            values=values_of(each.row.values, counties[line.key], sop) if with_values else None,
        )
        for line, each in zip(lines, judged, strict=True)
    ]


def lives(values: Values, side: str) -> tuple[str, str]:
    """Return the words for where a child lives, address and community; who stayed behind, where it is registered."""
    address = values.address or (values.origin if side == SENDING else None)
    return address or "", values.community or ""


def counties_of(
    keys: Iterable[tuple[str, str]], places: Gazetteer, within: str | None = None
) -> dict[tuple[str, str], str | None]:
    """Return the county, six digits, of each pair of words that `lives` gave; None where they do not tell it.

    A place that names alone do not tell is looked for in `within`, a 12-digit code, else in the city that most of
    the others lie in.
    """
    found = {key: _located(places, *key, within) for key in keys}
    if within is None:
        cities = Counter(place.code[:CITY] for place in found.values() if place and place.level > 1)
        within = full(cities.most_common(1)[0][0]) if cities else None
    again = {key: place or _located(places, *key, within) for key, place in found.items()}
    return {key: place.county if place else None for key, place in again.items()}


def _located(places: Gazetteer, address: str, community: str, within: str | None) -> Located | None:
    found = places.locate(address, within)
    if found and found.level == COMMUNITY:
        return found
    named = places.locate(community, found.code if found else within)
    return named if named and (found is None or named.level > found.level) else found
