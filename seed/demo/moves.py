"""Children on the move between the two home communities: claimed, announced, accepted, returned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from registry.access import Role, Viewer, viewer_for
from registry.areas.queries import scope_prefixes
from registry.children.models import Child, Episode
from registry.transfers import service as transfers
from seed.demo.places import CITIES, home_of
from sop.transfer import Basis

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from seed.demo.ids import Ids
    from seed.demo.places import City

RECEIVING, SENDING = CITIES[0], CITIES[3]
CLAIMED_BEFORE = (timedelta(days=18), timedelta(days=9), timedelta(days=5))  # overdue, soon due, and accepted
ANNOUNCED_BEFORE = (timedelta(days=6), timedelta(days=9))  # one waits, one was returned


def load_moves(session: Session, places: Ids, on: date) -> None:
    """Let children of the sending home community be claimed by, and announced to, the receiving one."""
    claimer, keeper = _registrar(places, RECEIVING), _registrar(places, SENDING)
    there, here = home_of(RECEIVING).code, home_of(SENDING).code
    children = _some_children(session, here, len(CLAIMED_BEFORE) + len(ANNOUNCED_BEFORE))
    with current_app.test_request_context():  # verbs note what they met for the page of a request
        for child, before in zip(children, CLAIMED_BEFORE, strict=False):
            claimed = transfers.claim(claimer, child, Basis.CARD, there, on - before)
            if before is CLAIMED_BEFORE[-1]:
                transfers.accept(keeper, claimed.id, claimed.version, on - before + timedelta(days=2))
        for child, before in zip(children[len(CLAIMED_BEFORE) :], ANNOUNCED_BEFORE, strict=False):
            announced = transfers.announce(keeper, child, there, on - before)
            if before is ANNOUNCED_BEFORE[-1]:
                day = on - before + timedelta(days=3)
                transfers.return_(claimer, announced.id, announced.version, "not_found", None, day)
        session.flush()


def _registrar(places: Ids, city: City) -> Viewer:
    home = home_of(city).code
    office = places.community(home)
    return viewer_for(
        user_id=places.staff[office],
        role=Role.REGISTRAR,
        office_id=office,
        area_code=home,
        prefixes=scope_prefixes(home),
        language="zh",
    )


def _some_children(session: Session, area: str, wanted: int) -> list[UUID]:
    at_home = (Episode.area_code == area, Episode.latest, Episode.status == "active", Child.protected.is_(False))
    statement = select(Child.id).join(Child.episodes).where(*at_home).order_by(Child.id).limit(wanted)
    return list(session.scalars(statement))
