"""The chapter on the vaccination schedule in force, and the cells of it that are not certain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sop.content import Text, written_day
from sop.handbook.parts import Cell, Paragraph, Points, Section
from sop.immunisation import certificate
from sop.immunisation.cells import Span
from sop.immunisation.certificate import written_age

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.handbook.parts import Table
    from sop.handbook.voice import Voice
    from sop.immunisation import Edition, Schedule
    from sop.immunisation.schedule import CourseTable, Dose, Placed

Place = tuple[str | None, str | None, int | None, str]  # course, route, dose, name of the cell


def schedule(voice: Voice, on: date) -> Iterator[Section]:
    """Yield the schedule in force on a day: by age, each dose with its limits, what does not count, the editions."""
    rules = voice.sop.immunisation
    edition = rules.edition(on)
    told = {"edition": voice.text(edition.name), "day": written_day(edition.valid_from, voice.language)}
    lead, doubts = Paragraph(voice.say("by_age_rule", **told)), _doubts(rules, edition)
    yield Section("by-age", voice.say("by_age"), (lead, _by_age(voice, on, doubts)))
    doses = tuple(_doses(voice, edition, course, doubts) for course in edition.tables)
    yield Section("doses", voice.say("doses"), (Paragraph(voice.say("doses_rule")), *doses))
    yield Section("latest", voice.say("latest"), (Paragraph(voice.say("latest_rule")), _latest(voice, edition, doubts)))
    refusals = Points(tuple(voice.text(text) for text in rules.reasons.values()))
    yield Section("not-counting", voice.say("not_counting"), (refusals,))
    statuses = Points(tuple(voice.text(text) for text in rules.statuses.values()))
    yield Section("statuses", voice.say("statuses"), (statuses,))
    yield Section("editions", voice.say("editions"), (Paragraph(voice.say("editions_rule")), _editions(voice)))


def _by_age(voice: Voice, on: date, doubts: frozenset[Place]) -> Table:
    rules = voice.sop.immunisation
    tables = rules.edition(on).tables
    rows = []
    for row in certificate(rules, on):
        place = row.course, next(iter(tables[row.course].routes)), row.number
        unsure = any((*place, name) in doubts for name in ("minimum_age", "recommended_age"))
        vaccine = Cell(voice.text(rules.vaccines[row.vaccine].name), (*place, "vaccine") in doubts)
        number = voice.say("dose_number", number=row.number)
        rows.append((Cell(voice.text(row.age), unsure), voice.text(rules.courses[row.course].name), number, vaccine))
    return voice.table(voice.say("by_age"), ("months_old", "course", "dose", "vaccine"), rows)


def _doses(voice: Voice, edition: Edition, course: str, doubts: frozenset[Place]) -> Table:
    """Return the limits of the doses of a course, of all its routes."""
    rules = voice.sop.immunisation
    rows = [
        _limits(voice, dose, (course, route, dose.number), doubts)
        for route, doses in edition.tables[course].routes.items()
        for dose in doses
    ]
    columns = ("vaccine", "dose", "dose_from", "dose_before", "dose_interval")
    return voice.table(voice.text(rules.courses[course].name), columns, rows)


def _limits(
    voice: Voice, dose: Dose, place: tuple[str, str, int], doubts: frozenset[Place]
) -> tuple[str | Cell, str, Cell, Cell, Cell]:
    before = voice.say("before_age", age=_age(voice, dose.before)) if dose.before else ""
    if dose.within:
        before = voice.say("within_interval", span=_span(voice, dose.within))
    apart = [voice.say("at_least", span=_span(voice, dose.interval))] if dose.interval else []
    if dose.since_first:
        apart.append(voice.say("since_first", span=_span(voice, dose.since_first)))

    def cell(words: str, *names: str) -> Cell:
        return Cell(words, bool(words) and any((*place, name) in doubts for name in names))

    return (
        cell(voice.text(voice.sop.immunisation.vaccines[dose.vaccine].name), "vaccine"),
        voice.say("dose_number", number=dose.number),
        cell(_age(voice, dose.minimum_age), "minimum_age"),
        cell(before, "before", "within"),
        cell(voice.listed(apart) if apart else "", "interval", "since_first"),
    )


def _latest(voice: Voice, edition: Edition, doubts: frozenset[Place]) -> Table:
    rules, rows = voice.sop.immunisation, list[tuple[str, Cell, Cell]]()
    for course, table in edition.tables.items():
        until = voice.say("given_below", age=_age(voice, table.latest_age))
        unsure = any((course, None, None, name) in doubts for name in ("born_from", "sex"))
        rows.append(
            (
                voice.text(rules.courses[course].name),
                Cell(until, (course, None, None, "latest_age") in doubts),
                Cell(_for_whom(voice, table), unsure),
            )
        )
    return voice.table(voice.say("latest"), ("course", "latest", "for_whom"), rows)


def _for_whom(voice: Voice, table: CourseTable) -> str:
    sex = [voice.text(voice.sop.codes["sex"].text(table.sex))] if table.sex else []
    born = [voice.say("born_from", day=written_day(table.born_from, voice.language))] if table.born_from else []
    return voice.listed([*sex, *born]) if sex or born else voice.say("everyone")


def _editions(voice: Voice) -> Table:
    rules = voice.sop.immunisation
    rows = []
    for edition in rules.editions:
        doubt = (None, None, None, "valid_from") in _said_by(rules, edition)
        rows.append((voice.text(edition.name), Cell(written_day(edition.valid_from, voice.language), doubt)))
    return voice.table(voice.say("editions"), ("edition", "valid_from"), rows)


def uncertain_cells(voice: Voice) -> Iterator[Section]:
    """Yield every cell of the schedule that a person must hold against the official text, under its edition."""
    rules = voice.sop.immunisation
    placed = [(voice.say("all_editions"), each) for each in rules.cells]
    placed += [(voice.text(edition.name), each) for edition in rules.editions for each in edition.cells]
    tables: dict[str, list[tuple[str, str, str]]] = {}
    for edition, each in placed:
        why = [rules.marks[mark].text for mark in each.cell.marks if rules.marks[mark].check]
        if why:
            row = _where(voice, each), _value(voice, each), voice.listed(voice.text(text) for text in why)
            tables.setdefault(edition, []).append(row)
    columns = ("cell_place", "cell_value", "cell_why")
    blocks = [voice.table(name, columns, rows) for name, rows in tables.items()]
    if blocks:
        yield Section("cells", voice.say("cells"), (Paragraph(voice.say("cells_rule")), *blocks))


def _where(voice: Voice, placed: Placed) -> str:
    rules, cells = voice.sop.immunisation, voice.sop.handbook.cells
    course, names = placed.course, list[Text]()
    if course is not None:
        names.append(rules.courses[course].name if course in rules.courses else rules.vaccines[course].name)
    said = [voice.text(name) for name in names]
    if placed.route is not None and placed.route != course and placed.route in rules.vaccines:
        said.append(voice.text(rules.vaccines[placed.route].name))
    if placed.dose is not None:
        said.append(voice.say("dose_number", number=placed.dose))
    name = placed.cell.name
    return voice.listed([*said, voice.text(cells[name]) if name in cells else voice.say("cell_other")])


def _value(voice: Voice, placed: Placed) -> str:
    value = placed.cell.value
    if isinstance(value, Span):
        return _span(voice, value)
    if isinstance(value, date):
        return written_day(value, voice.language)
    if placed.cell.name == "sex":
        return voice.text(voice.sop.codes["sex"].text(str(value)))
    vaccines = voice.sop.immunisation.vaccines
    return voice.text(vaccines[value].name) if isinstance(value, str) and value in vaccines else str(value)


def _doubts(rules: Schedule, edition: Edition) -> frozenset[Place]:
    """Return the cells of an edition that are not certain: each as the latest edition up to it states it."""
    said: dict[Place, bool] = {}
    for each in rules.editions[: rules.editions.index(edition) + 1]:
        doubts = _said_by(rules, each)
        said |= {_place(placed): _place(placed) in doubts for placed in each.cells}
    return frozenset(place for place, unsure in said.items() if unsure)


def _said_by(rules: Schedule, edition: Edition) -> frozenset[Place]:
    """Return the uncertain ones of the cells that an edition itself states."""
    return frozenset(_place(each) for each in edition.cells if any(rules.marks[mark].check for mark in each.cell.marks))


def _place(placed: Placed) -> Place:
    return placed.course, placed.route, placed.dose, placed.cell.name


def _age(voice: Voice, age: Span) -> str:
    return _span(voice, age) if age.days else voice.text(written_age(voice.sop.immunisation.ages, age.months))


def _span(voice: Voice, span: Span) -> str:
    """Return a length of time: 28天, 6 months."""
    return voice.count("day", span.days) if span.days else voice.count("month", span.months)
