"""Finding a child again: what was typed, kept sealed, decides what is sought: a number, a phone, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, func, select

from registry.areas import queries as areas
from registry.audit import service as audit
from registry.children.models import Child, Episode, Search
from registry.children.queries import kept_files, seen_among, visible
from registry.clock import now
from registry.database import db
from registry.names import folded
from registry.vault.service import find_children
from sop.identity import IdNumberError, PhoneError, normalise_name, normalise_phone, read_id_number

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.service import IndexKind

KEPT_FOR = timedelta(hours=8)
NAMES_OPENED_AT_MOST = 20_000  # a third of a second on a small machine
SHOWN_AT_MOST = 50
NUMBER_LIKE = re.compile(r"[\d\s\-Xx]{6,}")


@dataclass(frozen=True)
class Sought:
    """What somebody looks for. `by`: id_number, phone or name."""

    by: Literal["id_number", "phone", "name"]
    value: str


@dataclass(frozen=True)
class Found:
    """The files found, the latest first and at most 50, and how many there are in all."""

    ids: list[UUID]
    total: int


class TermError(ValueError):
    """What was typed can be nothing to look for; `code` is empty, number or phone."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class AreaTooWideError(Exception):
    """Too many children live in the area for their names to be opened: a smaller one is needed first."""


def read_term(typed: str, today: date) -> Sought:
    """Say what was typed: an ID number, a phone number, or part of a name. Raises TermError."""
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
    """Return what the viewer looked for under an id; None when another's, 8 hours old or unknown."""
    own = (Search.id == search_id, Search.user_id == viewer.user_id, Search.made_at >= now() - KEPT_FOR)
    search = db.session.scalars(select(Search).where(*own)).one_or_none()
    return search.term.open(viewer) if search else None


def find(viewer: Viewer, sought: Sought, area: str | None = None) -> Found:
    """Return the files of the viewer's area that fit, or of `area` (12 digits) inside it.

    A protected file is found only by those who may see it; its protection officer is told of an exact hit by
    anybody else. Raises AreaTooWideError when names would have to be opened for too many children.
    """
    found = _by_name(viewer, sought.value, area) if sought.by == "name" else _exactly(viewer, sought)
    audit.note("children_searched", viewer=viewer, by=sought.by, found=len(found))
    return Found(found[:SHOWN_AT_MOST], len(found))


def _exactly(viewer: Viewer, sought: Sought) -> list[UUID]:
    kind: IndexKind = "id_number" if sought.by == "id_number" else "phone"
    kept = kept_files(find_children(db.session(), kind, sought.value))
    seen = seen_among(viewer, [child.id for child in kept])
    met = [child.id for child in kept if child.protected and child.id not in seen]
    if met:
        audit.note("protected_file_met", viewer=viewer, children=met, by="search")
    return sorted(seen, reverse=True)


def _by_name(viewer: Viewer, term: str, area: str | None) -> list[UUID]:
    """Open the names of the area and compare them in memory: a name has no index (design: what is sealed)."""
    where = [visible(viewer)]
    if area is not None and viewer.covers(area):
        where.append(areas.inside(Episode.area_code, areas.scope_prefixes(area)))
    children = select(func.count()).select_from(Child).join(Child.episodes).where(*where)
    if (db.session.scalar(children) or 0) > NAMES_OPENED_AT_MOST:
        raise AreaTooWideError
    sought = folded(term)
    field, column = (Child.pinyin, Child.pinyin_sealed) if sought.isascii() else (Child.name, Child.name_sealed)
    rows = db.session.execute(select(Child.id, column).join(Child.episodes).where(*where).order_by(Child.id.desc()))
    opened = ((row[0], field.open_value(row[0], row[1], viewer) or "") for row in rows)
    return [child_id for child_id, name in opened if sought in folded(name)]
