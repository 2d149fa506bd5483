"""Who a child is on paper: birth dates, ID numbers, names and phones, read and normalised."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sop.content import CodeList

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
MIDDLE_DOTS: Final = "\u00b7\u2022\u2219\u22c5\u2024\u2027\u30fb\uff65"
FULL_STOPS: Final = ".\uff0e"
UNNAMED: Final = frozenset({"未取名", "未起名", "未命名", "暂未取名", "暂未起名", "无名", "无名氏", "宝宝"})
CHILD_OF: Final = re.compile(r"某+|.+之[长次大小二三四五]?[子女][0-9]?|.+的(?:孩子|儿子|女儿)")
CHILD_OF_LATIN: Final = re.compile(r"(?:baby )?(?:child|son|daughter|baby|boy|girl) of .+", re.IGNORECASE)
DOCUMENT: Final = re.compile(r"(?=.*\d)[A-Z0-9]{5,24}", re.ASCII)
NO_GAPS: Final = {ord(gap): None for gap in DASHES + " \u3000()"}
BIRTH_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True)
class BirthDate:
    """A birth date of which the day may be unknown. Raises ValueError for what is not in the calendar."""

    year: int
    month: int
    day: int | None = None

    def __post_init__(self) -> None:
        date(self.year, self.month, self.day or 1)
        if self.day == 0:
            raise ValueError("day must be in 1..31 or unknown")

    @classmethod
    def of(cls, day: date) -> BirthDate:
        """Return a birth date known to the day."""
        return cls(day.year, day.month, day.day)

    @property
    def earliest(self) -> date:
        """The first day on which the child may have been born."""
        return date(self.year, self.month, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day on which the child may have been born."""
        return self.earliest if self.day else month_end(self.earliest)

    @property
    def iso(self) -> str:
        """The date as 2019-06-14, or 2019-06 where the day is unknown."""
        return self.latest.isoformat() if self.day else f"{self.year:04d}-{self.month:02d}"

    def age_on(self, on: date) -> int:
        """Return the completed years on a day; the birthday itself counts.

        Where the day is unknown the child has a birthday only at the end of the month, so that nothing
        is refused that could be allowed. Born on 29 February: 28 February in common years (domain 4.5).
        """
        years = on.year - self.year
        return years if add_months(self.latest, 12 * years) <= on else years - 1


def band_of(bands: CodeList, age: int) -> str:
    """Return the band of completed years (a code of the list `age_band`); who is past the last stays in it."""
    codes = [band.code for band in bands]
    return next((code for code in codes if age <= int(code.rpartition("-")[2])), codes[-1])


def is_complete(name: str, birth: BirthDate, id_number_answer: str) -> bool:
    """Tell whether a file is complete: a real name, the day of birth, and an answer about the ID number.

    `id_number_answer`: given, later, none or refused; one that will follow is still to come. An episode that is not
    complete is pending.
    """
    return not wanting(name, birth, id_number_answer)


def wanting(name: str, birth: BirthDate, id_number_answer: str) -> tuple[str, ...]:
    """Return what keeps a file pending, of name, birth_day and id_number; nothing when it is complete."""
    there = {
        "name": not is_placeholder(name),
        "birth_day": birth.day is not None,
        "id_number": id_number_answer != "later",
    }
    return tuple(part for part, is_there in there.items() if not is_there)


def parse_birth_date(text: str) -> BirthDate:
    """Read `2019-06-14` or `2019-06`; raises ValueError for anything else."""
    found = BIRTH_DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError("a birth date is written year-month or year-month-day")
    year, month, day = found.groups()
    return BirthDate(int(year), int(month), int(day) if day else None)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return the day `months` calendar months later, clamped to the month's end (domain 4.5)."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


@dataclass(frozen=True)
class IdNumber:
    """A citizen identity number as read; `faults` may hold "check_digit": warn, and let pass."""

    number: str
    division: str
    birth: date
    sex: str
    faults: tuple[str, ...]


class IdNumberError(ValueError):
    """What was typed cannot be an identity number; `code` is length, characters, birth or future."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_id_number(text: str, today: date) -> IdNumber:
    """Read an 18-character number (GB 11643-1999), however its characters were typed.

    Full-width characters, spaces, dashes and a lower-case x are read. The division is never judged:
    it may be abolished. Raises IdNumberError.
    """
    number = _compact(text).upper()
    if not re.fullmatch(r"[0-9X]*", number) or "X" in number[:-1]:
        raise IdNumberError("characters")
    if len(number) != len(WEIGHTS) + 1:
        raise IdNumberError("length")
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise IdNumberError("birth") from error
    if birth > today:
        raise IdNumberError("future")
    faults = () if check_character(number) == number[-1] else ("check_digit",)
    return IdNumber(number, number[:6], birth, "1" if int(number[16]) % 2 else "2", faults)


def check_character(number: str) -> str:
    """Return the check character for the first 17 digits of `number` (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def normalise_document(text: str) -> str | None:
    """Return the number of a document other than the resident ID card: capitals and digits, 5 to 24 of them.

    Full-width letters are read as ordinary ones; spaces and hyphens fall away. None when it cannot be a number:
    other characters, or no digit.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(NO_GAPS)
    return plain if DOCUMENT.fullmatch(plain) else None


def mask_id_number(number: str) -> str:
    """Return `3213**********9049`: the first four and last four characters; shorter numbers wholly hidden."""
    if len(number) <= len("32139049"):
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def normalise_name(text: str) -> str:
    """Return a name as it is kept: NFC, trimmed, single spaces, the middle dot as U+00B7 (domain 5.9).

    One character is a name; characters outside the basic plane are kept. A full stop between Latin
    letters is an initial, not a middle dot, and stays.
    """
    name = " ".join(_visible(unicodedata.normalize("NFC", text)).split())
    dots = MIDDLE_DOTS if re.search(r"[A-Za-z]", name) else MIDDLE_DOTS + FULL_STOPS
    return re.sub(rf"\s*[{re.escape(dots)}]\s*", "\u00b7", name)


def is_placeholder(name: str) -> bool:
    """Tell whether this stands for a child who has no name yet: 某某之子, 王芳的女儿, Child of Wang Fang, 未取名."""
    normal = normalise_name(name)
    compact = "".join(normal.split())
    return compact in UNNAMED or bool(CHILD_OF.fullmatch(compact) or CHILD_OF_LATIN.fullmatch(normal))


class PhoneError(ValueError):
    """What was typed cannot be a phone number; `code` is empty, characters or length."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def normalise_phone(text: str) -> str:
    """Return the digits of a mobile (1 and ten more, any operator) or a land line (0, area, number).

    Full-width digits, spaces, dashes, brackets and +86 are read. Raises PhoneError.
    """
    digits = re.sub(r"^(?:\+|00)86", "", re.sub(r"[()]", "", _compact(text)))
    if not digits:
        raise PhoneError("empty")
    if not re.fullmatch(r"[0-9]+", digits):
        raise PhoneError("characters")
    if not re.fullmatch(r"1[0-9]{10}|0[0-9]{9,11}", digits):
        raise PhoneError("length")
    return digits


def _compact(text: str) -> str:
    """Return the text in plain ASCII forms, without spaces and dashes."""
    return re.sub(rf"[\s{re.escape(DASHES)}]", "", _visible(unicodedata.normalize("NFKC", text)))


def _visible(text: str) -> str:
    """Return the text without marks that nobody sees, which come with text copied from elsewhere."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
