"""Reads the schedule of a version: what is common to all editions, then each with what it is based on."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from sop.immunisation.cells import read_cell
from sop.immunisation.editions import Terms, read_editions
from sop.immunisation.rules import RULES
from sop.immunisation.schedule import (
    REFUSALS,
    STATUSES,
    AgeWords,
    Course,
    Mark,
    Placed,
    Schedule,
    Vaccine,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Text
    from sop.immunisation.cells import Cell, Span
    from sop.reading import Table

HIGHEST_MONTHS: Final = 216
AFTER_IMMUNOGLOBULIN: Final = "after_immunoglobulin"


def read_immunisation(file: Table) -> Schedule:
    """Read `immunisation.toml`; what is wrong in it is noted by file and key."""
    marks = {key: _mark(table) for key, table in file.table("marks").tables()}
    courses = {code: _course(code, table) for code, table in file.table("courses").tables()}
    common: list[Placed] = []
    vaccines = _vaccines(file.table("vaccines"), frozenset(courses), frozenset(marks), common)
    live = _spacing(file.table("spacing"), frozenset(marks), common)
    editions = read_editions(file.table("editions"), Terms(frozenset(marks), vaccines, courses))
    for code in sorted(courses.keys() - {code for edition in editions for code in edition.tables}):
        file.table("courses").fault(code, "no edition has this course")
    schedule = Schedule(
        marks=MappingProxyType(marks),
        statuses=_words(file.table("statuses"), STATUSES),
        reasons=_words(file.table("reasons"), REFUSALS),
        ages=_ages(file.table("ages")),
        vaccines=MappingProxyType(vaccines),
        live_spacing=cast("Span", live.value if live else None),
        courses=MappingProxyType(courses),
        editions=editions,
        cells=tuple(common),
        readings=_all_words(file.table("readings")),
    )
    file.finish()
    return schedule


def _mark(table: Table) -> Mark:
    mark = Mark(table.text("text"), table.boolean("check"))
    table.finish()
    return mark


def _course(code: str, table: Table) -> Course:
    course = Course(code, table.text("name"), table.string("rule"))
    table.finish()
    if course.rule and course.rule not in RULES:
        table.fault("rule", f"{course.rule!r} is not known")
    return course


def _words(table: Table, keys: tuple[str, ...]) -> Mapping[str, Text]:
    words = {key: table.text(key) for key in keys}
    table.finish()
    return MappingProxyType(words)


def _all_words(table: Table) -> Mapping[str, Text]:
    words = {key: table.text(key) for key in table.values}
    table.finish()
    return MappingProxyType(words)


def _ages(table: Table) -> AgeWords:
    words = AgeWords(
        birth=table.text("birth"),
        month=table.text("month"),
        months=table.text("months"),
        years=table.text("years"),
        years_and_months=table.text("years_and_months"),
        years_from=table.number("years_from", HIGHEST_MONTHS),
    )
    table.finish()
    return words


def _vaccines(file: Table, courses: frozenset[str], marks: frozenset[str], common: list[Placed]) -> dict[str, Vaccine]:
    vaccines = {}
    for place, (code, table) in enumerate(file.tables()):
        limit = read_cell(table, AFTER_IMMUNOGLOBULIN, "span", marks) if AFTER_IMMUNOGLOBULIN in table.values else None
        vaccines[code] = Vaccine(
            code,
            table.text("name"),
            table.strings("courses", courses, empty=True),
            frozenset(table.strings("holds", empty=True)),
            live=table.switch("live"),
            immunoglobulin=table.switch("immunoglobulin"),
            after_immunoglobulin=cast("Span", limit.value) if limit else None,
            place=place,
            called=table.strings("called") if "called" in table.values else (),
        )
        table.finish()
        if limit:
            common.append(Placed(code, None, None, limit))
        if not vaccines[code].courses and not vaccines[code].immunoglobulin:
            table.fault("courses", "is missing or empty")
    return vaccines


def _spacing(table: Table, marks: frozenset[str], common: list[Placed]) -> Cell | None:
    live = read_cell(table, "live", "span", marks)
    table.finish()
    if live:
        common.append(Placed(None, None, None, live._replace(name="live_spacing")))
    return live
