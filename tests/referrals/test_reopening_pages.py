"""Pages of what was closed: they offer to open it again where that may be, and else say in words why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from registry.children.models import Episode
from registry.clock import today
from registry.database import db
from registry.referrals import confidential, reopening, service
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.views.reopenable import STAYS_CLOSED
from sop.identity import BirthDate
from sop.referral import Hindrance, State, visible
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

COUNTY = f"{COMMUNITY[:6]}000000"
ON = today()
SERVICES = in_force(ON).services
NAME = "陈雨桐"
FORM = "form[action$='/reopen']"


@pytest.fixture
def office(bureau):
    """The office that serves the county in every service of these tests."""
    return bureau


@pytest.fixture
def closed(make, office, ours):
    """Return a function: a referral that our office sent and the office closed today, of a service."""

    def close(code="vaccination", **values):
        child = make.child(birth=BirthDate(2017, 3, 2))
        told = {"service": code, "state": "closed", "closed_on": ON, "agreed_on": ON - timedelta(days=9)}
        return make.referral(child, values.pop("office", office), from_office=ours, **told | values)

    return close


@pytest.fixture
def at_office(make, client_as, office, language):
    """The browser of an officer of the office."""
    return client_as(make.user("officer", office=office), language=language)


@pytest.fixture(autouse=True)
def elsewhere(make):
    """An office where somebody may move to."""
    return make.office(area=VILLAGE)


def stands(app, referral):
    """Return all that the row holds, and how many steps it has."""
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        steps = db.session.scalars(select(ReferralStep.id).where(ReferralStep.referral_id == row.id)).all()
        return {each.key: getattr(row, each.key) for each in Referral.__table__.columns}, len(steps)


def words(app, why, language):
    from flask_babel import force_locale

    with app.test_request_context(), force_locale("zh_Hans_CN" if language == "zh" else "en"):
        return str(STAYS_CLOSED[why])


def test_an_officer_opens_again_from_the_page_and_sees_the_child_again(closed, at_office):
    referral = closed()
    page = at_office.get(f"/referrals/{referral.id}")
    assert NAME not in page.text
    assert list(page.submit(form=FORM, status=422).errors) == ["reopen-reason"]
    opened = page.submit({"reopen-reason": "not_done"}, form=FORM, status=200)
    assert opened.path == f"/referrals/{referral.id}"
    assert NAME in opened.text


def test_an_officer_is_told_at_the_field_that_the_same_was_asked_anew(app, make, *, closed, at_office, registrar):
    referral, sender = closed(), make.viewer(user=registrar)
    with app.app_context():
        service.send(sender, referral.child_id, "vaccination", (), COMMUNITY, ON)
        db.session.commit()
    before = stands(app, referral)
    page = at_office.get(f"/referrals/{referral.id}")
    told = page.submit({"reopen-reason": "not_done"}, form=FORM, status=409)
    assert list(told.errors) == ["reopen-reason"]
    assert stands(app, referral) == before


HINDERED = (
    (Hindrance.ELSEWHERE, "vaccination", 0),
    (Hindrance.TOO_LATE, "vaccination", 91),
    (Hindrance.SENDER_ONLY, "identity", 0),
)


@pytest.mark.parametrize(("why", "code", "days"), HINDERED)
def test_where_it_may_not_be_opened_the_office_reads_why_and_sees_nothing_of_the_child(
    app, *, closed, at_office, language, why, code, days
):
    referral = closed(code, closed_on=ON - timedelta(days=days))
    offered = at_office.get(f"/referrals/{referral.id}")
    if why is Hindrance.ELSEWHERE:
        assert offered.select(FORM)
        with app.app_context():
            moved = update(Episode).where(Episode.child_id == referral.child_id)
            db.session.execute(moved.values(area_code=VILLAGE))
            db.session.commit()
    before = stands(app, referral)
    page = at_office.get(f"/referrals/{referral.id}")
    assert not page.select(FORM)
    assert words(app, why, language) in page.text
    assert NAME not in page.text
    if offered.select(FORM):
        refused = offered.submit({"reopen-reason": "not_done"}, form=FORM, status=409)
        assert words(app, why, language) in refused.text
        assert NAME not in refused.text
    assert stands(app, referral) == before


@pytest.mark.parametrize("refused", ["asked anew", "nobody answers", "elsewhere"])
def test_what_the_sender_is_refused_leaves_the_referral_as_it_was(
    app, make, language, *, closed, browser, registrar, office, refused
):
    referral, sender = closed(), make.viewer(user=registrar)
    page = browser.get(f"/referrals/sent/{referral.id}")
    with app.app_context():
        if refused == "asked anew":
            service.send(sender, referral.child_id, "vaccination", (), COMMUNITY, ON)
        elif refused == "nobody answers":
            db.session.get_one(type(office), office.id).closed_on = ON
        else:
            db.session.execute(update(Episode).where(Episode.child_id == referral.child_id).values(area_code=VILLAGE))
        db.session.commit()
    before = stands(app, referral)
    told = page.submit({"reopen-reason": "not_done"}, form=FORM, status=409 if refused == "elsewhere" else 200)
    if refused == "elsewhere":
        assert words(app, Hindrance.ELSEWHERE, language) in told.text
    else:
        assert told.select(".app-notice")
    assert stands(app, referral) == before


def test_of_papers_the_sender_ticks_anew_that_the_guardian_agrees(app, *, closed, browser):
    referral = closed("identity")
    page = browser.get(f"/referrals/sent/{referral.id}")
    refused = page.submit({"reopen-reason": "not_done"}, form=FORM, status=422)
    assert list(refused.errors) == ["reopen-agreed"]
    assert [each["value"] for each in refused.select("#reopen-reason option[selected]")] == ["not_done"]
    refused.submit({"reopen-agreed": "y"}, form=FORM, status=200)
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        assert (row.state, confidential.agreed_on(row, OPENER)) == ("accepted", ON)


@pytest.mark.parametrize("code", SERVICES)
def test_opened_again_its_office_sees_what_it_needs_to_work_on_it_and_no_more(app, make, *, closed, registrar, code):
    office = make.office(SERVICES[code].office_kinds[0], COUNTY)
    referral, sender = closed(code, office=office), make.viewer(user=registrar)
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        assert visible(confidential.service_of(row, OPENER), State(row.state)) == ()
        moved = reopening.reopen(sender, referral.id, 1, "not_done", ON, agreed=True)
        found = visible(confidential.service_of(moved, OPENER), State(moved.state))
        assert found == SERVICES[code].visible_before + SERVICES[code].visible_after


def test_a_page_of_what_was_closed_takes_the_same_statements_however_old_it_is(app, *, closed, browser):
    from tests.statements import statements

    def asked(referral):
        with statements(app) as told:
            browser.get(f"/referrals/sent/{referral.id}")
        return len(told)

    assert asked(closed()) == asked(closed(closed_on=ON - timedelta(days=400)))
