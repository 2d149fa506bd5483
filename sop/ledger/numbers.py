"""ID numbers and phones out of cells, and what spreadsheets did to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sop.identity import IdNumberError, PhoneError, normalise_phone, read_id_number
from sop.ledger.cells import MOST_EXACT, plain, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.ledger.cells import Cell
    from sop.ledger.words import LedgerWords

LAST_DAY: Final = date.max  # whether a number lies in the future is judged with the row
EXPONENT: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
NOT_OF_A_NUMBER: Final = re.compile(r"[\s\-‐‑‒–—―−_.·'’‘\"`´:;,，。]+")
LOOKS_LIKE_X: Final = str.maketrans({"Х": "X", "х": "X", "×": "X", "✕": "X"})
LOST: Final = "000"  # what a spreadsheet puts where it lost digits: so many more often lost than true
PERHAPS_LOST: Final = "00"  # lost where the check digit is wrong as well
OLD: Final = 15
WHOLE: Final = re.compile(r"(?<![0-9A-Z])\d{17}[\dX](?![0-9A-Z])")
MASKED: Final = re.compile(r"[*＊●•xX]{3,}")
MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86)?[\s-]*(1\d{2}[\s\-]*\d{4}[\s\-]*\d{4})(?!\d)")
LAND_LINE: Final = re.compile(r"(?<!\d)0\d{2,3}[\s-]*\d{7,8}(?!\d)")
BETWEEN_PHONES: Final = re.compile(r"[/\\,;、，；|或和及\n\r]+")
LEAST_PHONE: Final = 11
TOO_LONG: Final = 10**12  # no phone, as a figure


@dataclass(frozen=True)
class Number:
    """An ID number as a cell gives it: `birth` and `sex` are its own; `fault` is the code of a message or None.

    `sound`: the check digit is right, so that birth and sex may be trusted. A number that is not kept is None.
    """

    number: str | None = None
    birth: date | None = None
    sex: str | None = None
    fault: str | None = None
    sound: bool = False
    digits: int = 0


def read_number(cell: Cell, words: LedgerWords) -> Number:
    """Read an ID number however its cell was typed or mangled; an empty cell, or one that says so, has none.

    Words beside it are left out, where there is one number only: 身份证：…, …（未核实）.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell >= MOST_EXACT:
        return _figure(cell)
    text = plain(text_of(cell))
    if not text or words.is_nothing(text):
        return Number()
    if EXPONENT.fullmatch(text.replace(" ", "")):
        return Number(fault="id_damaged")
    number = NOT_OF_A_NUMBER.sub("", text).upper().translate(LOOKS_LIKE_X)
    if MASKED.search(number) and not number.isdecimal():
        return Number(fault="id_masked")
    read = _typed(number)
    within = set(WHOLE.findall(number)) if read.fault == "id_characters" else set()
    return _typed(within.pop()) if len(within) == 1 else read


def _figure(cell: float) -> Number:
    """Read a number out of a cell that is no text: a float has lost digits for certain, a whole number perhaps."""
    return Number(fault="id_damaged") if isinstance(cell, float) else _typed(str(cell))


def _typed(number: str) -> Number:
    if len(number) == OLD and number.isdecimal():
        return Number(fault="id_old")
    try:
        read = read_id_number(number, LAST_DAY)
    except IdNumberError as error:
        return Number(fault=f"id_{error.code}", digits=len(number))
    if number.endswith(LOST) or (read.faults and number.endswith(PERHAPS_LOST)):
        return Number(fault="id_damaged")
    fault = next(iter(read.faults), None)
    return Number(read.number, read.birth, read.sex, fault, sound=fault is None)


@dataclass(frozen=True)
class Phone:
    """A phone as its cells give it, or the code of what is wrong with it."""

    number: str | None = None
    fault: str | None = None


def read_phone(cells: list[Cell], words: LedgerWords) -> Phone:
    """Return the first phone that can be read out of the cells; else what is wrong with the first that is filled."""
    faults = []
    for cell in cells:
        text = text_of(cell)
        if words.is_nothing(text):
            continue
        phone = _phone(cell, plain(text))
        if phone.number:
            return phone
        faults.append(phone)
    return faults[0] if faults else Phone()


def _phone(cell: Cell, text: str) -> Phone:
    if isinstance(cell, float) and cell >= TOO_LONG:
        return Phone(fault="phone_long")
    if EXPONENT.fullmatch(text):
        return Phone(fault="phone_damaged")
    if number := _normal(text) or next(filter(None, map(_normal, _parts(text))), None):
        return Phone(number)
    digits = sum(character.isdecimal() for character in text)
    if re.search(r"[^\d\s\-+().]", text) or not digits:
        return Phone(fault="phone_unreadable")
    return Phone(fault="phone_short" if digits < LEAST_PHONE else "phone_long")


def _parts(text: str) -> Iterator[str]:
    """Give what may be a phone in a cell with more than one, or with words beside it."""
    yield from BETWEEN_PHONES.split(text)
    yield from text.split()
    yield from MOBILE.findall(text)
    yield from LAND_LINE.findall(text)


def _normal(text: str) -> str | None:
    try:
        number = normalise_phone(text)
    except PhoneError:
        return None
    return number[1:] if re.fullmatch(r"01[3-9]\d{9}", number) else number  # a nought typed before a mobile
