"""Reads for comparing lists of other departments with the register: whom a list names, and who is not on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from registry.areas.queries import inside
from registry.children.models import Child, Episode, Schooling
from registry.children.queries import ON_THE_REGISTER, kept_files, visible
from registry.database import db
from registry.vault import service as vault
from sop.identity import is_placeholder, normalise_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer
    from registry.vault.service import IndexKind

MONTHS: Final = 12
LEFT: Final = ("left", "not_found")
Held = dict[tuple[str, ...], list["UUID"]]


class Listed(NamedTuple):
    """A child of a list, as far as it could be read. `birth`: ISO text; number and phone as the indexes hold them."""

    name: str | None
    birth: str | None
    number: str | None
    phone: str | None

    @property
    def name_and_birth(self) -> tuple[str, str] | None:
        """What the index of names with birth dates holds; None where that names nobody."""
        name = normalise_name(self.name or "")
        return (name, self.birth) if name and self.birth and not is_placeholder(name) else None


class Found(NamedTuple):
    """The file of a child of a list. `code`: by what it was found, of `sop.rosters.GROUPS`; `area_code`: 12 digits."""

    code: str
    child_id: UUID
    area_code: str


class Range(NamedTuple):
    """The children whom a list is about: months of birth (year * 12 + month) and, of a school's, kinds of school."""

    first: int
    last: int
    stages: frozenset[str] | None


class Page(NamedTuple):
    """Which files are wanted: for which reasons, after which one, how many at most."""

    codes: tuple[str, ...]
    after: UUID | None
    size: int


class _File(NamedTuple):
    child_id: UUID
    area_code: str
    present: bool
    numbered: bool


def find_listed(viewer: Viewer, those: Sequence[Listed]) -> list[Found | None]:
    """Return the viewer's own file of each child of a list, None where there is none; in a few queries for all.

    By the ID number where one is given and held, else by name, birth date and one guardian's phone; by name and birth
    date alone only where no two ID numbers tell the children apart. A file of another area, and a protected one that
    is not the viewer's to see, is as if it were not there: the answer is that for a child whom nobody has registered.
    """
    numbers = _held("id_number", ((each.number,) for each in those if each.number))
    named = _held("name_birth", (each.name_and_birth for each in those if each.name_and_birth))
    wanted = {each.phone for each in those if each.phone and each.name_and_birth in named}
    phones = _held("phone", ((phone,) for phone in wanted))
    files = _files(viewer, {each for held in (numbers, named) for ids in held.values() for each in ids})
    return [_one(each, numbers, named, phones, files) for each in those]


def protected_among(viewer: Viewer, those: Sequence[Listed]) -> set[UUID]:
    """Return the protected files that a list names and the viewer may not see; only their officers are told."""
    numbers = _held("id_number", ((each.number,) for each in those if each.number))
    named = _held("name_birth", (each.name_and_birth for each in those if each.name_and_birth))
    ids = {each for held in (numbers, named) for found in held.values() for each in found}
    protected = {file.id for file in kept_files(ids) if file.protected}
    return protected - set(db.session.scalars(_seen(viewer).where(Child.id.in_(protected))))


def stages_of(ids: Select[UUID]) -> frozenset[str]:
    """Return the kinds of school that these children go to by their files."""
    rows = select(Schooling.stage).where(Schooling.child_id.in_(ids), Schooling.to_month.is_(None)).distinct()
    return frozenset(db.session.scalars(rows))


def count_unlisted(
    viewer: Viewer, prefixes: tuple[str, ...], listed: Select[UUID], of: Range
) -> list[tuple[str, str, int]]:
    """Count the files inside these division prefixes that are not on a list: (12-digit area, why, number)."""
    why = _why(of).label("why")
    rows = _unlisted(viewer, prefixes, listed, of).with_only_columns(Episode.area_code, why, func.count(Child.id))
    return [(area, code, number) for area, code, number in db.session.execute(rows.group_by(Episode.area_code, why))]


def unlisted(
    viewer: Viewer, prefixes: tuple[str, ...], listed: Select[UUID], of: Range, page: Page
) -> list[tuple[UUID, str]]:
    """Return a page of the files not on a list for one of these reasons, in their order: id and reason."""
    why = _why(of)
    rows = _unlisted(viewer, prefixes, listed, of).with_only_columns(Child.id, why).where(why.in_(page.codes))
    rows = rows.where(Child.id > page.after) if page.after else rows
    return [(child_id, code) for child_id, code in db.session.execute(rows.order_by(Child.id).limit(page.size))]


def _held(kind: IndexKind, wanted: Iterable[tuple[str, ...]]) -> Held:
    return vault.find_each(db.session(), kind, wanted)


def _one(each: Listed, numbers: Held, named: Held, phones: Held, files: dict[UUID, _File]) -> Found | None:
    by_name = named.get(each.name_and_birth, []) if each.name_and_birth else []
    for child_id in numbers.get((each.number,), []) if each.number else []:
        if file := files.get(child_id):
            same = each.name_and_birth is None or child_id in by_name
            return _found("number" if same else "number_other", file)
    reached = set(phones.get((each.phone,), [])) if each.phone else set()
    for child_id in by_name:
        if child_id in reached and (file := files.get(child_id)):
            return _found("name_phone", file)
    for child_id in by_name:
        file = files.get(child_id)
        if file is not None and not (each.number and file.numbered):
            return _found("name_birth", file)
    return None


def _found(code: str, file: _File) -> Found:
    return Found(code if file.present else "left", file.child_id, file.area_code)


def _files(viewer: Viewer, ids: set[UUID]) -> dict[UUID, _File]:
    """Return the files that stand for these, by every id that leads to one; a merged file is followed."""
    leads = {each: each for each in ids}
    while merged := _merged_into(set(leads.values())):
        leads = {each: merged.get(end, end) for each, end in leads.items()}
    rows = db.session.execute(
        select(Child.id, Episode.area_code, Episode.status, Child.status, Child.id_number_answer)
        .join(Child.episodes)
        .where(visible(viewer), Child.id.in_(set(leads.values())))
    )
    files = {
        row[0]: _File(row[0], row[1], row[2] in ON_THE_REGISTER and row[3] == "registered", row[4] == "given")
        for row in rows
    }
    return {each: files[end] for each, end in leads.items() if end in files}


def _merged_into(ids: set[UUID]) -> dict[UUID, UUID]:
    rows = db.session.execute(
        select(Child.id, Child.merged_into).where(Child.id.in_(ids), Child.merged_into.is_not(None))
    )
    return {child_id: into for child_id, into in rows if into is not None}


def _seen(viewer: Viewer) -> Select[UUID]:
    return select(Child.id).join(Child.episodes).where(visible(viewer))


def _unlisted(viewer: Viewer, prefixes: tuple[str, ...], listed: Select[UUID], of: Range) -> Select[UUID]:
    """Protected files are left out for everybody: whether one is on a list is told in no other way either."""
    present = Episode.status.in_(ON_THE_REGISTER)
    gone = and_(Episode.status.in_(LEFT), _in_range(of))
    return (
        _seen(viewer)
        .outerjoin(Schooling, and_(Schooling.child_id == Child.id, Schooling.to_month.is_(None)))
        .where(inside(Episode.area_code, prefixes), Child.protected.is_(False), Child.status == "registered")
        .where(or_(present, gone), Child.id.not_in(listed))
    )


def _in_range(of: Range) -> ColumnElement[bool]:
    return (Child.birth_year * MONTHS + Child.birth_month).between(of.first, of.last)


def _why(of: Range) -> ColumnElement[str]:
    """Why a file is not on a list, the plainest reason first."""
    reasons = [(Episode.status.in_(LEFT), "gone"), (~_in_range(of), "age")]
    if of.stages:
        reasons.append((Schooling.stage.not_in(of.stages), "other_school"))
    reasons.append((Child.id_number_answer != "given", "no_document"))
    return case(*reasons, else_="missing")
