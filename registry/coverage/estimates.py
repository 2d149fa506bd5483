"""Reading estimates: those in force, and the history of one area and population."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.areas.queries import inside
from registry.coverage.models import Estimate
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.access import Viewer

MOST_SHOWN = 500


def in_force_for(area_code: str, population: str) -> Estimate | None:
    """Return the estimate in force for one 12-digit area and population, or None."""
    rows = select(Estimate).where(Estimate.area_code == area_code, Estimate.population == population)
    return db.session.scalars(rows.where(Estimate.ended_at.is_(None)).order_by(Estimate.id.desc())).first()


def in_force_in(area_codes: Iterable[str]) -> dict[tuple[str, str], Estimate]:
    """Return the estimates in force for these areas: {(12-digit code, population): estimate}, in one query."""
    rows = select(Estimate).where(Estimate.area_code.in_(set(area_codes)), Estimate.ended_at.is_(None))
    return {(each.area_code, each.population): each for each in db.session.scalars(rows)}


def of_area(viewer: Viewer) -> list[Estimate]:
    """Return the estimates in force inside the viewer's area, wider areas first."""
    rows = select(Estimate).where(inside(Estimate.area_code, viewer.prefixes), Estimate.ended_at.is_(None))
    found = db.session.scalars(rows.order_by(Estimate.area_code, Estimate.population).limit(MOST_SHOWN))
    return list(found)


def history(area_code: str, population: str) -> list[Estimate]:
    """Return every estimate of an area and population, the one in force first."""
    rows = select(Estimate).where(Estimate.area_code == area_code, Estimate.population == population)
    return list(db.session.scalars(rows.order_by(Estimate.id.desc()).limit(MOST_SHOWN)))
