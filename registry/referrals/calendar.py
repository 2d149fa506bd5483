"""The working days of China that time limits are counted in, from the published holiday arrangements."""

from __future__ import annotations

from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

from sop.referral import Calendar


@cache
def working_calendar() -> Calendar:
    """Return public holidays and worked weekend days, as the State Council's yearly notices set them.

    Complete until the end of the last year whose notice the library holds; limits that end later count
    weekends alone as free, and the pages say so.
    """
    last_year = max(day.year for day in holidays)
    return Calendar(frozenset(holidays), frozenset(workdays), date(last_year, 12, 31))
