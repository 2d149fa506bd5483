"""The page from which one child is referred: what rules propose, what its family asks for, and who has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Child
from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals.knowing import READER
from tests.referrals.proposals import SCHOOL_AGE, boxes, change, ids, sent

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def test_what_no_rule_proposes_is_sent_because_the_family_asks(app: Flask, make: Factory, browser: Client) -> None:
    child = make.child(birth=SCHOOL_AGE)
    path = f"/referrals/propose/{child.id}"
    page = browser.get(path)
    assert boxes(page, "services") == {}
    assert not any(boxes(page, "asked").values())
    refused = page.submit({"asked": ["identity", "medical_insurance"]}, status=422)
    assert list(refused.errors) == ["offered-identity", "agreed-identity"]
    assert [key for key, ticked in boxes(refused, "asked").items() if ticked] == ["identity", "medical_insurance"]
    assert sent(app) == []
    half = refused.submit({"agreed-identity": "y"}, status=422)
    assert list(half.errors) == ["offered-identity"]
    assert half.select("#agreed-identity[checked]")
    assert sent(app) == []
    half.submit({"offered-identity": "y"}, status=200)
    assert sent(app) == ["identity", "medical_insurance"]
    with app.app_context():
        rows = db.session.scalars(select(Referral)).all()
        assert {reason.key for row in rows for reason in confidential.reasons_of(row, READER)} == {"asked"}


@pytest.mark.database
def test_the_page_of_a_child_reckons_anew_and_tells_what_is_proposed_no_longer(
    app: Flask, make: Factory, browser: Client, language: str
) -> None:
    child = make.child(birth=SCHOOL_AGE, school="none", certificate="none")
    path = f"/referrals/propose/{child.id}"
    page = browser.get(path)
    assert boxes(page, "services") == {"education": True, "vaccination": True}
    assert ids(app) == [], "to look writes nothing"
    change(app, Child, Child.id == child.id, certificate="seen")
    told = page.submit(status=200)
    assert sent(app) == ["education"]
    words = {"zh": "1", "en": "1 proposal has changed meanwhile"}[language]
    assert words in told.select(".app-notice--done")[1].get_text()


def test_what_was_declined_is_offered_and_not_ticked(app: Flask, browser: Client, family: list[Child]) -> None:
    child = family[0]
    change(app, Proposal, Proposal.service == "education", state="declined", declined_reason="later")
    assert boxes(browser.get(f"/referrals/propose/{child.id}"), "services") == {"education": False, "vaccination": True}


def test_what_is_to_be_offered_first_stands_directly_above_what_it_comes_before(
    app: Flask, make: Factory, browser: Client, family: list[Child]
) -> None:
    page = browser.get(f"/referrals/propose/{family[0].id}")
    shown = [box["value"] for box in page.select("input[name=shown]")]
    place = shown.index("identity")
    assert set(shown[place - 2 : place]) == {"legal_aid", "social_assistance"}
    assert len(shown) == len(set(shown))
