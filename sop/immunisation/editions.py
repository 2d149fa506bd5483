"""Reads the editions of the schedule, each as what it says otherwise than the one that it is based on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sop.immunisation.cells import Span, read_cell
from sop.immunisation.rules import RULES
from sop.immunisation.schedule import CourseTable, Dose, Edition, Placed
from sop.reading import Table, merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sop.immunisation.cells import Cell
    from sop.immunisation.rules.plain import Plain
    from sop.immunisation.schedule import Course, Vaccine

COURSE_CELLS: Final = {"latest_age": "span", "born_from": "day", "sex": "code"}
DOSE_CELLS: Final = {
    "vaccine": "code",
    "minimum_age": "span",
    "recommended_age": "span",
    "before": "span",
    "interval": "span",
    "recommended_interval": "span",
    "since_first": "span",
    "within": "span",
}
NEEDED: Final = ("vaccine", "minimum_age", "latest_age")


class Terms(NamedTuple):
    """The words that cells may use: marks, vaccines by code, courses by code."""

    marks: frozenset[str]
    vaccines: Mapping[str, Vaccine]
    courses: Mapping[str, Course]


class Read(NamedTuple):
    """A course as one edition has it: what was written, and what came of it (None where it is faulty)."""

    values: dict[str, Any]
    table: CourseTable | None
    rule: Plain | None
    cells: tuple[Placed, ...]


def read_editions(file: Table, terms: Terms) -> tuple[Edition, ...]:
    """Read every edition in the order of the file, which is that of their days."""
    editions: list[Edition] = []
    read: dict[str, dict[str, Read]] = {}
    for key, table in file.tables():
        based_on = table.optional("based_on")
        if based_on is not None and based_on not in read:
            table.fault("based_on", f"{based_on!r} is no edition before this one")
        before = read.get(based_on or "", {})
        read[key] = _courses(table.table("courses") if "courses" in table.values else None, before, terms)
        editions.append(_edition(key, table, read[key], before, terms))
        table.finish()
    for earlier, later in pairwise(editions):
        if later.valid_from <= earlier.valid_from:
            file.fault(later.key, "must be valid from a later day than the edition before it")
    return tuple(editions)


def _edition(key: str, table: Table, courses: dict[str, Read], before: dict[str, Read], terms: Terms) -> Edition:
    valid_from = read_cell(table, "valid_from", "day", terms.marks)
    in_order = [code for code in terms.courses if code in courses]
    stated = {placed for read in before.values() for placed in read.cells}
    own = [placed for code in in_order for placed in courses[code].cells if placed not in stated]
    return Edition(
        key,
        table.text("name"),
        cast("date", valid_from.value) if valid_from else date.min,
        MappingProxyType({code: said for code in in_order if (said := courses[code].table)}),
        MappingProxyType({code: rule for code in in_order if (rule := courses[code].rule)}),
        (*([Placed(None, None, None, valid_from)] if valid_from else []), *own),
    )


def _courses(table: Table | None, before: dict[str, Read], terms: Terms) -> dict[str, Read]:
    """Return the courses of the edition before, with those that this one says otherwise or besides."""
    courses = dict(before)
    for code, own in table.tables() if table else ():
        if table and code not in terms.courses:
            table.fault(code, "is no course")
            continue
        values = merged(before[code].values if code in before else {}, own.values)
        courses[code] = _course(code, Table(own.file, own.path, values, own.faults), terms)
    return courses


def _course(code: str, table: Table, terms: Terms) -> Read:
    found = len(table.faults.found)
    rule = RULES.get(terms.courses[code].rule)
    numbers = _cells(table, rule.NUMBERS if rule else {}, needed=True, terms=terms)
    general = _cells(table, COURSE_CELLS, needed=False, terms=terms)
    placed = [Placed(code, None, None, cell) for cell in (*general.values(), *numbers.values())]
    routes = {}
    for name, route in table.table("routes").tables():
        routes[name] = tuple(_doses(code, name, route, placed, terms))
    table.finish()
    for name, doses in (rule.ROUTES if rule else {}).items():
        if len(routes.get(name, ())) != doses:
            table.fault("routes", f"the rule speaks of {name} with {doses} doses")
    if rule is None or len(table.faults.found) > found:
        return Read(table.values, None, None, tuple(placed))
    said = _said(code, general, numbers, routes)
    return Read(table.values, said, rule(said), tuple(placed))


def _said(
    code: str, general: dict[str, Cell], numbers: dict[str, Cell], routes: dict[str, tuple[Dose, ...]]
) -> CourseTable:
    value: dict[str, Any] = {name: cell.value for name, cell in general.items()}
    return CourseTable(
        code,
        value["latest_age"],
        MappingProxyType(routes),
        value.get("born_from"),
        value.get("sex"),
        MappingProxyType({name: cell.value for name, cell in numbers.items()}),
    )


def _doses(course: str, route: str, table: Table, placed: list[Placed], terms: Terms) -> Iterator[Dose]:
    for number, (key, own) in enumerate(table.tables(), start=1):
        if key != str(number):
            table.fault(key, f"the doses of a route are numbered: {number} is missing")
        cells = _cells(own, DOSE_CELLS, needed=False, terms=terms)
        own.finish()
        placed += [Placed(course, route, number, cell) for cell in cells.values()]
        value: dict[str, Any] = {name: cell.value for name, cell in cells.items()}
        vaccine = terms.vaccines.get(value.get("vaccine", ""))
        if vaccine is not None and course in vaccine.courses:
            yield _dose(number, value)
        elif "vaccine" in value:
            own.fault("vaccine", f"{value['vaccine']!r} is no vaccine of this course")


def _dose(number: int, value: dict[str, Any]) -> Dose:
    age: Span = value.get("minimum_age", Span(0, 0))
    dose = Dose(number, value["vaccine"], age, value.get("recommended_age", age))
    rest = ("before", "interval", "recommended_interval", "since_first", "within")
    return replace(dose, **{name: value[name] for name in rest if name in value})


def _cells(table: Table, kinds: Mapping[str, str], *, needed: bool, terms: Terms) -> dict[str, Cell]:
    """Take the cells that are written, and note those that must be and are not."""
    cells = {}
    for name, kind in kinds.items():
        if needed or name in NEEDED or name in table.values:
            cell = read_cell(table, name, kind, terms.marks)
            if cell is not None:
                cells[name] = cell
    return cells
