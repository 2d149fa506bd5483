"""Visits that were made before today: most families were seen within the month, some a while ago, new ones not yet."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from registry.children.models import Child, Episode
from registry.database import uuid7
from registry.households.models import Household
from registry.visits.models import Visit, VisitedChild
from seed.demo.histories import instant_of
from seed.demo.risks import add_judgement, drawn, risk_of
from sop.status import ON_THE_REGISTER
from sop.visits import Standing, family_due, months_between_visits

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from seed.demo.world import Rows, World
    from sop.protection import Risk

SEEN, PHONED, NOBODY = "seen", "phoned", "nobody"
LONGEST_AGO = 33  # days for each month between two visits; a little more, so that some families are late
PHONED_SHARE, NOBODY_SHARE = 0.2, 0.08


def add_visits(rows: Rows, world: World) -> None:
    """Add to the rows of new households on the register the last visit to each, what was judged, and the next day."""
    random = Random(f"{world.on} {len(rows[Household])}")  # of its own: who is invented does not depend on visits
    kids, sides = _present(rows)
    for home in rows[Household]:
        if home["id"] in kids:
            _add_last(rows, world, random, home, kids[home["id"]], sides[home["id"]])


def _present(rows: Rows) -> tuple[dict[UUID, list[UUID]], dict[UUID, str]]:
    """Return the children of each household on the register, and its side."""
    grown = {child["id"] for child in rows[Child] if child["status"] != "registered"}
    kids: dict[UUID, list[UUID]] = defaultdict(list)
    sides = {}
    for episode in rows[Episode]:
        if episode["status"] in ON_THE_REGISTER and episode["child_id"] not in grown:
            kids[episode["household_id"]].append(episode["child_id"])
            sides[episode["household_id"]] = episode["side"]
    return kids, sides


def _add_last(rows: Rows, world: World, random: Random, home: dict[str, Any], kids: list[UUID], side: str) -> None:
    found, since, rules = drawn(random, side, len(kids)), home["registered_on"], world.sop.visits
    risks = [risk_of(world, finding) for finding in found]
    months = [months_between_visits(rules, risk.level, must_be_seen=risk.must_be_seen) for risk in risks]
    last = world.on - timedelta(days=random.randint(0, LONGEST_AGO * min(months, default=1)))
    phoned, nobody = random.random() < PHONED_SHARE, random.random() < NOBODY_SHARE
    visited = last if last > since else None
    standings = [Standing(since, contact=visited)]
    if visited is not None:
        _visit(rows, world, home, kids, visited, PHONED if phoned and not found else SEEN)
        if nobody and visited < world.on:
            _visit(rows, world, home, kids, world.on - timedelta(days=1), NOBODY)
        for kid, finding in zip(kids, found, strict=False):
            add_judgement(rows, world, finding, kid, home["office_id"], visited)
        standings = [_standing(since, visited, risk) for risk in risks] or standings
    home["visited_on"], home["visit_due"] = visited, family_due(rules, standings)


def _standing(since: date, on: date, risk: Risk) -> Standing:
    """Stand as one who was seen and judged on a day."""
    return Standing(since, contact=on, seen=on, level=risk.level, judged=on, must_be_seen=risk.must_be_seen)


def _visit(rows: Rows, world: World, home: dict[str, Any], kids: list[UUID], on: date, outcome: str) -> None:
    visit = uuid7()
    rows[Visit].append(
        {
            "id": visit,
            "household_id": home["id"],
            "made_on": on,
            "made_at": instant_of(on),
            "user_id": world.places.staff[home["office_id"]],
            "office_id": home["office_id"],
            "outcome": outcome,
            "unchanged": outcome != NOBODY,
        }
    )
    rows[VisitedChild] += [{"id": uuid7(), "visit_id": visit, "child_id": kid, "seen": outcome == SEEN} for kid in kids]
