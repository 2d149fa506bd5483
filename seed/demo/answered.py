"""How offices answer in the demonstration: which outcome, why, and what they say beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from seed.demo.histories import Said
from sop import schooling
from sop.identity import BirthDate
from sop.referral import State

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from seed.demo.people import Kid
    from seed.demo.world import World
    from sop.version import Outcome, Service

# What offices answer more often than anything else, by service and kind of outcome.
USUAL = {
    ("education", "solved"): ("11", "11", "11", "12", "13"),
    ("vaccination", "solved"): ("01", "07", "01"),
}
KINDERGARTEN = ("15", "16")
SLIP_SHARE = 0.05  # of answers come back on paper
SCHOOLS = ("星河实验小学", "育英第二小学", "采菱中心小学", "云溪学校", "新塘学校", "朝晖中学")
KINDS = ("public", "public", "private", "migrant")
RESULTS = ("agrees", "agrees", "agrees", "agrees", "differs", "not_found")
UNTIL_SCHOOL = 14  # days


def outcome_of(random: Random, service: Service, kind: str, stage: str = "") -> Outcome:
    """Draw an outcome of a kind: solved, interim or unsolved; `stage`: of the school that the child goes to."""
    if service.code == "education" and kind == "solved" and stage == "kindergarten":
        return service.outcome(random.choice(KINDERGARTEN))
    if codes := USUAL.get((service.code, kind)):
        return service.outcome(random.choice(codes))
    of_kind = [each for each in service.outcomes if each.kind == kind]
    return random.choice([each for each in of_kind if not each.state] or of_kind)


def appointment_of(service: Service) -> Outcome | None:
    """Return the outcome by which this service makes an appointment, where it has one."""
    return next((each for each in service.outcomes if each.state == State.APPOINTED), None)


def said_with(random: Random, world: World, service: Service, outcome: Outcome, kid: Kid, on: date) -> Said:
    """Draw what goes with an outcome: a reason, and what the answer says of school, alternative and items."""
    told: dict[str, Any] = {}
    birth = BirthDate(kid.birth.year, kid.birth.month)
    due = schooling.grade(world.sop, birth, on)
    if outcome.takes:
        told = {"school": random.choice(SCHOOLS), "school_kind": random.choice(KINDS), "grade": max(due, 0)}
        told["begins"] = (on + timedelta(days=random.randint(0, UNTIL_SCHOOL))).isoformat()
        told = {name: value for name, value in told.items() if name in outcome.takes}
    if outcome.alternative and schooling.stage(world.sop, due):
        told["alternative"] = random.choice(outcome.alternative)
    if service.items and outcome.kind == "solved":
        told["items"] = {code: random.choice(RESULTS) for code in service.items}
    reason = random.choice(outcome.reasons) if outcome.reasons else None
    return Said(reason, told or None, random.random() < SLIP_SHARE)
