"""Days as people type them into spreadsheets."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sop.content import MONTHS
from sop.identity import BirthDate
from sop.ledger.cells import plain, text_of, unbracketed

if TYPE_CHECKING:
    from sop.ledger.cells import Cell

DAY_ZERO: Final = date(1899, 12, 30)  # of the spreadsheets, whose 1900 was a leap year
SERIALS: Final = range(20000, 60001)  # 1954 to 2064
HIGHEST: Final = 10**8  # eight digits
YEARS: Final = range(1900, 2101)
PIVOT: Final = 70  # two digits from here on are a year of the last century
LUNAR: Final = re.compile(
    r"[农農阴陰旧舊]历|农曆|lunar|腊月|臘月|正月|冬月|闰|月初[一二三四五六七八九十]|[(【\[]\s*[农農阴陰旧舊]\s*[)】\]]"
)
ABOUT: Final = re.compile(r"约|大概|大致|左右|前后|上下|可能|好像|估计|approx|about|around|circa|\bca\b|[~?≈±]")
SAID_BESIDE: Final = re.compile(
    r"公历|阳历|新历|西历|生于|出生于?|日生|生$|^生|born|\bon\b|(?:星期|周|礼拜)[一二三四五六日天]|[上下]午|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
)
CLOCK: Final = re.compile(r"[\sT]+\d{1,2}(?:[:时]\d{0,2}){1,2}(?:\.\d+)?\s*[分秒z]?$", re.IGNORECASE)
POINT_NOUGHT: Final = re.compile(r"^(\d{4,8})\.0+$")
AGE: Final = re.compile(r"\d{1,2}(?:岁|周岁|个月|years?|months?|y).*")
CHINESE: Final = re.compile("[〇零○一二三四五六七八九十廿卅]+")
DIGITS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
GAP: Final = r"[\s\-‐‑‒–—―−－./\\,，。、．·・_'年月日号]+"
USUAL: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
SHORT: Final = re.compile(r"\d{1,2}\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}[\s.,。、]*")  # no year of four digits
NUMBERS: Final = re.compile(rf"\d+(?:{GAP}\d+)*(?:{GAP})?")
MONTH: Final = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}
IN_LETTERS: Final = "|".join(MONTH)
DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*({IN_LETTERS})[a-z]*[\s\-/.,]*(\d{{4}}|\d{{2}})")
MONTH_FIRST: Final = re.compile(rf"({IN_LETTERS})[a-z]*[\s\-/.,]*(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]+(\d{{4}})")
YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[\s\-/.,]*({IN_LETTERS})[a-z]*[\s\-/.,]*(\d{{1,2}})?")
MONTH_ONLY: Final = re.compile(rf"({IN_LETTERS})[a-z]*[\s\-/.,]*(\d{{4}})")


class DateFault(ValueError):  # noqa: N818 - the name says what happened
    """A cell holds no day; `code`: empty, unreadable, lunar, approximate, ambiguous, calendar, year."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_date(cell: Cell) -> BirthDate:
    """Read a day, or a month, out of a cell however it was typed; raises DateFault.

    Year, month and day in this order, unless the four digits of the year come last and only one order is possible.
    Two digits are a year from 1970 to 2069; between slashes, and where one digit comes first, only one order may fit.
    Numbers are 20161218, 201612, 161218 or the days that spreadsheets count.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, float):
        return _number(cell)
    text = text_of(cell)
    if not text:
        raise DateFault("empty")
    return _text(plain(text).casefold().strip())


def _day(year: int, month: int, day: int | None = None) -> BirthDate:
    if year not in YEARS:
        raise DateFault("calendar")
    try:
        return BirthDate(year, month, day)
    except ValueError as error:
        raise DateFault("calendar") from error


def _number(number: float) -> BirthDate:
    if not 1 <= number < HIGHEST:
        raise DateFault("unreadable")
    if number == int(number):
        return _digits(str(int(number)))
    if int(number) in SERIALS:
        return _serial(int(number))  # with the time of the day
    year, _, month = repr(number).partition(".")
    if month == "1":
        raise DateFault("ambiguous")  # 2013.1 is what is left of 2013.10 as well
    if int(year) in YEARS:
        return _day(int(year), int(month)) if len(month) <= len("12") else _digits(year + month)
    raise DateFault("unreadable")


def _serial(number: int) -> BirthDate:
    return BirthDate.of(DAY_ZERO + timedelta(days=number))


def _digits(digits: str) -> BirthDate:
    """Read digits without anything between them."""
    read = {4: _year_alone, 5: _five, 6: _six, 7: _seven, 8: _eight}.get(len(digits))
    if read is None:
        raise DateFault("unreadable")
    return read(digits)


def _year_alone(digits: str) -> BirthDate:
    raise DateFault("year" if int(digits) in YEARS else "unreadable")


def _five(digits: str) -> BirthDate:
    if int(digits) in SERIALS:
        return _serial(int(digits))
    raise DateFault("unreadable")


def _six(digits: str) -> BirthDate:
    if int(digits[:4]) in YEARS and 1 <= int(digits[4:]) <= len(MONTHS):
        return _day(int(digits[:4]), int(digits[4:]))
    return _day(_century(int(digits[:2])), int(digits[2:4]), int(digits[4:]))


def _seven(digits: str) -> BirthDate:
    """Read 2013624, where only one way to part it gives a day."""
    found = []
    for end in (5, 6):
        try:
            found.append(_day(int(digits[:4]), int(digits[4:end]), int(digits[end:])))
        except DateFault:
            continue  # the other way may be one
    if len(found) != 1:
        raise DateFault("ambiguous" if found else "calendar")
    return found[0]


def _eight(digits: str) -> BirthDate:
    if int(digits[:4]) in YEARS:
        if digits[4:] == "0000":
            raise DateFault("year")
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]) or None)
    return _year_last(int(digits[:2]), int(digits[2:4]), int(digits[4:]))


def _century(two: int) -> int:
    return two + (1900 if two >= PIVOT else 2000)


def _year_last(first: int, second: int, year: int) -> BirthDate:
    months = len(MONTHS)
    if first <= months and second <= months and first != second:
        raise DateFault("ambiguous")
    return _day(year, *((first, second) if second > months else (second, first)))


def _any_order(first: str, second: str, third: str) -> BirthDate:
    """Read 24/6/13, where only one order gives a day; a year has two digits at least."""
    orders = ((first, second, third), (third, second, first), (third, first, second))
    found: set[BirthDate] = set()
    for year, month, day in orders:
        try:
            found.update({_day(_century(int(year)), int(month), int(day))} if len(year) > 1 else ())
        except DateFault:
            continue  # another order may be one
    if len(found) != 1:
        raise DateFault("ambiguous" if found else "calendar")
    return found.pop()


def _text(text: str) -> BirthDate:
    if found := USUAL.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if LUNAR.search(text):
        raise DateFault("lunar")
    if ABOUT.search(text):
        raise DateFault("approximate")
    text = CLOCK.sub("", POINT_NOUGHT.sub(r"\1", SAID_BESIDE.sub("", unbracketed(text)).strip(" ,，"))).strip()
    if text.isdecimal():
        return _digits(text)
    if AGE.fullmatch(text):
        raise DateFault("year")
    if re.search(f"{IN_LETTERS}", text):
        return _in_letters(text)
    text = CHINESE.sub(lambda found: _arabic(found.group()), text)
    if not NUMBERS.fullmatch(text):
        raise DateFault("unreadable")
    groups = re.findall(r"\d+", text)
    if SHORT.fullmatch(text) and ("/" in text or len(groups[0]) == 1):
        return _any_order(*groups)
    return _grouped(groups, with_year="年" in text)


def _arabic(number: str) -> str:
    """Return 二〇一三 as 2013, 二十四 and 廿四 as 24."""
    number = number.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = number.partition("十")
    if not ten:
        return number.translate(DIGITS)
    return (tens.translate(DIGITS) or "1") + (ones.translate(DIGITS) or "0")


def _in_letters(text: str) -> BirthDate:
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _day(int(year) if len(year) == len("2016") else _century(int(year)), MONTH[month], int(day))
    if found := MONTH_FIRST.fullmatch(text):
        return _day(int(found[3]), MONTH[found[1]], int(found[2]))
    if found := YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), MONTH[found[2]], int(found[3]) if found[3] else None)
    if found := MONTH_ONLY.fullmatch(text):
        return _day(int(found[2]), MONTH[found[1]])
    raise DateFault("unreadable")


def _grouped(groups: list[str], *, with_year: bool) -> BirthDate:
    """Read numbers with something between them, by how many digits each has."""
    lengths = "".join(str(min(len(group), 9)) for group in groups)
    if re.fullmatch(r"4[12]{1,2}", lengths):
        return _day(*(int(group) for group in groups))
    if re.fullmatch(r"[12][12]4", lengths):
        return _year_last(*(int(group) for group in groups))
    if re.fullmatch(r"[12]{3}", lengths) or (with_year and re.fullmatch(r"2[12]", lengths)):
        return _day(_century(int(groups[0])), *(int(group) for group in groups[1:]))
    if re.fullmatch(r"[12]4", lengths):
        return _day(int(groups[1]), int(groups[0]))
    if re.fullmatch(r"44|6[12]|[468]", lengths):
        return _digits(groups[0] + "".join(groups[1:]).zfill(2 * len(groups) - 2))
    raise DateFault("unreadable")
