"""A course whose doses follow its table and nothing else; what every other rule differs from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from sop.immunisation.cells import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sop.immunisation.history import History, Taken
    from sop.immunisation.schedule import CourseTable, Dose, Vaccine

MONTH: Final = Span(1, 0)  # overdue so long after the recommended day where the table states no other


class Step(NamedTuple):
    """The next dose. `last`: day of the valid dose before it."""

    dose: Dose
    earliest: date
    recommended: date
    last: date | None

    def overdue_from(self, history: History, recommended: date) -> date:
        """Return the day from which the dose is overdue, being recommended from `recommended` on."""
        dose = self.dose
        if dose.within and self.last:
            return dose.within.after(self.last)
        return history.age(dose.before) if dose.before else MONTH.after(recommended)


def limits(history: History, dose: Dose, days: Sequence[date]) -> tuple[date, date]:
    """Return from when a dose is valid and from when it is recommended, after valid doses on `days`."""
    earliest = recommended = dose.minimum_age.after(history.birth)
    if dose.recommended_age is not dose.minimum_age:
        recommended = dose.recommended_age.after(history.birth)
    if days:
        if dose.interval:
            earliest = max(earliest, dose.interval.after(days[-1]))
        if dose.since_first:
            earliest = max(earliest, dose.since_first.after(days[0]))
        if dose.recommended_interval:
            recommended = max(recommended, dose.recommended_interval.after(days[-1]))
    return earliest, max(earliest, recommended)


class Plain:
    """The rule of one course by one edition. `NUMBERS`: the cells of the course that it asks for, with their kinds.

    `ROUTES`: the routes that it speaks of, with how many doses each must have.
    """

    NUMBERS: ClassVar[Mapping[str, str]] = {}
    ROUTES: ClassVar[Mapping[str, int]] = {}

    def __init__(self, table: CourseTable) -> None:
        """Keep what the table says."""
        self.course = table.course
        self.latest_age = table.latest_age
        self.routes = table.routes
        self.doses = next(iter(table.routes.values()))
        self.table = table

    def own(self, history: History) -> Mapping[date, list[Vaccine]]:
        """Return what was given and is judged for this course, by day."""
        return history.doses.get(self.course, {})

    def wanted(self, history: History, valid: Sequence[Taken], day: date) -> str | None:  # noqa: ARG002 -- see others
        """Return the code preferred where several of the course were given on one day; None: the usual order."""
        return self.doses[len(valid)].vaccine if len(valid) < len(self.doses) else None

    def refusal(self, history: History, valid: Sequence[Taken], vaccine: Vaccine, day: date) -> str | None:
        """Say why a dose does not count after those that do, or None."""
        if self.complete(history, valid, day):
            return "repeated"
        return self.too_early(history, self.next_dose(valid, vaccine), [taken.day for taken in valid], day)

    def next_dose(self, valid: Sequence[Taken], vaccine: Vaccine) -> Dose:  # noqa: ARG002 -- see others
        """Return the lowest open dose, as this vaccine would be given for it."""
        return self.doses[len(valid)]

    def too_early(self, history: History, dose: Dose, days: Sequence[date], day: date) -> str | None:
        """Say whether a day comes too early in age or after the doses on `days`."""
        if day >= limits(history, dose, days)[0]:
            return None
        return "too_young" if day < history.age(dose.minimum_age) else "interval"

    def excludes(self, history: History) -> bool:  # noqa: ARG002 -- see others
        """Tell whether the course is not for this child."""
        return False

    def complete(self, history: History, valid: Sequence[Taken], day: date) -> bool:  # noqa: ARG002 -- see others
        """Tell whether no further dose was needed on `day`."""
        return len(valid) >= len(self.doses)

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the next dose of a course that is not complete; None where the clinic must decide."""
        return self.step_in(history, self.doses, valid)

    def step_in(self, history: History, doses: Sequence[Dose], valid: Sequence[Taken]) -> Step:
        """Return the next dose of a row of doses after those that are valid."""
        days = [taken.day for taken in valid]
        dose = doses[len(days)]
        return Step(dose, *limits(history, dose, days), days[-1] if days else None)
