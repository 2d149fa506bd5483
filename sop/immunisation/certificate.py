"""The table of the certificate: which dose at which age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sop.content import Text

if TYPE_CHECKING:
    from datetime import date

    from sop.immunisation.schedule import AgeWords, Dose, Schedule

YEAR: Final = 12


class Row(NamedTuple):
    """One dose: due from an age in full months, for which course, which dose of it, and what is given."""

    months: int
    age: Text
    course: str
    number: int
    vaccine: str


def certificate(schedule: Schedule, on: date) -> tuple[Row, ...]:
    """Return the doses of the edition in force on a day by age, then in the order of courses.

    Of alternatives the route of a child without a dose is shown.
    """
    rows = []
    for course, table in schedule.edition(on).tables.items():
        due = 0
        for dose in next(iter(table.routes.values())):
            due = _months(dose, due)
            rows.append(Row(due, written_age(schedule.ages, due), course, dose.number, dose.vaccine))
    order = list(schedule.courses)
    return tuple(sorted(rows, key=lambda row: (row.months, order.index(row.course), row.number)))


def written_age(words: AgeWords, months: int) -> Text:
    """Return an age in full months as the certificate writes it: at birth, 8 months, 6 years."""
    if months == 0:
        return words.birth
    if months < words.years_from:
        return _filled(words.month if months == 1 else words.months, number=months)
    years, left = divmod(months, YEAR)
    return _filled(words.years_and_months if left else words.years, number=years, months=left)


def _months(dose: Dose, before: int) -> int:
    """Return the age in months at which a dose is due when the one before it was given on time."""
    interval = dose.interval.months if dose.interval else 0
    return max(dose.recommended_age.months, before + interval)


def _filled(text: Text, **numbers: int) -> Text:
    return Text(text.zh.format(**numbers), text.en.format(**numbers))
