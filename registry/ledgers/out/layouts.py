"""The columns that an office wants in its lists: read, saved, removed, and proposed for a template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.audit import service as audit
from registry.clock import today
from registry.database import db
from registry.i18n import language
from registry.ledgers.models import Download, Layout
from registry.ledgers.out.values import ANSWERS, DASH, DATES, WORDS
from sop.downloads import folded
from sop.ledger.headings import field_of
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue

FIXED: Final = "fixed"  # a column with the same text in every row, or with none
LOOKED_AT: Final = 20  # rows in which a template may have its headings
FEWEST: Final = 2  # headings that must be known before a row counts as the headings


class NameTakenError(Exception):
    """The office has a layout of this name."""


class StaleLayoutError(Exception):
    """Somebody else has changed the layout since the page was fetched."""


@dataclass(frozen=True)
class Column:
    """One column: its heading, and the field that fills it; FIXED has `text` in every row."""

    heading: str
    field: str
    text: str = ""


@dataclass(frozen=True)
class Columns:
    """Columns in their order, and how days (one of DATES) and answers (words or codes) are written."""

    columns: tuple[Column, ...]
    dates: str = DASH
    answers: str = WORDS

    @property
    def headings(self) -> list[str]:
        """The first row of the list."""
        return [column.heading for column in self.columns]

    @property
    def fields(self) -> list[str]:
        """The fields that have to be read."""
        return [column.field for column in self.columns if column.field != FIXED]


def usual() -> Columns:
    """Return all fields in the order of the procedure, under its headings in the language of the page."""
    fields = in_force(today()).downloads.fields.values()
    return Columns(tuple(Column(field.heading.in_language(language()), field.code) for field in fields))


def with_status(columns: Columns) -> Columns:
    """Return columns that say how a child stands: of one who is no longer on a list that is what matters."""
    if "status" in columns.fields:
        return columns
    heading = in_force(today()).downloads.fields["status"].heading.in_language(language())
    return replace(columns, columns=(*columns.columns, Column(heading, "status")))


def of_office(viewer: Viewer) -> list[Layout]:
    """Return the layouts of the viewer's office by name."""
    rows = select(Layout).where(Layout.office_id == viewer.office_id).order_by(Layout.name, Layout.id)
    return list(db.session.scalars(rows))


def one(viewer: Viewer, layout_id: UUID) -> Layout:
    """Return a layout of the viewer's office; another's is as if absent (404)."""
    return _found(viewer, layout_id, lock=False)


def columns_of(layout: Layout, viewer: Viewer) -> Columns:
    """Return what a layout says. A field that the procedure no longer has leaves its column empty."""
    kept = layout.columns.open(viewer)
    told = kept if isinstance(kept, dict) else {}
    rows = told.get("columns")
    known = in_force(today()).downloads.fields
    columns = [_column(row, known) for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict)]
    dates, answers = str(told.get("dates")), str(told.get("answers"))
    return Columns(tuple(columns), dates if dates in DATES else DASH, answers if answers in ANSWERS else WORDS)


def make(viewer: Viewer, name: str, columns: Columns) -> Layout:
    """Keep a new layout for the viewer's office. Raises NameTakenError."""
    layout = Layout(office_id=viewer.office_id, version=0)
    _write(layout, name, columns)
    audit.record("layout_changed", viewer=viewer, layout=layout.id, act="made")
    return layout


def change(viewer: Viewer, layout_id: UUID, version: int, name: str, columns: Columns) -> Layout:
    """Keep what a layout became. Raises StaleLayoutError, NameTakenError."""
    layout = _found(viewer, layout_id, lock=True)
    if layout.version != version:
        raise StaleLayoutError
    _write(layout, name, columns)
    audit.record("layout_changed", viewer=viewer, layout=layout.id, act="changed")
    return layout


def remove(viewer: Viewer, layout_id: UUID, version: int) -> None:
    """Remove a layout. What was taken out with it stays recorded. Raises StaleLayoutError."""
    layout = _found(viewer, layout_id, lock=True)
    if layout.version != version:
        raise StaleLayoutError
    db.session.execute(update(Download).where(Download.layout_id == layout_id).values(layout_id=None))
    db.session.delete(layout)
    audit.record("layout_changed", viewer=viewer, layout=layout_id, act="remove")


def headings_of(rows: Sequence[tuple[int, Sequence[object]]]) -> list[str]:
    """Return the headings of a template: the row among its first that asks for most of what the register has.

    Empty where no row does. A cell that is empty between two headings belongs to neither and is left out.
    """
    best, most = list[str](), FEWEST - 1
    for _number, cells in rows[:LOOKED_AT]:
        texts = [" ".join(str(cell).split()) for cell in cells if isinstance(cell, str) and folded(cell)]
        known = {field for field in map(_field_of, texts) if field}
        if len(known) > most:
            best, most = texts, len(known)
    return best


def proposed(headings: Sequence[str]) -> Columns:
    """Propose a layout for the headings of a template; what none of ours answers becomes an empty column.

    Of two headings for the same field the first is filled: whose phone the second one means, only a person knows.
    """
    rules, taken, columns = in_force(today()).downloads, set[str](), list[Column]()
    for heading in headings[: rules.most_columns]:
        field = _field_of(heading)
        fits = field is not None and field not in taken
        columns.append(Column(heading, field if field and fits else FIXED))
        taken.update({field} if field else ())
    return Columns(tuple(columns))


def _field_of(heading: str) -> str | None:
    """Return the field of a heading, by the words of lists or, looser, by those that ledgers are read by."""
    sop = in_force(today())
    read = sop.downloads.field_of(heading) or field_of(heading, sop.ledgers)
    return read if read in sop.downloads.fields else None


def _found(viewer: Viewer, layout_id: UUID, *, lock: bool) -> Layout:
    rows = select(Layout).where(Layout.id == layout_id, Layout.office_id == viewer.office_id)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    layout = db.session.scalars(rows).one_or_none()
    if layout is None:
        outside_scope()
    return layout


def _write(layout: Layout, name: str, columns: Columns) -> None:
    """Write a layout in a step of its own: of two that take a name at once the second is told."""
    taken = select(Layout.id).where(Layout.office_id == layout.office_id, Layout.name == name, Layout.id != layout.id)
    if db.session.scalar(taken) is not None:
        raise NameTakenError
    try:
        with db.session.begin_nested():
            layout.name, layout.columns, layout.version = name, _kept(columns), layout.version + 1
            db.session.add(layout)
    except IntegrityError as error:
        raise NameTakenError from error


def _kept(columns: Columns) -> JsonValue:
    rows: list[JsonValue] = [
        {"heading": column.heading, "field": column.field, "text": column.text} for column in columns.columns
    ]
    return {"columns": rows, "dates": columns.dates, "answers": columns.answers}


def _column(row: dict[str, JsonValue], known: Container[str]) -> Column:
    field = str(row.get("field"))
    fits = field in known
    return Column(str(row.get("heading")), field if fits else FIXED, str(row.get("text") or ""))
