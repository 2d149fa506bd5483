"""Finding a child again: what was typed, kept sealed, decides what is sought: a number, a phone, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import and_, delete, func, select, type_coerce
from sqlalchemy.types import NullType

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children.filters import conditions, not_deceased
from registry.children.listing import joined
from registry.children.models import Child, Search
from registry.children.queries import kept_files, seen_among, visible
from registry.clock import now, today
from registry.database import db
from registry.jobs.service import Batch
from registry.names import folded, initials
from registry.vault.service import find_children
from sop.card import CardNumberError, read_card_number
from sop.identity import (
    IdNumberError,
    PhoneError,
    normalise_document,
    normalise_name,
    normalise_phone,
    read_id_number,
)
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Row

    from registry.access import Viewer
    from registry.children.filters import Filters
    from registry.vault.sealed import Sealed
    from registry.vault.service import IndexKind

    Rows = Sequence[Row[Any]]

KEPT_FOR = timedelta(hours=8)
SWEPT_AT_ONCE = 1000
NAMES_OPENED_AT_MOST = 25_000  # a township of 20,000, with those who have left it
NUMBER_LIKE = re.compile(r"[\d\s\-Xx]{6,}")


@dataclass(frozen=True)
class Sought:
    """What somebody looks for, as the index or the name holds it."""

    by: Literal["id_number", "card", "phone", "document", "name"]
    value: str


class TermError(ValueError):
    """What was typed can be nothing to look for; `code` is empty, number, phone or card."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class AreaTooWideError(Exception):
    """Too many children live in the area for their names to be opened: a smaller one is needed first."""


def read_term(typed: str, today: date) -> Sought:
    """Say what was typed: a card's, an ID, a phone or a document's number, or part of a name. Raises TermError."""
    try:
        return Sought("card", read_card_number(typed))
    except CardNumberError as error:
        if error.code == "check":  # all else is no card's number, and may be something else
            raise TermError("card") from error
    try:
        return Sought("id_number", read_id_number(typed, today).number)
    except IdNumberError as error:
        if error.code in {"birth", "future"}:
            raise TermError("number") from error
    try:
        return Sought("phone", normalise_phone(typed))
    except PhoneError as error:
        if error.code != "characters":
            raise TermError("empty" if error.code == "empty" else "phone") from error
    if NUMBER_LIKE.fullmatch(typed.strip()):
        raise TermError("number")
    if (document := normalise_document(typed)) is not None:
        return Sought("document", document)
    name = normalise_name(typed)
    if not folded(name):
        raise TermError("empty")
    return Sought("name", name)


def keep(viewer: Viewer, term: str) -> Search:
    """Keep what somebody looks for, sealed under an id, and remove the same person's old searches."""
    old = (Search.user_id == viewer.user_id, Search.made_at < now() - KEPT_FOR)
    db.session.execute(delete(Search).where(*old))
    search = Search(user_id=viewer.user_id, term=term, made_at=now())
    db.session.add(search)
    return search


def kept_term(viewer: Viewer, search_id: UUID) -> str | None:
    """Return what the viewer looked for under an id; None after 8 hours, when it is kept no longer.

    Another person's is as if absent (404).
    """
    search = db.session.get(Search, search_id)
    if search is not None and search.user_id != viewer.user_id:
        outside_scope()
    return search.term.open(viewer) if search is not None and search.made_at >= now() - KEPT_FOR else None


def sweep(_on: date, _after: UUID | None) -> Batch:
    """Remove a batch of old searches, also of people who search no more: work of the nightly round."""
    old = db.session.scalars(select(Search.id).where(Search.made_at < now() - KEPT_FOR).limit(SWEPT_AT_ONCE)).all()
    db.session.execute(delete(Search).where(Search.id.in_(old)))
    return Batch(len(old), old[-1] if len(old) == SWEPT_AT_ONCE else None)


def find(viewer: Viewer, sought: Sought, filters: Filters, on: date) -> list[UUID]:
    """Return the files of the viewer's area that fit, the latest first.

    A protected file is found only by those who may see it; its protection officer is told of an exact hit by
    anybody else. Raises AreaTooWideError when names would have to be opened for too many children.
    """
    fit = and_(visible(viewer), *conditions(filters, viewer, on))
    found = _by_name(viewer, sought.value, filters, fit) if sought.by == "name" else _exactly(viewer, sought)
    if sought.by != "name" and filters.named:
        wanted = joined(select(Child.id), filters).where(fit, Child.id.in_(found))
        found = list(db.session.scalars(wanted.order_by(Child.id.desc())))
    audit.note("children_searched", viewer=viewer, by=sought.by, found=len(found))
    return found


def _exactly(viewer: Viewer, sought: Sought) -> list[UUID]:
    kept = kept_files(_holders(sought))
    seen = seen_among(viewer, [child.id for child in kept])
    met = [child.id for child in kept if child.protected and child.id not in seen]
    if met:
        audit.note("protected_file_met", viewer=viewer, children=met, by="search")
    return sorted(seen, reverse=True)


def _holders(sought: Sought) -> list[UUID]:
    """Return who holds a number; a document is sought as one of every kind, for nobody types which it is."""
    if sought.by != "document":
        kind: IndexKind = sought.by  # type: ignore[assignment]  # a name never comes here
        return find_children(db.session(), kind, sought.value)
    kinds = [entry.code for entry in in_force(today()).codes["document"]]
    return [each for kind in kinds for each in find_children(db.session(), "document", kind, sought.value)]


def _by_name(viewer: Viewer, term: str, filters: Filters, fit: ColumnElement[bool]) -> list[UUID]:
    """Open the names of the area and compare them in memory: a name has no index (design: what is sealed).

    No id becomes a UUID before its name fits: 20,000 of them would cost as much as opening the names.
    """
    wanted = (fit,) if filters.status else (fit, not_deceased())
    latin = folded(term).isascii()
    columns = (Child.name_sealed, Child.pinyin_sealed) if latin else (Child.name_sealed,)
    statement = joined(select(_plain_id(), *columns), filters).where(*wanted)
    rows = db.session.connection().execute(statement.limit(NAMES_OPENED_AT_MOST + 1)).all()
    if len(rows) > NAMES_OPENED_AT_MOST:
        raise AreaTooWideError
    fits = _spelt(rows, folded(term), viewer) if latin else _written(rows, folded(term), viewer)
    return sorted((UUID(bytes=row_id) for row_id in map(_bytes_of(rows), fits)), reverse=True)


def _plain_id() -> ColumnElement[Any]:
    """The id in the form that the driver hands over fastest: PostgreSQL's 16 bytes, SQLite's 32 digits."""
    on_a_server = db.engine.dialect.name == "postgresql"
    return type_coerce(func.uuid_send(Child.id) if on_a_server else Child.id, NullType())


def _bytes_of(rows: Rows) -> Callable[[Any], bytes]:
    """Return what makes the 16 bytes of such an id: decided once for all rows, and without a call into Python."""
    return bytes if rows and isinstance(rows[0][0], bytes) else bytes.fromhex


def _written(rows: Rows, sought: str, viewer: Viewer) -> Iterator[bytes | str]:
    names = _opened(Child.name, rows, 1, viewer)
    return (row[0] for row, name in zip(rows, names, strict=True) if sought in folded(name))


def _spelt(rows: Rows, sought: str, viewer: Viewer) -> Iterator[bytes | str]:
    """By the reading, or by the first letters of its syllables; names are opened where the reading allows them."""
    scattered = re.compile(".*".join(map(re.escape, sought)))
    readings = zip(rows, map(folded, _opened(Child.pinyin, rows, 2, viewer)), strict=True)
    near = [(row, reading) for row, reading in readings if scattered.search(reading)]
    names = _opened(Child.name, [row for row, _reading in near], 1, viewer)
    both = zip(near, names, strict=True)
    return (row[0] for (row, reading), name in both if sought in reading or sought in initials(name))


def _opened(field: Sealed[str], rows: Rows, column: int, viewer: Viewer) -> Iterator[str]:
    """Open a column of the rows; where there is no value it reads ""."""
    in_bytes = _bytes_of(rows)
    opened = field.open_each([(in_bytes(row[0]), row[column]) for row in rows if row[column] is not None], viewer)
    return (next(opened) if row[column] is not None else "" for row in rows)
