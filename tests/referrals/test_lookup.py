"""An office finds a referral again that it answered wrongly: by its reference, or straight after the answer."""

from __future__ import annotations

import pytest

from registry.clock import today
from registry.referrals.shown import reference
from sop.identity import BirthDate
from tests.factories import COMMUNITY
from tests.referrals.sending import first_day, office_of, send

BORN = BirthDate(today().year - 8, 3, 2)


@pytest.fixture
def referred(make):
    """Return a function: a child sent to an office of a service; returns (referral, its officer)."""
    registrar = make.user("registrar", office=make.office("community", COMMUNITY))

    def to_office(code="education", state="accepted"):
        office = office_of(make, code)
        child = make.child(birth=BORN, school="none", name="端木晴")
        return send(make, registrar, child.id, code, state), make.user("officer", office=office)

    return to_office


def test_an_answer_that_was_wrong_is_one_click_away_from_being_opened_again(client_as, referred, language):
    referral, officer = referred()
    browser = client_as(officer, language=language)
    done = browser.get(f"/referrals/{referral.id}").submit({"answer-outcome": "11", **first_day()}, status=200)
    (link,) = done.select(".app-notice--done a")
    assert link["href"] == f"/referrals/{referral.id}#reopen"
    assert browser.get(link["href"]).select("#reopen")


def test_what_only_its_sender_opens_again_offers_no_such_way(client_as, referred):
    referral, officer = referred("identity")
    done = client_as(officer).get(f"/referrals/{referral.id}").submit({"answer-outcome": "199"}, status=200)
    assert done.select(".app-notice--done")
    assert not done.select(".app-notice--done a")


@pytest.mark.database
@pytest.mark.parametrize("code", ["education", "disability"])
def test_an_office_finds_what_it_ended_by_its_reference(client_as, referred, code):
    referral, officer = referred(code, "closed")
    page = client_as(officer).get("/referrals/look-up")
    typed = f" {reference(referral)[:4].lower()} {reference(referral)[4:]}"
    found = page.submit({"reference": typed}, status=200)
    assert found.path == f"/referrals/{referral.id}"
    assert "端木晴" not in found.text


@pytest.mark.parametrize("typed", ["", "12345", "ABCDEFGH"])
def test_what_is_no_reference_is_told_at_the_field(client_as, referred, typed):
    _referral, officer = referred()
    assert list(client_as(officer).get("/referrals/look-up").submit({"reference": typed}, status=422).errors) == [
        "reference"
    ]


def test_what_another_office_has_is_not_found(client_as, referred):
    theirs, _officer = referred("vaccination")
    _ours, officer = referred("education")
    page = client_as(officer).get("/referrals/look-up").submit({"reference": reference(theirs)}, status=422)
    assert list(page.errors) == ["reference"]
    assert page.path == "/referrals/look-up"
