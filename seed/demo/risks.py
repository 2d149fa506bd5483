"""Assessments of a child's care: few families were judged, and for half of these something must be looked after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.database import uuid7
from registry.protection.models import RiskAssessment
from registry.vault.evening import evened
from seed.demo.histories import instant_of

if TYPE_CHECKING:
    from datetime import date
    from random import Random
    from uuid import UUID

    from seed.demo.world import Rows, World
    from sop.protection import Risk

JUDGED = {"sending": 0.14, "receiving": 0.06}  # of families that were visited, by side
Finding = tuple[str, str, tuple[str, ...]]  # codes of guardianship, assessment and key-care categories
CALM: tuple[Finding, ...] = (("good", "good", ()), ("fair", "fair", ()))
CONCERNS: tuple[Finding, ...] = (
    ("entrusted_weak", "fair", ()),
    ("entrusted_weak", "fair", ("care_missing",)),
    ("good", "fair", ("poverty",)),
    ("fair", "good", ("disability",)),
    ("fair", "fair", ("poverty", "behaviour")),
    ("parent_unable", "poor", ("care_missing",)),
    ("none", "poor", ("care_missing", "asks_help")),
)
WEIGHTS = (6, 2, 6, 4, 1, 2, 1)
CALM_SHARE = 0.5
OF_ALL = frozenset({"entrusted_weak", "parent_unable", "none"})  # is so of every child of a family


def drawn(random: Random, side: str, children: int) -> list[Finding]:
    """Draw what was found of each child of a family; nothing for most families, which nobody has judged yet."""
    if random.random() >= JUDGED[side]:
        return []
    if random.random() < CALM_SHARE:
        return [random.choice(CALM)] * children
    first = random.choices(CONCERNS, WEIGHTS)[0]
    return [first, *[first if first[0] in OF_ALL else CALM[0]] * (children - 1)]


def risk_of(world: World, finding: Finding) -> Risk:
    """Return what follows from what was found."""
    return world.sop.protection.risk(*finding)


def add_judgement(rows: Rows, world: World, finding: Finding, child: UUID, office: UUID, on: date) -> None:
    """Add what was found of a child at a visit on a day."""
    row, (guardianship, assessment, categories) = uuid7(), finding
    answers = evened(
        {"guardianship": guardianship, "assessment": assessment, "categories": list(categories), "note": None}
    )
    rows[RiskAssessment].append(
        {
            "id": row,
            "child_id": child,
            "made_on": on,
            "made_at": instant_of(on),
            "user_id": world.places.staff[office],
            "office_id": office,
            "latest": True,
            "answers_sealed": RiskAssessment.answers.seal_for(row, answers),
            "sop_version": world.sop.version,
        }
    )
