"""What is known of a child, as the rules that propose referrals look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sop.ledger.cells import folded
from sop.questions import codes_of
from sop.schooling import schooling_needs
from sop.schooling.needs import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sop.content import Sop
    from sop.identity import BirthDate
    from sop.questions import Value
    from sop.schooling import Needs


@dataclass(frozen=True)
class Facts:
    """What is known of a child, as far as rules propose from it.

    `area`: code of the area it lives in. `school`, `certificate`: codes of the lists of those names. `immunisation`:
    how it stands with its vaccines: not_recorded, partly, overdue, due, ask, not_yet or complete. `long_overdue`: a
    dose is more than `overdue_dose_days` over its limit. `arrived`: day of arrival, the last of its month where only
    that is known. `answers`: of the full file by question, as far as they were opened and speak of the present.
    """

    birth: BirthDate
    area: str | None
    school: str
    certificate: str
    immunisation: str = "not_recorded"
    long_overdue: bool = False
    arrived: date | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A child on a day. `sent`: a referral is open already, and what it was sent for does not end by time alone."""

    sop: Sop
    facts: Facts
    on: date
    sent: bool = False

    def said(self, question: str) -> frozenset[str]:
        """Return the codes of an answer of the full file; none where it was not opened."""
        return codes_of(self.facts.answers.get(question))

    def holds(self, question: str) -> bool:
        """Tell whether the answer to a question is among what was opened."""
        return question in self.facts.answers

    @cached_property
    def age(self) -> int:
        """Completed years."""
        return self.facts.birth.age_on(self.on)

    @property
    def is_young(self) -> bool:
        """Under child health management, and born already."""
        return self.facts.birth.earliest <= self.on and self.age < self.sop.referrals.young_below

    @cached_property
    def schooling(self) -> Needs:
        """When it needs a school place, by the one rule that says so (`schooling_needs`).

        The grade of a class is not read: it may be years old, and the stage alone never makes a child over-age.
        """
        facts, status = self.facts, ""
        if facts.school == "none":
            status = self.sop.schooling.statuses.get(folded(next(iter(self.said("not_in_school")), "")), "")
        return schooling_needs(self.sop, facts.birth, facts.school, None, status, self.on, facts.area)

    @property
    def is_placeless(self) -> bool:
        """Of compulsory age and in no school, or known to have left before its end."""
        return self.schooling.needs == NOW
