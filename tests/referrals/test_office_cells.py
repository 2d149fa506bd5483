"""What each cell of an office's list shows: of every service and state only what its office may see, on paper too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.clock import today
from registry.database import db
from registry.doses.models import CourseState
from registry.referrals import confidential
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from sop.referral import State, visible
from sop.version import in_force
from tests.referrals.sending import COUNTY, office_of

SERVICES = in_force(today()).services
LEFT_OUT = "Only vaccination referrals that your office has accepted"
OPEN = (State.SENT, State.ACCEPTED, State.APPOINTED)
# What a cell would say of the child, and the field of the procedure that its service must see for it.
BORN = BirthDate(2017, 3, 2)
WORDS = {
    "child.name": "陈雨桐",
    "child.sex": "女",
    "child.birth_date": "9周岁",
    "child.school": "没有上学",
    "child.certificate": "一剂也没种过",
}


@pytest.fixture
def child(make):
    return make.child(name="陈雨桐", birth=BORN, school="none", certificate="no_dose")


def rows(page):
    """Return the cells of the rows of a list in words, without the way to the page of doses."""
    for link in page.select("tbody a[href^='/doses/']"):
        link.decompose()
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]


def told_in(row):
    """Return the fields of which a cell of the row speaks; a link to what can be done may stand behind the words."""
    return {field for field, words in WORDS.items() if any(cell.startswith(words) for cell in row)}


@pytest.mark.parametrize("path", ["/referrals/", "/referrals/print"])
@pytest.mark.parametrize("code", SERVICES)
def test_a_row_says_of_the_child_what_its_service_may_see_and_no_more(make, client_as, child, code, path):
    office, service = office_of(make, code), SERVICES[code]
    browser = client_as(make.user("officer", office=office), language="zh")
    referral = make.referral(child, office, service=code)
    about = {"school": "child.school", "doses": "child.certificate"}.get(service.about)
    for state in OPEN:
        with make.app.app_context():
            db.session.get_one(Referral, referral.id).state = state.value
            db.session.commit()
        (row,) = rows(browser.get(path))
        told = {"child.name", "child.sex", "child.birth_date", about}.intersection(visible(service, state))
        assert {field for field, words in WORDS.items() if any(each.endswith(words) for each in row)} == told, state
        assert any("年级" in cell for cell in row) == (service.about == "school")


def test_a_service_that_may_see_less_shows_less_in_its_list(make, client_as, child, monkeypatch):
    office = office_of(make, "education")
    make.referral(child, office)
    less = replace(SERVICES["education"], visible_before=("child.name", "child.area"))
    monkeypatch.setattr(confidential, "service_of", lambda _row, _viewer: less)
    (row,) = rows(client_as(make.user("officer", office=office), language="zh").get("/referrals/print"))
    assert told_in(row) == {"child.name"}
    assert not any("年级" in cell for cell in row)


def test_a_list_of_several_services_says_of_each_row_which_it_is(make, client_as, child):
    serves = (("medical_insurance", COUNTY), ("social_assistance", COUNTY))
    office = make.office("township", COUNTY, serves=serves)
    browser = client_as(make.user("officer", office=office), language="en")
    make.referral(child, office, service="medical_insurance")
    page = browser.get("/referrals/print")
    assert not {"Service", "Situation", "Grade due"} & {each.get_text(strip=True) for each in page.select("thead th")}
    make.referral(child, office, service="social_assistance")
    page = browser.get("/referrals/print")
    assert "Service" in {each.get_text(strip=True) for each in page.select("thead th")}
    assert {name for row in rows(page) for name in row if name in {"Medical insurance", "Social assistance"}} == {
        *("Medical insurance", "Social assistance")
    }


@pytest.fixture
def clinic(make):
    served = ("vaccination", "birth_certificate")
    return make.office("clinic", COUNTY, serves=tuple((code, COUNTY) for code in served))


@pytest.mark.database
def test_the_vaccine_due_narrows_only_what_shows_the_doses_and_the_page_says_so(make, client_as, clinic):
    browser = client_as(make.user("officer", office=clinic), language="en")
    kept = {}
    for code, state in (("vaccination", "sent"), ("vaccination", "accepted"), ("birth_certificate", "accepted")):
        child = make.child()
        kept[code, state] = make.referral(child, clinic, service=code, state=state)
        with make.app.app_context():
            db.session.add(CourseState(child_id=child.id, course="polio", status="overdue"))
            db.session.commit()
    whole, narrowed = browser.get("/referrals/"), browser.get("/referrals/?course=polio")
    assert len(rows(whole)) == 3
    shown = [each["href"] for each in narrowed.select("tbody th a")]
    assert shown == [f"/referrals/{kept['vaccination', 'accepted'].id}"]
    assert LEFT_OUT in narrowed.text
    assert LEFT_OUT in browser.get("/referrals/print?course=polio").text
    assert LEFT_OUT not in whole.text
    waiting = browser.get("/referrals/?course=polio&tab=waiting")
    assert not rows(waiting)
    assert LEFT_OUT in waiting.text


def test_a_list_opens_the_sealed_part_of_each_row_once(make, client_as):
    office = office_of(make, "disability")
    browser = client_as(make.user("officer", office=office))
    for _ in range(5):
        make.referral(make.child(), office, service="disability")
    with opened_fields() as opened:
        browser.get("/referrals/")
    sealed = [key for field, key in opened if field == "referral.confidential"]
    assert len(sealed) == len(set(sealed)) == 5
