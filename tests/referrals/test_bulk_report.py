"""Many referrals at once: what is said before it is done and after, in both languages, and the report's address."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from registry.clock import now, today
from registry.database import db
from registry.referrals.answers import report
from registry.referrals.models import BulkReport, Referral
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.referrals.bulk import look_at, states, ticks
from tests.referrals.sending import first_day, have_doses

COUNTY = f"{COMMUNITY[:6]}000000"
FAR = today() + timedelta(days=60)


def test_the_look_says_what_will_be_done_to_whom(client_as, officer, referred, language):
    rows = [referred(name=name) for name in ("端木晴", "钟离月", "百里川")]
    browser = client_as(officer, language=language)
    look = look_at(browser, rows, "answer", **{"answer-outcome": "11", **first_day()})
    effect = look.select(".app-notice--news")[0].get_text()
    assert "3" in effect
    assert {"zh": "“公办学校就读”", "en": "closed as “In a public school”"}[language] in effect
    listed = look.select("main ul.app-plain-list")[0].get_text()
    assert all(name in listed for name in ("端木晴", "钟离月", "百里川"))
    assert not look.select("details.app-filter__more")


def test_more_than_twenty_names_are_folded(client_as, officer, referred):
    rows = [referred("sent") for _ in range(21)]
    look = look_at(client_as(officer), rows)
    assert len(look.select("details.app-filter__more li")) == len(rows)


def test_the_report_has_an_address_of_its_own_that_names_nobody_and_does_nothing_twice(
    client_as, officer, referred, language
):
    row, other = referred("sent", name="端木晴"), referred("sent")
    browser = client_as(officer, language=language)
    done = look_at(browser, [row]).submit(status=200)
    with browser.app.app_context():
        kept = db.session.scalars(select(BulkReport)).one()
    assert done.path == f"/referrals/at-once/{kept.id}"
    again = browser.get(done.path)
    assert "端木晴" in again.text
    assert states(browser) == {row.id: "accepted", other.id: "sent"}


def test_a_report_is_its_makers_alone_and_is_kept_for_some_hours(make, app, office, client_as, officer, referred):
    browser = client_as(officer)
    path = look_at(browser, [referred("sent")]).submit(status=200).path
    client_as(make.user("officer", office=office)).get(path, status=404)
    with app.app_context():
        db.session.scalars(select(BulkReport)).one().made_at = now() - report.KEPT_FOR - timedelta(minutes=1)
        db.session.commit()
    assert browser.get(path).path == "/referrals/"
    with app.app_context():
        assert report.sweep(today(), None).done == 1
        assert db.session.scalars(select(BulkReport)).all() == []


def test_the_other_language_keeps_the_page_and_all_that_was_chosen(client_as, officer, referred):
    rows = [referred(), referred()]
    browser = client_as(officer, language="zh")
    ask = look_at(browser, rows, "answer")
    told = {"answer-outcome": "11", "answer-note": "另附说明", **first_day()}
    browser.language = "en"
    english = ask.submit(told, button=("_language", "en"), status=200)
    assert english.select("input[name=step]")[0]["value"] == "check"
    assert set(told.items()) <= set(english.values())
    assert {value for name, value in english.values() if name == "pick"} == set(ticks(*rows))
    look = english.submit(status=200)
    browser.language = "zh"
    chinese = look.submit(button=("_language", "zh"), status=200)
    assert "公办学校就读" in chinese.select(".app-notice--news")[0].get_text()
    assert set(states(browser).values()) == {"accepted"}


def test_who_lacks_recorded_doses_is_left_with_a_way_to_enter_them(app, client_as, officer, referred, language):
    given, lacking = referred(service="vaccination"), referred(service="vaccination")
    have_doses(app, given.child_id)
    look = look_at(client_as(officer, language=language), [given, lacking], "answer", **{"answer-outcome": "01"})
    entry = f"/doses/{lacking.child_id}?referral={lacking.id}"
    assert [each["href"] for each in look.select("main li a[href*=doses]")] == [entry]
    look.submit(status=200)
    assert states(look.client) == {given.id: "closed", lacking.id: "accepted"}


def test_each_child_is_entered_in_its_own_grade_where_many_are_placed_at_once(app, client_as, officer, referred):
    rows = [referred(born=today().year - 8), referred(born=today().year - 13)]
    browser = client_as(officer)
    look_at(browser, rows, "answer", **{"answer-outcome": "11", **first_day()}).submit(status=200)
    with app.app_context():
        steps = [db.session.get_one(Referral, each.id).steps[-1].details.open(OPENER) for each in rows]
    assert [each["grade"] for each in steps] == [3, 8]
