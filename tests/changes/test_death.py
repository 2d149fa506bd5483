"""A death: recorded in two steps, every list stops at once, and a supervisor alone puts a mistake right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.changes.models import Correction
from registry.children.history import history_of
from registry.children.models import Child
from registry.children.queries import count_registered
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.referrals.lists import office_list, sent_list
from registry.referrals.models import Referral
from registry.transfers.models import Transfer
from tests.children.counting import children_on_file
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

UP = COMMUNITY[:9] + "000"


def test_it_takes_two_steps(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/died")
    page = page.submit({"day-year": "2026", "day-month": "11", "day-day": "20"}, status=200)
    with app.app_context():
        assert db.session.get_one(Child, child.id).status == "registered"
    page.submit(status=200)
    with app.app_context():
        assert db.session.get_one(Child, child.id).status == "deceased"
        kept = {each.field: each.after for each in history_of(OPENER, child.id).changes}
        assert kept == {"status": "deceased", "died_on": "2026-11-20"}


def test_every_list_stops_at_once(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    office, bureau = make.office(), make.office("education")
    user, officer = make.user(office=office), make.viewer("officer", user=make.user("officer", office=bureau))
    home = make.household(office=office, visit_due=today())
    child = make.child(household=home)
    open_one = make.referral(child, bureau, from_office=office)
    make.referral(child, bureau, from_office=office, service="vaccination", state="returned")
    make.user("registrar", area=VILLAGE)
    browser, viewer = client_as(user), make.viewer(user=user)
    browser.get(f"/changes/{child.id}/identity").submit({"name": "陈雨彤", "reason": "papers"}, status=200)
    browser.get(f"/changes/{child.id}/died").submit().submit(status=200)
    with app.app_context():
        assert children_on_file(viewer) == 0
        assert count_registered((COMMUNITY,)) == []
        assert db.session.get_one(Referral, open_one.id).state == "withdrawn"
        assert db.session.get_one(Household, home.id).visit_due is None
        assert db.session.scalars(select(Correction)).one().state == "withdrawn"
        for tab in office_list.TABS:
            assert office_list.inbox(officer, office_list.Wanted(tab), today()).referrals == []
        assert set(office_list.counts(officer, today()).values()) == {0}
        for tab in sent_list.TABS:
            assert sent_list.sent(viewer, sent_list.Narrowed(tab), today()).referrals == []
        assert set(sent_list.counts(viewer, today()).values()) == {0}
    for path in ("/today", "/children/", "/sent"):
        if path != "/sent":
            assert "陈雨桐" not in browser.get(path).text


def test_its_transfer_ends(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, other = make.child(), make.user("supervisor", area=VILLAGE[:9] + "000")
    assert other
    browser = client_as("registrar")
    with app.app_context():
        from registry.transfers.service import announce

        viewer = make.viewer()
        announce(viewer, child.id, VILLAGE[:9] + "000", today())
        db.session.commit()
    browser.get(f"/changes/{child.id}/died").submit().submit(status=200)
    with app.app_context():
        assert db.session.scalars(select(Transfer)).one().state == "withdrawn"


def test_nothing_congratulates_or_offers_anything_on_the_file(make: Factory, client_as: Callable[..., Client]) -> None:
    child, browser = make.child(), client_as("registrar")
    page = browser.get(f"/changes/{child.id}/died").submit().submit(status=200)
    assert page.path == f"/children/{child.id}"
    assert page.select(".app-notice--done") == []
    assert page.select("a[href*='/changes/'][href$='/gone'], a[href$='/died'], a[href$='/lives']") == []


def test_a_supervisor_alone_puts_a_mistake_right(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, registrar = make.child(), client_as("registrar")
    registrar.get(f"/changes/{child.id}/died").submit().submit(status=200)
    registrar.get(f"/changes/{child.id}/lives", status=403)
    supervisor = client_as("supervisor", area=UP)
    page = supervisor.get(f"/changes/{child.id}/lives")
    with app.app_context():
        assert db.session.get_one(Child, child.id).status == "deceased"
    page.submit(status=200)
    with app.app_context():
        assert db.session.get_one(Child, child.id).status == "registered"


def test_two_supervisors_who_put_the_same_mistake_right_meet_no_fault(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    client_as("registrar").get(f"/changes/{child.id}/died").submit().submit(status=200)
    page = client_as("supervisor", area=UP).get(f"/changes/{child.id}/lives")
    client_as("supervisor", area=UP).get(f"/changes/{child.id}/lives").submit(status=200)
    assert page.submit(status=200).path == f"/children/{child.id}"


def test_a_second_press_does_nothing(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/died").submit()
    page.submit(status=200)
    page.submit(status=200)
    with app.app_context():
        assert len(history_of(OPENER, child.id).changes) == 1


def test_a_day_to_come_is_refused(make: Factory, client_as: Callable[..., Client], language: str) -> None:
    page = client_as("registrar", language=language).get(f"/changes/{make.child().id}/died")
    day = {"day-year": "2031", "day-month": "1", "day-day": "1"}
    assert "day-year" in page.submit(day, status=422).errors


def test_a_day_before_the_birth_is_refused(make: Factory, client_as: Callable[..., Client], language: str) -> None:
    page = client_as("registrar", language=language).get(f"/changes/{make.child().id}/died")  # born on 14 June 2019
    day = {"day-year": "2019", "day-month": "6", "day-day": "13"}
    assert "day-year" in page.submit(day, status=422).errors
    page.submit(day | {"day-day": "14"}, status=200)
