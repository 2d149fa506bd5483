"""What one row says, read field by field; every fault of a cell is noted, none stops the row."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sop.identity import BirthDate, is_placeholder
from sop.ledger.adults import PARENTS, read_carer
from sop.ledger.cells import folded, plain, unbracketed
from sop.ledger.dates import DateFault, read_date
from sop.ledger.fields import BESIDE
from sop.ledger.names import names_of_several, read_name
from sop.ledger.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sop.ledger.cells import Cell
    from sop.ledger.words import LedgerWords

UNKNOWN: Final = "unknown"
ATTENDING: Final = "attending"
DAY_ALONE: Final = re.compile(r"\d{1,2}[日号]?")
YEAR_MONTH_DAY: Final = 3


@dataclass(frozen=True)
class Fault:
    """Something wrong with a field: the code of a message, and what its words need."""

    field: str
    code: str
    params: Mapping[str, int | str]


@dataclass(frozen=True)
class Values:
    """A row as read. Codes are those of the lists; what the row does not say is None.

    `birth` is that of the column until the row is judged, from then on the one to be kept. `id_birth`, `id_sex` and
    `id_sound` are what the number says and whether its check digit is right. `attends`: in school, not said in which.
    `other_parent_can_care`: "no" where the row says that the parent who stayed cannot.
    """

    name: str | None = None
    sex: str | None = None
    birth: BirthDate | None = None
    id_number: str | None = None
    id_division: str | None = None
    id_birth: date | None = None
    id_sex: str | None = None
    id_sound: bool = False
    ethnic: str | None = None
    phone: str | None = None
    relation: str | None = None
    guardian: str | None = None
    address: str | None = None
    origin: str | None = None
    community: str | None = None
    block: str | None = None
    arrived: BirthDate | None = None
    registered: BirthDate | None = None
    school: str | None = None
    attends: bool = False
    certificate: str | None = None
    who_away: str | None = None
    other_parent_can_care: str | None = None
    away_since: BirthDate | None = None
    away_place: str | None = None
    boarding: str | None = None
    guardianship: str | None = None
    note: str | None = None


@dataclass
class Row:
    """The cells of a row by field, after "as above" and merged cells; faults are added as they are found.

    `phones`: each with whose it is by the heading of its column, None where that does not say.
    """

    cells: Mapping[str, Cell]
    texts: Mapping[str, str]
    phones: list[tuple[str | None, Cell]]
    columns: frozenset[str]
    side: str
    place: str | None
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """Return the text of a field, None where it is empty."""
        return self.texts.get(name) or None

    def fault(self, name: str, code: str, **params: int | str) -> None:
        """Note a fault of a field."""
        self.faults.append(Fault(name, code, params))


def read_values(row: Row, words: LedgerWords) -> Values:
    """Read a row; its faults are added to it. Nothing here depends on the day or on other rows."""
    number = read_number(row.cells.get("id_number"), words)
    if number.fault:
        row.fault("id_number", number.fault, **({"digits": number.digits} if number.fault == "id_length" else {}))
    birth = _birth(row)
    carer = read_carer(row, words)
    origin = _said(row, "origin", words)
    school = _school(row, words)
    return Values(
        name=_name(row, words),
        sex=_sex(row, words),
        birth=birth,
        id_number=number.number,
        id_division=number.number[:6] if number.number else None,
        id_birth=number.birth,
        id_sex=number.sex,
        id_sound=number.sound,
        ethnic=_coded(row, "ethnic", "ethnic", words),
        phone=carer.phone,
        relation=carer.relation,
        guardian=carer.name,
        address=_said(row, "address", words) or (origin if row.side == "sending" else None),
        origin=origin,
        community=_said(row, "community", words) or row.place,
        block=_said(row, "block", words),
        arrived=_arrived(row, birth, words),
        registered=_day(row, "registered"),
        school=None if school == ATTENDING else school,
        attends=school == ATTENDING,
        certificate=_certificate(row, words),
        who_away=_who_away(row, words),
        other_parent_can_care=words.part("cannot_care", row.texts["away"]) if row.text("away") else None,
        away_since=_day(row, "away_since", code="away_unreadable"),
        away_place=_said(row, "away_place", words),
        boarding=_coded(row, "boarding", "yes_no", words),
        guardianship=_said(row, "guardianship", words),
        note=_said(row, "note", words),
    )


def _said(row: Row, name: str, words: LedgerWords) -> str | None:
    text = row.text(name)
    return None if text is None or words.is_nothing(text) else text


def _name(row: Row, words: LedgerWords) -> str | None:
    text = row.texts.get("name", "")
    name = read_name(text, words)
    if several := names_of_several(text, words):
        row.fault("name", "name_several")
        return "、".join(several)
    if name is None:
        row.fault("name", "name_missing")
    elif is_placeholder(name):
        row.fault("name", "name_placeholder")
    return name


def _birth(row: Row) -> BirthDate | None:
    """Read the birth date out of its parts where they stand in columns of their own, else out of the one column."""
    typed = row.text("birth")
    day = row.text("birth_day") or (typed if typed and DAY_ALONE.fullmatch(plain(typed)) else None)
    told = itertools.takewhile(bool, (row.text("birth_year"), row.text("birth_month"), day))
    parts = [str(part).rstrip("年月日号") for part in told]
    whole = row.cells.get("birth")
    faults = []
    for cell in ("-".join(parts), whole) if len(parts) == YEAR_MONTH_DAY else (whole, "-".join(parts)):
        try:
            return read_date(cell)
        except DateFault as fault:
            faults.append(fault.code)
    code = next((code for code in faults if code != "empty"), "empty")
    row.fault("birth", "birth_missing" if code == "empty" else f"birth_{code}")
    return None


def _sex(row: Row, words: LedgerWords) -> str | None:
    text = row.text("sex")
    if text is None or words.is_nothing(text):
        if "sex" in row.columns:
            row.fault("sex", "sex_missing")
        return None
    sex = words.code("sex", text) or words.code("sex", unbracketed(text))
    if sex is None:
        row.fault("sex", "sex_unreadable")
    return sex


def _coded(row: Row, name: str, kind: str, words: LedgerWords) -> str | None:
    text = row.text(name)
    if text is None:
        return None
    code = words.code(kind, text) or words.code(kind, unbracketed(text))
    if code is None and not words.is_nothing(text):
        row.fault(name, f"{name}_unknown")
    return code or UNKNOWN


def _school(row: Row, words: LedgerWords) -> str | None:
    """Return what the cells about school say: a code, `attending`, or None where they are empty."""
    text = row.text("school")
    if text is None:
        return None
    codes = {_school_word(part, words) for part in text.split(BESIDE)} - {None}
    told = codes - {ATTENDING, UNKNOWN}
    if not codes:
        row.fault("school", "school_unknown")
    return min(told or codes or {UNKNOWN}, key=str)


def _school_word(text: str, words: LedgerWords) -> str | None:
    return words.code("school", text) or words.code("school", unbracketed(text)) or words.part("school", text)


def _certificate(row: Row, words: LedgerWords) -> str | None:
    for name in ("certificate", "vaccinated"):
        if text := row.text(name):
            code = words.code(name, text) or words.code(name, unbracketed(text))
            if code is None:
                row.fault(name, "certificate_unknown")
            return code or UNKNOWN
    return None


def _who_away(row: Row, words: LedgerWords) -> str | None:
    if text := row.text("away"):
        first = text.replace("，", ",").replace("；", ",").partition(",")[0]
        code = words.code("away", text) or words.code("away", first) or words.part("away", first)
        if code is None:
            row.fault("away", "who_away_unknown")
        return code or UNKNOWN
    gone = {name: words.code("yes_no", row.texts.get(f"{name}_away", "")) for name in PARENTS}
    if None in gone.values() and "yes" not in gone.values():
        return None
    away = [name for name, code in gone.items() if code == "yes"]
    return {0: "neither", 1: "".join(away[:1]), 2: "both"}[len(away)]


def _arrived(row: Row, birth: BirthDate | None, words: LedgerWords) -> BirthDate | None:
    text = row.text("arrived")
    if text and birth and folded(text) in words.lines["since_birth"]:
        return birth
    return _day(row, "arrived")


def _day(row: Row, name: str, code: str | None = None) -> BirthDate | None:
    if not folded(row.texts.get(name, "")):
        return None
    try:
        return read_date(row.cells[name])
    except DateFault:
        row.fault(name, code or f"{name}_unreadable")
        return None
