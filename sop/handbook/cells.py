"""Says what a cell of the vaccination schedule holds: ages as the certificate writes them, other lengths as is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sop.content import written_day
from sop.immunisation.cells import Span
from sop.immunisation.certificate import written_age

if TYPE_CHECKING:
    from sop.handbook.voice import Voice
    from sop.immunisation.schedule import Placed

AGES: Final = frozenset(  # cells that hold an age, where all other lengths of time lie between two doses
    (
        *("minimum_age", "recommended_age", "before", "latest_age", "from_age"),
        *("all_inactivated_age", "pertussis_until", "dt_age", "dt_only_from"),
    )
)
Place = tuple[str | None, str | None, int | None, str]  # course, route, dose, name of the cell


def place_of(placed: Placed) -> Place:
    """Return where a cell stands, whatever it says."""
    return placed.course, placed.route, placed.dose, placed.cell.name


def value_of(voice: Voice, name: str, value: Span | date | int | str) -> str:
    """Return in words what the cell of this name holds."""
    if isinstance(value, Span):
        return age(voice, value) if name in AGES else span(voice, value)
    if isinstance(value, date):
        return written_day(value, voice.language)
    if name == "sex":
        return voice.text(voice.sop.codes["sex"].text(str(value)))
    vaccines = voice.sop.immunisation.vaccines
    return voice.text(vaccines[value].name) if isinstance(value, str) and value in vaccines else str(value)


def age(voice: Voice, reached: Span) -> str:
    """Return an age as the certificate writes it: 出生时, 8 months, 6 years; one in days as a length of time."""
    if reached.days:
        return span(voice, reached)
    return voice.text(written_age(voice.sop.immunisation.ages, reached.months))


def span(voice: Voice, length: Span) -> str:
    """Return a length of time: 28天, 6 months."""
    return voice.count("day", length.days) if length.days else voice.count("month", length.months)
