"""What may be done with each row that an office filled in: the referral that its key names, and the answer it gives."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from registry.clock import today
from registry.i18n import language
from registry.ledgers.out.answer_columns import ACCEPT, chosen, offers, taken
from registry.ledgers.out.answer_keys import UnknownKeyError, read_key
from registry.referrals import queries
from registry.referrals.answers.answering import doses_behind, fit
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.forms import MOST_NOTE, MOST_SCHOOL
from registry.referrals.shown import service_of, sop_of
from sop.downloads import ITEM
from sop.referral import DOSES, SCHOOL_AGE, WITH_OFFICE, Answer, State
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.access import Viewer
    from registry.ledgers.out.reading import Filled
    from registry.referrals.models import Referral
    from sop.version import Service

DAYS: Final = ("day", "begins")
WRITTEN_DAY: Final = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
SERIAL: Final = re.compile(r"[3-6]\d{4}")  # days since the end of 1899: a date that lost its format
SERIAL_BEGINS: Final = date(1899, 12, 30)

Fault = tuple[str, str]  # column of the list, and a code of `answer_words.FAULTS`


@dataclass(frozen=True)
class Judged:
    """A row and what may be done with it: the referral (None: the key names none), the answer, and what is wrong.

    `given` is None where the row only takes the referral on. A row with faults is not applied.
    """

    filled: Filled
    referral: Referral | None = None
    given: Answer | None = None
    faults: list[Fault] = field(default_factory=list)


def judged(viewer: Viewer, rows: Sequence[Filled], on: date) -> list[Judged]:
    """Judge rows against the referrals as they are now, in their order; the statements do not grow with the rows."""
    keys = {(row.sheet, row.row): _key(viewer, row.key) for row in rows}
    referrals = queries.at_office(viewer, [key[0] for key in keys.values() if key])
    doses = doses_behind(referrals.values())
    found, seen = list[Judged](), set[UUID]()
    for row in rows:
        key = keys[row.sheet, row.row]
        referral = referrals.get(key[0]) if key else None
        if key is None or referral is None:
            found.append(Judged(row, faults=[("key", "unknown" if row.key else "missing")]))
        elif referral.id in seen:
            found.append(Judged(row, referral, faults=[("key", "twice")]))
        else:
            found.append(_judge(viewer, row, referral, key[1], doses, on))
        seen.update({referral.id} if referral else ())
    return found


def _key(viewer: Viewer, written: str) -> tuple[UUID, int] | None:
    try:
        return read_key(viewer, written) if written else None
    except UnknownKeyError:
        return None


def _judge(
    viewer: Viewer, row: Filled, referral: Referral, version: int, doses: Mapping[UUID, str], on: date
) -> Judged:
    outcome = _outcome(referral, row.typed["outcome"])
    if fault := _standing(viewer, referral, version, outcome):
        return Judged(row, referral, faults=[fault])
    if outcome is None:
        return Judged(row, referral, faults=[("outcome", "strange" if row.typed["outcome"] else "missing")])
    if outcome == ACCEPT:
        return _accepting(row, referral)
    given, faults = _answer(referral, row, outcome)
    if not faults:
        faults = _unfit(referral, row, given, doses, on)
    return Judged(row, referral, given, faults)


def _standing(viewer: Viewer, referral: Referral, version: int, outcome: str | None) -> Fault | None:
    """Say what became of the referral since the list was taken out; None while it is as the list showed it."""
    if referral.version == version and referral.state in WITH_OFFICE:
        return None
    if outcome is not None and referral.outcome.open(viewer) == outcome:
        return "outcome", "already"
    return "outcome", "changed" if referral.state in WITH_OFFICE else "ended"


def _accepting(row: Filled, referral: Referral) -> Judged:
    faults: list[Fault] = [(column, "without_outcome") for column in _beside(row)]
    if referral.state != State.SENT:
        faults.append(("outcome", "accepted"))
    return Judged(row, referral, faults=faults)


def _beside(row: Filled) -> list[str]:
    return [column for column, typed in row.typed.items() if typed and column != "outcome"]


def _answer(referral: Referral, row: Filled, outcome: str) -> tuple[Answer, list[Fault]]:
    typed, service = row.typed, service_of(referral)
    use = taken(service, service.outcome(outcome))
    faults: list[Fault] = [(column, "unused") for column in _beside(row) if column not in use]
    codes, days = dict[str, str | None](), {column: read_day(typed[column]) for column in DAYS}
    for column, offer in offers(service, sop_of(referral)).items():
        codes[column] = chosen(typed.get(column, ""), offer)
        if typed.get(column) and codes[column] is None:
            faults.append((column, "strange"))
    faults += [(column, "unreadable") for column in DAYS if typed[column] and days[column] is None]
    note = _note(typed["dose"], typed["note"])
    texts = (("note", note, MOST_NOTE), ("school", typed["school"], MOST_SCHOOL))
    faults += [(column, "long") for column, text, most in texts if len(text) > most]
    given = Answer(
        outcome,
        reason=codes["reason"],
        day=days["day"],
        school=typed["school"] or None,
        note=note or None,
        school_kind=codes["school_kind"],
        grade=int(codes["grade"]) if codes["grade"] else None,
        begins=days["begins"],
        alternative=codes["alternative"],
        items={code: result for code in service.items if (result := codes[f"{ITEM}{code}"])} or None,
    )
    return given, list(dict.fromkeys(faults))


def _unfit(referral: Referral, row: Filled, given: Answer, doses: Mapping[UUID, str], on: date) -> list[Fault]:
    """Ask the rules of the office's own page; they name all that does not fit."""
    service = service_of(referral)
    try:
        fit(service, given, referral, on, doses)
    except UnfitAnswerError as error:
        return faults_of(error, service, row)
    return []


def faults_of(error: UnfitAnswerError, service: Service, row: Filled) -> list[Fault]:
    """Say in which columns of a row an answer does not fit; of items, those that were not compared."""
    return [fault for name in (error.field, *error.also) for fault in _faults(name, error, service, row)]


def _faults(name: str, error: UnfitAnswerError, service: Service, row: Filled) -> list[Fault]:
    if name in {SCHOOL_AGE, DOSES}:
        return [("outcome", name)]
    if name != "items":
        return [(name, _wrong(name, error, row))]
    columns = [f"{ITEM}{code}" for code in service.items]
    empty = [column for column in columns if not row.typed.get(column)]
    return [(column, "needed") for column in empty] or [(column, "strange") for column in columns]


def _wrong(name: str, error: UnfitAnswerError, row: Filled) -> str:
    typed = row.typed.get(name)
    if not typed:
        return "needed"
    if name != "day":
        return "strange"
    day = read_day(typed)
    return "far" if error.until and day and day > error.until else "past"


def _note(dose: str, note: str) -> str:
    """Return the note of an answer: a dose has no place of its own in the register and is said there."""
    if not dose:
        return note
    said = in_force(today()).downloads.dose_in_note.in_language(language()).format(dose=dose)
    return f"{said}; {note}" if note else said


def _outcome(referral: Referral, typed: str) -> str | None:
    return chosen(typed, offers(service_of(referral), sop_of(referral))["outcome"])


def outcome_words(referral: Referral | None, typed: str) -> str:
    """Return an outcome that was typed or chosen in the words of the page; what is none stays as it was typed."""
    code = _outcome(referral, typed) if referral else None
    if code is None or referral is None:
        return typed
    text = in_force(today()).downloads.accept if code == ACCEPT else service_of(referral).outcome(code).text
    return text.in_language(language())


def read_day(typed: str) -> date | None:
    """Read a day that was typed in one of the usual ways, or as the number that a spreadsheet made of it."""
    plain = unicodedata.normalize("NFKC", typed).replace(" ", "")
    if SERIAL.fullmatch(plain):
        return SERIAL_BEGINS + timedelta(days=int(plain))
    read = WRITTEN_DAY.fullmatch(plain)
    if read is None:
        return None
    year, month, day = (int(part) for part in read.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None
