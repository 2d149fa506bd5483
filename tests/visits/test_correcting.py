"""Putting a visit right on the day on which it was recorded; what was judged of a child is felt at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.visits.models import Visit
from sop.identity import add_months
from tests.visits.conftest import CALM, HIGH
from tests.visits.test_record import NO, path

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from tests.client import Client
    from tests.factories import Factory
    from tests.visits.conftest import Days


@pytest.fixture
def browser(client_as: Callable[..., Client], registrar: User) -> Client:
    """The registrar's phone."""
    return client_as(registrar)


def test_going_back_and_sending_other_answers_puts_the_visit_right_and_both_are_in_the_audit(
    app: Flask, browser: Client, days: Days, visits: Callable[[], list[Visit]]
) -> None:
    home = days.family(registered=40)
    before = days.due(home)
    page = browser.get(path(home))
    page.submit({"outcome": "seen"}, button=NO, status=200)
    assert days.due(home) == add_months(today(), 1)
    after = page.submit({"outcome": "nobody", "note": "门锁着"}, button=NO, status=200)
    assert "走访已记录" in after.text
    (visit,) = visits()
    assert (visit.outcome, [each.seen for each in visit.children]) == ("nobody", [False])
    assert days.due(home) == before
    with app.app_context():
        assert db.session.get_one(Household, home.id).visited_on is None
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "visit_recorded")).all()
        assert [each.details["outcome"] for each in events] == ["seen", "nobody"]
        assert {each.details["visit"] for each in events} == {str(visit.id)}


def test_the_file_leads_to_todays_own_visit_with_its_answers(
    browser: Client, days: Days, client_as: Callable[..., Client], make: Factory, visits: Callable[[], list[Visit]]
) -> None:
    home = make.household()
    child = days.child(home)
    browser.get(path(home)).submit({"outcome": "phoned", "note": "说下周回来"}, button=NO, status=200)
    (link,) = browser.get(f"/children/{child.id}").select("a[href*='?visit=']")
    page = browser.get(str(link["href"]))
    values = dict(page.values())
    assert (values["outcome"], values["note"], values["visit"]) == ("phoned", "说下周回来", str(visits()[0].id))
    page.submit({"outcome": "seen"}, button=NO, status=200)
    (visit,) = visits()
    assert (visit.outcome, visit.children[0].seen) == ("seen", True)
    colleague = client_as("registrar")
    assert not colleague.get(f"/children/{child.id}").select("a[href*='?visit=']")
    assert dict(colleague.get(str(link["href"])).values())["visit"] != str(visit.id)


def test_of_an_earlier_day_a_visit_stays_as_it_is_and_the_worker_is_told(
    app: Flask, browser: Client, days: Days, visits: Callable[[], list[Visit]]
) -> None:
    page = browser.get(path(days.family()))
    page.submit({"outcome": "seen"}, button=NO, status=200)
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        visit.made_at -= timedelta(days=1)
        db.session.commit()
    again = page.submit({"outcome": "nobody", "note": "门锁着"}, button=NO, status=409)
    assert list(again.errors) == ["changed"]
    assert dict(again.values())["note"] == "门锁着"
    assert visits()[0].outcome == "seen"
    assert page.submit({"outcome": "seen"}, button=NO, status=200).path == "/today"


def test_what_is_judged_after_a_visit_moves_the_next_one_at_once(days: Days, make: Factory) -> None:
    home = make.household()
    child = days.child(home)
    days.visit(home)
    assert days.due(home) == add_months(today(), 1)
    days.assess(child, CALM)
    assert days.due(home) == add_months(today(), 6)
    assert days.reckon() == 0


@pytest.mark.parametrize("outcome", ["phoned", "seen"])
def test_nothing_at_the_door_or_on_the_sheet_says_which_child_must_be_seen(
    browser: Client, days: Days, make: Factory, outcome: str
) -> None:
    home = make.household()
    days.assess(days.child(home, 40), HIGH)
    days.reckon()
    page = browser.get(path(home))
    assert "须见到" not in page.text
    sheet = browser.get("/visits/round").select(".app-paper")[0].get_text()
    assert "须见到" not in sheet
    after = page.submit({"outcome": outcome}, button=NO, status=200)
    assert len(after.select(".app-notice--done")) == {"phoned": 2, "seen": 1}[outcome]
