"""Ledgers in words: how far one has come, what became of its rows, and why a file could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

if TYPE_CHECKING:
    from flask_babel import LazyString

STATES: dict[str, tuple[LazyString, str]] = {  # words, and the kind of tag
    "read": (lazy_pgettext("ledger", "Check the columns"), "soon"),
    "confirmed": (lazy_pgettext("ledger", "Waiting"), "tint"),
    "running": (lazy_pgettext("ledger", "Being worked through"), "tint"),
    "done": (lazy_pgettext("ledger", "Done"), "done"),
    "stopped": (lazy_pgettext("ledger", "Stopped"), "grey"),
    "limited": (lazy_pgettext("ledger", "Stopped at the limit of the day"), "late"),
    "failed": (lazy_pgettext("ledger", "Ended early"), "late"),
}
OUTCOMES: dict[str, LazyString] = {  # in the order in which they are worked on
    "refuse": lazy_pgettext("ledger", "Not registered"),
    "warn": lazy_pgettext("ledger", "To be looked at"),
    "duplicate": lazy_pgettext("ledger", "There already"),
    "register": lazy_pgettext("ledger", "Registered"),
}
FAULTS: dict[str, LazyString] = {
    "kind": _l(
        "This is no spreadsheet: choose an Excel file (xlsx, xls) or a CSV file. If Excel or WPS opens it, save it "
        "there as xlsx"
    ),
    "password": _l("The file is protected by a password: save it without one and choose it again"),
    "too_big": _l("The file holds more than can be read at once: divide it, and leave out empty rows and pictures"),
    "empty": _l("There is nothing in the file"),
    "encoding": _l("The letters of the file cannot be read: save it as an Excel file and choose it again"),
    "busy": _l("Another file is being read just now: try again in a moment"),
}
SIDES: dict[str, LazyString] = {
    "receiving": _l("Children who moved here"),
    "sending": _l("Children who stayed behind"),
}

FIELDS: dict[str, LazyString] = {  # what a column may be taken for, in the order in which it is offered
    "name": lazy_pgettext("ledger column", "Name of the child"),
    "sex": lazy_pgettext("ledger column", "Sex"),
    "birth": lazy_pgettext("ledger column", "Date of birth"),
    "birth_year": lazy_pgettext("ledger column", "Year of birth"),
    "birth_month": lazy_pgettext("ledger column", "Month of birth"),
    "birth_day": lazy_pgettext("ledger column", "Day of birth"),
    "id_number": lazy_pgettext("ledger column", "ID number of the child"),
    "ethnic": lazy_pgettext("ledger column", "Ethnic group"),
    "origin": lazy_pgettext("ledger column", "Place of hukou"),
    "address": lazy_pgettext("ledger column", "Address where the child lives"),
    "community": lazy_pgettext("ledger column", "Community or village"),
    "block": lazy_pgettext("ledger column", "Block"),
    "arrived": lazy_pgettext("ledger column", "Arrived on"),
    "registered": lazy_pgettext("ledger column", "Written down on"),
    "guardian": lazy_pgettext("ledger column", "Name of the guardian"),
    "father": lazy_pgettext("ledger column", "Name of the father"),
    "mother": lazy_pgettext("ledger column", "Name of the mother"),
    "head": lazy_pgettext("ledger column", "Name of the household head"),
    "relation": lazy_pgettext("ledger column", "Relation of the guardian"),
    "phone": lazy_pgettext("ledger column", "Phone"),
    "school": lazy_pgettext("ledger column", "School"),
    "boarding": lazy_pgettext("ledger column", "Boarding"),
    "vaccinated": lazy_pgettext("ledger column", "Vaccinated"),
    "certificate": lazy_pgettext("ledger column", "Vaccination certificate"),
    "away": lazy_pgettext("ledger column", "Which parent is away"),
    "father_away": lazy_pgettext("ledger column", "Whether the father is away"),
    "mother_away": lazy_pgettext("ledger column", "Whether the mother is away"),
    "away_place": lazy_pgettext("ledger column", "Where parents work"),
    "away_since": lazy_pgettext("ledger column", "Away since"),
    "guardianship": lazy_pgettext("ledger column", "How the child is looked after"),
    "note": lazy_pgettext("ledger column", "Note"),
    "number": lazy_pgettext("ledger column", "Number in the ledger"),
}


def field_choices() -> list[tuple[str, str]]:
    """Return what a column may be taken for, as pairs of field and words."""
    return [(field, str(words)) for field, words in FIELDS.items()]


def state_tag(state: str) -> tuple[str, str]:
    """Return words and kind of the tag of a state."""
    words, kind = STATES[state]
    return str(words), kind


def fault_words(code: str) -> str:
    """Return why a file could not be read; of an unknown reason that it is no spreadsheet."""
    return str(FAULTS.get(code, FAULTS["kind"]))


def no_heading() -> str:
    """Return what is said of a file in which no row of headings was found."""
    words = _("No row of headings was found. A ledger needs at least the name, and the date of birth or the ID number.")
    return str(words)
