"""Reading counts: the sums of one level and what was written since, in one statement, so that nothing is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, cast, func, select, union_all

from registry.areas.queries import district, inside
from registry.counts.tallies import LEVELS, columns
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select

    from registry.counts.tallies import Sums

    Rows = list[tuple[Any, ...]]


def read(sums: Sums, prefixes: Iterable[str], digits: int | None, dimensions: tuple[str, ...]) -> Rows:
    """Return (district, *dimensions, n) of everything that counts anything, in order.

    `prefixes`: of the area to be counted; `digits`: of a district, see `areas.queries.district`; `dimensions`: some
    of those of the sums, the others are added up. How much is read depends on the districts and never on how many
    children they have, but for what was written since the last night.
    """
    within = tuple(prefixes)
    level = _level(within, digits)
    parts = union_all(
        _added_up(sums.model, dimensions).where(sums.model.digits == level, inside(sums.model.area_code, within)),
        _added_up(sums.deltas, dimensions).where(inside(sums.deltas.area_code, within)),
    ).subquery()
    area_code, *others, n = parts.c
    keys: list[ColumnElement[Any]] = [district(area_code, digits), *others]  # type: ignore[arg-type]  # as any column
    total = cast(func.sum(n), BigInteger)  # PostgreSQL's sum of sums is no integer
    found = db.session.execute(select(*keys, total).group_by(*keys).having(total != 0).order_by(*keys))
    return [tuple(row) for row in found]


def _added_up(model: Any, dimensions: tuple[str, ...]) -> Select[Any]:  # noqa: ANN401 -- a class of rows
    """Each part by itself first: the sums are read in the order of their key, and few rows are left to be sorted."""
    keys = columns(model, ("area_code", *dimensions))
    return select(*keys, func.sum(model.n).label("n")).group_by(*keys)


def _level(prefixes: tuple[str, ...], digits: int | None) -> int:
    """The coarsest level that is fine enough for the districts, and for the area itself."""
    needed = max([digits or LEVELS[0], *map(len, prefixes)])
    return next(level for level in LEVELS if level >= needed)
