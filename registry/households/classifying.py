"""What the rules say about each child of an intake: place of hukou, flags with reasons, or why it is outside."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry.areas.queries import current_code
from registry.children.facts import facts
from sop.eligibility import classify
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.households.answers import ChildAnswers, FamilyAnswers, Intake
    from sop.eligibility import Classification, Facts


@dataclass(frozen=True)
class Classified:
    """One child with what follows from the answers. `number` is its place on the page, from 1.

    `issued_in`: present 12-digit code of the county that the ID number begins with, None when unknown.
    """

    number: int
    child: ChildAnswers
    issued_in: str | None
    hukou_code: str | None
    hukou_answer: str
    classification: Classification

    @property
    def outside(self) -> bool:
        """Whether the child is outside every definition: tallied, not kept."""
        return self.classification.outside is not None


def classified(intake: Intake, on: date) -> tuple[Classified, ...]:
    """Return every child of the intake, classified on a day by the SOP in force on it.

    Brothers and sisters share places, and each place is looked up once.
    """
    county_of, family = functools.cache(_county_of), intake.family

    @functools.cache
    def shared(hukou: str | None) -> Facts:
        """What is told alike of all the children with this hukou; the birth is each child's own."""
        return facts(intake.children[0].birth, family.area_code, hukou, family.arrived, family.circumstances)

    found = []
    for number, child in enumerate(intake.children, 1):
        issued_in = county_of(child.read.division) if child.read else None
        hukou, answer = hukou_of(child, family, issued_in)
        classification = classify(in_force(on), replace(shared(hukou), birth=child.birth), on)
        found.append(Classified(number, child, issued_in, hukou, answer, classification))
    return tuple(found)


def hukou_of(child: ChildAnswers, family: FamilyAnswers, issued_in: str | None) -> tuple[str | None, str]:
    """Return the child's area of hukou with its answer: the household's, else the county in the ID number.

    The number names the county where it was first issued (GB 11643), which may have been abolished since: it is
    read as what it has become. A refused answer stays refused. What a child that arrives has on file holds.
    """
    if child.arriving is not None:
        return child.arriving.hukou_code, child.arriving.hukou_answer
    if family.hukou_answer in ("given", "refused") or child.read is None:
        return family.hukou_code, family.hukou_answer
    return (issued_in, "given") if issued_in else (None, family.hukou_answer or "unknown")


def _county_of(division: str) -> str | None:
    return current_code(division + "000000")
