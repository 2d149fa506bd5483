"""The referring side's pages: what was sent, whom to tell, taking it back, and referring from the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.clock import now, today
from registry.database import db
from registry.referrals import queries
from registry.referrals.models import Referral, ReferralStep
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE

COUNTY = f"{COMMUNITY[:6]}000000"
FAR = today() + timedelta(days=60)
PAST = today() - timedelta(days=30)


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=(("education", COUNTY), ("vaccination", COUNTY)))


@pytest.fixture
def ours(make):
    return make.office("community", COMMUNITY)


@pytest.fixture
def registrar(make, ours):
    return make.user("registrar", office=ours)


@pytest.fixture
def child(make):
    return make.child(birth=BirthDate(2018, 3, 2), school="none", certificate="none")


def answered(app, referral, user, days_ago):
    with app.app_context():
        step = {"move": "close", "state": "closed", "outcome": "11", "user_id": user.id}
        at = now() - timedelta(days=days_ago)
        db.session.add(ReferralStep(referral_id=referral.id, child_id=referral.child_id, at=at, **step))
        db.session.commit()


def test_what_was_sent_is_listed_with_what_to_tell_the_family(
    make, client_as, registrar, ours, office, child, language
):
    referral = make.referral(child, office, from_office=ours, state="closed", outcome="11", closed_on=today())
    answered(make.app, referral, registrar, 3)
    make.referral(make.child(), office, from_office=ours, answer_by=PAST, accept_by=PAST)
    page = client_as(registrar, language=language).get("/referrals/sent")
    assert len(page.select("tbody tr")) == 2
    assert {"zh": "公办学校就读", "en": "In a public school"}[language] in page.select(".app-card")[0].get_text()
    assert "154 0000" in page.select(".app-card")[0].get_text()
    assert [figure.get_text(strip=True) for figure in page.select(".app-figures__number")] == ["1", "1"]


@pytest.mark.database
def test_answers_older_than_14_days_are_no_news(app, make, registrar, ours, office, child):
    fresh = make.referral(child, office, from_office=ours, state="closed", outcome="11")
    old = make.referral(make.child(), office, from_office=ours, state="closed", outcome="11")
    answered(app, fresh, registrar, 14)
    answered(app, old, registrar, 15)
    viewer = make.viewer(user=registrar)
    with app.app_context():
        assert [one.id for one in queries.recent_answers(viewer, today(), 10)] == [fresh.id]
        assert queries.sent_counts(viewer, today()) == (1, 0)


def test_what_was_returned_stands_apart_with_its_reason_until_it_is_sent_again(
    make, client_as, registrar, ours, office, child, language
):
    back = make.referral(child, office, from_office=ours, state="returned")
    with make.app.app_context():
        step = {"move": "return", "state": "returned", "reason": "not_our_area", "user_id": registrar.id}
        at = now() - timedelta(days=40)
        db.session.add(ReferralStep(referral_id=back.id, child_id=child.id, at=at, **step))
        db.session.commit()
    page = client_as(registrar, language=language).get("/referrals/sent")
    (card,) = page.select(".app-card--late")
    assert {"zh": "非本辖区", "en": "Not our area"}[language] in card.get_text()
    assert {"zh": "需告知家长", "en": "To tell the families"}[language] not in page.text


def test_another_offices_referral_can_be_neither_followed_nor_withdrawn(make, client_as, registrar, office, child):
    referral = make.referral(child, office)
    browser = client_as(registrar)
    browser.get(f"/referrals/sent/{referral.id}", status=404)
    assert browser.get("/referrals/sent").select("tbody tr") == []
    assert browser.http.get(f"/referrals/{referral.id}").status_code == 403


def test_a_referral_is_withdrawn_with_a_reason(make, client_as, registrar, ours, office, child, language):
    referral = make.referral(child, office, from_office=ours)
    page = client_as(registrar, language=language).get(f"/referrals/sent/{referral.id}")
    assert list(page.submit(status=422).errors) == ["withdraw-reason"]
    done = page.submit({"withdraw-reason": "not_needed"}, status=200)
    assert done.select(".app-notice--done")
    assert not done.select("form#form")
    with make.app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"


def test_a_returned_referral_is_sent_again(make, client_as, registrar, ours, office, child, language):
    referral = make.referral(child, office, from_office=ours, state="returned")
    page = client_as(registrar, language=language).get(f"/referrals/sent/{referral.id}")
    page.submit(form="form[action$=send-again]", status=200)
    with make.app.app_context():
        again = db.session.get_one(Referral, referral.id)
        assert (again.state, again.version) == ("sent", 2)
        assert again.answer_by > today()


def test_a_withdrawal_that_comes_too_late_shows_how_it_stands(
    make, client_as, registrar, ours, office, child, language
):
    referral = make.referral(child, office, from_office=ours)
    page = client_as(registrar, language=language).get(f"/referrals/sent/{referral.id}")
    with make.app.app_context():
        changed = db.session.get_one(Referral, referral.id)
        changed.state, changed.version = "accepted", 2
        db.session.commit()
    assert page.submit({"withdraw-reason": "mistake"}, status=409).select(".app-notice--warn")


@pytest.mark.database
def test_what_the_file_calls_for_is_proposed_and_sent_once(app, make, client_as, registrar, office, child, language):
    browser = client_as(registrar, language=language)
    path = f"/referrals/propose/{child.id}"
    page = browser.get(path)
    assert [box["value"] for box in page.select("input[name=services]")] == ["education", "vaccination"]
    filed = page.submit({"services": ["education"]}, status=200)
    assert filed.path == f"/children/{child.id}"
    assert filed.select(".app-notice--done")
    with app.app_context():
        sent = db.session.scalars(select(Referral)).all()
        assert [(one.service, one.office_id, one.state) for one in sent] == [("education", office.id, "sent")]
    page.submit({"services": ["education"]}, status=200)  # the same page once more
    with app.app_context():
        assert len(db.session.scalars(select(Referral)).all()) == 1
    assert [box["value"] for box in browser.get(path).select("input[name=services]")] == ["vaccination"]


def test_a_child_of_another_community_cannot_be_referred(make, client_as, registrar):
    elsewhere = make.child(area=make.area(ELSEWHERE))
    client_as(registrar).get(f"/referrals/propose/{elsewhere.id}", status=404)


def test_the_list_opens_no_more_than_it_shows(make, client_as, registrar, ours, office, child):
    make.referral(child, office, from_office=ours)
    browser = client_as(registrar)
    with opened_fields() as opened:
        browser.get("/referrals/sent")
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"}


def test_the_file_shows_the_referral_and_its_limit(make, client_as, registrar, ours, office, child, language):
    make.referral(child, office, from_office=ours, answer_by=FAR, accept_by=PAST)
    page = client_as(registrar, language=language).get(f"/children/{child.id}")
    assert page.select(".app-entry .app-tag--late")
