"""Reads of children's files inside the viewer's scope; a protected file is absent but for its two readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from registry import access
from registry.access import Role
from registry.areas import queries as areas
from registry.areas.codes import county_of
from registry.children import merging
from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.counts import queries as counts
from registry.counts.tallies import BY_BIRTH
from registry.database import db
from registry.i18n import language
from registry.names import masked
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm.interfaces import ORMOption
    from sqlalchemy.orm.strategy_options import _AbstractLoad

    from registry.access import Viewer

NAME_ONLY = frozenset({"child.name"})
ON_THE_REGISTER = ("pending", "active")


class Kept(NamedTuple):
    """The file that stands for a child, after merging."""

    id: UUID
    protected: bool


@dataclass(frozen=True)
class MaskedSummary:
    """As much of a file outside the viewer's area as may be shown: no more than tells two children apart."""

    child_id: UUID
    name: str
    birth_year: int
    sex: str
    area: str
    office: str


class Count(NamedTuple):
    """Children on the register. `district`: a county's 6 digits; 9 in a city that has townships only."""

    district: str
    sex: str
    birth_year: int
    birth_month: int
    n: int


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on child and present episode for files that the viewer may see."""
    return and_(
        Episode.latest,
        areas.inside(Episode.area_code, viewer.prefixes),
        Child.merged_into.is_(None),
        _for_eyes_of(viewer),
    )


def _for_eyes_of(viewer: Viewer) -> ColumnElement[bool]:
    """A protected file has two readers: its named registrar, and the protection officer of the county."""
    if viewer.role is Role.PROTECTION_OFFICER:
        return Child.protected.is_(True)
    return ordinary_or_named(viewer)


def ordinary_or_named(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on child for files without the mark, and those whose named registrar the viewer is.

    Whoever was named and is no registrar any more sees them no longer.
    """
    ordinary = Child.protected.is_(False)
    if viewer.role is not Role.REGISTRAR:
        return ordinary
    return or_(ordinary, Child.protected_registrar_id == viewer.user_id)


def protected() -> Select[UUID]:
    """Return the statement for the ids of all protected files; knows nothing of scope."""
    return select(Child.id).where(Child.protected)


def seen_by(viewer: Viewer) -> Select[UUID]:
    """Return the statement for the ids of all files that the viewer may see."""
    return select(Child.id).join(Child.episodes).where(visible(viewer))


def seen_among(viewer: Viewer, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these files that the viewer may open."""
    return set(db.session.scalars(seen_by(viewer).where(Child.id.in_(set(ids)))))


def in_scope(viewer: Viewer, child_id: UUID) -> bool:
    """Say whether the viewer may open a file."""
    return child_id in seen_among(viewer, [child_id])


def file_of(viewer: Viewer, child_id: UUID) -> Child:
    """Return a child with all that its file shows, in a constant number of queries.

    Files that were merged into it are read together with it. Answers 404, recorded as refused, when the file is
    not the viewer's to see or does not exist.
    """
    whole = (*_whole_file(), selectinload(Child.referrals))
    found = db.session.scalars(
        select(Child).join(Child.episodes).where(Child.id == child_id, visible(viewer)).options(*whole)
    ).one_or_none()
    if found is None:
        access.outside_scope()
    return merging.read_together(found, whole)


def kept_file(viewer: Viewer, child_id: UUID) -> UUID:
    """Return the file that stands for this one where it was merged and the viewer may see that one, else itself."""
    kept = next(iter(kept_files([child_id])), None)
    return kept.id if kept is not None and kept.id != child_id and in_scope(viewer, kept.id) else child_id


def files_among(viewer: Viewer, ids: Iterable[UUID]) -> list[Child]:
    """Return those of these files that the viewer may open, as `file_of` does, in a constant number of queries."""
    found = db.session.scalars(
        select(Child)
        .join(Child.episodes)
        .where(Child.id.in_(set(ids)), visible(viewer))
        .options(*_whole_file(), selectinload(Child.referrals))
        .order_by(Child.id)
    )
    return list(found)


def children_for_service(ids: Iterable[UUID]) -> dict[UUID, Child]:
    """Return children with what `fields.facts_for_service` reads, in a constant number of queries.

    Whoever calls has checked that the viewer may see each of them (a referral to the own office).
    """
    found = db.session.scalars(select(Child).where(Child.id.in_(set(ids))).options(*_whole_file()))
    return {child.id: child for child in found}


def schooling_loaded() -> _AbstractLoad:
    """Return the option, for whoever joins children, that loads what `present_schooling` reads."""
    return selectinload(Child.schooling)


def _whole_file() -> Sequence[ORMOption]:
    return (
        selectinload(Child.episodes).options(joinedload(Episode.household), joinedload(Episode.block)),
        selectinload(Child.guardianships).joinedload(Guardianship.guardian),
        selectinload(Child.schooling),
    )


def present_episode(child: Child) -> Episode:
    """Return the episode of the area where the child is now, else the last one."""
    own = [episode for episode in child.episodes if episode.child_id == child.id]  # not those of a merged file
    return next((episode for episode in own if episode.latest), own[0])


def is_worked_on(child: Child) -> bool:
    """Say whether a child is on the register here; who left, grew up or died is not, whatever the file still says."""
    return child.status == "registered" and present_episode(child).status in ON_THE_REGISTER


def present_schooling(child: Child) -> Schooling | None:
    """Return the latest answer about school, which has no end; None when nobody was ever asked."""
    own = (spell for spell in child.schooling if spell.child_id == child.id)  # not those of a merged file
    return next((spell for spell in own if spell.to_month is None), None)


def masked_summary(viewer: Viewer, child_id: UUID) -> MaskedSummary | None:
    """Return what may be shown of a file elsewhere; None for one that is protected or does not exist."""
    return masked_summaries(viewer, [child_id]).get(child_id)


def masked_summaries(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, MaskedSummary]:
    """Return masked summaries by child id, in a constant number of queries; protected files are left out."""
    rows = db.session.scalars(
        select(Episode)
        .join(Episode.child)
        .options(contains_eager(Episode.child), joinedload(Episode.household))
        .where(Episode.child_id.in_(set(ids)), Episode.latest)
        .where(Child.protected.is_(False), Child.merged_into.is_(None))
    ).all()
    places = areas.full_names_of({county_of(row.area_code) for row in rows}, language())
    offices = areas.office_names({row.household.office_id for row in rows}, language())
    reader = viewer.opening(NAME_ONLY)
    return {
        row.child_id: MaskedSummary(
            child_id=row.child_id,
            name=masked(row.child.name.open(reader) or ""),
            birth_year=row.child.birth_year,
            sex=row.child.sex,
            area=places.get(county_of(row.area_code), ""),
            office=offices.get(row.household.office_id, ""),
        )
        for row in rows
    }


def kept_files(ids: Iterable[UUID]) -> list[Kept]:
    """Return the files that stand for these children: a merged one is followed to the one that was kept.

    Knows nothing of scope; tells of protected files, so that the caller can keep silent about them.
    """
    kept = {file.id: file for file in kept_by_id(ids).values()}
    return [kept[each] for each in sorted(kept)]


def kept_by_id(ids: Iterable[UUID]) -> dict[UUID, Kept]:
    """Return for each of these children the file that stands for it, as `kept_files` does."""
    asked = wanted = set(ids)
    kept: dict[UUID, Kept] = {}
    merged: dict[UUID, UUID] = {}
    while wanted:
        rows = db.session.execute(
            select(Child.id, Child.protected, Child.merged_into).where(Child.id.in_(wanted))
        ).all()
        kept |= {row.id: Kept(row.id, row.protected) for row in rows if row.merged_into is None}
        merged |= {row.id: row.merged_into for row in rows if row.merged_into is not None}
        wanted = set(merged.values()) - kept.keys() - merged.keys()
    for each in asked & merged.keys():
        last = merged[each]
        while last in merged:
            last = merged[last]
        kept[each] = kept[last]
    return {each: kept[each] for each in asked & kept.keys()}


def without_number(ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these files that hold no ID number; the caller has seen them."""
    rows = select(Child.id).where(Child.id.in_(set(ids)), Child.id_number_answer != "given")
    return set(db.session.scalars(rows))


def hold_together(ids: Iterable[UUID]) -> None:
    """Hold these files until the transaction ends, in one order: two acts on the same ones follow each other."""
    rows = select(Child.id).where(Child.id.in_(set(ids))).order_by(Child.id)
    db.session.execute(rows.with_for_update(key_share=True)).all()


def birth_months(ids: Iterable[UUID]) -> dict[UUID, BirthDate]:
    """Return year and month of birth, which every file has in plain, by id; the caller has seen that it may ask."""
    rows = select(Child.id, Child.birth_year, Child.birth_month).where(Child.id.in_(set(ids)))
    return {key: BirthDate(year, month) for key, year, month in db.session.execute(rows)}


def is_registered_in(child_id: UUID, area_code: str) -> bool:
    """Say whether the file that stands for a child is on the register in a 12-digit area, or in what became of it.

    Knows nothing of scope. Who left, grew up or died, and whose family wants no file, is not on the register.
    """
    kept = next(iter(kept_files([child_id])), None)
    if kept is None:
        return False
    here = areas.inside(Episode.area_code, areas.scope_prefixes(area_code)), Episode.status.in_(ON_THE_REGISTER)
    rows = (
        select(Episode.id).join(Episode.child).where(Child.id == kept.id, Child.status == "registered", Episode.latest)
    )
    return db.session.scalar(rows.where(*here).limit(1)) is not None


def area_of(child_id: UUID) -> str | None:
    """Return the 12-digit area where a child is now."""
    return db.session.scalar(select(Episode.area_code).where(Episode.child_id == child_id, Episode.latest))


def count_registered(prefixes: tuple[str, ...], digits: int | None = None) -> list[Count]:
    """Count children on the register by district, sex and month of birth; protected files are counted too.

    `prefixes`: of the area to be counted; `digits`: of a district, see `areas.queries.district`. Read from the
    counts that are kept with the writes.
    """
    found = counts.read(BY_BIRTH, prefixes, digits, ("sex", "birth_year", "birth_month"))
    return [Count._make(row) for row in found]
