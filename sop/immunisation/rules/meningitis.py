"""Meningococcal A, then A and C; a conjugate vaccine counts for the one or the other by age (domain 4.2, 4.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.rules.plain import Plain, Step, limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Dose, Vaccine

GROUP_A: Final = "MPSV-A"
BOTH: Final = 2  # doses of group A
LOST: Final = "aged_out"  # the standing of group A once its next dose cannot be given any more


class GroupA(Plain):
    """Group A up to its latest age; the conjugate vaccine counts for it below that age only."""

    ROUTES: ClassVar = {GROUP_A: BOTH}

    def own(self, history: History) -> Mapping[date, list[Vaccine]]:
        """Return group A at any age, the conjugate vaccine below the latest age."""
        until = history.age(self.latest_age)
        return {
            day: [vaccine for vaccine in given if day < until or vaccine.code == GROUP_A]
            for day, given in super().own(history).items()
        }

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse group A from its latest age on."""
        if day >= history.age(self.latest_age):
            return "wrong_product"
        return super().refusal(history, valid, vaccine, day)


class GroupAc(Plain):
    """Groups A and C: when the first dose may be given depends on the valid doses of group A before it."""

    NUMBERS: ClassVar = {"from_age": "span", "after_one": "span", "after_both": "span"}
    ROUTES: ClassVar = {"MPSV-AC": 2}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        super().__init__(table)
        self.vaccine = self.doses[0].vaccine
        self.from_age = table.span("from_age")
        first = self.doses[0]
        self.after_both = replace(first, interval=table.span("after_both"))
        self.early = replace(
            first, minimum_age=self.from_age, recommended_age=self.from_age, interval=table.span("after_one")
        )

    def own(self, history: History) -> Mapping[date, list[Vaccine]]:
        """Return groups A and C at any age, the conjugate vaccine from the age on from which it counts here."""
        since = history.age(self.from_age)
        return {
            day: [vaccine for vaccine in given if day >= since or vaccine.code == self.vaccine]
            for day, given in super().own(history).items()
        }

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse either below the age from which it counts, then what comes too early."""
        if day < history.age(self.from_age):
            return "wrong_product"
        if valid:
            return super().refusal(history, valid, vaccine, day)
        dose, days = self.first(history, day)
        return self.too_early(history, dose, days, day)

    def first(self, history: History, day: date) -> tuple[Dose, list[date]]:
        """Return the first dose as it stands on a day, with the days of group A that its interval counts from.

        While group A may still be completed the outlook is that of who has completed it.
        """
        days = [taken.day for taken in history.valid.get(GROUP_A, ())]
        if len(days) >= BOTH:
            return self.after_both, days
        early = day >= history.age(self.from_age) or history.standing.get(GROUP_A) == LOST
        return (self.early, days) if early else (self.doses[0], [])

    def step(self, history: History, valid: Sequence[Taken]) -> Step:
        """Return the next dose; the first by what was given of group A."""
        if valid:
            return self.step_in(history, self.doses, valid)
        dose, days = self.first(history, history.on)
        return Step(dose, *limits(history, dose, days), None)
