"""Collects the rows of families, sealed and indexed as the services would make them, and writes them in bulk."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from registry.children.facts import facts
from registry.children.models import (
    Change,
    Child,
    ChildAnswer,
    Episode,
    Guardianship,
    HouseholdAnswer,
    Schooling,
)
from registry.database import uuid7
from registry.doses.models import CourseState, Dose, Immunisation
from registry.households.models import Guardian, Household, NoticeGiven
from registry.matching.models import Match
from registry.protection.models import RiskAssessment
from registry.referrals.models import Referral, ReferralStep
from registry.transfers.models import Transfer, TransferStep
from registry.vault.models import BlindIndex
from registry.visits.models import Visit, VisitedChild
from seed.demo import bulk, full_file
from seed.demo.doses import add_doses
from seed.demo.ended import Ending, end
from seed.demo.files import add_episode, add_guardians, add_identity
from seed.demo.histories import instant_of
from seed.demo.homes import add_home
from seed.demo.moved import Earlier, earlier
from seed.demo.schooling import add_schooling
from seed.demo.services import add_referrals
from seed.demo.visiting import add_visits
from sop.eligibility import classify
from sop.identity import BirthDate

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Connection

    from seed.demo.people import Family, Kid
    from seed.demo.places import City
    from seed.demo.world import Adults, Rows, World
    from sop.eligibility import Classification

TABLES = (
    Household,
    NoticeGiven,
    Guardian,
    Child,
    Episode,
    Guardianship,
    Schooling,
    ChildAnswer,
    HouseholdAnswer,
    BlindIndex,
    Match,
    Referral,
    ReferralStep,
    Transfer,
    TransferStep,
    Visit,
    VisitedChild,
    RiskAssessment,
    Change,
    Dose,
    Immunisation,
    CourseState,
)
MISTYPED_SHARE = 0.003
UNPACKED = 3  # days after arriving, a family that was known elsewhere is on the register


class Writer:
    """Collects the rows of one city. `children`: how many on the register it made so far, `ended`: how many others."""

    def __init__(self, world: World, random: Random, city: City) -> None:
        self.world, self.random, self.city = world, random, city
        self.rows: Rows = defaultdict(list)
        self.children = self.ended = 0
        self.last: tuple[UUID, str] | None = None  # the child before with a number
        # Of its own: who is invented does not depend on what was asked for whom.
        self.asking = Random(f"services {world.on} {city.name} {random.random()}")

    def add(self, family: Family, most: int) -> None:
        """Add a household with its guardians and at most so many children, who are on the register.

        A child outside every definition is left out.
        """
        before = earlier(self.random, self.city, family)
        if before:
            family = replace(family, arrived=BirthDate.of(family.registered_on - timedelta(days=UNPACKED)))
        kept = self._kept(family, self.world.on)[:most]
        if not kept:
            return
        past = self._past(before, family) if before else None
        household, adults = add_home(self.rows, self.world, family)
        kids, answers = [], full_file.drawn(self.asking, self.world, [kid for kid, _decision in kept])
        for (told, decision), own in zip(kept, answers.own, strict=True):
            kid = self._mistyped(told)
            kids.append(child := self._child(kid, decision, family, household, adults, past))
            full_file.add_answers(self.rows, self.world, child, own, family)
            known = own | answers.shared
            add_referrals(self.rows, self.world, self.asking, child, kid, family, known)
        full_file.add_household_answers(self.rows, self.world, household, kids, answers.shared, family)
        self.children += len(kept)

    def add_ended(self, family: Family, then: date, most: int) -> None:
        """Add a household that was on the register on an earlier day, and how it came off it since."""
        kept = self._kept(family, then)[:most]
        if not kept:
            return
        household, adults = add_home(self.rows, self.world, family)
        ending = Ending.drawn(self.random, then, self.world.on)
        for kid, decision in kept:
            self._child(kid, decision, family, household, adults)
            end(self.rows, self.world, ending, kid)
        self.ended += len(kept)

    def write(self, connection: Connection) -> None:
        """Insert what was collected, and forget it."""
        add_visits(self.rows, self.world)
        add_doses(self.rows, self.world, f"{self.city.name} {self.children} {self.ended}")
        bulk.write(connection, self.rows, TABLES)
        self.rows.clear()

    def _child(
        self,
        kid: Kid,
        decision: Classification,
        family: Family,
        household: UUID,
        adults: Adults,
        past: Earlier | None = None,
    ) -> UUID:
        child = add_identity(self.rows, self.world, self.random, kid, family)
        if kid.id_number:
            self._match(child, kid.id_number, family)
            self.last = child, kid.id_number
        flags = [flag.code for flag in decision.flags]
        before = past.add_episode(self.rows, self.world, self.rows[Child][-1], flags) if past else None
        now = add_episode(self.rows, self.world, child, kid, family, household, self.city.side, decision)
        if past and before:
            past.add_arrival(self.rows, self.world, child, before, now)
        add_guardians(self.rows, child, adults)
        add_schooling(self.rows, self.world, child, kid, family)
        return child

    def _past(self, before: tuple[City, Family], now: Family) -> Earlier:
        city, family = before
        household, adults = add_home(self.rows, self.world, family)
        return Earlier(family, city.side, household, adults, now)

    def _kept(self, family: Family, on: date) -> list[tuple[Kid, Classification]]:
        decided = ((kid, self._classified(kid, family, on)) for kid in family.kids)
        return [(kid, decision) for kid, decision in decided if not decision.outside]

    def _classified(self, kid: Kid, family: Family, on: date) -> Classification:
        """Judge as for a file, but for former counties: what they became lies as far away, and is not looked up."""
        circumstances = family.circumstances | {"away_area": None}
        told = facts(kid.birth, family.community.code, None, family.arrived, circumstances)
        told = replace(told, hukou=kid.hukou, away_area=family.circumstances.get("away_area"))
        return classify(self.world.sop, told, on)

    def _mistyped(self, kid: Kid) -> Kid:
        """Now and then somebody types the number of the child before: two files, and a match to decide."""
        if kid.id_number and self.last and self.random.random() < MISTYPED_SHARE:
            return replace(kid, id_number=self.last[1])
        return kid

    def _match(self, child: UUID, number: str, family: Family) -> None:
        if self.last and self.last[1] == number:
            self.rows[Match].append(
                {
                    "id": uuid7(),
                    "child_id": child,
                    "other_child_id": self.last[0],
                    "area_code": family.community.code,
                    "reason": "same_number",
                    "protected": False,
                    "raised_at": instant_of(family.registered_on),
                }
            )
