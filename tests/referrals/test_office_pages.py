"""The office's pages: own office only, no more of the child than the service needs, nothing once it has ended."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.referrals.models import Referral
from registry.referrals.reasons import kept
from registry.vault.sealed import opened_fields
from sop.content import Reason, Text
from sop.identity import BirthDate
from tests.factories import COMMUNITY, VILLAGE
from tests.referrals.sending import first_day

COUNTY = f"{COMMUNITY[:6]}000000"
SEEN_BEFORE = {
    "child.name",
    "child.birth_date",
    "child.hukou",
    "household.address",
    "guardian.name",
    "guardian.phone",
    "schooling.school",
}
PINYIN = {"child.pinyin", "guardian.pinyin"}
LATE = today() - timedelta(days=30)
FAR = today() + timedelta(days=60)


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


@pytest.fixture
def officer(make, office):
    return make.user("officer", office=office)


@pytest.fixture
def child(make):
    return make.child(birth=BirthDate(2018, 3, 2), school="none")


def opened_by(browser, path):
    with opened_fields() as opened:
        page = browser.get(path)
    return page, {field for field, _ in opened} - {"user.name"}


def names(language, *fields):
    return set(fields) | ({"child.pinyin"} if language == "en" else set())


def test_the_list_opens_only_the_names(make, client_as, officer, office, child, language):
    make.referral(child, office, answer_by=FAR, accept_by=FAR)
    page, opened = opened_by(client_as(officer, language=language), "/referrals/")
    assert "陈雨桐" in page.text
    assert {"zh": "小学三年级", "en": "Primary 3"}[language] in page.text
    assert opened == names(language, "child.name")


def test_the_list_names_the_service_of_an_office_that_answers_one_alone(make, client_as, officer, language):
    both = make.office("clinic", COUNTY, serves=(("education", VILLAGE), ("vaccination", VILLAGE)))
    titles = [
        client_as(user, language=language).get("/referrals/").select("h1")[0].get_text(strip=True)
        for user in (officer, make.user("officer", office=both))
    ]
    assert titles == {"zh": ["就学转介", "转介"], "en": ["Education referrals", "Referrals"]}[language]


def test_what_is_late_comes_first_and_says_so(make, client_as, officer, office):
    late, soon, far = (make.child() for _ in range(3))
    make.referral(far, office, state="accepted", accept_by=LATE, answer_by=FAR)
    make.referral(late, office, state="accepted", accept_by=LATE, answer_by=LATE)
    make.referral(soon, office, state="sent", accept_by=today(), answer_by=FAR)
    page = client_as(officer).get("/referrals/")
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]
    assert len(rows) == 3
    assert [row["class"] for row in page.select("tbody tr[class]")] == [["app-row--late"], ["app-row--soon"]]
    overdue = client_as(officer).get("/referrals/?tab=overdue")
    assert len(overdue.select("tbody tr")) == 1
    assert len(client_as(officer).get("/referrals/?tab=waiting").select("tbody tr")) == 1


@pytest.mark.database
def test_the_list_is_paged_by_place_and_costs_the_same_queries(make, client_as, officer, office, monkeypatch):
    from registry.referrals.lists import office_list, pages

    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(office_list, "PAGE", 2)
    made = [make.referral(make.child(), office, state="accepted", answer_by=FAR) for _ in range(5)]
    browser, seen = client_as(officer), []
    path, statements = "/referrals/", []
    while path:
        with browser.app.app_context():
            engine = db.engine
        count = []
        event.listen(engine, "before_cursor_execute", lambda *_, into=count: into.append(1))
        page = browser.get(path)
        statements.append(len(count))
        seen += [link["href"].rpartition("/")[2] for link in page.select("tbody a")]
        following = page.select("a[rel=next]")
        path = following[0]["href"] if following else None
    assert seen == [str(each.id) for each in sorted(made, key=lambda one: one.id)]
    assert len(page.select("tbody tr")) == 1
    assert len(set(statements)) == 1


def test_an_unreadable_place_in_the_list_begins_at_the_beginning(make, client_as, officer, office, child):
    make.referral(child, office)
    page = client_as(officer).get("/referrals/?after=2026-11-20.nothing&tab=strange")
    assert len(page.select("tbody tr")) == 1


@pytest.mark.parametrize("state", ["sent", "accepted", "closed", "returned", "withdrawn"])
def test_another_offices_referral_is_absent_and_the_attempt_recorded(make, client_as, office, child, state):
    referral = make.referral(child, office, state=state)
    stranger = make.user("officer")
    browser = client_as(stranger)
    browser.get(f"/referrals/{referral.id}", status=404)
    assert browser.get("/referrals/").select("tbody tr") == []
    with browser.app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert [(one.user_id, one.details) for one in refused] == [
            (stranger.id, {"endpoint": "referrals.show", "why": "scope"})
        ]


def test_fields_are_opened_only_as_the_state_allows(make, client_as, officer, office, child, language):
    referral = make.referral(child, office)
    browser = client_as(officer, language=language)
    path = f"/referrals/{referral.id}"
    page, opened = opened_by(browser, path)
    assert opened - PINYIN <= SEEN_BEFORE
    assert opened >= {"child.name", "child.birth_date", "household.address", "guardian.name", "guardian.phone"}
    assert "154 0000" in page.text
    accepted = page.submit(form="form[action$=accept]", status=200)
    page, opened = opened_by(browser, path)
    assert opened - PINYIN <= SEEN_BEFORE | {"child.id_number"}
    assert "child.id_number" in opened
    assert accepted.path == path
    with browser.app.app_context():
        ended = db.session.get_one(Referral, referral.id)
        ended.state, ended.due_on = "closed", None
        db.session.commit()
    page, opened = opened_by(browser, path)
    assert opened == set()
    assert "陈雨桐" not in page.text
    ended, opened = opened_by(browser, "/referrals/?tab=ended")
    assert opened == set()
    assert "陈雨桐" not in ended.text
    assert referral.id.hex[-8:].upper() in ended.text


def test_once_it_has_ended_the_reason_with_age_and_grade_is_gone_too(make, client_as, officer, office, child, language):
    reason = Reason("school_needed", {"age": 7, "grade": Text("小学二年级", "Primary 2")})
    referral = make.referral(child, office, reasons=kept([reason]))
    browser = client_as(officer, language=language)
    said = {"zh": "小学二年级", "en": "Primary 2"}[language]
    assert said in browser.get(f"/referrals/{referral.id}").text
    with browser.app.app_context():
        ended = db.session.get_one(Referral, referral.id)
        ended.state, ended.due_on = "closed", None
        db.session.commit()
    assert said not in browser.get(f"/referrals/{referral.id}").text


def test_who_was_shown_is_recorded_once_a_page(make, client_as, officer, office, child):
    referral = make.referral(child, office)
    browser = client_as(officer)
    browser.get("/referrals/")
    browser.get(f"/referrals/{referral.id}")
    with browser.app.app_context():
        shown = db.session.scalars(
            select(AuditEvent).where(AuditEvent.kind.in_(["children_listed", "child_opened"])).order_by(AuditEvent.id)
        ).all()
        assert [(one.kind, [each.child_id for each in one.children]) for one in shown[-2:]] == [
            ("children_listed", [child.id]),
            ("child_opened", [child.id]),
        ]


@pytest.mark.database
def test_an_office_answers_and_the_child_is_gone_from_its_list(make, client_as, officer, office, child, language):
    referral = make.referral(child, office, state="accepted", answer_by=FAR)
    browser = client_as(officer, language=language)
    page = browser.get(f"/referrals/{referral.id}")
    done = page.submit({"answer-outcome": "11", "answer-school": "采菱小学", **first_day()}, status=200)
    assert done.path == "/referrals/"
    assert done.select(".app-notice--done")
    assert "陈雨桐" not in done.text


def test_what_the_outcome_asks_for_is_said_at_its_field_and_nothing_typed_is_lost(
    make, client_as, officer, office, child, language
):
    referral = make.referral(child, office, state="accepted", answer_by=FAR)
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    refused = page.submit({"answer-outcome": "42", "answer-note": "家长想再等等"}, status=422)
    assert list(refused.errors) == ["answer-reason", "answer-alternative"]  # all that is missing, at once
    assert ("answer-note", "家长想再等等") in refused.values()
    assert ("answer-outcome", "42") in refused.values()
    refused = refused.submit(
        {"answer-outcome": "32", "answer-day-year": "2020", "answer-day-month": "1", "answer-day-day": "1"}, status=422
    )
    assert list(refused.errors) == ["answer-day-year"]
    assert list(refused.submit({"answer-outcome": None}, status=422).errors) == ["answer-outcome-11"]


def test_the_second_of_two_officers_sees_how_it_stands_now(make, client_as, office, child, language):
    referral = make.referral(child, office)
    first, second = (client_as(make.user("officer", office=office), language=language) for _ in range(2))
    late = second.get(f"/referrals/{referral.id}")
    first.get(f"/referrals/{referral.id}").submit(form="form[action$=accept]", status=200)
    told = late.submit({"return-reason": "not_our_area"}, form="form[action$=return]", status=409)
    assert told.select(".app-notice--warn")
    assert told.select("form[action$=answer]")
    assert not told.select("form[action$=accept]")
    with second.app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "accepted"


def test_a_referral_is_returned_with_a_reason(make, client_as, officer, office, child, language):
    referral = make.referral(child, office)
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    assert page.submit(form="form[action$=return]", status=422).errors
    page.submit({"return-reason": "not_our_area"}, form="form[action$=return]", status=200)
    with client_as(officer).app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "returned"


def test_limits_beyond_the_known_calendar_say_so(make, client_as, officer, office, child, language):
    from registry.referrals.calendar import working_calendar

    beyond = date(max(working_calendar().complete_years) + 1, 1, 20)
    referral = make.referral(child, office, answer_by=beyond, accept_by=beyond)
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    assert page.select(".app-notice--warn")
    assert str(beyond.year) in page.select(".app-notice--warn")[0].get_text()


def test_no_title_or_address_names_the_child(make, client_as, officer, office, child):
    referral = make.referral(child, office)
    page = client_as(officer).get(f"/referrals/{referral.id}")
    assert "陈雨桐" not in page.soup.title.get_text()
    assert re.fullmatch(r"/referrals/[0-9a-f-]{36}", page.path)
