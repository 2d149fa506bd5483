"""The working days of China that time limits are counted in: the published holiday arrangements, and later years."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chinese_calendar.constants import holidays, workdays

from registry.clock import today
from registry.i18n import language
from sop.referral import Calendar, calendar_known, with_years
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from sop.version import Sop


def working_calendar() -> Calendar:
    """Return public holidays and worked weekend days, as the State Council's yearly notices set them.

    Those that the library holds, and over them the years that the procedure in force or its local rules hold. Where
    the notice of a year is in neither, Saturdays and Sundays alone are off, and the pages say so.
    """
    return _with_years_of(in_force(today()))


def unknown_year(sop: Sop, start: date, end: date) -> str | None:
    """Say so where the days from `start` to `end` lie in a year of which no notice is entered, else None.

    In the words of the version and the language of the page.
    """
    if calendar_known(working_calendar(), start, end):
        return None
    return sop.say("warn_calendar", language(), year=end.year)


@lru_cache(maxsize=4)
def _with_years_of(sop: Sop) -> Calendar:
    """Merge once for a version; other local rules make another version of it."""
    return with_years(_published(), sop.calendar)


@cache
def _published() -> Calendar:
    """Return what the library holds, complete until the end of its last year."""
    return Calendar(frozenset(holidays), frozenset(workdays), frozenset(day.year for day in holidays))
