"""The section on what decides besides the table of doses: immunoglobulin, live vaccines, rules by day of birth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.handbook.cells import Place, value_of
from sop.handbook.parts import Cell, Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.handbook.voice import Voice
    from sop.immunisation import Edition


def rules(voice: Voice, edition: Edition, doubts: frozenset[Place]) -> Iterator[Section]:
    """Yield the rules of an edition that the table of doses does not show (domain 4.3, 4.4).

    `doubts`: the cells of it that are not certain.
    """
    table = voice.table(voice.say("special"), ("vaccine", "special_rule", "cell_value"), _rows(voice, edition, doubts))
    yield Section("special", voice.say("special"), (Paragraph(voice.say("special_note")), table))


def _rows(voice: Voice, edition: Edition, doubts: frozenset[Place]) -> Iterator[tuple[str, str, Cell]]:
    schedule, words = voice.sop.immunisation, voice.sop.handbook.cells
    for each in schedule.cells:
        of = schedule.vaccines[each.course].name if each.course else None
        unsure = any(schedule.marks[mark].check for mark in each.cell.marks)
        value = Cell(value_of(voice, each.cell.name, each.cell.value), unsure)
        yield voice.text(of) if of else voice.say("live_vaccines"), voice.text(words[each.cell.name]), value
    for course, table in edition.tables.items():
        for name, number in table.numbers.items():
            unsure = (course, None, None, name) in doubts
            value = Cell(value_of(voice, name, number), unsure)
            yield voice.text(schedule.courses[course].name), voice.text(words[name]), value
