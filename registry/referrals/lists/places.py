"""The places of which an office has something to answer: found by leaping from one to the next, however many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, literal, select

from registry.areas.codes import LENGTH, TOWNSHIP, full
from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Referral

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, ScalarSelect

    from registry.access import Viewer

PAST_ALL: Final = "9" * LENGTH


def towns_of(viewer: Viewer) -> list[str]:
    """Return the 12-digit towns of the children whom the viewer's office has to answer for, in order.

    One short look into an index for each town, and for each of the two desks.
    """
    return sorted({full(code[:TOWNSHIP]) for code in _leap(viewer, TOWNSHIP, "", PAST_ALL)})


def communities_of(viewer: Viewer, town: str) -> list[str]:
    """Return the 12-digit communities of a town, likewise."""
    return sorted(set(_leap(viewer, LENGTH, town, f"{town[:TOWNSHIP]}999")))


def town_of(area: str) -> str:
    """Return the 12-digit town of a town or community."""
    return full(area[:TOWNSHIP])


def _leap(viewer: Viewer, digits: int, first: str, last: str) -> list[str]:
    found: list[str] = []
    for desk in confidential.desks_of(viewer.office_id):
        steps = select(_next(desk, literal(first), last).label("code")).cte(recursive=True)
        past = func.substr(steps.c.code, 1, digits).concat("9" * (LENGTH - digits))
        steps = steps.union_all(select(_next(desk, past, last)).where(steps.c.code.is_not(None)))
        found += db.session.scalars(select(steps.c.code).where(steps.c.code.is_not(None)))
    return found


def _next(desk: ColumnElement[bool], past: ColumnElement[str], last: str) -> ScalarSelect[str]:
    """Return the first code after another one."""
    there = desk, Referral.due_on.is_not(None), Referral.area_code > past, Referral.area_code <= last
    return select(func.min(Referral.area_code)).where(*there).scalar_subquery()
