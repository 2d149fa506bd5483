"""A visit away begins and ends by itself, on the days that were said."""

from __future__ import annotations

from datetime import date

import pytest

from sop.absence import is_away, is_over

SUMMER = {"from": "2026-07-01", "until": "2026-08-31", "where": None}


@pytest.mark.parametrize(
    ("visit", "on", "away", "over"),
    [
        (SUMMER, date(2026, 6, 30), False, False),
        (SUMMER, date(2026, 7, 1), True, False),
        (SUMMER, date(2026, 8, 31), True, False),
        (SUMMER, date(2026, 9, 1), False, True),
        (SUMMER | {"until": None}, date(2036, 9, 1), True, False),
        (SUMMER | {"from": None}, date(2026, 1, 1), True, False),
        (SUMMER | {"from": None}, date(2026, 9, 1), False, True),
        (SUMMER | {"until": "2026-08"}, date(2026, 8, 31), True, False),
        ({"where": "苏州"}, date(2026, 8, 31), True, False),
    ],
)
def test_a_visit_lasts_from_its_first_day_to_its_last(
    visit: dict[str, object], on: date, *, away: bool, over: bool
) -> None:
    assert (is_away(visit, on), is_over(visit, on)) == (away, over)
