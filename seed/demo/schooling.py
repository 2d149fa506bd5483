"""Spells of schooling: as the family told it at registration, and what became of it at the starts of school since."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from registry.children.models import Schooling
from registry.database import uuid7
from seed.demo.changes import add_change
from sop import schooling

if TYPE_CHECKING:
    from uuid import UUID

    from registry.vault.codecs import JsonValue
    from seed.demo.people import Family, Kid
    from seed.demo.world import Rows, World

STAGES = ("none", "kindergarten", "primary", "junior", "senior")  # in the order in which a child comes to them
STARTS = 9  # September


def add_schooling(rows: Rows, world: World, child: UUID, kid: Kid, family: Family) -> None:
    """Add the present spell, and the one before where the child has come to another stage since it was registered."""
    began, before = family.registered_on, _before(world, kid, family.registered_on)
    if before is None:
        rows[Schooling].append(_spell(child, kid.school, began, None))
        return
    year = world.on.year if world.on >= date(world.on.year, STARTS, 1) else world.on.year - 1
    start = date(year, STARTS, 1)
    rows[Schooling].append(_spell(child, before, began, start))
    rows[Schooling].append(_spell(child, kid.school, start, None))
    of, office = ("schooling", rows[Schooling][-1]["id"]), world.places.community(family.community.code)
    was: JsonValue = {"stage": before, "kind": None, "school": None}
    now: JsonValue = {"stage": kid.school, "kind": None, "school": None}
    add_change(rows, world, child, of, "schooling", was, now, "guardian", start, office)


def _before(world: World, kid: Kid, began: date) -> str | None:
    """Return the stage at registration where it was another one, and ended with the last start of school."""
    if kid.school not in STAGES[2:]:
        return None
    year = world.on.year if world.on >= date(world.on.year, STARTS, 1) else world.on.year - 1
    summer = date(year, STARTS - 1, 1)
    if began >= summer:
        return None
    then = schooling.stage(world.sop, schooling.grade(world.sop, kid.birth, summer)) or "kindergarten"
    return then if then != kid.school else None


def _spell(child: UUID, stage: str, begins: date, ends: date | None) -> dict[str, object]:
    return {
        "id": uuid7(),
        "child_id": child,
        "stage": stage,
        "kind_sealed": None,
        "school_sealed": None,
        "from_month": f"{begins:%Y-%m}",
        "to_month": f"{ends:%Y-%m}" if ends else None,
        "told_by": "guardian",
    }
