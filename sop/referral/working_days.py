"""Working days: public holidays and worked weekend days, the years that a version holds itself, and counting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.reading import Table

SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)
YEARS: Final = range(2020, 2100)  # of which a notice of the State Council may tell


@dataclass(frozen=True)
class YearOfCalendar:
    """Public holidays and worked Saturdays and Sundays of one year; `complete`: the notice for the year was entered."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    complete: bool


@dataclass(frozen=True)
class Calendar:
    """Public holidays and worked weekend days. In a year that is not complete Saturdays and Sundays alone are off."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    complete_years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on this day."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < SATURDAY


def with_years(calendar: Calendar, years: Mapping[int, YearOfCalendar]) -> Calendar:
    """Return the calendar with the years that a version holds, each of which stands for the whole of its year."""
    holidays, workdays = (
        frozenset(day for day in days if day.year not in years) for days in (calendar.holidays, calendar.workdays)
    )
    return replace(
        calendar,
        holidays=holidays.union(*(year.holidays for year in years.values())),
        workdays=workdays.union(*(year.workdays for year in years.values())),
        complete_years=calendar.complete_years - years.keys() | {name for name, year in years.items() if year.complete},
    )


def calendar_known(calendar: Calendar, start: date, due: date) -> bool:
    """Tell whether a limit from `start` to `due` rests on complete years alone; if not, the page says so."""
    return calendar.complete_years.issuperset(range(start.year, due.year + 1))


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the `days`-th working day after `start`, which is itself not counted."""
    day = start
    while days > 0:
        day += ONE_DAY
        days -= calendar.is_working(day)
    return day


def last_working_day(calendar: Calendar, until: date) -> date:
    """Return the last working day up to and with a day."""
    day = until
    while not calendar.is_working(day):
        day -= ONE_DAY
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days after `start` up to and with `end`; negative when `end` is the earlier."""
    first, last = min(start, end), max(start, end)
    spanned = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    count = sum(calendar.is_working(day) for day in spanned)
    return count if start <= end else -count


def read_calendar(file: Table) -> Mapping[int, YearOfCalendar]:
    """Build the years out of calendar.toml, which may hold none; notes every fault.

    [2027] holidays = [days], workdays = [days], complete = true once they are those of the State Council's notice.
    """
    years = {}
    for key, table in file.tables():
        if not key.isdecimal() or int(key) not in YEARS:
            file.fault(key, f"is no year from {YEARS[0]} to {YEARS[-1]}")
            continue
        years[int(key)] = _year(int(key), table)
    return MappingProxyType(years)


def _year(number: int, table: Table) -> YearOfCalendar:
    year = YearOfCalendar(
        frozenset(table.days("holidays")), frozenset(table.days("workdays")), table.boolean("complete")
    )
    table.finish()
    for name, days in (("holidays", year.holidays), ("workdays", year.workdays)):
        for day in sorted(day for day in days if day.year != number):
            table.fault(name, f"{day} is not of this year")
    for day in sorted(day for day in year.workdays if day.weekday() < SATURDAY):
        table.fault("workdays", f"{day} is neither a Saturday nor a Sunday")
    for day in sorted(year.holidays & year.workdays):
        table.fault("workdays", f"{day} is a holiday too")
    if year.complete and not year.holidays:
        table.fault("holidays", "a complete year has some")
    return year
