"""One referral at the side that sent it: every step, who chases the answer, taking it back and up again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.clock import now, today
from registry.database import db
from registry.referrals import moving
from registry.referrals.lists.sent_list import TABS
from registry.referrals.models import Referral, ReferralStep
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY

COUNTY = f"{COMMUNITY[:6]}000000"
FAR = today() + timedelta(days=60)
PAST = today() - timedelta(days=30)
SENT = "/referrals/sent"
SERVICES = in_force(today()).services


@pytest.fixture
def ours(make):
    return make.office("community", COMMUNITY)


@pytest.fixture
def registrar(make, ours):
    return make.user("registrar", office=ours)


def test_another_offices_referral_can_be_neither_followed_nor_withdrawn(make, client_as, registrar, office, child):
    referral = make.referral(child, office)
    browser = client_as(registrar)
    browser.get(f"{SENT}/{referral.id}", status=404)
    assert not any(browser.get(f"{SENT}?tab={tab}").select("tbody th, .app-check, .app-card") for tab in TABS)
    assert browser.http.get(f"/referrals/{referral.id}").status_code == 403


def test_what_was_returned_says_why_and_is_sent_again(make, client_as, registrar, sent, language):
    back = sent(state="returned")
    with make.app.app_context():
        step = {"move": "return", "state": "returned", "reason": "not_our_area", "user_id": registrar.id}
        at = now() - timedelta(days=40)
        db.session.add(ReferralStep(referral_id=back.id, child_id=back.child_id, at=at, **step))
        db.session.commit()
    browser = client_as(registrar, language=language)
    (card,) = browser.get(f"{SENT}?tab=returned").select(".app-card--late")
    assert {"zh": "非本辖区", "en": "Not our area"}[language] in card.get_text()
    browser.get(f"{SENT}/{back.id}").submit(form="form[action$=send-again]", status=200)
    with make.app.app_context():
        again = db.session.get_one(Referral, back.id)
        assert (again.state, again.version) == ("sent", 2)
        assert again.answer_by > today()


def test_a_referral_is_withdrawn_with_a_reason(make, client_as, registrar, sent, language):
    referral = sent()
    page = client_as(registrar, language=language).get(f"{SENT}/{referral.id}")
    assert list(page.submit(status=422).errors) == ["withdraw-reason"]
    done = page.submit({"withdraw-reason": "not_needed"}, status=200)
    assert done.select(".app-notice--done")
    assert not done.select("form#form")
    with make.app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"


def test_a_withdrawal_that_comes_too_late_shows_how_it_stands(make, client_as, registrar, sent, language):
    referral = sent()
    page = client_as(registrar, language=language).get(f"{SENT}/{referral.id}")
    with make.app.app_context():
        changed = db.session.get_one(Referral, referral.id)
        changed.state, changed.version = "accepted", 2
        db.session.commit()
    assert page.submit({"withdraw-reason": "mistake"}, status=409).select(".app-notice--warn")


REOPEN = "form[action$=reopen]"


@pytest.mark.database
def test_a_closed_referral_is_opened_again_with_a_reason(app, client_as, registrar, answered, language):
    referral = answered(told_at=now())
    page = client_as(registrar, language=language).get(f"{SENT}/{referral.id}")
    assert list(page.submit(form=REOPEN, status=422).errors) == ["reopen-reason"]
    done = page.submit({"reopen-reason": "not_done"}, form=REOPEN, status=200)
    assert done.select(".app-notice--done")
    assert not done.select(REOPEN)
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        assert (kept.state, kept.outcome.open(OPENER), kept.told_at) == ("accepted", None, None)
        assert kept.due_on > today()
        assert kept.steps[-1].reason.open(OPENER) == "not_done"
    assert page.submit({"reopen-reason": "not_done"}, form=REOPEN, status=409).select(".app-notice--warn")


@pytest.mark.database
@pytest.mark.parametrize("code", ["education", "disability"])
def test_what_was_asked_anew_meanwhile_is_not_opened_a_second_time(app, make, client_as, registrar, ours, code):
    desk = make.office(SERVICES[code].office_kinds[0], COUNTY, serves=((code, COUNTY),))
    child = make.child()
    outcome = next(each.code for each in SERVICES[code].outcomes if each.kind == "solved")
    values = {"service": code, "from_office": ours, "accept_by": FAR, "answer_by": FAR}
    ended = {"state": "closed", "outcome": outcome, "outcome_kind": "solved", "closed_on": today()}
    closed = make.referral(child, desk, **ended, **values)
    page = client_as(registrar, language="en").get(f"{SENT}/{closed.id}")
    make.referral(child, desk, **values)
    done = page.submit({"reopen-reason": "not_done"}, form=REOPEN, status=200)
    assert "asked for the child again meanwhile" in done.text
    with app.app_context():
        assert db.session.get_one(Referral, closed.id).state == "closed"


def test_what_an_open_referral_offers_ends_with_it(client_as, registrar, sent, answered):
    browser = client_as(registrar)
    waiting, closed = browser.get(f"{SENT}/{sent().id}"), browser.get(f"{SENT}/{answered('李思远').id}")
    links = [f"a[href$='{path}']" for path in ("/slip", "/slip-answer")]
    assert all(waiting.select(link) and not closed.select(link) for link in links)
    assert not waiting.select(REOPEN)


def test_following_shows_who_chases_the_answer_and_when_the_guardian_agreed(app, make, client_as, registrar, sent):
    police = make.office("police", COUNTY, serves=(("identity", COUNTY),))
    referral = sent(service="identity", office=police, agreed_on=today(), accept_by=PAST, answer_by=PAST)
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        kept.climbed, kept.climbed_to = 2, COUNTY
        db.session.commit()
    page = client_as(registrar, language="en").get(f"{SENT}/{referral.id}")
    facts = {
        row.select_one("dt").get_text(strip=True): row.select_one("dd").get_text(strip=True)
        for row in page.select(".app-facts__row")
    }
    assert facts["Overdue, chased by"].startswith("The supervisors of ")
    assert str(today().year) in facts["The guardian agreed"]
    plain = client_as(registrar, language="en").get(f"{SENT}/{sent('李思远').id}")
    assert "chased by" not in plain.text


@pytest.mark.database
@pytest.mark.parametrize("code", ["education", "disability"])
def test_every_step_is_told_with_its_reason_and_both_offices_of_one_that_was_handed_on(
    app, make, client_as, registrar, sent, code
):
    kind = SERVICES[code].office_kinds[0]
    first, second = make.office(kind, COUNTY), make.office(kind, COUNTY)
    referral = sent(service=code, office=first)
    taking, giving = make.viewer(office=second, role="officer"), make.viewer(office=first, role="officer")
    with app.test_request_context():
        moving.hand_on(giving, referral.id, 1, second.id, "not_our_area", today())
        moving.accept(taking, referral.id, 2, today())
        db.session.commit()
    page = client_as(registrar, language="en").get(f"{SENT}/{referral.id}")
    accepted, handed = [" ".join(item.stripped_strings) for item in page.select(".app-timeline__item")]
    assert f"From {first.name('en')} to {second.name('en')}" in handed
    assert "Not our area" in handed
    assert accepted.startswith("In progress")
    (office,) = [
        row.select_one("dd").get_text(strip=True)
        for row in page.select(".app-facts__row")
        if row.select_one("dt").get_text(strip=True) == "Office"
    ]
    assert office == second.name("en")
