"""The verb of lists: taking one out, recorded with every child on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.audit import service as audit
from registry.children.queries import children_for_service
from registry.ledgers.out import downloads, layouts, listing
from registry.ledgers.out.book import Part, list_book
from registry.ledgers.out.values import place_names, values_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.filters import Filters
    from registry.ledgers.out.layouts import Column, Columns
    from registry.ledgers.out.listing import Listed
    from registry.ledgers.out.values import Names, Value

CHUNK: Final = 500  # files read at a time


@dataclass(frozen=True)
class Wanted:
    """What somebody takes out: which layout (None: all fields), since which own download (None: everything), and why.

    `purpose`: a code of `list_purpose`. `once` names this act: a second tap takes out the same and counts once.
    """

    once: UUID
    purpose: str
    layout: UUID | None = None
    since: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """A list that was taken out and recorded: whose eyes it is for, which children are on it, under which columns."""

    viewer: Viewer
    told: Listed
    columns: Columns


def take_out(viewer: Viewer, filters: Filters, wanted: Wanted, on: date) -> Taken:
    """Take a list of children out and record it: who, which list, how many, what for, and every child on it.

    `document` then makes the file. Raises TooManyRowsError and, before anything is recorded,
    TooManyTodayError; a layout of another office and a download of another person or list answer as absent (404).
    """
    name, columns = listing.list_name(filters), layouts.usual()
    if wanted.layout is not None:
        columns = layouts.columns_of(layouts.one(viewer, wanted.layout), viewer)
    since = downloads.one(viewer, name, wanted.since) if wanted.since else None
    told = listing.changes(viewer, filters, on, since) if since else listing.whole(viewer, filters, on)
    members = listing.packed(told.members)
    out = downloads.TakenOut(wanted.once, name, len(told.told), wanted.since, wanted.layout, members)
    downloads.remember(viewer, out, on)
    audit.record(
        "list_taken_out",
        viewer=viewer,
        children=told.told,
        list=listing.CHILDREN,
        shown=len(told.told),
        filter="+".join(sorted(filters.named)) or "none",
        purpose=wanted.purpose,
    )
    return Taken(viewer, told, columns)


def document(taken: Taken, about: Sequence[str]) -> bytes:
    """Return the xlsx file of a list that was taken out. `about`: sentences for the sheet that says what it is.

    It only reads, and may be called after what was recorded is committed: nobody who writes waits for it.
    """
    return list_book(_parts(taken.viewer, taken.told, taken.columns), about)


def _parts(viewer: Viewer, told: Listed, columns: Columns) -> list[Part]:
    """Return the sheets: one for a whole list; of changes one each for who came, who changed and who is gone."""
    if told.everything:
        return [Part("all", columns.headings, _rows(viewer, told.members, columns))]
    kinds = (("new", told.new), ("changed", told.changed))
    parts = [Part(kind, columns.headings, _rows(viewer, ids, columns)) for kind, ids in kinds]
    ended = layouts.with_status(columns)
    return [*parts, Part("gone", ended.headings, _rows(viewer, told.gone, ended))]


def _rows(viewer: Viewer, ids: Sequence[UUID], columns: Columns) -> Iterator[list[str]]:
    """Yield the cells of each file, a few hundred files in memory at a time."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        files = children_for_service(chunk)
        ordinary = (files[each] for each in chunk if not files[each].protected)  # who was protected a moment ago is out
        read = [values_of(child, columns.fields, viewer) for child in ordinary]
        names = place_names(read)
        for number, values in enumerate(read, start=start + 1):
            values["number"] = str(number)
            yield [_cell(column, values, columns, names) for column in columns.columns]


def _cell(column: Column, values: Mapping[str, Value], columns: Columns, names: Names) -> str:
    if column.field == layouts.FIXED:
        return column.text
    return written(values[column.field], columns.dates, columns.answers, names)
