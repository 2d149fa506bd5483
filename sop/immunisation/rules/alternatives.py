"""Live or inactivated: Japanese encephalitis and hepatitis A, each by the route that was begun (domain 4.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.rules.plain import Plain, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Dose, Vaccine

HEPATITIS_A_LIVE: Final = "HepA-L"
HEPATITIS_A_INACTIVATED: Final = "HepA-I"


class Encephalitis(Plain):
    """Two live doses or four inactivated ones, each judged by its own route; begun both ways, the clinic decides."""

    ROUTES: ClassVar = {"JE-L": 2, "JE-I": 4}

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str:  # noqa: ARG002 -- at any age alike
        """Return the vaccine that was begun with, the live one where none was."""
        return valid[0].vaccine.code if valid else self.doses[0].vaccine

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Refuse a dose that comes too early among those of its own route."""
        if self.complete(history, valid, day):
            return "repeated"
        own = _of(valid, vaccine.code)
        return self.too_early(history, self.routes[vaccine.code][len(own)], [taken.day for taken in own], day)

    def complete(self, history: History, valid: Sequence[Taken], day: date) -> bool:  # noqa: ARG002 -- at any age alike
        """Tell whether one of the routes is full."""
        return any(len(_of(valid, code)) >= len(doses) for code, doses in self.routes.items())

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the next dose of the route that was begun."""
        begun = {taken.vaccine.code for taken in valid}
        if len(begun) > 1:
            return None
        return self.step_in(history, self.routes[self.wanted(history, valid, history.on)], valid)


class HepatitisA(Plain):
    """One live dose or two inactivated ones; a live one also completes what an inactivated one began."""

    NUMBERS: ClassVar = {"live_after_inactivated": "span"}
    ROUTES: ClassVar = {HEPATITIS_A_LIVE: 1, HEPATITIS_A_INACTIVATED: 2}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        super().__init__(table)
        self.completing = replace(self.doses[0], number=2, interval=table.span("live_after_inactivated"))

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str:  # noqa: ARG002 -- at any age alike
        """Return the vaccine that was begun with, the live one where none was."""
        return valid[0].vaccine.code if valid else self.doses[0].vaccine

    def next_dose(self, valid: Sequence[Taken], vaccine: Vaccine) -> Dose:
        """Return the lowest open dose of the route of this vaccine, or the live one that completes the other route."""
        if valid and vaccine.code == HEPATITIS_A_LIVE:
            return self.completing
        return self.routes[vaccine.code][len(valid)]

    def complete(self, history: History, valid: Sequence[Taken], day: date) -> bool:  # noqa: ARG002 -- at any age alike
        """Tell whether there was a live dose, or as many as the other route has."""
        inactivated = self.routes[HEPATITIS_A_INACTIVATED]
        return bool(_of(valid, HEPATITIS_A_LIVE)) or len(valid) >= len(inactivated)

    def step(self, history: History, valid: Sequence[Taken]) -> Step:
        """Return the next dose of the route that was begun."""
        return self.step_in(history, self.routes[self.wanted(history, valid, history.on)], valid)


def _of(valid: Sequence[Taken], code: str) -> list[Taken]:
    return [taken for taken in valid if taken.vaccine.code == code]
