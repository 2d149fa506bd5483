"""Visits that were made before today: most families were seen within the month, some a while ago, new ones not yet."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from registry.children.models import Episode
from registry.database import uuid7
from registry.households.models import Household
from registry.visits.models import Visit, VisitedChild
from seed.demo.histories import instant_of
from sop.visits import Standing, family_due

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from seed.demo.ids import Ids
    from sop.version import Sop

Rows = dict[type, list[dict[str, Any]]]
SEEN, PHONED, NOBODY = "seen", "phoned", "nobody"
LONGEST_AGO = 33  # days; a little more than a month, so that some families are late
PHONED_SHARE, NOBODY_SHARE = 0.2, 0.08


def add_visits(rows: Rows, places: Ids, sop: Sop, on: date) -> None:
    """Add to the rows of new households the last visit to each, and the day of the next one."""
    random = Random(f"{on} {len(rows[Household])}")  # of its own: who is invented does not depend on visits
    kids: dict[UUID, list[UUID]] = defaultdict(list)
    for episode in rows[Episode]:
        kids[episode["household_id"]].append(episode["child_id"])
    for home in rows[Household]:
        last = on - timedelta(days=random.randint(0, LONGEST_AGO))
        phoned, nobody = random.random() < PHONED_SHARE, random.random() < NOBODY_SHARE
        visited = last if last > home["registered_on"] else None
        standing = Standing(home["registered_on"], contact=visited)
        home["visited_on"], home["visit_due"] = visited, family_due(sop.visits, [standing])
        if visited is not None:
            _visit(rows, places, home, kids[home["id"]], visited, PHONED if phoned else SEEN)
            if nobody and visited < on:
                _visit(rows, places, home, kids[home["id"]], on - timedelta(days=1), NOBODY)


def _visit(rows: Rows, places: Ids, home: dict[str, Any], kids: list[UUID], on: date, outcome: str) -> None:
    visit = uuid7()
    rows[Visit].append(
        {
            "id": visit,
            "household_id": home["id"],
            "made_on": on,
            "made_at": instant_of(on),
            "user_id": places.staff[home["office_id"]],
            "office_id": home["office_id"],
            "outcome": outcome,
            "unchanged": outcome != NOBODY,
        }
    )
    rows[VisitedChild] += [{"id": uuid7(), "visit_id": visit, "child_id": kid, "seen": outcome == SEEN} for kid in kids]
