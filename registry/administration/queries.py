"""Reads of administration: the offices of an area with what they serve and who works there, blocks, one of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.access import outside_scope
from registry.accounts import queries as accounts
from registry.areas import offices
from registry.areas import queries as areas
from registry.i18n import language
from registry.referrals.waiting import waiting_at

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Block, Office
    from registry.areas.offices import OfficeFilter
    from registry.areas.queries import Place


@dataclass(frozen=True)
class OfficeRow:
    """An office in the list: its area in words, the services it answers for, its accounts in use."""

    office: Office
    place: str
    services: tuple[str, ...]
    accounts: int


@dataclass(frozen=True)
class OfficePage:
    """One page of the list. `after`: the office from which the next one follows, None on the last one."""

    rows: list[OfficeRow]
    after: UUID | None


@dataclass(frozen=True)
class Hindrances:
    """What stands in the way of closing an office, and what a successor would take over.

    `accounts` in use; `sent`: referrals that it follows. `received`: those that it has to answer, for the services
    `asked`; `served`: (service, area) that it answers for.
    """

    accounts: int
    sent: int
    received: int
    asked: frozenset[str]
    served: list[tuple[str, str]]

    @property
    def final(self) -> bool:
        """Say whether it cannot be closed now, successor or not."""
        return self.accounts > 0

    @property
    def needs_successor(self) -> bool:
        """Say whether there is anything to take over."""
        return bool(self.served) or self.received > 0 or self.sent > 0


def offices_of(viewer: Viewer, wanted: OfficeFilter, after: UUID | None) -> OfficePage:
    """Return a page of the offices of the viewer's area, in a constant number of statements."""
    found, more = offices.page_of(viewer.prefixes, wanted, after)
    places = areas.names_of({office.area_code for office in found}, language())
    ids = [office.id for office in found]
    people, served = accounts.in_use_at(ids), offices.services_by_office(ids)
    rows = [
        OfficeRow(each, places.get(each.area_code, ""), tuple(served.get(each.id, ())), people.get(each.id, 0))
        for each in found
    ]
    return OfficePage(rows, more)


def office_of(viewer: Viewer, office_id: UUID, *, lock: bool = False) -> Office:
    """Return an office of the viewer's area (404); locked as it is now where it is to be changed."""
    office = offices.one(viewer.prefixes, office_id, lock=lock)
    if office is None:
        outside_scope()
    return office


def hindrances(office: Office) -> Hindrances:
    """Return what stands in the way of closing this office."""
    people = accounts.in_use_at([office.id]).get(office.id, 0)
    waiting = waiting_at(office.id)
    return Hindrances(people, waiting.sent, waiting.received, waiting.services, offices.areas_served(office.id))


def place_of(viewer: Viewer, area_code: str | None) -> Place:
    """Return a division of the viewer's area, the whole of it when none is named (404)."""
    code = area_code or viewer.area_code
    place = areas.place(code)
    if place is None or not viewer.covers(code):
        outside_scope()
    return place


def way_to(viewer: Viewer, place: Place) -> list[Place]:
    """Return the divisions from the viewer's area down to this one, both included."""
    return [one for one in areas.path(place.code) if viewer.covers(one.code)] or [place]


def parent_shown(viewer: Viewer, place: Place) -> str:
    """Return the 12-digit code of the page of services on which a division stands in a row."""
    above = way_to(viewer, place)[:-1]
    return above[-1].code if above else place.code


def block_of(viewer: Viewer, block_id: UUID, *, lock: bool = False) -> Block:
    """Return a block of a community in the viewer's area (404); held as it is now where it is to be changed."""
    block = offices.block(block_id, lock=lock)
    if block is None or not viewer.covers(block.area_code):
        outside_scope()
    return block
