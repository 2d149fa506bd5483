"""Notices inside the application: what has climbed, on a supervisor's first page; what is late or due, at an office."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from registry.accounts import navigation
from registry.clock import today
from registry.referrals.calendar import working_calendar
from registry.referrals.overdue import reminders
from sop.referral import Deadlines, State, add_working_days, standing
from sop.version import in_force
from tests.referrals.overdue import COUNTY, TOWN, confidential_one, late_by, overdue, supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.areas.models import Office
    from tests.client import Client
    from tests.factories import Factory

CHASE = "/referrals/chase"
DUE = late_by(12)
CLIMBED = {"climbed": 1, "climbed_to": TOWN}


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


@pytest.fixture
def browser(make: Factory, client_as: Callable[..., Client], language: str) -> Client:
    return client_as(supervisor(make), language=language)


def test_the_first_page_of_a_supervisor_says_how_many_and_leads_there(
    make: Factory, browser: Client, office: Office, language: str
) -> None:
    assert not browser.get("/children/").select(".app-notice--late")
    overdue(make, make.child(), office, DUE, **CLIMBED)
    overdue(make, make.child(), office, DUE, climbed=2, climbed_to=COUNTY)
    page = browser.get("/children/")
    (notice,) = page.select(".app-notice--late")
    assert {"zh": "2件", "en": "2 referrals"}[language] in notice.get_text()
    assert notice.select("a")[0]["href"] == CHASE
    assert page.select(f".app-nav a[href='{CHASE}'] .app-nav__count")[0].get_text().startswith("2")
    assert page.select("a[href='/ledgers/']"), "the way to the ledgers"


def test_of_very_many_a_page_says_more_than_and_no_false_number(
    make: Factory, browser: Client, office: Office, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (navigation, reminders):
        monkeypatch.setattr(module, "MOST_BESIDE", 2)
    monkeypatch.setitem(make.app.jinja_env.globals, "MOST_BESIDE", 2)
    badge = f".app-nav a[href='{CHASE}'] .app-nav__count"
    for number in (1, 2):
        overdue(make, make.child(), office, DUE, **CLIMBED)
        assert browser.get("/children/").select(badge)[0].get_text().startswith(str(number))
    for _ in range(2):
        overdue(make, make.child(), office, DUE, **CLIMBED)
    page = browser.get("/children/")
    assert page.select(badge)[0].get_text().startswith("2+")
    (notice,) = page.select(".app-notice--late")
    assert {"zh": "有超过2件转介逾期", "en": "More than 2 referrals"}[language] in notice.get_text()


def test_of_very_many_that_fall_due_soon_an_office_reads_more_than(
    make: Factory, client_as: Callable[..., Client], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (navigation, reminders):
        monkeypatch.setattr(module, "MOST_BESIDE", 2)
    monkeypatch.setitem(make.app.jinja_env.globals, "MOST_BESIDE", 2)
    federation = make.office("disability", COUNTY)
    for due in (today(), late_by(1)):
        for _ in range(2):  # at each of its two desks
            overdue(make, make.child(), federation, due, service="birth_certificate")
            confidential_one(make, make.child(), federation, due)
    page = client_as(make.user("officer", office=federation), language=language).get("/referrals/")
    (notice,) = page.select(".app-notice--warn")
    assert {"zh": "有超过2件转介将在3个工作日", "en": "More than 2 referrals fall due"}[language] in notice.get_text()
    assert page.select(".app-nav__count")[0].get_text().startswith("2+"), "both desks together"


@pytest.mark.database
def test_an_officer_is_reminded_of_what_is_overdue_due_soon_and_new(app: Flask, make: Factory, office: Office) -> None:
    federation, far, soon = make.office("disability", COUNTY), today() + timedelta(days=60), late_by(0)
    overdue(make, make.child(), office, late_by(1), state="accepted")
    overdue(make, make.child(), office, soon)
    overdue(make, make.child(), office, far)
    overdue(make, make.child(protected=True), office, late_by(1))
    overdue(make, make.child(), office, late_by(1), state="closed")
    confidential_one(make, make.child(), federation, late_by(1))
    days = in_force(today()).referrals.soon_days
    with app.app_context():
        assert reminders.at_office(office.id, today()) == (1, 1, 2, days)
        assert reminders.at_office(federation.id, today()) == (1, 0, 1, days)


def test_an_officer_s_first_page_says_what_falls_due_soon_and_the_menu_what_is_overdue(
    make: Factory, client_as: Callable[..., Client], office: Office, language: str
) -> None:
    browser = client_as(make.user("officer", office=office), language=language)
    page = browser.get("/referrals/")
    assert not page.select(".app-notice--warn, .app-nav__count")
    overdue(make, make.child(name="李思琪"), office, today())
    overdue(make, make.child(), office, late_by(2))
    page = browser.get("/referrals/")
    (notice,) = page.select(".app-notice--warn")
    assert {"zh": "1件转介将在3个工作日内到期", "en": "1 referral falls due within 3"}[language] in notice.get_text()
    assert page.select(".app-nav__count")[0].get_text().startswith("1")
    soon = browser.get(str(notice.select("a")[0]["href"]))
    assert "李思琪" in soon.text
    assert "陈雨桐" not in soon.text
    assert not soon.select(".app-notice--warn")


@pytest.mark.parametrize("days", [0, 1, 2, 3, 4, 5])
def test_due_soon_means_the_same_here_as_on_the_tags(app: Flask, make: Factory, office: Office, days: int) -> None:
    due = add_working_days(working_calendar(), today(), days) if days else today()
    overdue(make, make.child(), office, due)
    soon_days = in_force(today()).referrals.soon_days
    stands = standing(State.SENT, Deadlines(due, due), today(), working_calendar(), soon_days)
    with app.app_context():
        assert reminders.at_office(office.id, today()).soon == (stands.kind == "soon")
