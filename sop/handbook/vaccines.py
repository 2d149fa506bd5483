"""The chapter on the vaccination schedule in force, and the cells of it that are not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop.content import Text, written_day
from sop.handbook import special
from sop.handbook.cells import Place, age, place_of, span, value_of
from sop.handbook.parts import Cell, Paragraph, Points, Section
from sop.immunisation import certificate
from sop.immunisation.cells import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sop.handbook.parts import Block, Table
    from sop.handbook.voice import Voice
    from sop.immunisation import Edition, Schedule
    from sop.immunisation.schedule import CourseTable, Dose, Placed

A_DAY: Final = Span(0, 1)


def schedule(voice: Voice, on: date) -> Iterator[Section]:
    """Yield the schedule in force on a day: by age, each dose with its limits, what does not count, the editions."""
    rules = voice.sop.immunisation
    edition = rules.edition(on)
    told = {"edition": voice.text(edition.name), "day": written_day(edition.valid_from, voice.language)}
    lead, doubts = Paragraph(voice.say("by_age_rule", **told)), _doubts(rules, edition)
    yield Section("by-age", voice.say("by_age"), (lead, _by_age(voice, on, doubts)))
    doses = tuple(_doses(voice, edition, course, doubts) for course in edition.tables)
    yield Section("doses", voice.say("doses"), (Paragraph(voice.say("doses_rule")), *doses))
    yield from special.rules(voice, edition, doubts)
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
    before = _before(voice, dose.before) if dose.before else ""
    if dose.within:
        before = voice.say("within_interval", span=span(voice, dose.within))
    apart = [voice.say("at_least", span=span(voice, dose.interval))] if dose.interval else []
    if dose.since_first:
        apart.append(voice.say("since_first", span=span(voice, dose.since_first)))

    def cell(words: str, *names: str) -> Cell:
        return Cell(words, bool(words) and any((*place, name) in doubts for name in names))

    return (
        cell(voice.text(voice.sop.immunisation.vaccines[dose.vaccine].name), "vaccine"),
        voice.say("dose_number", number=dose.number),
        cell(age(voice, dose.minimum_age), "minimum_age"),
        cell(before, "before", "within"),
        cell(voice.phrases(apart) if apart else "", "interval", "since_first"),
    )


def _latest(voice: Voice, edition: Edition, doubts: frozenset[Place]) -> Table:
    rules, rows = voice.sop.immunisation, list[tuple[str, Cell, Cell]]()
    for course, table in edition.tables.items():
        until = voice.say("given_below", age=age(voice, table.latest_age))
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
    return voice.phrases([*sex, *born]) if sex or born else voice.say("everyone")


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
            row = (
                _where(voice, each),
                value_of(voice, each.cell.name, each.cell.value),
                voice.phrases(voice.text(text) for text in why),
            )
            tables.setdefault(edition, []).append(row)
    columns = ("cell_place", "cell_value", "cell_why")
    blocks: list[Block] = [voice.table(name, columns, rows) for name, rows in tables.items()]
    if rules.readings:
        blocks += [Paragraph(voice.say("readings")), Points(tuple(map(voice.text, rules.readings.values())))]
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
    return voice.listed([*said, voice.text(cells[name])])


def _doubts(rules: Schedule, edition: Edition) -> frozenset[Place]:
    """Return the cells of an edition that are not certain: each as the latest edition up to it states it."""
    said: dict[Place, bool] = {}
    for each in rules.editions[: rules.editions.index(edition) + 1]:
        doubts = _said_by(rules, each)
        said |= {place_of(placed): place_of(placed) in doubts for placed in each.cells}
    return frozenset(place for place, unsure in said.items() if unsure)


def _said_by(rules: Schedule, edition: Edition) -> frozenset[Place]:
    """Return the uncertain ones of the cells that an edition itself states."""
    return frozenset(
        place_of(each) for each in edition.cells if any(rules.marks[mark].check for mark in each.cell.marks)
    )


def _before(voice: Voice, limit: Span) -> str:
    """Return by when a dose is recommended to be given; the first day of life is told in hours."""
    if limit == A_DAY:
        return voice.say("within_a_day")
    return voice.say("before_age", age=age(voice, limit))
