"""Overdue referrals climb: each night to the supervisor of the place, later to the supervisor of the level above."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from registry.access import Role
from registry.accounts.queries import offices_with
from registry.areas.codes import level_of, prefix_of
from registry.areas.queries import COUNTY, TOWN, scope_prefixes
from registry.database import db
from registry.jobs.service import Batch
from registry.referrals.calendar import working_calendar
from registry.referrals.holding import in_order
from registry.referrals.models import CONFIDENTIAL, Referral
from registry.referrals.queries import is_overdue
from sop.referral import climbed
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select

    from sop.version import Service

CLOCKS: Final = "referral-clocks"
BATCH: Final = 1000
CITY: Final = COUNTY - 1
COLUMNS: Final = (
    *(Referral.id, Referral.area_code, Referral.service, Referral.sop_version),
    *(Referral.due_on, Referral.climbed, Referral.climbed_to),
)


class Ladder:
    """The areas whose supervisors chase: towns, counties and cities, each with the places that it covers."""

    def __init__(self, areas: Iterable[str]) -> None:
        """`areas`: 12-digit codes of the offices where somebody supervises; a community's or province's is no step."""
        self._by_prefix: dict[str, list[str]] = defaultdict(list)
        for area in sorted({each for each in areas if CITY <= level_of(each) <= TOWN}):
            for prefix in scope_prefixes(area):
                self._by_prefix[prefix].append(area)
        self._steps: dict[str, tuple[str, ...]] = {}

    def steps(self, place: str) -> tuple[str, ...]:
        """Return the areas that cover a 12-digit place, the smallest first."""
        if place not in self._steps:
            found = {area for end in range(len(place) + 1) for area in self._by_prefix.get(place[:end], ())}
            self._steps[place] = tuple(sorted(found, key=lambda area: len(prefix_of(area)), reverse=True))
        return self._steps[place]

    def step(self, place: str, height: int) -> str | None:
        """Return the area of the first step from a place, or of the one above; the last where there is no other."""
        steps = self.steps(place)[:height]
        return steps[-1] if steps else None


def climb(on: date, after: UUID | None) -> Batch:
    """Let what is overdue on a day stand where it belongs: nightly work, a batch of referrals by their ids.

    It asks how long each has been overdue, never what changed: a missed night loses nothing, and whoever has become
    supervisor or is one no longer is taken account of. Nothing climbs down: with a new limit a move begins anew.
    Registered by `messages`, which follow it.
    """
    ids = db.session.scalars(_overdue(on, after)).all()
    # Held until they are written: what an office answers meanwhile waits, and climbs no more.
    held = in_order(select(*COLUMNS).where(Referral.id.in_(ids), is_overdue(on)), Referral)
    rows = db.session.execute(held).all()
    ladder, height_of = Ladder(office.area_code for office in offices_with(Role.SUPERVISOR)), _heights(on)
    moves: dict[tuple[int, str | None], list[UUID]] = defaultdict(list)
    for row in rows:
        height = max(row.climbed, height_of(row.sop_version, row.service, row.due_on))
        to = ladder.step(row.area_code, height)
        if (height, to) != (row.climbed, row.climbed_to):
            moves[height, to].append(row.id)
    for (height, to), those in moves.items():
        db.session.execute(update(Referral).where(Referral.id.in_(those)).values(climbed=height, climbed_to=to))
    return Batch(sum(map(len, moves.values())), ids[-1] if len(ids) == BATCH else None)


def _overdue(on: date, after: UUID | None) -> Select[UUID]:
    """Return a batch of them, in the order of the round."""
    rows = select(Referral.id).where(is_overdue(on)).order_by(Referral.id).limit(BATCH)
    return rows.where(Referral.id > after) if after else rows


def _heights(on: date) -> Callable[[str, str, date], int]:
    """Return a function that says how high it stands: `(version, service, due)`, each reckoned once."""
    calendar = working_calendar()

    @cache
    def height(version: str, service: str, due: date) -> int:
        return climbed(_service(version, service), due, on, calendar)

    return height


def _service(version: str, code: str) -> Service:
    """Return a service; of the confidential ones any, for all climb alike: their plain dates must not tell which."""
    services = load(version).services
    if code != CONFIDENTIAL:
        return services[code]
    return next(each for each in services.values() if each.confidential)
