"""Reads of how offices perform, as it was counted in the last night: numbers, which only a page may divide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, or_, select

from registry.areas.queries import inside
from registry.database import db
from registry.jobs.queries import last_night
from registry.jobs.service import Reader
from registry.referrals.models import CONFIDENTIAL, Performance
from registry.referrals.performance.counting import CITY, JOB
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from sop.performance import Counts

READER: Final = Reader(frozenset({"performance.counts"}))  # whoever may see no referral may see these numbers


class Counted(NamedTuple):
    """What one office did in one month for one service and the children of one area (12 digits); exact."""

    office_id: UUID
    service: str
    area_code: str
    month: str
    counts: Counts


def services(on: date) -> tuple[str, ...]:
    """Return under what referrals are counted: each ordinary service, then the confidential ones as one."""
    return (*(code for code, service in in_force(on).services.items() if not service.confidential), CONFIDENTIAL)


def is_confidential(service: str) -> bool:
    """Say whether this stands for all confidential services together."""
    return service == CONFIDENTIAL


def of_office(office_id: UUID) -> list[Counted]:
    """Return what an office itself has done, for children anywhere."""
    return list(_read(Performance.office_id == office_id))


def of_area(prefixes: tuple[str, ...]) -> list[Counted]:
    """Return what offices, wherever they are, have done for the children inside these division prefixes.

    Confidential services are counted by county (design 1: public security's statistics stop there), so that nothing
    is said of them to a town.
    """
    cities = {prefix[:CITY] for prefix in prefixes}
    plain = and_(Performance.service != CONFIDENTIAL, inside(Performance.area_code, prefixes))
    sealed = and_(Performance.service == CONFIDENTIAL, inside(Performance.area_code, cities))
    return [each for each in _read(or_(plain, sealed)) if each.area_code.startswith(prefixes)]


def counted_on() -> date | None:
    """Return the day of the night in which the counts were made; None before the first one."""
    return last_night(JOB)


def _read(condition: ColumnElement[bool]) -> Iterator[Counted]:
    columns = Performance.id, Performance.office_id, Performance.service, Performance.area_code, Performance.month
    rows = db.session.execute(select(*columns, Performance.counts_sealed).where(condition)).all()
    opened: Any = Performance.counts.open_each(((row.id.bytes, row.counts_sealed) for row in rows), READER)
    for row, told in zip(rows, opened, strict=True):
        if row.service != CONFIDENTIAL:
            yield Counted(row.office_id, row.service, row.area_code, row.month, told)
            continue
        for area_code, months in told["counts"].items():
            for month, counts in months.items():
                yield Counted(row.office_id, CONFIDENTIAL, area_code, month, counts)
