"""A child's doses put in order for judging: by course and day, each once, none of the days to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sop.content import SopError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sop.immunisation.cells import Span
    from sop.immunisation.schedule import Schedule, Vaccine


class Given(NamedTuple):
    """A dose as the certificate shows it: the code of what was given, and the day."""

    code: str
    on: date


class Taken(NamedTuple):
    """A valid dose of a course."""

    day: date
    vaccine: Vaccine


class History:
    """What is known of one child on the day `on`.

    `doses`: by course and day, what was given; `valid`: by course, as far as judged, the valid doses in their order;
    `standing`: by course, as far as judged, its status on the day.
    """

    __slots__ = ("birth", "doses", "globulin", "live", "on", "sex", "spacing", "standing", "valid")

    def __init__(self, schedule: Schedule, birth: date, sex: str, given: Iterable[Given], on: date) -> None:
        """Sort what was given; raises SopError where a code is none of the schedule's."""
        self.birth, self.sex, self.on = birth, sex, on
        self.spacing = schedule.live_spacing
        self.doses: dict[str, dict[date, list[Vaccine]]] = {}
        self.live: list[tuple[date, str]] = []
        self.globulin: list[date] = []
        self.valid: dict[str, list[Taken]] = {}
        self.standing: dict[str, str] = {}
        for day, _, vaccine in sorted({_placed(schedule, code, day) for code, day in given if day <= on}):
            self._take(schedule.vaccines[vaccine], day)

    def _take(self, vaccine: Vaccine, day: date) -> None:
        for course in vaccine.courses:
            self.doses.setdefault(course, {}).setdefault(day, []).append(vaccine)
            if vaccine.live:
                self.live.append((day, course))
        if vaccine.immunoglobulin:
            self.globulin.append(day)

    def age(self, span: Span) -> date:
        """Return the day on which the child reaches an age."""
        return span.after(self.birth)

    def refusal(self, vaccine: Vaccine, course: str, day: date) -> str | None:
        """Say whether another live vaccine or immunoglobulin before it spoils a dose (domain 4.3)."""
        if vaccine.live and any(
            other != course and earlier < day < self.spacing.after(earlier) for earlier, other in self.live
        ):
            return "live_spacing"
        limit = vaccine.after_immunoglobulin
        if limit and any(earlier < day < limit.after(earlier) for earlier in self.globulin):
            return "immunoglobulin"
        return None

    def free_from(self, vaccine: Vaccine, course: str, day: date) -> date:
        """Return the first day from `day` on that neither immunoglobulin nor another live vaccine forbids.

        What was injected on the very day of judging forbids nothing that can be given the same day as well.
        """
        limit = vaccine.after_immunoglobulin
        if limit and self.globulin:
            day = max(day, limit.after(self.globulin[-1]))
        if vaccine.live:
            for earlier, other in self.live:
                if other != course and (earlier < self.on or day > self.on):
                    day = max(day, self.spacing.after(earlier))
        return day


def _placed(schedule: Schedule, code: str, day: date) -> tuple[date, int, str]:
    vaccine = schedule.vaccines.get(code)
    if vaccine is None:
        raise SopError(f"no vaccine {code!r}")
    return (day, vaccine.place, code)
