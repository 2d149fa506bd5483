"""Polio: four doses, of which enough must hold type II (domain 4.2, 4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.rules.plain import Plain, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Dose, Vaccine

TYPE_2: Final = "type_2"
FOR_GOOD: Final = "type_2_for_good"
INACTIVATED: Final = "inactivated"


class Polio(Plain):
    """IPV until type II is sufficient, then bOPV."""

    NUMBERS: ClassVar = {
        "type_2_born_from": "day",
        "type_2_doses": "count",
        "type_2_doses_of_older": "count",
        "all_inactivated_age": "span",
    }
    ROUTES: ClassVar = {"polio": 4}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        super().__init__(table)
        self.born_from = table.day("type_2_born_from")
        self.required, self.required_of_older = table.count("type_2_doses"), table.count("type_2_doses_of_older")
        self.with_type_2, self.without = self.doses[0].vaccine, self.doses[-1].vaccine
        self.all_inactivated = replace(self.doses[-1], minimum_age=table.span("all_inactivated_age"))
        self.as_vaccine = {
            code: tuple(replace(dose, vaccine=code) for dose in self.doses) for code in (self.with_type_2, self.without)
        }

    def owed(self, history: History, valid: Sequence[Taken]) -> int:
        """Return how many doses that hold type II are still owed; a trivalent oral one satisfies for good."""
        if any(FOR_GOOD in taken.vaccine.holds for taken in valid):
            return 0
        required = self.required if history.birth >= self.born_from else self.required_of_older
        return max(0, required - sum(TYPE_2 in taken.vaccine.holds for taken in valid))

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str:  # noqa: ARG002 -- at any age alike
        """Return the vaccine to be given next."""
        return self.with_type_2 if self.owed(history, valid) else self.without

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse a dose without type II once the doses left after it would not suffice for those owed."""
        left_after = len(self.doses) - len(valid) - 1
        if left_after >= 0 and TYPE_2 not in vaccine.holds and self.owed(history, valid) > left_after:
            return "wrong_product"
        return super().refusal(history, valid, vaccine, day)

    def next_dose(self, valid: Sequence[Taken], vaccine: Vaccine) -> Dose:
        """Return the lowest open dose; the fourth of four inactivated ones may be given earlier."""
        last = len(valid) == len(self.doses) - 1
        if last and all(INACTIVATED in each.holds for each in (vaccine, *(taken.vaccine for taken in valid))):
            return self.all_inactivated
        return super().next_dose(valid, vaccine)

    def step(self, history: History, valid: Sequence[Taken]) -> Step:
        """Return the next dose, as the vaccine that is owed."""
        return self.step_in(history, self.as_vaccine[self.wanted(history, valid, history.on)], valid)
