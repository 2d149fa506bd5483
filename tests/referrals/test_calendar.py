"""Working days: October with its worked weekend days, where what is published ends, and the years that come after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from registry.referrals.calendar import working_calendar
from sop.referral import Deadlines, State, calendar_known, deadlines, standing
from sop.version import load, use_overlay

OVERLAY = Path(__file__).parents[1] / "sop" / "calendar_2027"
SERVICES = load("2026-11").services
SENT = date(2026, 9, 18)  # a Friday before the autumn holidays of 2026
BEFORE_NEW_YEAR = date(2026, 12, 25)
WITHOUT, WITH_2027 = (date(2027, 1, 1), date(2027, 1, 15)), (date(2027, 1, 4), date(2027, 1, 18))


@pytest.fixture
def next_year(app):
    """The year 2027, entered as local rules."""
    use_overlay(OVERLAY)
    yield
    use_overlay(None)


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
    stands = standing(State.ACCEPTED, limits, on, calendar, load("2026-11").referrals.soon_days)
    assert (stands.kind, stands.days, stands.due) == (kind, days, limits.answer_by)


def test_the_library_s_last_year_is_the_last_that_is_known():
    calendar = working_calendar()
    last = max(calendar.complete_years)
    assert calendar_known(calendar, date(last, 1, 1), date(last, 12, 31))
    assert not calendar_known(calendar, date(last, 12, 31), date(last + 1, 1, 1))


def test_over_the_new_year_weekends_alone_are_off_until_its_year_is_entered():
    calendar = working_calendar()
    assert deadlines(SERVICES["vaccination"], BEFORE_NEW_YEAR, calendar) == Deadlines(*WITHOUT)
    assert not calendar_known(calendar, BEFORE_NEW_YEAR, WITHOUT[1])


def test_over_the_new_year_the_holidays_count_once_local_rules_hold_its_year(next_year):
    calendar = working_calendar()
    assert deadlines(SERVICES["vaccination"], BEFORE_NEW_YEAR, calendar) == Deadlines(*WITH_2027)
    assert calendar_known(calendar, BEFORE_NEW_YEAR, WITH_2027[1])
    assert not calendar.is_working(date(2026, 10, 1)), "what the library holds stays"
    assert calendar.is_working(date(2027, 2, 14))


def test_without_the_local_rules_their_year_is_gone_again():
    assert 2027 not in working_calendar().complete_years


def test_the_calendar_is_merged_once_for_a_version():
    assert working_calendar() is working_calendar()


def test_a_page_says_that_limits_may_change_while_a_year_is_missing(make, client_as, language):
    page = _page_of(make, client_as, language)
    assert {"zh": "2027年的放假安排尚未录入", "en": "The public holidays of 2027"}[language] in page.text


def test_a_page_says_nothing_of_it_once_the_year_is_entered(make, client_as, language, next_year):
    page = _page_of(make, client_as, language)
    assert {"zh": "放假安排", "en": "public holidays"}[language] not in page.text


def _page_of(make, client_as, language):
    ours, office = make.office("community"), make.office("clinic")
    limits = {"sent_on": BEFORE_NEW_YEAR, "accept_by": WITHOUT[0], "answer_by": WITHOUT[1]}
    sent = make.referral(make.child(), office, from_office=ours, service="vaccination", **limits)
    user = make.user("registrar", office=ours)
    return client_as(user, language=language).get(f"/referrals/sent/{sent.id}")
