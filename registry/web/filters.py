"""How days, months and numbers are written on a page, in its language."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from flask_babel import gettext as _
from markupsafe import Markup

from registry import clock
from registry.i18n import language
from sop.content import MONTHS, written_day
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

NOTHING = "—"
HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
ABBREVIATION = 3
PHONE = 40  # letters, or half as many characters, that surely stand in one line of a phone
Parts = tuple[int, int, int | None]
Day = date | datetime | BirthDate | Parts
WEEKDAYS = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def long_date(day: Day | None) -> str:
    """Return a day for running text: 2026年11月22日, 22 November 2026; a month alone without its day."""
    if day is None:
        return NOTHING
    year, month, number = _parts(day)
    if number is None:
        return f"{year}年{month}月" if in_chinese() else f"{MONTHS[month - 1]} {year}"
    return written_day(date(year, month, number), language())


def short_date(day: Day | None, today: date | None = None) -> str:
    """Return a day for a list: 11-22, 22 Nov; in another year than `today` 2025-09-02, 2 Sep 2025."""
    if day is None:
        return NOTHING
    year, month, number = _parts(day)
    if number is None:
        return _month(year, month)
    this_year = year == (today or clock.today()).year
    if in_chinese():
        return f"{month:02}-{number:02}" if this_year else f"{year}-{month:02}-{number:02}"
    words = f"{number} {MONTHS[month - 1][:ABBREVIATION]}"
    return words if this_year else f"{words} {year}"


def weekday_date(day: date) -> str:
    """Return a day with its weekday, for the line above a title."""
    weekday = WEEKDAYS[language()][day.weekday()]
    return f"{long_date(day)} {weekday}" if in_chinese() else f"{weekday} {long_date(day)}"


def moment(instant: datetime | None) -> str:
    """Return an instant as the offices' clock shows it: 2026年11月22日 10:42, 22 November 2026, 10:42."""
    if instant is None:
        return NOTHING
    local = clock.local(instant)
    return f"{long_date(local)}{' ' if in_chinese() else ', '}{local:%H:%M}"


def month_span(span: tuple[Day, Day | None]) -> str:
    """Return the months from and to: 2022-09 至 2025-07, Sep 2022 – Jul 2025; without an end, up to now."""
    start, end = span
    first = _month(*_parts(start)[:2])
    if end is None:
        return f"{first} 至今" if in_chinese() else f"{first} –"
    last = _month(*_parts(end)[:2])
    return f"{first} 至 {last}" if in_chinese() else f"{first} – {last}"


def number(value: int | None) -> str:
    """Return a count with thousands set apart; a count that nobody knows is said to be unknown."""
    return _("Unknown") if value is None else f"{value:,}"


def or_dash(value: Any) -> Any:  # noqa: ANN401
    """Return the value, or the dash that says nothing was ever entered. Zero is an answer."""
    return NOTHING if value is None or value == "" else value


def joined(facts: Iterable[str | None]) -> Markup:
    """Return facts in one line: joined by 「·」 in Chinese, by a comma in English.

    Each is unbroken, unless it is too long for one line of a phone, as an address may be.
    """
    between = Markup("·<wbr>") if in_chinese() else Markup(", ")
    whole, broken = Markup('<span class="app-fact">{}</span>'), Markup("<span>{}</span>")
    return between.join((whole if _fits(str(fact)) else broken).format(fact) for fact in facts if fact)


def _fits(fact: str) -> bool:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in fact) <= PHONE


def listed(words: Iterable[str | None]) -> str:
    """Return words in a row: 、 between them in Chinese, commas in English; what is empty is passed over."""
    return ("、" if in_chinese() else ", ").join(word for word in words if word)


def phrases(those: Iterable[str | None]) -> str:
    """Return phrases in a row, which may hold commas of their own; what is empty is passed over."""
    return ("；" if in_chinese() else "; ").join(phrase for phrase in those if phrase)


def marked(text: Any) -> Any:  # noqa: ANN401
    """Return text with the words in Chinese characters marked as Chinese, where the page is in English.

    Names, addresses and notes stay as they were given; a screen reader is told how to read them, a browser in
    which font to show them. Markup says so itself and is left alone.
    """
    if in_chinese() or isinstance(text, Markup) or not isinstance(text, str) or not HAN.search(text):
        return text
    return Markup(" ").join(
        Markup('<span lang="zh-CN">{}</span>').format(word) if HAN.search(word) else word for word in text.split(" ")
    )


def in_chinese() -> bool:
    """Tell whether the page is in Chinese."""
    return language() == "zh"


def _parts(day: Day) -> Parts:
    if isinstance(day, tuple):
        return day
    there = clock.local(day) if isinstance(day, datetime) else day
    return there.year, there.month, there.day


def _month(year: int, month: int) -> str:
    return f"{year}-{month:02}" if in_chinese() else f"{MONTHS[month - 1][:ABBREVIATION]} {year}"


def init_app(app: Flask) -> None:
    """Make the filters known to every template."""
    days = (long_date, short_date, weekday_date, moment, month_span)
    known = (*days, number, or_dash, joined, listed, phrases, marked)
    app.jinja_env.filters.update({each.__name__: each for each in known})
    app.jinja_env.globals.update(in_chinese=in_chinese, today=clock.today)
