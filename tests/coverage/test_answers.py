"""The page on how referrals are answered: exact for those whose work it is, protected for officials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.coverage import answers as shown
from registry.coverage.views import answers as page_of
from registry.database import db
from registry.i18n import spoken
from registry.jobs.models import Job
from registry.referrals.service_words import service_words
from registry.vault.sealed import opened_fields
from sop.performance import months_until
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.counting import closed, count
from tests.statements import count_statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.areas.models import Office
    from tests.client import Client, Page
    from tests.factories import Factory

PATH = "/statistics/referrals"
COUNTY, TOWN = f"{COMMUNITY[:6]}000000", f"{COMMUNITY[:9]}000"
CITY, NEXT_COUNTY = "320400000000", f"{ELSEWHERE[:6]}000000"
THIS_MONTH, BEFORE = reversed(months_until(today(), 2))


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


def tables(page: Page) -> dict[str, list[list[str]]]:
    """The rows of each table, by its name."""
    return {
        table.caption.get_text(strip=True): [
            [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")
        ]
        for table in page.select("table")
    }


def officer(make: Factory, client_as: Callable[..., Client], office: Office, language: str = "en") -> Client:
    return client_as(make.user("officer", office=office), language=language)


def without_space(page: Page) -> str:
    return page.text.replace(" ", "")


@pytest.mark.database
def test_an_office_sees_its_own_exact_numbers_and_of_no_other(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    closed(make, office)
    closed(make, office, solved=False)
    make.referral(make.child(), office, state="accepted", accepted_on=today())
    make.referral(make.child(), make.office("education", NEXT_COUNTY))
    count(app)
    page = officer(make, client_as, office).get(PATH)
    (by_service, by_outcome) = tables(page).values()
    assert by_service == [["Education", "1", "0", "3", "3", "2", "50.0%", "0", "0", "0", "0", "0"]]
    assert by_outcome == [["Education", "In a public school", "1"], ["Education", "The guardian declined", "1"]]
    beside = officer(make, client_as, make.office("education", NEXT_COUNTY)).get(PATH)
    assert tables(beside) == {}


@pytest.mark.database
def test_a_supervisor_sees_the_offices_that_answer_for_the_children_of_the_own_area(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    clinic = make.office("clinic", COUNTY)
    closed(make, office)
    make.referral(make.child(), clinic, service="vaccination")
    make.referral(make.child(area=make.area(ELSEWHERE)), office)
    count(app)
    page = client_as("supervisor", area=COUNTY, language="en").get(PATH)
    by_office = list(tables(page).values())[1]
    assert [[*row[:2], row[4]] for row in by_office] == [
        ["Education", office.name_en, "1"],
        ["Vaccination", clinic.name_en, "1"],
    ]
    next_one = tables(client_as("supervisor", area=NEXT_COUNTY, language="en").get(PATH))
    assert [[row[0], row[3]] for row in next(iter(next_one.values()))] == [["Education", "1"]]
    far = client_as("supervisor", area="321322000000", language="en").get(PATH)
    assert tables(far) == {}


@pytest.mark.parametrize(("area", "there"), [(COUNTY, True), (TOWN, False)])
def test_confidential_services_stand_as_one_row_and_only_from_the_county_up(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], language: str, area: str, there: bool
) -> None:
    for kind, service in (("disability", "disability"), ("police", "identity")):
        make.referral(make.child(), make.office(kind, COUNTY), service=service)
    count(app)
    page = client_as("supervisor", area=area, language=language).get(PATH)
    with app.test_request_context(), spoken(language):
        words = service_words("confidential")
    together = [[row[0], row[3]] for row in next(iter(tables(page).values()), []) if row[0] == words]
    assert together == ([[words, "2"]] if there else [])
    said = "按区县统计" if language == "zh" else "counted by county"
    assert (said.replace(" ", "") in without_space(page)) is not there


def test_a_period_counts_its_months_alone(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    from datetime import date

    make.referral(make.child(), office, sent_on=date.fromisoformat(f"{BEFORE}-03"))
    for _ in range(2):
        make.referral(make.child(), office)
    count(app)
    browser = officer(make, client_as, office)

    def sent(period: str) -> str:
        page = browser.get(f"{PATH}?period={period}")
        assert [each["value"] for each in page.select("select[name=period] option[selected]")] == [
            period if period != "nonsense" else page_of.LAST
        ]
        return next(iter(tables(page).values()))[0][3]

    assert {period: sent(period) for period in (THIS_MONTH, BEFORE, page_of.LAST, "nonsense")} == {
        THIS_MONTH: "2",
        BEFORE: "1",
        page_of.LAST: "3",
        "nonsense": "3",
    }
    assert tables(browser.get(f"{PATH}?period={BEFORE}"))["How referrals are answered, by service"][0][1:3] == [
        "3",
        "0",
    ]


def test_before_the_first_night_the_page_says_so(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    make.referral(make.child(), make.office("education", COUNTY))
    for role in ("officer", "supervisor", "official"):
        page = client_as(role, language=language).get(PATH)
        assert page.select(".app-empty__title")
        assert not page.select("table")


def test_the_page_says_of_which_night_the_numbers_are(
    app: Flask, client_as: Callable[..., Client], language: str
) -> None:
    from datetime import date

    count(app, date(2026, 11, 20))
    for role in ("officer", "supervisor", "official"):
        words = "2026年11月20日" if language == "zh" else "20November2026"
        assert words in without_space(client_as(role, language=language).get(PATH))
    with app.app_context():
        db.session.execute(delete(Job))
        db.session.commit()


@pytest.mark.database
def test_an_official_sees_no_small_number_anywhere(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    for _ in range(3):
        closed(make, office)
    make.referral(make.child(), make.office("clinic", COUNTY), service="vaccination")
    count(app)
    page = client_as("official", language="en").get(PATH)
    cells = {cell.get_text(strip=True) for cell in page.select("td, .app-figures__number")}
    assert not cells & {str(small) for small in range(1, 10)}
    assert page.select(".app-hidden-cell")
    assert "%" not in page.text


def test_an_official_sees_what_is_large_enough_with_share_and_days(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    language: str,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_of, "protected", lambda *given: shown.protected(*given, threshold=3))
    for solved in (True, True, True, False, False, False):
        closed(make, office, solved=solved)
    other = make.office("education", COUNTY, serves=(("education", TOWN),))
    for _ in range(3):
        closed(make, other)
    count(app)
    page = client_as("official", language=language).get(PATH)
    by_service, by_office = tables(page).values()
    assert by_service[0][1:] == ["9", "6", "3", "0", "0", "0", "66.6%", "0", "0"]
    assert sorted(row[2:] for row in by_office) == [
        ["3", "3", "0", "0", "0", "0", "100.0%"],
        ["6", "3", "3", "0", "0", "0", "50.0%"],
    ]
    assert not page.select("td .app-hidden-cell")
    assert not page.select("select[name=period]")


def test_offices_of_which_nothing_is_shown_are_one_row_of_their_service(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(page_of, "protected", lambda *given: shown.protected(*given, threshold=4))
    for number, place in zip((4, 5, 3, 2), ("901", "902", "903", "904"), strict=True):
        area = make.area(f"{TOWN[:9]}{place}")
        clinic = make.office("clinic", area, serves=(("vaccination", area),))
        for _ in range(number):
            make.referral(make.child(), clinic, service="vaccination")
    count(app)
    _services, offices = tables(client_as("official", language=language).get(PATH)).values()
    numbers = [row for row in offices if row[2].isdecimal()]
    (hidden,) = [row for row in offices if row not in numbers]
    assert numbers
    assert hidden[1].startswith(f"{4 - len(numbers)}")
    assert {"zh": "个单位数据不显示", "en": "offices whose counts are not shown"}[language] in hidden[1]


def test_the_page_opens_no_child_and_no_referral_and_is_recorded(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    child = make.child()
    make.referral(child, office)
    count(app)
    for browser in (officer(make, client_as, office), client_as("supervisor"), client_as("official")):
        with opened_fields() as opened:
            page = browser.get(PATH)
        assert {field for field, _row in opened} <= {"user.name", "performance.counts"}
        assert str(child.id) not in str(page.soup)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "statistics_shown")).all()
        assert not any(each.children for each in events)
        assert [each.details["table"] for each in events].count("performance") == 3


@pytest.mark.parametrize("role", ["officer", "supervisor", "official"])
def test_the_page_costs_the_same_queries_however_many_referrals_and_offices(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office, role: str
) -> None:
    browser = officer(make, client_as, office) if role == "officer" else client_as(role, language="en")
    closed(make, office)
    count(app)
    browser.get(PATH)
    few = count_statements(app, lambda: browser.get(PATH))
    for _ in range(3):
        closed(make, make.office("education", COUNTY))
        make.referral(make.child(), make.office("clinic", COUNTY), service="vaccination")
        make.referral(make.child(), office)
    count(app)
    assert count_statements(app, lambda: browser.get(PATH)) == few


@pytest.mark.parametrize("role", ["registrar", "administrator", "auditor", "protection_officer"])
def test_nobody_else_sees_it(client_as: Callable[..., Client], role: str) -> None:
    client_as(role).get(PATH, status=403)


@pytest.mark.parametrize("role", ["officer", "supervisor", "official"])
def test_whoever_may_see_it_finds_the_way_there(client_as: Callable[..., Client], role: str, language: str) -> None:
    page = client_as(role, language=language).get("/", status=200)
    assert page.select(f"a[href='{PATH}']")
