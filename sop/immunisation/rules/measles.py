"""Measles, mumps and rubella, by the day of birth (domain 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.cells import Span
from sop.immunisation.rules.plain import Plain, Step, limits
from sop.immunisation.schedule import Dose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Vaccine

ANTIGENS: Final = ("measles", "rubella", "mumps")
AT_ANY_AGE: Final = Span(0, 0)


class Measles(Plain):
    """Two MMR for the young; for those born before, enough of each antigen; for the oldest what the clinic says."""

    NUMBERS: ClassVar = {
        "two_mmr_born_from": "day",
        "antigens_born_from": "day",
        "further_interval": "span",
        **dict.fromkeys(ANTIGENS, "count"),
    }
    ROUTES: ClassVar = {"MMR": 2}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        super().__init__(table)
        self.two_mmr_from, self.antigens_from = table.day("two_mmr_born_from"), table.day("antigens_born_from")
        self.needed = {antigen: table.count(antigen) for antigen in ANTIGENS}
        self.vaccine = self.doses[0].vaccine
        most = max(sum(self.needed.values()), len(self.doses) + 1)
        self.in_order = (*self.doses, *(self._further(number) for number in range(len(self.doses) + 1, most + 1)))

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str:  # noqa: ARG002 -- always the same
        """Return MMR, which holds everything."""
        return self.vaccine

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse single vaccines for the young, and for those born before what adds nothing that is missing."""
        if self.complete(history, valid, day):
            return "repeated"
        if history.birth >= self.two_mmr_from:
            if vaccine.code != self.vaccine:
                return "wrong_product"
        elif history.birth >= self.antigens_from and not self._missing(valid) & vaccine.holds:
            return "repeated"
        return self.too_early(history, self.next_dose(valid, vaccine), [taken.day for taken in valid], day)

    def next_dose(self, valid: Sequence[Taken], vaccine: Vaccine) -> Dose:  # noqa: ARG002 -- whichever it is
        """Return the next dose: beyond the table, one more after the further interval."""
        return self.in_order[min(len(valid), len(self.in_order) - 1)]

    def complete(self, history: History, valid: Sequence[Taken], day: date) -> bool:  # noqa: ARG002 -- at any age alike
        """Tell whether nothing is missing by the rule for the day of birth."""
        if self.antigens_from <= history.birth < self.two_mmr_from:
            return not self._missing(valid)
        return sum(taken.vaccine.code == self.vaccine for taken in valid) >= len(self.doses)

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the next dose; None for those born before either rule."""
        if history.birth < self.antigens_from:
            return None
        if len(valid) < len(self.doses):
            return super().step(history, valid)
        days, dose = [taken.day for taken in valid], self.next_dose(valid, valid[-1].vaccine)
        return Step(dose, *limits(history, dose, days), days[-1])

    def _further(self, number: int) -> Dose:
        interval = self.table.span("further_interval")
        return Dose(number, self.vaccine, AT_ANY_AGE, AT_ANY_AGE, interval=interval)

    def _missing(self, valid: Sequence[Taken]) -> frozenset[str]:
        return frozenset(
            antigen
            for antigen, needed in self.needed.items()
            if sum(antigen in taken.vaccine.holds for taken in valid) < needed
        )
