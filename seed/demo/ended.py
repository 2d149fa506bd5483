"""Files that are no longer on the register: the family left, nobody found it any more, or the child is 16."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from registry.children.models import Child, Episode
from seed.demo.changes import add_change
from sop.eligibility import too_old
from sop.identity import BirthDate, add_months

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from registry.vault.codecs import JsonValue
    from seed.demo.people import Kid
    from seed.demo.world import Rows, World

NOT_FOUND_SHARE = 0.25
# Where families go to that leave for a place that is known, and why they go.
DESTINATIONS = ("320500000000", "310000000000", "330100000000", "440300000000", "341225000000", "321322000000")
REASONS = ("work", "home", "school", "housing", "family")


@dataclass(frozen=True)
class Ending:
    """How a family came off the register: on which day, to which status, where to if that is known, and why."""

    on: date
    status: str
    area: str | None
    reason: str

    @classmethod
    def drawn(cls, random: Random, after: date, until: date) -> Ending:
        """Draw an ending between two days."""
        day = after + timedelta(days=random.randrange(1, max(2, (until - after).days)))
        if random.random() < NOT_FOUND_SHARE:
            return cls(day, "not_found", None, "unknown")
        area = random.choice(DESTINATIONS) if random.random() < 0.6 else None
        return cls(day, "left", area, random.choice(REASONS) if area else "unknown")


def end(rows: Rows, world: World, ending: Ending, kid: Kid) -> None:
    """Let the child that was added last be off the register: aged out where it is 16 by now, else as the family."""
    child, episode = rows[Child][-1], rows[Episode][-1]
    of_child, of_episode = ("child", child["id"]), ("episode", episode["id"])
    if too_old(world.sop, kid.birth, world.on):
        day = add_months(kid.birth.latest, 12 * world.sop.eligibility.age_below)
        child["status"] = "aged_out"
        add_change(rows, world, child["id"], of_child, "status", "registered", "aged_out", "time", day, None)
        return
    office, left = child["registered_by_office"], BirthDate.of(ending.on)
    where: JsonValue = {"area": ending.area} if ending.area else None
    told = (ending.reason, ending.on, office)
    add_change(rows, world, child["id"], of_episode, "status", episode["status"], ending.status, *told)
    add_change(rows, world, child["id"], of_episode, "left", None, left.iso, *told)
    if where:
        add_change(rows, world, child["id"], of_episode, "destination", None, where, *told)
    episode |= {
        "version": 2,
        "status": ending.status,
        "left_sealed": Episode.left.seal_for(episode["id"], left),
        "left_month": left.iso[:7],
        "destination_sealed": Episode.destination.seal_for(episode["id"], where),
    }
