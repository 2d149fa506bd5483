"""Reads of what has climbed to a supervisor: how many, at which offices, which; and how an office stands by service."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, literal, literal_column, select, true, tuple_
from sqlalchemy.orm import joinedload

from registry.areas.codes import ancestors
from registry.areas.queries import inside
from registry.database import db
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.lists.pages import PAGE, Page, page_of, place_of
from registry.referrals.models import CONFIDENTIAL, Referral
from registry.referrals.queries import shown_to_offices
from sop.referral import days_late
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer


@dataclass(frozen=True)
class Chased:
    """What has climbed to a supervisor from one office. `services`: how many of each code, or of CONFIDENTIAL.

    `beyond`: how many of them have climbed further, to a level above; `oldest`: the limit that passed first.
    """

    office_id: UUID
    services: Counter[str]
    beyond: int
    oldest: date

    @property
    def number(self) -> int:
        """How many it is in all."""
        return self.services.total()


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to; None leaves it alone. `service`: a code, or CONFIDENTIAL."""

    office: UUID | None = None
    service: str | None = None


class Line(NamedTuple):
    """How an office stands with a service (a code, or CONFIDENTIAL): open in all, and overdue by working days.

    `late`: in each of the `bands`, and later than those; `oldest`: the limit that passed first, None where none has.
    """

    service: str
    open: int
    late: tuple[int, int, int]
    oldest: date | None


def count_climbed(area_code: str, prefixes: Iterable[str], most: int | None = None) -> int:
    """Count what has climbed to the supervisors of an area, or beyond them; no further than `most`, where it is given.

    `area_code`: 12 digits; `prefixes`: of the divisions inside it, as `areas.queries.scope_prefixes` returns them.
    """
    some = select(literal(1)).where(_climbed(area_code, prefixes)).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def by_office(viewer: Viewer) -> list[Chased]:
    """Return what has climbed to the viewer from each office, the oldest limit first."""
    place, beyond = (Referral.office_id, Referral.office_token), case((Referral.climbed_to != viewer.area_code, 1))
    columns = (func.count().label("number"), func.count(beyond).label("beyond"), func.min(Referral.due_on).label("due"))
    rows = db.session.execute(
        select(*place, Referral.service, *columns).where(_of(viewer)).group_by(*place, Referral.service)
    ).all()
    offices = _offices_behind(viewer) if any(row.office_token for row in rows) else {}
    found: dict[UUID, Chased] = {}
    for row in rows:
        office = row.office_id or offices[row.office_token]
        so_far = found.get(office) or Chased(office, Counter(), 0, row.due)
        services = so_far.services + Counter({row.service: row.number})
        found[office] = Chased(office, services, so_far.beyond + row.beyond, min(so_far.oldest, row.due))
    return sorted(found.values(), key=lambda each: (each.oldest, each.office_id))


def climbed(viewer: Viewer, narrowed: Narrowed, after: str | None = None) -> Page:
    """Return a page of what has climbed to the viewer, the earliest limit first, with child and both offices."""
    place, order = place_of(after), (Referral.due_on, Referral.id)
    further = true() if place is None else tuple_(*order) > place
    # First the ids, then what the page shows: sorting the rows whole would cost many times as much.
    wanted = select(Referral.id).where(_of(viewer), *_narrowing(narrowed), further).order_by(*order).limit(PAGE + 1)
    rows = select(Referral).where(Referral.id.in_(db.session.scalars(wanted).all())).order_by(*order)
    found = db.session.scalars(rows.options(joinedload(Referral.child), joinedload(Referral.from_office))).all()
    confidential.load_offices(found, viewer)
    return page_of(found)


def standing_of(viewer: Viewer, office_id: UUID, on: date) -> list[Line]:
    """Return how an office stands on a day with the referrals of the viewer's own area, by service; counts alone."""
    wanted = confidential.at_office(office_id), Referral.due_on.is_not(None), _inside(viewer.prefixes)
    columns = Referral.service, Referral.due_on, func.count().label("number")
    rows = db.session.execute(select(*columns).where(*wanted).group_by(Referral.service, Referral.due_on)).all()
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    for row in rows:
        counted[row.service][row.due_on] += row.number
    return [_line(service, counted[service], on) for service in sorted(counted, key=_confidential_last)]


def bands(on: date) -> tuple[int, int]:
    """Return up to how many working days late a letter counts together: what the office alone has, then what climbed.

    They are the days after which it climbs to the supervisor, and to the level above, as the version in force has it.
    """
    first, further = in_force(on).referrals.climb_days
    return first, first + further


def _line(service: str, limits: Counter[date], on: date) -> Line:
    calendar, bounds, late = working_calendar(), bands(on), [0, 0, 0]
    passed = {due: number for due, number in limits.items() if due < on}
    for due, number in passed.items():
        late[sum(days_late(calendar, due, on) > bound for bound in bounds)] += number
    return Line(service, limits.total(), (late[0], late[1], late[2]), min(passed, default=None))


def _confidential_last(service: str) -> tuple[bool, str]:
    return service == CONFIDENTIAL, service


def _of(viewer: Viewer) -> ColumnElement[bool]:
    return _climbed(viewer.area_code, viewer.prefixes)


def _climbed(area_code: str, prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Condition on what lies inside an area and has climbed to its level, or to one above it."""
    # Nought is written out: its index is chosen before values are.
    high = Referral.climbed > literal_column("0"), Referral.climbed_to.in_(ancestors(area_code))
    return and_(*high, _inside(prefixes))


def _inside(prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Condition on referrals of these divisions; protected files are as if absent."""
    return and_(inside(Referral.area_code, prefixes), shown_to_offices())


def _narrowing(narrowed: Narrowed) -> Iterator[ColumnElement[bool]]:
    if narrowed.office is not None:
        yield confidential.at_office(narrowed.office)
    if narrowed.service is not None:
        yield Referral.service == narrowed.service


def _offices_behind(viewer: Viewer) -> dict[UUID, UUID]:
    """Return {blind index: office} of what has climbed; one referral is opened for each."""
    number = func.row_number().over(partition_by=Referral.office_token, order_by=Referral.id).label("number")
    ranked = select(Referral.id, number).where(_of(viewer), Referral.office_token.is_not(None)).subquery()
    first = select(Referral).where(Referral.id.in_(select(ranked.c.id).where(ranked.c.number == 1)))
    opened = {each.office_token: confidential.office_id_of(each, viewer) for each in db.session.scalars(first)}
    return {token: office for token, office in opened.items() if token and office}
