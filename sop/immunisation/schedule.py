"""What the schedule consists of, and what it answers about a child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from sop.content import SopError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sop.content import Text
    from sop.immunisation.cells import Cell, Span
    from sop.immunisation.rules.plain import Plain

STATUSES: Final = ("not_yet", "due", "overdue", "aged_out", "complete", "none", "ask")
REFUSALS: Final = ("too_young", "interval", "wrong_product", "live_spacing", "immunoglobulin", "repeated")


class Judged(NamedTuple):
    """A dose that was given: for which course, as which dose it counts, or for which of REFUSALS it does not."""

    code: str
    on: date
    course: str
    number: int | None
    reason: str | None


class Outlook(NamedTuple):
    """How a course stands: valid doses, one of STATUSES, and the next dose with its days and vaccine, if any.

    `overdue_from`: of an overdue one, the first day on which it was.
    """

    valid: int
    status: str
    next_dose: int | None = None
    earliest: date | None = None
    recommended: date | None = None
    product: str | None = None
    overdue_from: date | None = None


class Assessment(NamedTuple):
    """Every dose judged, by day, a combined vaccine once for each of its courses; and how every course stands."""

    doses: tuple[Judged, ...]
    courses: Mapping[str, Outlook]


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of a route: ages from birth, intervals from the dose before, `since_first` from the first one.

    `before`, or `within` counted from the dose before: from then on it is overdue.
    """

    number: int
    vaccine: str
    minimum_age: Span
    recommended_age: Span
    before: Span | None = None
    interval: Span | None = None
    recommended_interval: Span | None = None
    since_first: Span | None = None
    within: Span | None = None


@dataclass(frozen=True)
class CourseTable:
    """What one edition says of a course: `routes` are its alternatives, the first being that of a new child.

    `born_from`, `sex` (GB/T 2261.1): for whom it is, where not for all; `numbers`: what its own rule asks for.
    """

    course: str
    latest_age: Span
    routes: Mapping[str, tuple[Dose, ...]]
    born_from: date | None
    sex: str | None
    numbers: Mapping[str, Span | date | int | str]

    def span(self, name: str) -> Span:
        """Return a number of the rule that is a length of time."""
        return cast("Span", self.numbers[name])

    def day(self, name: str) -> date:
        """Return a number of the rule that is a day."""
        return cast("date", self.numbers[name])

    def count(self, name: str) -> int:
        """Return a number of the rule that counts doses."""
        return cast("int", self.numbers[name])


class Placed(NamedTuple):
    """A cell with where it stands; `route` and `dose` are None for a cell of a whole course or edition."""

    course: str | None
    route: str | None
    dose: int | None
    cell: Cell


@dataclass(frozen=True)
class Edition:
    """One edition of the schedule. `cells`: those that it states otherwise than the edition it is based on."""

    key: str
    name: Text
    valid_from: date
    tables: Mapping[str, CourseTable]
    rules: Mapping[str, Plain]
    cells: tuple[Placed, ...]


@dataclass(frozen=True)
class Vaccine:
    """Something that is given: the courses it counts for, what it holds, how it bears with others.

    `place`: its place in the order of preference of one day. `called`: what it is shortly called besides.
    """

    code: str
    name: Text
    courses: tuple[str, ...]
    holds: frozenset[str]
    live: bool
    immunoglobulin: bool
    after_immunoglobulin: Span | None
    place: int
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """A course of doses, its name, and the rule of the program that judges it."""

    code: str
    name: Text
    rule: str


@dataclass(frozen=True)
class Mark:
    """How certain a cell is; whether a person must check it."""

    text: Text
    check: bool


@dataclass(frozen=True)
class AgeWords:
    """How ages are written: at birth, one month, several months, and from `years_from` months on in years."""

    birth: Text
    month: Text
    months: Text
    years: Text
    years_and_months: Text
    years_from: int


@dataclass(frozen=True, eq=False)
class Schedule:
    """All editions, the oldest first, with what they have in common; courses in the order of the certificate.

    `readings`: how the program reads rules that may be read otherwise, or what it leaves unjudged; each to be checked
    like an uncertain cell.
    """

    marks: Mapping[str, Mark]
    statuses: Mapping[str, Text]
    reasons: Mapping[str, Text]
    ages: AgeWords
    vaccines: Mapping[str, Vaccine]
    live_spacing: Span
    courses: Mapping[str, Course]
    editions: tuple[Edition, ...]
    cells: tuple[Placed, ...]
    readings: Mapping[str, Text]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of everything that may be given."""
        return tuple(self.vaccines)

    def edition(self, on: date) -> Edition:
        """Return the edition in force on a day; for days before the first one, the first."""
        for edition in reversed(self.editions):
            if edition.valid_from <= on:
                return edition
        return self.editions[0]

    def rule(self, course: str, given: date) -> Plain:
        """Return the rule that judges a dose given on a day: where none was in force, that of the first edition.

        Raises SopError for a course of no edition.
        """
        found: Plain | None = None
        for edition in reversed(self.editions):
            found = edition.rules.get(course, found)
            if found is not None and edition.valid_from <= given:
                return found
        if found is None:
            raise SopError(f"no edition knows the course {course!r}")
        return found
