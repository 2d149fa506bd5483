"""Reads of reports of harm: the reporter's own, and those of a protection officer's county. Nobody else finds any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import Role, outside_scope
from registry.areas import queries as areas
from registry.areas.codes import county_of, prefix_of
from registry.database import cut, db
from registry.protection.models import HarmReport, HarmTold

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer
    from registry.areas.queries import Place

ON_A_PAGE = 30
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Content:
    """What a report says. `name` and `area` (12 digits) are those of a child on file when it was written."""

    described: str | None
    name: str | None
    area: str | None
    kinds: tuple[str, ...]
    seen: str
    day: date
    urgency: str
    phoned: tuple[str, ...]
    phoned_how: str | None


@dataclass(frozen=True)
class Report:
    """A report, opened for somebody who may see it. `child_id` is None for a child that is not on file."""

    row: HarmReport
    content: Content
    child_id: UUID | None


@dataclass(frozen=True)
class Page:
    """A page of reports; `after`: the id from which the next one follows, None at the end."""

    reports: list[Report]
    after: UUID | None


def counties(viewer: Viewer) -> list[Place]:
    """Return the counties for which the viewer may report: one, unless the own area is wider than a county."""
    own = areas.place(county_of(viewer.area_code))
    if len(prefix_of(viewer.area_code)) >= COUNTY_DIGITS:
        return [own] if own else []
    below = [one for one in areas.districts_of(viewer.area_code) if one.level == areas.COUNTY]
    return below or ([own] if own else [])


def mine(viewer: Viewer) -> list[HarmReport]:
    """Return what the viewer reported, the latest first; nothing is opened."""
    rows = select(HarmReport).where(_own(viewer)).options(selectinload(HarmReport.told))
    return list(db.session.scalars(rows.order_by(HarmReport.id.desc()).limit(ON_A_PAGE)))


def of_county(viewer: Viewer, *, closed: bool, after: UUID | None) -> Page:
    """Return a page of the reports that a protection officer works on, the latest first, opened."""
    ended = HarmReport.closed_at.is_not(None) if closed else HarmReport.closed_at.is_(None)
    rows = _whole().where(_worked_on_by(viewer), ended)
    if after is not None:
        rows = rows.where(HarmReport.id < after)
    found = db.session.scalars(rows.order_by(HarmReport.id.desc()).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(found, ON_A_PAGE)
    return Page([opened(row, viewer) for row in shown], last.id if last else None)


def one(viewer: Viewer, report_id: UUID) -> Report:
    """Return a report that the viewer wrote or works on; any other is as if absent (404)."""
    seen = or_(_own(viewer), _worked_on_by(viewer))
    return opened(_found(_whole().where(HarmReport.id == report_id, seen)), viewer)


def held(viewer: Viewer, report_id: UUID) -> HarmReport:
    """Return a report that the viewer works on as it is now, locked until the transaction ends; else 404."""
    wanted = select(HarmReport).where(HarmReport.id == report_id, _worked_on_by(viewer))
    return _found(wanted.with_for_update().execution_options(populate_existing=True))


def works_on(viewer: Viewer, report: HarmReport) -> bool:
    """Say whether the viewer is a protection officer of the report's county."""
    return viewer.role is Role.PROTECTION_OFFICER and viewer.covers(report.county)


def opened(row: HarmReport, viewer: Viewer) -> Report:
    """Open a report; whoever calls has seen that the viewer may."""
    kept = cast("dict[str, Any]", row.content.open(viewer))
    child_id = row.child.open(viewer)
    content = Content(
        described=kept["described"],
        name=kept["name"],
        area=kept["area"],
        kinds=tuple(kept["kinds"]),
        seen=kept["seen"],
        day=date.fromisoformat(kept["day"]),
        urgency=kept["urgency"],
        phoned=tuple(kept["phoned"]),
        phoned_how=kept["phoned_how"],
    )
    return Report(row, content, UUID(child_id) if child_id else None)


def _own(viewer: Viewer) -> ColumnElement[bool]:
    """Whoever moved on to another county's post has left these behind."""
    here = areas.scope_prefixes(county_of(viewer.area_code))
    return and_(HarmReport.reporter_id == viewer.user_id, areas.inside(HarmReport.county, here))


def _worked_on_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is not Role.PROTECTION_OFFICER:
        return areas.inside(HarmReport.county, ())
    return areas.inside(HarmReport.county, viewer.prefixes)


def _whole() -> Select[HarmReport]:
    return select(HarmReport).options(
        joinedload(HarmReport.reporter),
        selectinload(HarmReport.told).joinedload(HarmTold.teller),
    )


def _found(rows: Select[HarmReport]) -> HarmReport:
    return db.session.scalars(rows).one_or_none() or outside_scope()
