"""Families that lived elsewhere before: the episode that ended there, and the transfer that brought the children."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from registry.areas.codes import full
from registry.children.models import Episode
from registry.database import uuid7
from registry.households.answers import FamilyAnswers, GuardianAnswers
from registry.transfers.models import Transfer, TransferStep
from seed.demo import names
from seed.demo.changes import add_change
from seed.demo.files import add_guardians, episode_row
from seed.demo.histories import instant_of
from seed.demo.places import CITIES, COUNTY, TOWN, communities
from sop.identity import BirthDate
from sop.transfer import answer_by, arrive_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from random import Random
    from uuid import UUID

    from seed.demo.people import Family
    from seed.demo.places import City, Community
    from seed.demo.world import Adults, Rows, World

MOVED_SHARE = 0.06
SHORTEST, LONGEST = 90, 600  # days that the family was on the register there
CLAIMED_BEFORE, ACCEPTED_BEFORE = 9, 4  # days before the arrival
ARRIVED = "arrived"
MIGRANT = frozenset({"migrant_monitoring", "migrant_statistical", "unaccompanied"})


@dataclass(frozen=True)
class Earlier:
    """Where a family lived before, and on which side; its household there, and who cared for the children."""

    family: Family
    side: str
    household: UUID
    adults: Adults
    arrived: Family

    @property
    def _left(self) -> BirthDate:
        """The day on which the family left there: that on which it came here."""
        return self.arrived.arrived or BirthDate.of(self.arrived.registered_on)

    def add_episode(self, rows: Rows, world: World, child: dict[str, Any], held: Iterable[str]) -> UUID:
        """Add the episode of a child there, with who cared for it; returns its id.

        `child`: its row, which was made there. `held`: its flags where it lives now. Comes before the present
        episode: ids tell the order.
        """
        left, here = self._left, self.arrived.community.code
        flags = {"left_behind"} if self.side == "sending" else MIGRANT & set(held)
        row = episode_row(world, child["id"], self.family, self.household, self.side, flags)
        episode: UUID = row["id"]
        rows[Episode].append(
            row
            | {
                "version": 2,
                "status": "left",
                "latest": False,
                "left_sealed": Episode.left.seal_for(episode, left),
                "left_month": left.iso[:7],
                "destination_sealed": Episode.destination.seal_for(episode, {"area": here}),
            }
        )
        add_guardians(rows, child["id"], self.adults, left.iso[:7])
        child["registered_at"] = instant_of(self.family.registered_on)
        child["registered_by_office"] = world.places.community(self.family.community.code)
        return episode

    def add_arrival(self, rows: Rows, world: World, child: UUID, before: UUID, now: UUID) -> None:
        """Add how a child came here: its transfer, and what its history says. `before`, `now`: its episodes."""
        on, here = self.arrived.registered_on, self.arrived.community.code
        told = (ARRIVED, on, world.places.community(here))
        there = ("episode", before)
        add_change(rows, world, child, there, "status", "active", "left", *told)
        add_change(rows, world, child, there, "left", None, self._left.iso, *told)
        add_change(rows, world, child, there, "destination", None, {"area": here}, *told)
        add_change(rows, world, child, ("episode", now), "area", self.family.community.code, here, *told)
        self._transfer(rows, world, child)

    def _transfer(self, rows: Rows, world: World, child: UUID) -> None:
        places, arrived = world.places, self.arrived.registered_on
        sending = places.community(self.family.community.code)
        receiving = places.community(self.arrived.community.code)
        claimed, accepted = (arrived - timedelta(days=days) for days in (CLAIMED_BEFORE, ACCEPTED_BEFORE))
        rows[Transfer].append(
            {
                "id": uuid7(),
                "version": 3,
                "child_id": child,
                "begun_by": "receiving",
                "basis": "card",
                "state": "arrived",
                "from_area": self.family.community.code,
                "from_office_id": sending,
                "to_area": self.arrived.community.code,
                "to_office_id": receiving,
                "opened_on": claimed,
                "opened_by": places.staff[receiving],
                "answer_by": answer_by(world.sop.transfers, claimed, world.calendar),
                "accepted_on": accepted,
                "arrive_by": arrive_by(world.sop.transfers, accepted),
                "ended_on": arrived,
                "sop_version": world.sop.version,
            }
        )
        self._steps(rows, world, rows[Transfer][-1])

    def _steps(self, rows: Rows, world: World, transfer: dict[str, Any]) -> None:
        sending, receiving = transfer["from_office_id"], transfer["to_office_id"]
        steps = (
            (transfer["opened_on"], receiving, "receiving", "claim", "claimed"),
            (transfer["accepted_on"], sending, "sending", "accept", "accepted"),
            (transfer["ended_on"], receiving, "receiving", "arrive", "arrived"),
        )
        rows[TransferStep] += [
            {
                "id": uuid7(),
                "transfer_id": transfer["id"],
                "child_id": transfer["child_id"],
                "at": instant_of(on),
                "user_id": world.places.staff[office],
                "office_id": office,
                "side": side,
                "move": move,
                "state": state,
            }
            for on, office, side, move, state in steps
        ]


def earlier(random: Random, city: City, family: Family) -> tuple[City, Family] | None:
    """Now and then return where a family was on the register before; None where it is for the first time.

    Children of Shuyang were left behind there; others lived in another township of the same city.
    """
    began = family.registered_on - timedelta(days=random.randint(SHORTEST, LONGEST))
    born = max(kid.birth.latest for kid in family.kids)
    if random.random() >= MOVED_SHARE or city.side == "sending" or born >= began:
        return None
    county = (family.kids[0].hukou or "unknown")[:COUNTY]
    home = next((one for one in CITIES if one.side == "sending" and county in one.counties), None)
    if home is not None:
        villages = [one for one in communities(home) if one.code.startswith(county)]
        return home, _left_behind(random, family, random.choice(villages), began)
    town = family.community.code[:TOWN]
    places = [one for one in communities(city) if one.code.startswith(city.counties) and not one.code.startswith(town)]
    arrived = BirthDate.of(began - timedelta(days=random.randint(5, 200)))
    return city, replace(_at(random, family, random.choice(places), began), arrived=arrived)


def _at(random: Random, family: Family, place: Community, began: date) -> Family:
    """Return the family as it was registered at an earlier place."""
    block = random.randrange(len(place.blocks)) if place.blocks else None
    return replace(family, community=place, block=block, address=f"{random.randint(1, 240)}号", registered_on=began)


def _left_behind(random: Random, family: Family, village: Community, began: date) -> Family:
    """The children stayed with a grandmother or a grandfather while both parents worked away."""
    female = random.random() < 0.6
    name, relation = names.adult(random, female=female), "62" if female else "61"
    carer = GuardianAnswers(name, "given", relation, None, "unknown", "yes")
    told = FamilyAnswers(
        village.code,
        None,
        None,
        "given",
        None,
        "unknown",
        "unknown",
        (carer,),
        who_away="both",
        away_since=BirthDate.of(began - timedelta(days=random.randint(200, 900))),
        away_since_answer="given",
        away_area=full(family.community.code[:4]),
        away_area_answer="given",
        boarding="no",
    )
    there = _at(random, family, village, began)
    return replace(there, adults=(carer,), arrived=None, circumstances=told.circumstances)
