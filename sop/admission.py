"""The year of school admission: which step comes when, by place and year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList, Sop, Text
    from sop.reading import Table

LAST_YEAR: Final = 2100
DAY: Final = re.compile(r"([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class StepRule:
    """A step of every year from one month and day to another. `mark`: code of source_quality."""

    code: str
    text: Text
    starts: tuple[int, int]
    ends: tuple[int, int]
    mark: str
    source: Text


@dataclass(frozen=True)
class Calendar:
    """The steps of one area (prefix of its code, empty for everywhere) from one year on, None for any year.

    What it does not speak of is as the wider area around has it.
    """

    code: str
    name: Text
    area: str
    year: int | None
    steps: tuple[StepRule, ...]


@dataclass(frozen=True)
class Admission:
    """Every calendar of a version, by its code."""

    calendars: Mapping[str, Calendar]


class Step(NamedTuple):
    """A step of one year with its first and last day, and the calendar that says so."""

    code: str
    text: Text
    starts: date
    ends: date
    mark: str
    source: Text
    calendar: Calendar


class Around(NamedTuple):
    """The steps around a day: the one that ended last, those of the day, the ones that begin next."""

    before: Step | None
    now: tuple[Step, ...]
    coming: tuple[Step, ...]


def steps(sop: Sop, area: str, year: int) -> tuple[Step, ...]:
    """Return the steps of one calendar year for a place, the earliest first.

    `area`: an area code. Each step as the smallest area around has it, by its newest calendar not after `year`
    (typical course of a year: domain 3.5).
    """
    fitting = [
        each for each in sop.admission.calendars.values() if area.startswith(each.area) and (each.year or 0) <= year
    ]
    found: dict[str, Step] = {}
    for calendar in sorted(fitting, key=lambda each: (len(each.area), each.year or 0)):
        found |= {rule.code: _dated(rule, calendar, year) for rule in calendar.steps}
    return tuple(sorted(found.values(), key=lambda step: (step.starts, step.ends)))


def around(sop: Sop, area: str, on: date) -> Around:
    """Return the steps around a day for a place; in winter those of two years."""
    near = [step for year in (on.year - 1, on.year, on.year + 1) for step in steps(sop, area, year)]
    ended = [step for step in near if step.ends < on]
    ahead = [step for step in near if step.starts > on]
    first = min((step.starts for step in ahead), default=None)
    return Around(
        before=max(ended, key=lambda step: step.ends, default=None),
        now=tuple(step for step in near if step.starts <= on <= step.ends),
        coming=tuple(step for step in ahead if step.starts == first),
    )


def _dated(rule: StepRule, calendar: Calendar, year: int) -> Step:
    starts, ends = date(year, *rule.starts), date(year, *rule.ends)
    return Step(rule.code, rule.text, starts, ends, rule.mark, rule.source, calendar)


def read_admission(file: Table, codes: Mapping[str, CodeList]) -> Admission:
    """Build the calendars out of admission.toml, noting every fault; `codes` are the lists of the same version."""
    calendars = {code: _calendar(code, table, codes["source_quality"]) for code, table in file.tables()}
    if not any(each.area == "" and each.year is None for each in calendars.values()):
        file.fault("-", "no calendar holds everywhere and in every year")
    return Admission(MappingProxyType(calendars))


def _calendar(code: str, table: Table, marks: CodeList) -> Calendar:
    found = Calendar(
        code=code,
        name=table.text("name"),
        area=table.optional("area") or "",
        year=table.number("year", LAST_YEAR) if "year" in table.values else None,
        steps=tuple(_step(key, step, marks) for key, step in table.table("steps").tables()),
    )
    table.finish()
    if not re.fullmatch(r"[0-9]{0,12}", found.area):
        table.fault("area", f"{found.area!r} is no prefix of an area code")
    return found


def _step(code: str, table: Table, marks: CodeList) -> StepRule:
    rule = StepRule(
        code=code,
        text=table.text("text"),
        starts=_day(table, "starts"),
        ends=_day(table, "ends"),
        mark=table.string("mark"),
        source=table.text("source"),
    )
    table.finish()
    if rule.mark and not marks.has(rule.mark):
        table.fault("mark", f"{rule.mark!r} is not known")
    if rule.ends < rule.starts:
        table.fault("ends", "is before it starts")
    return rule


def _day(table: Table, key: str) -> tuple[int, int]:
    """Take a month and day (03-31) that every year has."""
    said = table.string(key)
    found = DAY.fullmatch(said)
    try:
        day = date(2001, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if said and day is None:
        table.fault(key, f"{said!r} is no month and day of every year, as 03-31")
    return (day.month, day.day) if day else (1, 1)
