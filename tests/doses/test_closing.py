"""Doses that are entered close the referral that asks for them, in the same act, and never while anything is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.doses import closing, service
from registry.doses.service import Entry, Tick
from registry.i18n import spoken
from registry.referrals import confidential
from registry.referrals.errors import StaleVersionError
from registry.referrals.models import Referral
from registry.referrals.seen import Seen
from registry.web.filters import long_date
from sop.identity import BirthDate
from sop.version import in_force
from tests.client import OPENER
from tests.doses.clinic import doses

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client
    from tests.doses.clinic import Clinic
    from tests.factories import Factory

DAY = today() - timedelta(days=10)
HEPB, BCG = Entry("HepB", DAY, "certificate"), Entry("BCG", DAY, "certificate")
TYPED = {"dose-HepB-1": f"{DAY:%Y%m%d}", "dose-BCG-1": f"{DAY:%Y%m%d}", "whole": "y"}
NEXT = "form[action*='/next']"


@pytest.fixture
def child(clinic: Clinic) -> Child:
    """A child of ten days, of whom two doses are due."""
    return clinic.referred(birth=BirthDate(DAY.year, DAY.month, DAY.day), school="none", sex="2")


def stands(app: Flask, child: Child) -> tuple[str, str | None, int]:
    with app.app_context():
        row = db.session.scalars(select(Referral).where(Referral.child_id == child.id)).one()
        return row.state, row.outcome.open(OPENER), row.version


def closed(clinic: Clinic, child: Child, *entries: Entry, whole: bool = True, version: int = 1) -> int:
    """Enter doses and close in one transaction, as the page does."""
    with clinic.app.app_context():
        row = db.session.scalars(select(Referral).where(Referral.child_id == child.id)).one()
        service.enter(clinic.viewer, child.id, entries, Tick(whole, seen=not whole), today())
        number = closing.close(clinic.viewer, child.id, [Seen(row.id, version)], today())
        db.session.commit()
        return number


def test_the_outcomes_that_entering_doses_gives_are_those_of_the_version_in_force() -> None:
    asked = in_force(today()).services["vaccination"]
    assert asked.outcome(asked.when_complete).kind == "solved"
    assert (asked.outcome(asked.when_more).kind, asked.outcome(asked.when_more).asks) == ("interim", "next_dose")


def test_where_the_procedure_names_no_such_outcomes_the_doses_are_kept_and_the_referral_stays(
    app: Flask,
    client_as: Callable[..., Client],
    clinic: Clinic,
    child: Child,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = in_force(today()).services["vaccination"]
    browser = client_as(clinic.user, language=language)
    page = browser.get(f"/doses/{child.id}").submit({"dose-HepB-1": TYPED["dose-HepB-1"], "whole": "y"}, status=200)
    monkeypatch.setattr(confidential, "service_of", lambda *_asked: replace(asked, when_complete=None, when_more=None))
    assert not browser.get(f"/doses/{child.id}").select(NEXT)
    page.submit(day_of(today() + timedelta(days=20)), form=NEXT, status=404)
    kept = page.submit({"dose-BCG-1": TYPED["dose-BCG-1"]}, status=200)
    assert kept.path == f"/doses/{child.id}", "nothing is said to be closed"
    assert stands(app, child) == ("accepted", None, 1)
    assert len(doses(app)) == 2


@pytest.mark.database
def test_what_is_due_by_age_is_given_and_the_referral_is_closed_in_the_same_act(
    app: Flask, clinic: Clinic, child: Child
) -> None:
    assert closed(clinic, child, HEPB, BCG) == 1
    assert stands(app, child)[:2] == ("closed", "01")


@pytest.mark.database
@pytest.mark.parametrize(("entries", "whole"), [((HEPB,), True), ((HEPB, BCG), False), ((), True)])
def test_nothing_is_closed_while_a_dose_is_due_or_the_certificate_half_entered(
    app: Flask, clinic: Clinic, child: Child, entries: tuple[Entry, ...], whole: bool
) -> None:
    assert closed(clinic, child, *entries, whole=whole) == 0
    assert stands(app, child) == ("accepted", None, 1)


def test_of_a_referral_that_somebody_else_changed_nothing_is_closed(app: Flask, clinic: Clinic, child: Child) -> None:
    with pytest.raises(StaleVersionError):
        closed(clinic, child, HEPB, BCG, version=0)
    assert stands(app, child) == ("accepted", None, 1)


def test_the_page_closes_with_the_doses_and_leads_back_to_the_list(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, child: Child, language: str
) -> None:
    page = client_as(clinic.user, language=language).get(f"/doses/{child.id}")
    assert dict(page.values())["close"] == "y", "ticked beforehand"
    done = page.submit(TYPED, status=200)
    assert done.path == "/referrals/"
    assert stands(app, child)[:2] == ("closed", "01")


def test_without_the_tick_it_stays_open_and_offers_nothing_that_is_not_due(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, child: Child, language: str
) -> None:
    page = client_as(clinic.user, language=language).get(f"/doses/{child.id}")
    page = page.submit({**TYPED, "close": None}, status=200)
    assert stands(app, child) == ("accepted", None, 1)
    with app.app_context(), spoken(language):
        until = long_date(db.session.scalars(select(Referral.answer_by)).one())
    assert {"zh": "转介尚未办结", "en": "The referral stays open"}[language] in page.text
    assert until in page.text, "it says until when"
    assert not page.select(NEXT)
    assert page.submit({}, status=200).path == "/referrals/", "saved once more with the tick, it is closed"
    assert stands(app, child)[0] == "closed"


def test_while_something_is_due_the_next_day_is_asked_and_answers_the_referral(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, child: Child, language: str
) -> None:
    page = client_as(clinic.user, language=language).get(f"/doses/{child.id}")
    page = page.submit({"dose-HepB-1": TYPED["dose-HepB-1"], "whole": "y"}, status=200)
    assert {"zh": "转介未办结", "en": "The referral stays open"}[language] in page.text
    assert stands(app, child) == ("accepted", None, 1)
    past, coming = today() - timedelta(days=1), today() + timedelta(days=20)
    again = page.submit(day_of(past), form=NEXT, status=422)
    assert list(again.errors) == ["next-day-year"]
    assert again.select("#next-day-day")[0]["value"] == str(past.day)
    assert again.submit(day_of(coming), form=NEXT, status=200).path == f"/doses/{child.id}"
    assert stands(app, child) == ("accepted", "02", 2)
    with app.app_context():
        assert db.session.scalars(select(Referral.recall_on)).one() == coming


def test_who_answers_second_is_told_and_his_doses_are_kept(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, child: Child
) -> None:
    first, second = (client_as(clinic.user).get(f"/doses/{child.id}") for _ in range(2))
    coming = today() + timedelta(days=20)
    first = first.submit({"dose-HepB-1": TYPED["dose-HepB-1"], "whole": "y", "close": None}, status=200)
    first.submit(day_of(coming), form=NEXT, status=200)
    page = second.submit(TYPED, status=200)
    assert "转介刚被他人改动" in page.text
    assert stands(app, child)[:2] == ("accepted", "02")
    assert page.submit({}, status=200).path == "/referrals/"
    assert stands(app, child)[:2] == ("closed", "01")


def test_another_clinic_answers_nothing(make: Factory, client_as: Callable[..., Client], child: Child) -> None:
    stranger = client_as(make.user("officer", office=make.office("clinic")))
    page = stranger.get("/referrals/")
    token = page.select("input[name=csrf_token]")[0]["value"]
    stranger.post(f"/doses/{child.id}/next", [("csrf_token", token)], status=404)


def day_of(day: object) -> dict[str, str]:
    return {f"next-day-{part}": str(getattr(day, part)) for part in ("year", "month", "day")}
