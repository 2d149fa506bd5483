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
from registry.ledgers.out.answer_keys import UnknownKeyError, read_key
from registry.referrals import queries
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.forms import MOST_NOTE
from registry.referrals.queries import WITH_OFFICE
from registry.referrals.service import Answer, fit
from registry.referrals.shown import service_of, sop_of
from sop.content import LANGUAGES, Text
from sop.downloads import folded
from sop.referral import State
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.access import Viewer
    from registry.ledgers.out.reading import Filled
    from registry.referrals.models import Referral

MOST_SCHOOL: Final = 100
ACCEPT: Final = "accept"
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
    """Judge rows against the referrals as they are now, in their order; two statements whatever the number of rows."""
    keys = {(row.sheet, row.row): _key(viewer, row.key) for row in rows}
    referrals = queries.at_office(viewer, [key[0] for key in keys.values() if key])
    found, seen = list[Judged](), set[UUID]()
    for row in rows:
        key = keys[row.sheet, row.row]
        referral = referrals.get(key[0]) if key else None
        if key is None or referral is None:
            found.append(Judged(row, faults=[("key", "unknown" if row.key else "missing")]))
        elif referral.id in seen:
            found.append(Judged(row, referral, faults=[("key", "twice")]))
        else:
            found.append(_judge(viewer, row, referral, key[1], on))
        seen.update({referral.id} if referral else ())
    return found


def _key(viewer: Viewer, written: str) -> tuple[UUID, int] | None:
    try:
        return read_key(viewer, written) if written else None
    except UnknownKeyError:
        return None


def _judge(viewer: Viewer, row: Filled, referral: Referral, version: int, on: date) -> Judged:
    outcome = _outcome(referral, row.typed["outcome"])
    if fault := _standing(viewer, referral, version, outcome):
        return Judged(row, referral, faults=[fault])
    if outcome is None:
        return Judged(row, referral, faults=[("outcome", "strange" if row.typed["outcome"] else "missing")])
    if outcome == ACCEPT:
        return _accepting(row, referral)
    given, faults = _answer(referral, row, outcome)
    if not faults:
        faults = _unfit(referral, row, given, on)
    return Judged(row, referral, given, faults)


def _standing(viewer: Viewer, referral: Referral, version: int, outcome: str | None) -> Fault | None:
    """Say what became of the referral since the list was taken out; None while it is as the list showed it."""
    if referral.version == version and referral.state in WITH_OFFICE:
        return None
    if outcome is not None and referral.outcome.open(viewer) == outcome:
        return "outcome", "already"
    return "outcome", "changed" if referral.state in WITH_OFFICE else "ended"


def _accepting(row: Filled, referral: Referral) -> Judged:
    beside = [column for column in ("reason", "day", "school", "dose", "note") if row.typed[column]]
    faults: list[Fault] = [(column, "without_outcome") for column in beside]
    if referral.state != State.SENT:
        faults.append(("outcome", "accepted"))
    return Judged(row, referral, faults=faults)


def _answer(referral: Referral, row: Filled, outcome: str) -> tuple[Answer, list[Fault]]:
    typed, faults = row.typed, list[Fault]()
    day = read_day(typed["day"])
    if typed["day"] and day is None:
        faults.append(("day", "unreadable"))
    reason = _chosen(typed["reason"], _reasons(referral))
    if typed["reason"] and reason is None:
        faults.append(("reason", "strange"))
    note = _note(typed["dose"], typed["note"])
    if len(note) > MOST_NOTE:
        faults.append(("note", "long"))
    if len(typed["school"]) > MOST_SCHOOL:
        faults.append(("school", "long"))
    return Answer(outcome, reason, day, typed["school"] or None, note or None), faults


def _unfit(referral: Referral, row: Filled, given: Answer, on: date) -> list[Fault]:
    """Ask the rules of the office's own page; they name the first thing that does not fit."""
    try:
        fit(service_of(referral), given, on)
    except UnfitAnswerError as error:
        typed = row.typed[error.field]
        wrong = {"day": "past"}.get(error.field, "strange") if typed else "needed"
        return [(error.field, wrong)]
    return []


def _note(dose: str, note: str) -> str:
    """Return the note of an answer: a dose has no place of its own in the register and is said there."""
    if not dose:
        return note
    said = in_force(today()).downloads.dose_in_note.in_language(language()).format(dose=dose)
    return f"{said}; {note}" if note else said


def _outcome(referral: Referral, typed: str) -> str | None:
    offered = [(each.code, each.text) for each in service_of(referral).outcomes]
    return _chosen(typed, [*offered, (ACCEPT, in_force(today()).downloads.accept)])


def outcome_words(referral: Referral | None, typed: str) -> str:
    """Return an outcome that was typed or chosen in the words of the page; what is none stays as it was typed."""
    code = _outcome(referral, typed) if referral else None
    if code is None or referral is None:
        return typed
    text = in_force(today()).downloads.accept if code == ACCEPT else service_of(referral).outcome(code).text
    return text.in_language(language())


def _reasons(referral: Referral) -> list[tuple[str, Text]]:
    wanted = {code for each in service_of(referral).outcomes for code in each.reasons}
    return [(entry.code, entry.text) for entry in sop_of(referral).codes["outcome_reason"] if entry.code in wanted]


def _chosen(typed: str, offered: Iterable[tuple[str, Text]]) -> str | None:
    """Return the code that was chosen from a list, or typed: the code, its words in either language, or both."""
    wanted = folded(typed)
    for code, text in offered:
        words = {folded(text.in_language(tongue)) for tongue in LANGUAGES}
        spelt = {code, code.lstrip("0") or code, *words, *(folded(code) + word for word in words)}
        if wanted and wanted in spelt:
            return code
    return None


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
