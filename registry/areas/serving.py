"""Who serves what where: each division below an area, the office that answers there, and what nobody covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from registry.areas import offices
from registry.areas.codes import ancestors, prefix_of
from registry.areas.models import Area, Office, OfficeService
from registry.areas.queries import COMMUNITY, TOWN, Place, children_of, inside, place
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

Assigned = dict[tuple[str, str], Office]  # by service and 12-digit area code


@dataclass(frozen=True)
class Served:
    """How one service is served in one division.

    `office`: assigned here. `wider`: the one of the area above that answers where nobody is assigned here. Where
    there is neither, `covered` of `leaves` communities (and towns without) below have one of their own.
    """

    office: Office | None
    wider: Office | None
    covered: int
    leaves: int

    @property
    def whole(self) -> bool:
        """Say whether every child who lives here has an office for this service."""
        return self.office is not None or self.wider is not None or (self.leaves > 0 and self.covered == self.leaves)


@dataclass(frozen=True)
class ServedPlace:
    """A division with how each service is served in it."""

    place: Place
    services: dict[str, Served]


def table(area_code: str, services: Iterable[str]) -> list[ServedPlace]:
    """Return the area itself and the divisions one step below it; a constant number of statements."""
    own = place(area_code)
    below = children_of(area_code)
    assigned, leaves = _assigned(area_code), _leaves(area_code)
    codes = tuple(services)
    return [
        ServedPlace(one, {code: _served(one.code, code, assigned, leaves) for code in codes})
        for one in ([own] if own else []) + list(below)
    ]


def answering(area_code: str) -> dict[str, list[UUID]]:
    """Return the open offices that answer somewhere in a 12-digit area, by service."""
    found: dict[str, dict[UUID, None]] = {}
    for (service, _code), office in sorted(_assigned(area_code).items()):
        found.setdefault(service, {})[office.id] = None
    return {service: list(offices) for service, offices in found.items()}


def offices_for(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Office]:
    """Return for each (service, 12-digit code) the office that `queries.office_for` names, if any, in one query."""
    pairs = set(wanted)
    above = {code for _service, area_code in pairs for code in ancestors(area_code)}
    rows = db.session.execute(
        select(Office, OfficeService.service, OfficeService.area_code)
        .join(OfficeService, OfficeService.office_id == Office.id)
        .where(OfficeService.service.in_({service for service, _code in pairs}), OfficeService.area_code.in_(above))
        .where(Office.closed_on.is_(None))
    )
    there = {(service, area_code): office for office, service, area_code in rows}
    deepest = {
        (service, code): next(
            (there[service, one] for one in sorted(ancestors(code), reverse=True) if (service, one) in there), None
        )
        for service, code in pairs
    }
    return {pair: office for pair, office in deepest.items() if office is not None}


def held_offices_for(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Office]:
    """Return the same, for who addresses anything to them: none of these closes before the transaction ends."""
    pairs = set(wanted)
    found = offices_for(pairs)
    while (those := {office.id for office in found.values()}) != offices.held_open(those):
        found = offices_for(pairs)  # one has closed meanwhile: its successor answers
    return found


def held_office_for(service: str, area_code: str) -> Office | None:
    """Return the same for one service where a 12-digit code lies."""
    return held_offices_for([(service, area_code)]).get((service, area_code))


def assigned_office(service: str, area_code: str) -> UUID | None:
    """Return the office that is assigned for a service to exactly this 12-digit area, or None."""
    rows = select(OfficeService.office_id).where(OfficeService.service == service, OfficeService.area_code == area_code)
    return db.session.scalar(rows)


def _assigned(area_code: str) -> Assigned:
    rows = (
        select(OfficeService.service, OfficeService.area_code, Office)
        .join(Office, Office.id == OfficeService.office_id)
        .where(Office.closed_on.is_(None))
        .where(
            or_(
                OfficeService.area_code.in_(ancestors(area_code)),
                inside(OfficeService.area_code, [prefix_of(area_code)]),
            )
        )
    )
    return {(service, code): office for service, code, office in db.session.execute(rows)}


def _leaves(area_code: str) -> list[str]:
    """Return the communities below an area, and the towns that have none on file."""
    rows = select(Area.code, Area.level).where(
        inside(Area.code, [prefix_of(area_code)]), Area.level.in_((TOWN, COMMUNITY)), Area.valid_to.is_(None)
    )
    found = [(row.code, row.level) for row in db.session.execute(rows)]
    filled = {code[:9] for code, level in found if level == COMMUNITY}
    return [code for code, level in found if level == COMMUNITY or code[:9] not in filled]


def _served(code: str, service: str, assigned: Assigned, leaves: list[str]) -> Served:
    above = [assigned[service, each] for each in ancestors(code)[:-1] if (service, each) in assigned]
    mine = [leaf for leaf in leaves if leaf.startswith(prefix_of(code))]
    covered = sum(any((service, each) in assigned for each in ancestors(leaf)) for leaf in mine)
    return Served(assigned.get((service, code)), above[-1] if above else None, covered, len(mine))
