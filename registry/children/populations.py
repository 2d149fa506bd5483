"""Counting the children on the register by the populations that estimates are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from registry.areas import queries as areas
from registry.children.models import Child, Episode
from registry.children.queries import registered_in
from registry.database import db
from sop.indicators import POPULATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable


class Counted(NamedTuple):
    """Children of one district (see `areas.queries.district`) who belong to exactly these populations."""

    district: str
    populations: tuple[str, ...]
    number: int


def count_by_population(prefixes: Iterable[str], digits: int | None = None) -> list[Counted]:
    """Count children on the register by district and the populations they belong to; protected files too.

    As `queries.count_registered` counts: each child once, in one statement.
    """
    district = areas.district(Episode.area_code, digits).label("district")
    counted = (
        select(district, *(getattr(Episode, name) for name in POPULATIONS))
        .join(Child, Child.id == Episode.child_id)
        .where(registered_in(prefixes))
        .subquery()
    )
    rows = db.session.execute(select(*counted.c, func.count()).group_by(*counted.c).order_by(*counted.c))
    return [
        Counted(place, tuple(name for name, held in zip(POPULATIONS, flags, strict=True) if held), number)
        for place, *flags, number in rows
    ]
