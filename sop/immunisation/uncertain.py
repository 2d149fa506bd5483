"""The cells of the schedule that a person must hold against the official text before they are relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sop.content import Text
    from sop.immunisation.schedule import Placed, Schedule


class Uncertain(NamedTuple):
    """A cell to be checked: where it stands, what it says, its marks, and why each of them calls for a check.

    `edition`: key of the edition that states it, None where it holds for all; `course`: the course, or a vaccine for
    what is said of a vaccine; `route`, `dose`: None for what is said of the whole.
    """

    edition: str | None
    course: str | None
    route: str | None
    dose: int | None
    cell: str
    value: str
    marks: tuple[str, ...]
    why: tuple[Text, ...]


def uncertain(schedule: Schedule) -> tuple[Uncertain, ...]:
    """Return every uncertain cell, once, under the oldest edition that says so."""
    found = [_uncertain(schedule, None, placed) for placed in schedule.cells]
    for edition in schedule.editions:
        found += [_uncertain(schedule, edition.key, placed) for placed in edition.cells]
    return tuple(cell for cell in found if cell.why)


def _uncertain(schedule: Schedule, edition: str | None, placed: Placed) -> Uncertain:
    cell = placed.cell
    why = tuple(schedule.marks[mark].text for mark in cell.marks if schedule.marks[mark].check)
    return Uncertain(edition, placed.course, placed.route, placed.dose, cell.name, cell.written, cell.marks, why)
