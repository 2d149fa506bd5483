"""What people type for a dose: a day in any of the usual ways of writing it, a vaccine by code or name."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sop.immunisation import Schedule

UNREADABLE: Final = "unreadable"
NO_SUCH_DAY: Final = "no_such_day"
UNKNOWN: Final = "unknown"
SEVERAL: Final = "several"
LONGEST: Final = 60  # characters that are looked at
CENTURY: Final = 2000  # of a year written with two digits
EARLIEST: Final = 1900  # year: one before it is a slip
# 2024-3-1, 2024.3.1, 2024/3/1, 24.3.1, 2024年3月1日, 2024 3 1
APART: Final = re.compile(r"([0-9]{4}|[0-9]{2})\s*[-./年\s]\s*([0-9]{1,2})\s*[-./月\s]\s*([0-9]{1,2})\s*[日号]?")
TOGETHER: Final = re.compile(r"([0-9]{4}|[0-9]{2})([0-9]{2})([0-9]{2})")  # 20240301, 240301
ENDING: Final = "疫苗"
ENOUGH: Final = re.compile(r"[a-z].*[a-z]|[\u4e00-\u9fff]")  # of a name, for a guess


class TypedError(ValueError):
    """What was typed cannot be read. `code`: one of the constants above."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_day(typed: str) -> date:
    """Return the day that was typed. Raises TypedError (UNREADABLE, NO_SUCH_DAY).

    Full-width digits and signs are read as narrow ones, a year of two digits as one of this century. A year before
    EARLIEST is none that anybody means.
    """
    written = narrow(typed)
    found = TOGETHER.fullmatch(written) or APART.fullmatch(written)
    if found is None:
        raise TypedError(UNREADABLE)
    year, month, day = (int(part) for part in found.groups())
    if len(found[1]) == 2:  # noqa: PLR2004 -- digits
        year += CENTURY
    if year < EARLIEST:
        raise TypedError(UNREADABLE)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise TypedError(NO_SUCH_DAY) from error


def read_vaccine(schedule: Schedule, typed: str) -> str:
    """Return the code of the vaccine that was typed. Raises TypedError (UNKNOWN, SEVERAL).

    A code is read in small letters too, and with its name behind it, as the list proposes it. A name is Chinese or
    English or what it is shortly called, whole, without its ending, or as much of it as only one vaccine has, but no
    less than two letters or one Chinese character.
    """
    wanted = _plain(typed)
    codes = {_plain(code): code for code in schedule.codes}
    first = _plain(narrow(typed).partition(" ")[0])
    if code := codes.get(wanted) or codes.get(first):
        return code
    whole = [code for code, name in _names(schedule) if wanted in (name, name.removesuffix(ENDING))]
    guessed = _names(schedule) if ENOUGH.search(wanted) else ()
    found = dict.fromkeys(whole or [code for code, name in guessed if wanted in name])
    if len(found) != 1:
        raise TypedError(SEVERAL if found else UNKNOWN)
    return next(iter(found))


def split(schedule: Schedule, typed: str) -> tuple[str | None, str]:
    """Return (code, day) of a box in which a vaccine may stand before the day: "JE-I 2024-3-1"; else (None, all)."""
    first, _, rest = narrow(typed).partition(" ")
    code = {_plain(each): each for each in schedule.codes}.get(_plain(first))
    return (code, rest.strip()) if code and rest else (None, narrow(typed))


def narrow(typed: str) -> str:
    """Return what was typed in narrow letters and digits, without white space around it."""
    return " ".join(unicodedata.normalize("NFKC", typed[:LONGEST]).split())


def _names(schedule: Schedule) -> Iterator[tuple[str, str]]:
    for code, vaccine in schedule.vaccines.items():
        yield code, _plain(vaccine.name.zh)
        yield code, _plain(vaccine.name.en)
        yield from ((code, _plain(each)) for each in vaccine.called)


def _plain(typed: str) -> str:
    return narrow(typed).casefold().replace(" ", "").replace("‐", "-").replace("–", "-")
