"""Reading offices: by their ids, and for those who keep them a page, one held for a change, what each serves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, tuple_

from registry.areas.keeping import hold
from registry.areas.models import Block, Office, OfficeService
from registry.areas.queries import inside
from registry.database import cut, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import Select

ON_A_PAGE = 50


@dataclass(frozen=True)
class OfficeFilter:
    """What the list is narrowed to; None leaves a column alone."""

    kind: str | None = None
    closed: bool = False


def every_office(after: UUID | None, number: int) -> Select[UUID, str, str]:
    """Return a statement: id, kind and area of so many offices, open or closed, those whose ids follow `after`."""
    rows = select(Office.id, Office.kind, Office.area_code).order_by(Office.id).limit(number)
    return rows.where(Office.id > after) if after else rows


def page_of(prefixes: Iterable[str], wanted: OfficeFilter, after: UUID | None) -> tuple[list[Office], UUID | None]:
    """Return a page of offices inside these division prefixes, wider areas first, and where the next one begins."""
    rows = select(Office).where(inside(Office.area_code, prefixes)).order_by(Office.area_code, Office.id)
    rows = rows.where(Office.closed_on.is_not(None) if wanted.closed else Office.closed_on.is_(None))
    if wanted.kind is not None:
        rows = rows.where(Office.kind == wanted.kind)
    before = db.session.get(Office, after) if after else None
    if before is not None:
        rows = rows.where(tuple_(Office.area_code, Office.id) > (before.area_code, before.id))
    shown, last = cut(db.session.scalars(rows.limit(ON_A_PAGE + 1)).all(), ON_A_PAGE)
    return shown, last.id if last else None


def one(prefixes: Iterable[str], office_id: UUID, *, lock: bool) -> Office | None:
    """Return an office inside these prefixes, None elsewhere; locked as it is now until the transaction ends."""
    rows = select(Office).where(Office.id == office_id, inside(Office.area_code, prefixes))
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(rows).one_or_none()


def office_by_id(office_id: UUID) -> Office:
    """Return an office, open or closed; the id comes from a row that refers to it."""
    return db.session.get_one(Office, office_id)


def held_open(office_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these offices that are open; whoever wants to close one of them waits for this transaction."""
    rows = select(Office.id).where(Office.id.in_(set(office_ids)), Office.closed_on.is_(None)).order_by(Office.id)
    return set(db.session.scalars(rows.with_for_update(read=True, key_share=True)))


def offices_by_id(office_ids: Iterable[UUID]) -> dict[UUID, Office]:
    """Return offices, open or closed, by id; each is then found by `office_by_id` without asking again."""
    return {each.id: each for each in db.session.scalars(select(Office).where(Office.id.in_(set(office_ids))))}


def services_by_office(office_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the services of offices, each once; an office that serves nothing is left out."""
    served = select(OfficeService.office_id, OfficeService.service, func.count())
    rows = served.where(OfficeService.office_id.in_(set(office_ids)))
    found = defaultdict(list)
    grouped = rows.group_by(OfficeService.office_id, OfficeService.service).order_by(OfficeService.service)
    for office_id, service, _areas in db.session.execute(grouped):
        found[office_id].append(service)
    return found


def areas_served(office_id: UUID) -> list[tuple[str, str]]:
    """Return (service, 12-digit area code) of all that an office answers for, in order."""
    rows = select(OfficeService.service, OfficeService.area_code).where(OfficeService.office_id == office_id)
    found = db.session.execute(rows.order_by(OfficeService.service, OfficeService.area_code))
    return [(row.service, row.area_code) for row in found]


def block(block_id: UUID, *, lock: bool) -> Block | None:
    """Return a block of any community, or None; as it is now, all of its community held, where it is to be changed."""
    found = db.session.get(Block, block_id)
    if found is None or not lock:
        return found
    hold(found.area_code)
    return db.session.get(Block, block_id, populate_existing=True)
