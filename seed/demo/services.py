"""Referrals of a child: for what it needs today, for what its family asked, and some that were solved before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from registry.children.models import Schooling
from registry.referrals.models import Referral, ReferralStep
from seed.demo.courses import Course
from seed.demo.referring import referral_rows
from sop.content import Reason
from sop.referral import ASKED, Facts, State, propose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random
    from uuid import UUID

    from seed.demo.histories import History
    from seed.demo.people import Family, Kid
    from seed.demo.world import Rows, World
    from sop.questions import Value

SENT_SHARE = 0.85  # of needs
# Of children without a need: somebody solved it earlier.
SOLVED_SHARE = {
    **dict.fromkeys(("education", "vaccination"), 0.16),
    **dict.fromkeys(("health_check", "medical_insurance"), 0.02),
    **dict.fromkeys(("birth_certificate", "community_centre"), 0.01),
    **dict.fromkeys(("identity", "disability", "social_assistance"), 0.004),
    **dict.fromkeys(("legal_aid", "non_formal_education"), 0.002),
}
# Of all children: no rule proposes these, the family or an office asked for them. Where somebody signs in more ask
# for what is rare, so that every office that signs in has something to do.
ASKED_SHARE = {"community_centre": 0.012, "legal_aid": 0.003}
RARE = (
    "birth_certificate",
    "identity",
    "disability",
    "social_assistance",
    "legal_aid",
    "community_centre",
    "non_formal_education",
)
AT_HOME_SHARE = 0.06
AT_SCHOOL = ("kindergarten", "primary", "junior")
YOUNG, GROWN = 7, 14  # years: who is called for a health check, and who may be too old for school


def add_referrals(
    rows: Rows, world: World, random: Random, child: UUID, kid: Kid, family: Family, answers: Mapping[str, Value]
) -> None:
    """Add what was asked of offices for the child that was added last; what one answered of its school, it told.

    `answers`: of the full file, as far as they were told.
    """
    for history, reasons in _histories(world, random, kid, family, answers):
        referral, steps = referral_rows(world, history, reasons, child, kid, family.community.code)
        rows[Referral].append(referral)
        rows[ReferralStep] += steps
        if history.service.code == "education" and history.state is State.CLOSED and kid.school != "none":
            _told_by_office(rows[Schooling][-1], history)


def _told_by_office(spell: dict[str, Any], history: History) -> None:
    told, outcome = history.steps[-1].details or {}, history.outcome
    kind = (outcome.writes.get("schooling_kind") if outcome else None) or told.get("school_kind")
    spell |= {
        "told_by": "office",
        "kind_sealed": Schooling.kind.seal_for(spell["id"], kind),
        "school_sealed": Schooling.school.seal_for(spell["id"], told.get("school")),
    }


def _histories(
    world: World, random: Random, kid: Kid, family: Family, answers: Mapping[str, Value]
) -> Iterator[tuple[History, list[Reason]]]:
    arrived = family.arrived.latest if family.arrived else None
    facts = Facts(kid.birth, family.community.code, kid.school, kid.certificate, arrived=arrived, answers=answers)
    asked = ASKED_SHARE | (dict.fromkeys(RARE, AT_HOME_SHARE) if family.community in world.homes else {})
    needs = {each.service: each for each in propose(world.sop, facts, world.on)}
    for code, service in world.sop.services.items():
        course = partial(Course, world, random, service, kid, family)
        if code in needs:
            if random.random() < SENT_SHARE:
                yield course().still_open(), list(needs[code].reasons)
        elif random.random() < asked.get(code, 0):
            yield course().still_open(), [Reason(ASKED, {})]
        elif random.random() < SOLVED_SHARE[code] and _may_be_solved(world, code, kid):
            yield course().solved(), []


def _may_be_solved(world: World, code: str, kid: Kid) -> bool:
    """Say whether what the file tells today may come from an answer of this service."""
    fitting = {
        "education": kid.school in AT_SCHOOL,
        "vaccination": kid.certificate == "seen",
        "health_check": kid.birth.age_on(world.on) < YOUNG,
        "non_formal_education": kid.birth.age_on(world.on) >= GROWN,
    }
    return fitting.get(code, True)
