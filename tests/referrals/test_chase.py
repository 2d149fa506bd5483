"""The supervisor's page: what has climbed inside the own area, by office and one by one, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import now, today
from registry.database import db
from registry.referrals.lists import pages
from registry.referrals.models import ReferralStep
from registry.referrals.overdue import chasing
from registry.vault.sealed import opened_fields
from sop.version import in_force
from tests.factories import ELSEWHERE
from tests.referrals.overdue import CITY, COUNTY, TOWN, climb, confidential_one, late_by, overdue, supervisor
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.areas.models import Office
    from registry.referrals.models import Referral
    from tests.client import Client, Page
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


def rows(page: Page, table: int = 1) -> list[str]:
    """Return what each row of a table says: 0 by office, 1 one by one."""
    found = page.select("table")
    return [" ".join(row.get_text(" ").split()) for row in found[table].select("tbody tr")] if found[table:] else []


def named(make: Factory, name: str, **values: object) -> object:
    return make.child(name=name, **values)


@pytest.mark.database
def test_what_has_climbed_is_shown_with_who_is_to_answer_and_who_asked(
    make: Factory, browser: Client, office: Office, language: str
) -> None:
    ours = make.office(area=TOWN[:9] + "901")
    referral = overdue(make, make.child(), office, DUE, from_office=ours, **CLIMBED)
    step(make, referral, supervisor(make).id)
    page = browser.get(CHASE)
    (row,) = rows(page)
    said = {
        "zh": ("逾期12天", "陈雨桐", "就学", office.name_zh, ours.name_zh, "已受理"),
        "en": ("12 d late", "陈雨桐", "Education", office.name_en, ours.name_en, "Accepted"),
    }[language]
    for words in said[:5]:
        assert words in row
    accepted = in_force(today()).codes["referral_state"].text("accepted").in_language(language)
    assert accepted in row


def step(make: Factory, referral: Referral, user_id: object) -> None:
    """Keep two steps of a referral: it was sent, then accepted."""
    with make.app.app_context():
        for move, state in (("send", "sent"), ("accept", "accepted")):
            values = {"referral_id": referral.id, "child_id": referral.child_id, "user_id": user_id}
            db.session.add(ReferralStep(**values, at=now(), move=move, state=state))
        db.session.commit()


@pytest.mark.database
def test_an_office_is_one_line_with_its_services_and_the_letter_to_it(
    make: Factory, browser: Client, office: Office, language: str
) -> None:
    clinic = make.office("clinic", COUNTY)
    for due in (late_by(12), late_by(30)):
        overdue(make, make.child(), office, due, **CLIMBED)
        overdue(make, make.child(), office, due, service="vaccination", **CLIMBED)
    overdue(make, make.child(), clinic, late_by(8), service="vaccination", **CLIMBED)
    page = browser.get(CHASE)
    first, second = rows(page, 0)
    assert office.name(language) in first
    assert clinic.name(language) in second, "the oldest limit comes first"
    assert {"zh": "就学 2件", "en": "Education 2"}[language].replace(" ", "") in first.replace(" ", "")
    assert {"zh": "逾期30天", "en": "30 d late"}[language] in first
    letters = [link["href"] for link in page.select("a[href$='/letter']")]
    assert letters == [f"{CHASE}/{office.id}/letter", f"{CHASE}/{clinic.id}/letter"]
    assert [each.get_text() for each in page.select(".app-figures__number")] == ["5", "0", "2", "30"]


def test_what_has_climbed_beyond_is_counted_and_shown_as_well(make: Factory, browser: Client, office: Office) -> None:
    overdue(make, make.child(), office, DUE, climbed=2, climbed_to=COUNTY)
    overdue(make, make.child(), office, DUE, **CLIMBED)
    page = browser.get(CHASE)
    assert ["上级督办" in row or "With the level above" in row for row in sorted(rows(page))].count(True) == 1
    assert [each.get_text() for each in page.select(".app-figures__number")][:2] == ["2", "1"]


def test_what_stands_with_a_level_below_is_not_the_county_s_to_chase(
    make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    overdue(make, make.child(), office, DUE, **CLIMBED)
    overdue(make, make.child(name="李思琪"), office, DUE, climbed=1, climbed_to=COUNTY)
    page = client_as(supervisor(make, COUNTY)).get(CHASE)
    assert len(rows(page)) == 1
    assert "李思琪" in page.text


@pytest.mark.database
def test_another_area_a_protected_file_and_who_has_died_are_as_if_absent(
    make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    high = {"climbed": 2, "climbed_to": CITY}
    overdue(make, make.child(area=ELSEWHERE), office, DUE, **high)
    overdue(make, make.child(protected=True), office, DUE, **high)
    overdue(make, make.child(child_status="deceased"), office, DUE, **high)
    overdue(make, make.child(name="李思琪"), office, DUE)  # has not climbed
    town = client_as(supervisor(make))
    page = town.get(CHASE)
    assert rows(page) == rows(page, 0) == []
    assert page.select(".app-empty")
    assert not page.select(".app-nav__count")
    city = client_as(supervisor(make, CITY)).get(CHASE)
    assert len(rows(city)) == 1, "only the other area's is the city's"


@pytest.mark.database
def test_confidential_services_are_named_one_by_one_and_counted_together(
    make: Factory, browser: Client, language: str
) -> None:
    office = make.office("disability", COUNTY)
    for service in ("disability", "social_assistance"):
        climb(make, confidential_one(make, make.child(), office, DUE, service), **CLIMBED)
    page = browser.get(CHASE)
    names = [
        in_force(today()).services[code].name.in_language(language) for code in ("disability", "social_assistance")
    ]
    listed = " ".join(rows(page))
    assert all(name in listed for name in names)
    assert listed.count(office.name(language)) == 2
    (by_office,) = rows(page, 0)
    assert office.name(language) in by_office
    assert not any(name in by_office for name in names)


@pytest.mark.database
def test_the_list_is_narrowed_to_an_office_and_a_service(make: Factory, client_as: Callable[..., Client]) -> None:
    office, clinic, federation = (make.office(kind, COUNTY) for kind in ("education", "clinic", "disability"))
    overdue(make, make.child(name="李思琪"), office, DUE, **CLIMBED)
    overdue(make, make.child(name="陈可"), clinic, DUE, service="vaccination", **CLIMBED)
    climb(make, confidential_one(make, make.child(name="王小虎"), federation, DUE), **CLIMBED)
    browser = client_as(supervisor(make))

    def names(query: str) -> set[str]:
        page = browser.get(f"{CHASE}?{query}")
        return {name for name in ("李思琪", "陈可", "王小虎") if name in " ".join(rows(page))}

    assert names("") == names("office=&service=") == {"李思琪", "陈可", "王小虎"}
    assert names(f"office={office.id}") == {"李思琪"}
    assert names(f"office={federation.id}") == {"王小虎"}
    assert names("service=vaccination") == {"陈可"}
    assert names("service=confidential") == {"王小虎"}
    assert names(f"office={office.id}&service=vaccination") == set()
    assert names("office=nobody&service=nothing") == {"李思琪", "陈可", "王小虎"}
    chosen = browser.get(f"{CHASE}?office={clinic.id}").select("select[name=office] option[selected]")
    assert [option["value"] for option in chosen] == [str(clinic.id)]


@pytest.mark.database
def test_pages_follow_each_other_without_a_gap(
    make: Factory, client_as: Callable[..., Client], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pages, chasing):
        monkeypatch.setattr(module, "PAGE", 2)
    for number in range(5):
        overdue(make, make.child(), office, late_by(12 - number % 2), **CLIMBED)
    browser, seen, path = client_as(supervisor(make)), list[str](), f"{CHASE}?service=education"
    while True:
        page = browser.get(path)
        seen += [link["href"] for link in page.select("table a[href^='/children/']")]
        following = page.select("a[rel=next]")
        if not following:
            break
        path = str(following[0]["href"])
        assert "service=education" in path
    assert (len(seen), len(set(seen))) == (5, 5)
    assert page.select(".app-pagination a")[0]["href"] == f"{CHASE}?service=education"


@pytest.mark.database
def test_a_page_takes_no_more_statements_for_more_rows_or_offices(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as(supervisor(make))

    def asked() -> int:
        federation = make.office("disability", COUNTY)
        overdue(make, make.child(), make.office("education", COUNTY), DUE, **CLIMBED)
        climb(make, confidential_one(make, make.child(), federation, DUE), **CLIMBED)
        browser.get(CHASE)
        with statements(make.app) as sent:
            browser.get(CHASE)
        return len(sent)

    first = asked()
    assert [asked(), asked()] == [first, first]


def test_the_page_opens_names_and_what_it_shows_of_confidential_ones_alone(
    make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    overdue(make, make.child(), office, DUE, **CLIMBED)
    climb(make, confidential_one(make, make.child(), make.office("disability", COUNTY), DUE), **CLIMBED)
    browser = client_as(supervisor(make))
    with opened_fields() as opened:
        browser.get(CHASE)
    assert {field for field, _row in opened} - {"user.name"} == {"child.name", "referral.confidential"}


def test_who_saw_them_is_recorded(app: Flask, make: Factory, client_as: Callable[..., Client], office: Office) -> None:
    child = make.child()
    overdue(make, child, office, DUE, **CLIMBED)
    client_as(supervisor(make)).get(CHASE)
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        (event,) = [each for each in found if each.details["list"] == "climbed_referrals"]
        assert [each.child_id for each in event.children] == [child.id]
