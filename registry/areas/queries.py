"""Reading places: names, what lies above and below, what a former code is now, who serves an area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import case, false, func, or_, select

from registry.areas.cache import cache
from registry.areas.codes import LENGTH, ancestors, full, is_stand_in, level_of, prefix_of
from registry.areas.models import Area, AreaChange, Bilingual, Block, Office, OfficeService
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute

Kept = TypeVar("Kept")

COUNTY, TOWN, COMMUNITY = 3, 4, 5
MOST_KEPT = 400  # lists of what lies below an area, and scopes, kept by a process: of the areas in use
COLUMNS = (Area.code, Area.level, Area.name_zh, Area.name_en)


@dataclass(frozen=True)
class Place(Bilingual):
    """A division as pages show it."""

    code: str
    level: int
    name_zh: str
    name_en: str


def inside(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], prefixes: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that a column of 12-digit codes lies below one of these prefixes; its index is used."""
    return or_(false(), *(column.between(full(prefix), prefix.ljust(LENGTH, "9")) for prefix in prefixes))


def district(column: InstrumentedAttribute[str], digits: int | None) -> ColumnElement[str]:
    """Return what a column of 12-digit codes is counted under: its first `digits`, 9 of a town, 12 of a community.

    Without them it is the 6 digits of a county, and the 9 of a town in a city without counties.
    """
    whole_city = func.substr(column, 5, 2) == "00"
    return func.substr(column, 1, digits or case((whole_city, 9), else_=6))


def place(code: str) -> Place | None:
    """Return a division, in force or not, by its 12-digit code."""
    return next(iter(_places(select(*COLUMNS).where(Area.code == code))), None)


def path(code: str) -> list[Place]:
    """Return the divisions from the province down to a 12-digit code, without those that only stand in."""
    found = _places(select(*COLUMNS).where(Area.code.in_(ancestors(code))).order_by(Area.code))
    return [one for one in found if not is_stand_in(one.code, one.level)]


def children_of(code: str | None) -> Sequence[Place]:
    """Return the divisions in force one step below a 12-digit code, in order; the provinces for None.

    Where a row only stands in (市辖区), what lies below takes its place: Tianjin's children are its
    districts.
    """
    kept, key = cache().children, code or ""
    found = kept.get(key)
    if found is None:
        found = _children((code,))
        if found and found[0].level < COMMUNITY:  # communities come and go: they are asked for each time
            _keep(kept, key, found)
    return found


def _keep(kept: dict[str, Kept], key: str, found: Kept) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()  # simple, bounded, and soon filled again
    kept[key] = found


def _children(parents: tuple[str | None, ...]) -> list[Place]:
    below = Area.parent_code.is_(None) if parents == (None,) else Area.parent_code.in_(parents)
    found = _places(select(*COLUMNS).where(below, Area.valid_to.is_(None)).order_by(Area.code))
    hollow = tuple(one.code for one in found if is_stand_in(one.code, one.level))
    real = [one for one in found if one.code not in hollow]
    return sorted([*real, *_children(hollow)], key=lambda one: one.code) if hollow else real


def districts_of(code: str) -> list[Place]:
    """Return the counties in force of a wider area, for statistics; the towns of a city without counties."""
    below = inside(Area.code, [prefix_of(code)]), Area.valid_to.is_(None)
    found = _places(select(*COLUMNS).where(*below, Area.level == COUNTY).order_by(Area.code))
    real = [one for one in found if not is_stand_in(one.code, one.level)]
    return real or _places(select(*COLUMNS).where(*below, Area.level == TOWN).order_by(Area.code))


def places_inside(code: str, most: int) -> list[Place]:
    """Return the towns and communities in force inside a 12-digit code, in order; the towns alone of more than `most`.

    The place itself is not among them.
    """
    below = inside(Area.code, [prefix_of(code)]), Area.valid_to.is_(None), Area.level >= TOWN, Area.code != code
    found = _places(select(*COLUMNS).where(*below).order_by(Area.code).limit(most + 1))
    if len(found) > most:
        found = _places(select(*COLUMNS).where(*below, Area.level == TOWN).order_by(Area.code))
    return found


def blocks_of(code: str, *, closed: bool = False) -> list[Block]:
    """Return the blocks of a community by its 12-digit code in the order of walking; the closed ones when asked."""
    rows = select(Block).where(Block.area_code == code).order_by(Block.position, Block.name_zh, Block.id)
    return list(db.session.scalars(rows if closed else rows.where(Block.closed_on.is_(None))))


def names_of(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return {12-digit code: own name} in one query; unknown codes are left out."""
    wanted = set(codes)
    found = _places(select(*COLUMNS).where(Area.code.in_(wanted))) if wanted else []
    return {one.code: one.name(language) for one in found}


def full_names_of(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return {12-digit code: name with all that lies above} in one query; unknown codes are left out."""
    chains = {code: ancestors(code) for code in set(codes)}
    wanted = {above for chain in chains.values() for above in chain}
    found = _places(select(*COLUMNS).where(Area.code.in_(wanted))) if wanted else []
    known = {one.code: one for one in found}
    return {code: _joined(code, chain, known, language) for code, chain in chains.items() if code in known}


def full_name(code: str, language: str) -> str:
    """Return "江苏省宿迁市沭阳县" or "Shuyang, Suqian, Jiangsu"; an unknown code is returned as it is."""
    return full_names_of((code,), language).get(code, code)


def _joined(code: str, chain: tuple[str, ...], known: dict[str, Place], language: str) -> str:
    above = [known[one] for one in chain if one in known and (one == code or not _hollow(known[one]))]
    names = [one.name(language) for one in above]
    return "".join(names) if language == "zh" else ", ".join(reversed(names))


def _hollow(one: Place) -> bool:
    return is_stand_in(one.code, one.level)


def current_code(code: str) -> str | None:
    """Return the 12-digit code that a county's code (6 or 12 digits) has become, or itself while in force.

    None for a code that the tables do not know, or whose successor they do not know: a reason to warn, never
    to refuse, since documents keep the code of the day they were made.
    """
    former, changes, kept = full(code), _changes(), cache().current
    if former in kept:
        return kept[former]
    now, steps = former, 0
    while now in changes and steps <= len(changes):
        now, steps = changes[now], steps + 1
    found = db.session.scalar(select(Area.code).where(Area.code == now, Area.valid_to.is_(None)))
    if found is not None and level_of(found) < COMMUNITY:
        kept[former] = found  # no more of them than the tables have towns and counties, now and formerly
    return found


def scope_prefixes(code: str) -> tuple[str, ...]:
    """Return the prefixes inside a 12-digit code: its own, then those of counties that became part of it.

    A county that was merged into this one keeps its code in old records, which stay in scope. Former
    prefectures are not taken whole, because their counties often went different ways.
    """
    kept = cache().scopes
    found = kept.get(code)
    if found is None:
        own, former = prefix_of(code), _former_counties()
        found = own, *(old for old, now in former if now.startswith(own) and not old.startswith(own))
        if former:
            _keep(kept, code, found)
    return found


def _former_counties() -> list[tuple[str, str]]:
    """Return (prefix of a former county, code of the division in force that it ended in)."""
    kept = cache()
    if not kept.former:
        changes = _changes()
        kept.former = [(old[:6], _end(old, changes)) for old in sorted(changes) if old[4:6] != "00"]
    return kept.former


def _end(code: str, changes: dict[str, str]) -> str:
    while code in changes:
        code = changes[code]
    return code


def _changes() -> dict[str, str]:
    """Return {former code: next code}, read once by a process: it changes only with a new release."""
    kept = cache()
    if not kept.changes:
        rows = db.session.execute(select(AreaChange.old_code, AreaChange.new_code))
        kept.changes = {row.old_code: row.new_code for row in rows}
    return kept.changes


def office_for(service: str, area_code: str) -> Office | None:
    """Return the open office that answers for a service where a 12-digit code lies, or None.

    The row for the deepest area that covers the code wins: a town's clinic before its county's.
    """
    rows = (
        select(Office)
        .join(OfficeService, OfficeService.office_id == Office.id)
        .where(OfficeService.service == service, OfficeService.area_code.in_(ancestors(area_code)))
        .where(Office.closed_on.is_(None))
        .order_by(OfficeService.area_code.desc())  # of codes on one path the longer one is the greater
        .limit(1)
    )
    return db.session.scalar(rows)


def offices_inside(prefixes: Iterable[str]) -> Select[UUID]:
    """Return a subquery: ids of the offices whose area lies inside one of these division prefixes."""
    return select(Office.id).where(inside(Office.area_code, prefixes))


def open_office(prefixes: Iterable[str], office_id: UUID) -> Office | None:
    """Return an open office inside one of these division prefixes, or None."""
    rows = select(Office).where(Office.id == office_id, Office.closed_on.is_(None), inside(Office.area_code, prefixes))
    return db.session.scalar(rows)


def open_offices(prefixes: Iterable[str], kinds: Iterable[str] | None = None) -> list[Office]:
    """Return the open offices inside these division prefixes, of these kinds only where told, by their area."""
    rows = select(Office).where(Office.closed_on.is_(None), inside(Office.area_code, prefixes))
    if kinds is not None:
        rows = rows.where(Office.kind.in_(set(kinds)))
    return list(db.session.scalars(rows.order_by(Office.area_code, Office.kind, Office.id)))


def open_among(office_ids: Select[UUID]) -> list[Office]:
    """Return those offices that are open and whose id a statement finds, by their area."""
    rows = select(Office).where(Office.id.in_(office_ids), Office.closed_on.is_(None))
    return list(db.session.scalars(rows.order_by(Office.area_code, Office.id)))


def offices_after(after: UUID | None, number: int) -> list[UUID]:
    """Return the ids of so many open offices in the order of their ids, from the one that follows `after` on."""
    rows = select(Office.id).where(Office.closed_on.is_(None)).order_by(Office.id).limit(number)
    return list(db.session.scalars(rows.where(Office.id > after) if after else rows))


def services_of(office_id: UUID) -> list[str]:
    """Return the services that an office answers for anywhere, in the order of their codes."""
    served = select(OfficeService.service).where(OfficeService.office_id == office_id)
    return list(db.session.scalars(served.distinct().order_by(OfficeService.service)))


def office_names(office_ids: Iterable[UUID], language: str) -> dict[UUID, str]:
    """Return the names of offices by id, in "zh" or "en"; unknown ones are left out."""
    found = db.session.scalars(select(Office).where(Office.id.in_(set(office_ids))))
    return {office.id: office.name(language) for office in found}


def _places(rows: Select[str, int, str, str]) -> list[Place]:
    return [Place(code, level, zh, en) for code, level, zh, en in db.session.execute(rows)]
