"""Pages of many referrals at once: chosen on the list, looked at before, done in one act, reported after."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.referrals.answers import at_once
from registry.referrals.models import Referral
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.referrals.bulk import FORM, states, ticks
from tests.referrals.sending import first_day

COUNTY = f"{COMMUNITY[:6]}000000"
FAR = today() + timedelta(days=60)


@pytest.mark.database
def test_what_is_ticked_is_accepted_after_a_look_and_the_report_says_so(client_as, officer, referred, language):
    first, second, left = (referred("sent") for _ in range(3))
    browser = client_as(officer, language=language)
    page = browser.get("/referrals/")
    look = page.submit({"pick": ticks(first, second)}, form=FORM, button=("act", "accept"), status=200)
    assert set(states(browser).values()) == {"sent"}  # nothing has been done yet
    assert "2" in look.select(".app-notice--news")[0].get_text()
    done = look.submit(status=200)
    assert "2" in done.select(".app-notice--done")[0].get_text()
    assert states(browser) == {first.id: "accepted", second.id: "accepted", left.id: "sent"}


def test_an_answer_is_asked_for_checked_and_given_to_all_that_it_fits(client_as, officer, referred, language):
    ready, waiting = referred(), referred("sent", name="端木晴")
    doses = referred(service="vaccination", name="钟离月")
    browser = client_as(officer, language=language)
    ask = browser.get("/referrals/").submit(
        {"pick": ticks(ready, waiting, doses)}, form=FORM, button=("act", "answer"), status=200
    )
    assert list(ask.submit(status=422).errors) == ["answer-outcome-11"]
    look = ask.submit({"answer-outcome": "12", "answer-school": "采菱小学", **first_day()}, status=200)
    assert "采菱小学" in look.text
    assert "端木晴" in look.text
    assert "钟离月" in look.text
    done = look.submit(status=200)
    assert done.select(".app-notice--done")
    assert "端木晴" in done.text
    told = [f"/referrals/{each.id}" for each in (ready, waiting, doses)]
    assert [link["href"] for link in done.select("main ul a")] == told
    assert states(browser) == {ready.id: "closed", waiting.id: "sent", doses.id: "accepted"}
    with browser.app.app_context():
        assert db.session.get_one(Referral, ready.id).outcome.open(OPENER) == "12"


def test_what_the_outcome_asks_for_is_said_at_its_field_and_all_stays_chosen(client_as, officer, referred, language):
    rows = [referred(), referred()]
    browser = client_as(officer, language=language)
    ask = browser.get("/referrals/").submit({"pick": ticks(*rows)}, form=FORM, button=("act", "answer"), status=200)
    refused = ask.submit({"answer-outcome": "32", "answer-note": "明年再来"}, status=422)
    assert list(refused.errors) == ["answer-day-year"]
    assert ("answer-note", "明年再来") in refused.values()
    assert {value for name, value in refused.values() if name == "pick"} == set(ticks(*rows))
    day = {"answer-day-year": FAR.year, "answer-day-month": FAR.month, "answer-day-day": FAR.day}
    look = refused.submit(day, status=200)
    changed = look.submit(form="form.app-change", status=200)
    assert ("answer-outcome", "32") in changed.values()
    assert changed.submit({"answer-outcome": "45"}, status=200).submit(status=200).select(".app-notice--done")
    assert set(states(browser).values()) == {"closed"}


def test_many_are_returned_with_one_reason(client_as, officer, referred, language):
    rows = [referred("sent"), referred()]
    browser = client_as(officer, language=language)
    ask = browser.get("/referrals/").submit({"pick": ticks(*rows)}, form=FORM, button=("act", "return"), status=200)
    assert list(ask.submit(status=422).errors) == ["return-reason"]
    assert ask.submit({"return-reason": "not_our_area"}, status=200).submit(status=200).select(".app-notice--done")
    assert set(states(browser).values()) == {"returned"}


@pytest.mark.database
def test_a_double_click_is_told_what_was_done_and_does_it_once(client_as, officer, referred):
    row = referred("sent")
    browser = client_as(officer)
    look = browser.get("/referrals/").submit({"pick": ticks(row)}, form=FORM, button=("act", "accept"), status=200)
    reports = [look.submit(status=200).select(".app-notice--done")[0].get_text() for _click in range(2)]
    assert reports[0] == reports[1]
    with browser.app.app_context():
        assert db.session.get_one(Referral, row.id).version == 2


def test_what_changed_between_the_look_and_the_doing_is_reported(make, client_as, office, officer, referred, language):
    mine, theirs = referred("sent"), referred("sent", name="端木晴")
    browser, colleague = client_as(officer, language=language), client_as(make.user("officer", office=office))
    look = browser.get("/referrals/").submit(
        {"pick": ticks(mine, theirs)}, form=FORM, button=("act", "accept"), status=200
    )
    colleague.get(f"/referrals/{theirs.id}").submit(
        {"return-reason": "not_our_area"}, form="form[action$=return]", status=200
    )
    done = look.submit(status=200)
    assert "1" in done.select(".app-notice--done")[0].get_text()
    assert states(browser) == {mine.id: "accepted", theirs.id: "returned"}
    assert "端木晴" not in done.text  # it is not the office's to see any more: the link says its reference
    assert theirs.id.hex[-8:].upper() in done.text


def test_all_of_a_list_are_taken_as_it_is_narrowed(client_as, officer, referred, monkeypatch):
    from registry.referrals.lists import office_list, pages

    monkeypatch.setattr(office_list, "PAGE", 1)
    monkeypatch.setattr(pages, "PAGE", 1)
    waiting, doses = [referred("sent") for _ in range(3)], referred("sent", service="vaccination")
    browser = client_as(officer)
    page = browser.get("/referrals/?service=education")
    look = page.submit({"all": "1"}, form=FORM, button=("act", "accept"), status=200)
    look.submit(status=200)
    assert states(browser) == {each.id: "accepted" for each in waiting} | {doses.id: "sent"}


def test_of_more_than_may_be_done_at_once_the_first_are_offered(client_as, officer, referred, monkeypatch, language):
    from registry.referrals.lists import office_list, pages
    from registry.referrals.views import office as views

    for module in (office_list, pages):
        monkeypatch.setattr(module, "PAGE", 1)
    for module in (at_once, views):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    for _ in range(3):
        referred("sent")
    browser = client_as(officer, language=language)
    page = browser.get("/referrals/")
    assert (
        re.findall("[0-9]+", page.select(".app-bulk__all")[0].get_text())
        == {"zh": ["3", "2"], "en": ["2", "3"]}[language]
    )
    page.submit({"all": "1"}, form=FORM, button=("act", "accept"), status=200).submit(status=200)
    assert sorted(states(browser).values()) == ["accepted", "accepted", "sent"]


def test_what_is_ticked_beyond_that_is_counted_and_told_once(client_as, officer, referred, monkeypatch, language):
    monkeypatch.setattr(at_once, "AT_ONCE", 2)
    rows = [referred("sent") for _ in range(4)]
    page = client_as(officer, language=language).get("/referrals/")
    chosen = {"pick": [*ticks(*rows), "nonsense"]}
    look = page.submit(chosen, form=FORM, button=("act", "accept"), status=200)
    (told,) = [each.get_text() for each in look.select(".app-notice") if "3" in each.get_text()]
    assert "2" in told
    done = look.submit(status=200)
    assert [each for each in done.select(".app-notice") if "3" in each.get_text()] == []
    assert sorted(states(page.client).values()) == ["accepted", "accepted", "sent", "sent"]


@pytest.mark.parametrize("answers", [{}, {"pick": ["nonsense"]}])
def test_nothing_chosen_leads_back_to_the_list_and_says_so(client_as, officer, referred, answers):
    referred()
    browser = client_as(officer)
    back = browser.get("/referrals/?only=soon&tab=waiting", status=200)
    assert back.select(".app-empty")
    page = browser.get("/referrals/").submit(answers, form=FORM, button=("act", "accept"), status=200)
    assert page.path == "/referrals/"
    assert page.select(".app-notice")


def test_a_look_at_the_address_alone_leads_back_to_the_list(client_as, officer):
    assert client_as(officer).get("/referrals/at-once?tab=waiting").path == "/referrals/"


def test_another_offices_referral_is_nobodys_to_tick(make, client_as, referred):
    row = referred("sent")
    stranger = client_as(make.user("officer", area=COUNTY))
    token = stranger.get("/password").select("input[name=csrf_token]")[0]["value"]
    sent = [("csrf_token", token), ("act", "accept"), ("pick", ticks(row)[0]), ("step", "do")]
    told = stranger.post("/referrals/at-once", sent)
    assert told.path == "/referrals/"
    assert states(stranger) == {row.id: "sent"}


def test_who_is_named_in_a_report_is_recorded(client_as, officer, referred):
    ready, waiting = referred(), referred("sent")
    browser = client_as(officer)
    ask = browser.get("/referrals/").submit(
        {"pick": ticks(ready, waiting)}, form=FORM, button=("act", "answer"), status=200
    )
    look = ask.submit({"answer-outcome": "11", **first_day()}, status=200)
    assert last_listed(browser) == {ready.child_id, waiting.child_id}
    look.submit(status=200)
    assert last_listed(browser) == {waiting.child_id}  # of the other one nothing is shown any more


def last_listed(browser):
    with browser.app.app_context():
        listed = select(AuditEvent).where(AuditEvent.kind == "children_listed").order_by(AuditEvent.id.desc())
        return {each.child_id for each in db.session.scalars(listed).first().children}


# The list on paper


def test_the_printed_list_says_what_narrows_it_and_has_nothing_to_tick(client_as, officer, referred, language):
    referred("sent")
    referred("sent", service="vaccination", name="端木晴")
    page = client_as(officer, language=language).get("/referrals/print?tab=waiting&service=education&sort=grade")
    said = {"zh": ("就学", "待受理"), "en": ("Education", "To accept")}[language]
    assert all(words in page.select(".app-facts")[0].get_text() for words in said)
    assert len(page.select("tbody tr")) == 1
    assert not page.select("[name=pick]")
    assert page.select("[data-print]")
    assert "端木晴" not in page.text


def test_a_printed_list_that_is_cut_says_so(client_as, officer, referred, monkeypatch):
    from registry.referrals.views import office as views

    monkeypatch.setattr(views, "AT_ONCE", 1)
    for _ in range(2):
        referred()
    page = client_as(officer).get("/referrals/print")
    assert page.select(".app-notice--warn")
    assert len(page.select("tbody tr")) == 1


def test_the_list_is_offered_with_its_filters_and_the_way_back_keeps_them(client_as, officer, referred):
    referred("sent")
    page = client_as(officer).get("/referrals/?tab=waiting&service=education&sort=sent")
    assert page.select("form.app-filter option[value=education][selected]")
    assert page.select("form.app-filter option[value=sent][selected]")
    assert all("service=education" in link["href"] for link in page.select(".app-tabs__link"))
    cleared = page.select("form.app-filter a.app-link")[0]["href"]
    assert "service" not in cleared
    assert "tab=waiting" in cleared
