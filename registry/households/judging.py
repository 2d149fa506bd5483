"""What the rules say about each child of an intake: place of hukou, flags with reasons, or why it is outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.areas.queries import current_code
from registry.children.facts import facts
from sop.eligibility import classify
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.households.answers import ChildAnswers, FamilyAnswers, Intake
    from sop.eligibility import Classification


@dataclass(frozen=True)
class Judged:
    """One child with what follows from the answers. `number` is its place on the page, from 1."""

    number: int
    child: ChildAnswers
    hukou_code: str | None
    hukou_answer: str
    classification: Classification

    @property
    def outside(self) -> bool:
        """Whether the child is outside every definition: tallied, not kept."""
        return self.classification.outside is not None


def judge(intake: Intake, on: date) -> tuple[Judged, ...]:
    """Return every child of the intake, classified on a day by the SOP in force on it."""
    return tuple(_judged(number, child, intake.family, on) for number, child in enumerate(intake.children, 1))


def _judged(number: int, child: ChildAnswers, family: FamilyAnswers, on: date) -> Judged:
    hukou, answer = hukou_of(child, family)
    told = facts(child.birth, family.area_code, hukou, family.arrived, family.circumstances)
    return Judged(number, child, hukou, answer, classify(in_force(on), told, on))


def hukou_of(child: ChildAnswers, family: FamilyAnswers) -> tuple[str | None, str]:
    """Return the child's area of hukou with its answer: the household's, else the county in the ID number.

    The number names the county where it was first issued (GB 11643), which may have been abolished since: it is
    read as what it has become. A refused answer stays refused.
    """
    if family.hukou_answer in ("given", "refused") or child.read is None:
        return family.hukou_code, family.hukou_answer or "unknown"
    read = division_of(child)
    return (read, "given") if read else (None, "unknown")


def division_of(child: ChildAnswers) -> str | None:
    """Return the present 12-digit code of the county that the ID number begins with, None when unknown."""
    return current_code(child.read.division + "000000") if child.read else None
