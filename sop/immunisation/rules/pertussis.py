"""Diphtheria, tetanus and pertussis: DTaP by the table, DT for catching up from six years on (domain 4.2, 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.rules.plain import Plain, Step
from sop.immunisation.schedule import Dose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Vaccine

PERTUSSIS: Final = "pertussis"
DT: Final = "DT"
ENOUGH_WITH_DT: Final = 3
ENOUGH_WITHOUT: Final = 5


class Pertussis(Plain):
    """DTaP in five doses, or four and DT; a combined vaccine by its own leaflet; DT by the number of valid doses."""

    NUMBERS: ClassVar = {
        "pertussis_until": "span",
        "dt_age": "span",
        "dt_only_from": "span",
        **{f"dt_after_{number}": "span" for number in range(1, ENOUGH_WITHOUT)},
    }
    ROUTES: ClassVar = {"DTaP": ENOUGH_WITHOUT, "DTaP-IPV-Hib": ENOUGH_WITHOUT - 1}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        super().__init__(table)
        self.until, self.dt_age = table.span("pertussis_until"), table.span("dt_age")
        self.dt_only_from = table.span("dt_only_from")
        self.by_dt = tuple(
            Dose(
                number,
                DT,
                self.dt_age,
                self.dt_age,
                before=self.doses[-1].before if number == ENOUGH_WITHOUT else None,
                interval=table.span(f"dt_after_{number - 1}") if number > 1 else None,
            )
            for number in range(1, ENOUGH_WITHOUT + 1)
        )

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str | None:
        """Return DT from the age on from which it alone is offered, else the vaccine of the table."""
        return DT if day >= history.age(self.dt_only_from) else super().wanted(history, valid, day)

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse what is too much, then what is not for this age, then what comes too early."""
        if self.complete(history, valid, day) or len(valid) == ENOUGH_WITHOUT:
            return "repeated"
        if PERTUSSIS in vaccine.holds:
            doses = self.routes.get(vaccine.code, self.doses)
            wrong = day >= history.age(self.until) or len(valid) >= len(doses)
        else:
            doses = self.by_dt
            wrong = not history.age(self.dt_age) <= day < history.age(self.latest_age)
        if wrong:
            return "wrong_product"
        return self.too_early(history, doses[len(valid)], [taken.day for taken in valid], day)

    def complete(self, history: History, valid: Sequence[Taken], day: date) -> bool:
        """Tell whether enough was given: five of DTaP, or three and more with DT from the age on that this suffices."""
        if _has_dt(valid):
            return len(valid) >= ENOUGH_WITH_DT and day >= history.age(self.dt_only_from)
        return len(valid) >= ENOUGH_WITHOUT

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the next dose by the rule for the age; None at six years where rules old and new meet.

        A dose of the table that could only be given from the age on at which DT alone is offered is one of DT. Who has
        three doses shortly before six years is told the fourth by the table, and to ask the clinic from six years on.
        """
        dt_only_from = history.age(self.dt_only_from)
        if history.on >= dt_only_from:
            return self.step_in(history, self.by_dt, valid)
        if history.on >= history.age(self.dt_age) and (_has_dt(valid) or len(valid) == ENOUGH_WITH_DT):
            return None
        step = self.step_in(history, self.doses, valid)
        return step if step.earliest < dt_only_from else self.step_in(history, self.by_dt, valid)


def _has_dt(valid: Sequence[Taken]) -> bool:
    return any(PERTUSSIS not in taken.vaccine.holds for taken in valid)
