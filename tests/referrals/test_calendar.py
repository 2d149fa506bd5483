"""Working days: the October holiday with its worked weekend days, and the end of what is published."""

from __future__ import annotations

from datetime import date

import pytest

from registry.referrals.calendar import working_calendar
from sop.referral import Deadlines, State, calendar_known, deadlines, standing
from sop.version import load

SERVICES = load("2026-11").services
SENT = date(2026, 9, 18)  # a Friday before the autumn holidays of 2026


def test_the_holidays_and_worked_weekend_days_of_autumn_2026_are_known():
    calendar = working_calendar()
    assert [day for day in range(18, 31) if not calendar.is_working(date(2026, 9, day))] == [19, 25, 26, 27]
    assert [day for day in range(1, 13) if not calendar.is_working(date(2026, 10, day))] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        11,
    ]


@pytest.mark.parametrize(
    ("service", "accept_by", "answer_by"),
    [
        # 20 September is a worked Sunday, 10 October a worked Saturday
        ("vaccination", date(2026, 9, 24), date(2026, 10, 15)),
        ("education", date(2026, 10, 9), date(2026, 11, 5)),
    ],
)
def test_limits_skip_the_holidays_and_count_the_worked_weekend_days(service, accept_by, answer_by):
    assert deadlines(SERVICES[service], SENT, working_calendar()) == Deadlines(accept_by, answer_by)


@pytest.mark.parametrize(
    ("on", "kind", "days"),
    [
        (date(2026, 9, 30), "open", 7),  # the holiday lies between, and a worked Saturday
        (date(2026, 10, 7), "open", 7),
        (date(2026, 10, 10), "open", 4),
        (date(2026, 10, 11), "open", 4),
        (date(2026, 10, 12), "soon", 3),
        (date(2026, 10, 15), "soon", 0),
        (date(2026, 10, 16), "late", 1),
        (date(2026, 10, 18), "late", 1),
        (date(2026, 10, 19), "late", 2),
    ],
)
def test_a_referral_stands_to_the_day_over_the_holiday(on, kind, days):
    calendar = working_calendar()
    limits = deadlines(SERVICES["vaccination"], SENT, calendar)
    stands = standing(State.ACCEPTED, limits, on, calendar)
    assert (stands.kind, stands.days, stands.due) == (kind, days, limits.answer_by)


def test_the_calendar_says_where_it_ends():
    calendar = working_calendar()
    assert calendar_known(calendar, calendar.complete_until)
    assert not calendar_known(calendar, date(calendar.complete_until.year + 1, 1, 1))
    assert (calendar.complete_until.month, calendar.complete_until.day) == (12, 31)
