"""Recording a visit at the door: who was seen, "nothing has changed" in one tap, and what may go wrong."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent, AuditEventChild
from registry.clock import today
from registry.database import db
from registry.visits.models import Visit
from sop.identity import add_months
from tests.client import OPENER
from tests.factories import ELSEWHERE
from tests.referrals.sending import placed
from tests.visits.conftest import HIGH
from tests.visits.test_round import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from registry.households.models import Household
    from tests.client import Client
    from tests.factories import Factory
    from tests.visits.conftest import Days

NO, YES = ("changed", "no"), ("changed", "yes")
WORDS = {"zh": ("周敏家", "没有变化"), "en": ("Zhou Min", "Nothing has changed")}


@pytest.fixture
def browser(client_as: Callable[..., Client], registrar: User) -> Client:
    """The registrar's phone at the door."""
    return client_as(registrar)


def path(home: Household) -> str:
    return f"/visits/{home.id}"


def test_a_tick_for_the_child_and_one_tap_record_the_visit(
    client_as: Callable[..., Client], registrar: User, days: Days, visits: Callable[[], list[Visit]], language: str
) -> None:
    home = days.family(registered=20)
    page = client_as(registrar, language=language).get(path(home))
    family, unchanged = WORDS[language]
    assert family in page.h1
    (child,) = page.select("input[name=seen]")
    after = page.submit({"seen": child["value"]}, button=unchanged, status=200)
    assert after.path == "/today"
    (visit,) = visits()
    assert (visit.outcome, visit.unchanged, visit.made_on) == ("seen", True, today())
    assert [each.seen for each in visit.children] == [True]
    assert days.due(home) == add_months(today(), 1)


def test_of_a_single_child_the_tile_alone_says_that_it_was_seen(
    browser: Client, days: Days, visits: Callable[[], list[Visit]]
) -> None:
    browser.get(path(days.family())).submit({"outcome": "seen"}, button=NO, status=200)
    assert [each.seen for each in visits()[0].children] == [True]


@pytest.mark.parametrize(("outcome", "unchanged"), [("phoned", True), ("neighbour", True), ("nobody", False)])
def test_it_may_end_otherwise_and_nobody_in_says_nothing_of_changes(
    browser: Client, days: Days, visits: Callable[[], list[Visit]], outcome: str, unchanged: bool
) -> None:
    browser.get(path(days.family())).submit({"outcome": outcome, "note": " 说下周回来 "}, button=NO, status=200)
    (visit,) = visits()
    assert (visit.outcome, visit.unchanged, visit.children[0].seen) == (outcome, unchanged, False)


def test_the_note_is_sealed(browser: Client, days: Days, app: Flask) -> None:
    browser.get(path(days.family())).submit({"outcome": "nobody", "note": " 说下周回来 "}, button=NO, status=200)
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert visit.note.open(OPENER) == "说下周回来"
        assert "说下周回来".encode() not in (visit.note_sealed or b"")


def test_a_call_leaves_a_child_due_who_must_be_seen(browser: Client, days: Days, make: Factory) -> None:
    home = make.household()
    days.assess(days.child(home, 40), HIGH)
    days.reckon()
    before = days.due(home)
    browser.get(path(home)).submit({"outcome": "phoned"}, button=NO, status=200)
    assert days.due(home) == before
    assert "须见到孩子" in browser.get("/today").text


@pytest.mark.parametrize(
    ("answers", "button", "field"),
    [
        ({}, NO, "seen"),
        ({"outcome": "seen"}, NO, "seen"),
        ({"seen": "first", "outcome": "phoned"}, NO, "seen"),
        ({"seen": "first"}, None, "changed"),
        ({"seen": "first", "day-year": today().year + 1}, NO, "day-day"),
        ({"seen": "first", "day-year": 1990}, NO, "day-year"),
        ({"seen": "first", "day-month": "13"}, NO, "day-month"),
        ({"seen": "first", "day-day": ""}, NO, "day-day"),
        ({"seen": "first", "note": "长" * 301}, NO, "note"),
        ({"seen": "first", "visit": "mine"}, NO, "visit"),
    ],
)
def test_what_is_missing_or_contradicts_is_said_at_its_field_and_everything_typed_is_kept(
    browser: Client,
    days: Days,
    visits: Callable[[], list[Visit]],
    answers: dict[str, Any],
    button: tuple[str, str] | None,
    field: str,
) -> None:
    page = browser.get(path(days.family(children=2)))
    first = page.select("input[name=seen]")[0]["value"]
    typed = {"note": "在家"} | {key: first if value == "first" else value for key, value in answers.items()}
    again = page.submit(typed, button=button, status=422)
    assert list(again.errors) == [field]
    assert again.select(f"#{field}"), "the summary leads somewhere"
    assert dict(again.values()).get("note") == typed["note"]
    assert ("seen", first) in again.values() if "seen" in answers else True
    assert visits() == []


def test_the_same_page_sent_twice_is_one_visit(browser: Client, days: Days, visits: Callable[[], list[Visit]]) -> None:
    page = browser.get(path(days.family()))
    for _ in range(2):
        assert page.submit({"outcome": "phoned"}, button=NO, status=200).path == "/today"
    assert len(visits()) == 1


@pytest.mark.database
def test_two_clicks_at_the_same_time_are_one_visit(
    app: Flask, days: Days, browser: Client, visits: Callable[[], list[Visit]]
) -> None:
    page = browser.get(path(days.family()))
    cookie = browser.http.get_cookie("registry")
    sent = dict([*page.values(), ("outcome", "phoned"), NO])
    ready = Barrier(2)

    def tab() -> int:
        other = app.test_client()
        other.set_cookie("registry", cookie.value if cookie else "")
        ready.wait()
        return other.post(page.path, data=sent).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = [each.result() for each in [pool.submit(tab), pool.submit(tab)]]
    assert answers == [302, 302]
    assert len(visits()) == 1


def test_the_id_of_another_familys_visit_opens_nothing(
    browser: Client, days: Days, visits: Callable[[], list[Visit]]
) -> None:
    one, other = days.family(), days.family()
    page = browser.get(path(one))
    page.submit({"outcome": "phoned"}, button=NO, status=200)
    taken = str(visits()[0].id)
    browser.get(path(other)).submit({"outcome": "phoned", "visit": taken}, button=NO, status=404)
    assert len(visits()) == 1


def test_a_visit_of_yesterday_can_be_recorded_today(
    browser: Client, days: Days, visits: Callable[[], list[Visit]]
) -> None:
    home, day = days.family(), today() - timedelta(days=1)
    written = {"day-year": day.year, "day-month": day.month, "day-day": day.day}
    browser.get(path(home)).submit({"outcome": "seen"} | written, button=NO, status=200)
    assert visits()[0].made_on == day
    assert days.due(home) == add_months(day, 1)


def test_something_has_changed_leads_to_the_file_of_an_only_child(browser: Client, days: Days, app: Flask) -> None:
    page = browser.get(path(days.family())).submit({"outcome": "seen"}, button=YES, status=200)
    assert page.path.startswith("/children/")
    with app.app_context():
        assert not db.session.scalars(select(Visit)).one().unchanged


def test_of_several_children_the_one_whose_file_changes_is_chosen(browser: Client, days: Days) -> None:
    page = browser.get(path(days.family(children=2))).submit({"outcome": "phoned"}, button=YES, status=200)
    assert page.path.endswith("/changed")
    assert "走访已记录" in page.text
    assert len(page.select("main a[href^='/children/']")) == 2


def test_news_that_was_told_leaves_the_list_and_what_was_not_stays(
    app: Flask, browser: Client, days: Days, make: Factory
) -> None:
    home = make.household()
    told, untold = (answered(app, make, days, days.child(home)) for _ in range(2))
    page = browser.get(path(home))
    boxes = [str(box["value"]) for box in page.select("input[name=told]")]
    assert sorted(box.split(".")[0] for box in boxes) == sorted([told.id.hex, untold.id.hex])
    chosen = next(box for box in boxes if box.startswith(told.id.hex))
    page.submit({"told": chosen, "outcome": "phoned"}, button=NO, status=200)
    with app.app_context():
        assert [each.id for each in days.round().news] == [untold.id]


def test_told_is_one_tap_on_the_first_page_and_twice_is_once(
    app: Flask, browser: Client, days: Days, make: Factory
) -> None:
    referral = answered(app, make, days, days.child(make.household()))
    page, form = browser.get("/today"), f"form[action='/visits/told/{referral.id}']"
    for _ in range(2):
        after = page.submit(form=form, status=200)
        assert not after.select(form)
    assert not after.select(".app-notice--done")


def test_an_answer_that_came_meanwhile_is_not_told_unread(
    app: Flask, browser: Client, days: Days, make: Factory
) -> None:
    from registry.referrals.answers import answering
    from tests.visits.test_round import WAITS, _office_of

    referral = answered(app, make, days, days.child(make.household()), WAITS)
    page, form = browser.get("/today"), f"form[action='/visits/told/{referral.id}']"
    officer = make.viewer("officer", user=make.user("officer", office=_office_of(app, referral)))
    with app.app_context():
        answering.answer(officer, referral.id, 3, placed(), today())
        db.session.commit()
    after = page.submit(form=form, status=200)
    assert after.select(form)
    assert "新答复" in after.text


def test_the_next_communitys_registrar_finds_nothing_and_the_attempt_is_recorded(
    app: Flask, client_as: Callable[..., Client], days: Days, make: Factory, visits: Callable[[], list[Visit]]
) -> None:
    home = days.family()
    referral = answered(app, make, days, days.child(home))
    stranger = client_as(make.user(office=make.office(area=ELSEWHERE)))
    for address in (path(home), f"{path(home)}/changed", f"/visits/{uuid.uuid4()}"):
        stranger.get(address, status=404)
    token = dict(stranger.get("/today").values("form[action='/language']"))["csrf_token"]
    pairs = [("csrf_token", token), ("outcome", "phoned"), ("visit", str(uuid.uuid4())), NO]
    stranger.post(path(home), pairs, status=404)
    stranger.post(f"/visits/told/{referral.id}", [("csrf_token", token), ("version", "3")], status=404)
    assert visits() == []
    with app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert {each.details["why"] for each in refused} == {"scope"}
        assert len(refused) == 5
        assert len(days.round().news) == 1


@pytest.mark.parametrize("role", ["supervisor", "officer", "protection_officer", "official", "administrator"])
def test_only_registrars_record_visits(role: str, client_as: Callable[..., Client], days: Days) -> None:
    home = days.family()
    other = client_as(role)
    for address in (path(home), "/visits/round", f"{path(home)}/changed"):
        other.get(address, status=403)


def test_the_visit_and_each_look_are_in_the_audit_without_anything_personal(
    app: Flask, browser: Client, days: Days
) -> None:
    home = days.family()
    browser.get(path(home)).submit({"outcome": "phoned", "note": "说下周回来"}, button=NO, status=200)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent)).all()
        recorded = next(each for each in events if each.kind == "visit_recorded")
        assert recorded.details == {"visit": str(db.session.scalars(select(Visit.id)).one()), "outcome": "phoned"}
        children = select(AuditEventChild.child_id).where(AuditEventChild.event_id == recorded.id)
        assert len(db.session.scalars(children).all()) == 1
        assert "visit" in {each.details.get("list") for each in events}
        assert "下周" not in str([each.details for each in events])


def test_the_language_can_be_changed_without_losing_what_was_typed(browser: Client, days: Days) -> None:
    page = browser.get(path(days.family()))
    browser.language = "en"
    english = page.submit({"outcome": "nobody", "note": "说下周回来"}, button=("_language", "en"), status=200)
    assert dict(english.values())["note"] == "说下周回来"
    assert dict(english.values())["outcome"] == "nobody"
    assert dict(english.values())["visit"] == dict(page.values())["visit"]


def test_a_household_whose_children_have_all_left_is_visited_no_more(
    browser: Client, make: Factory, days: Days
) -> None:
    home = make.household()
    days.child(home, status="left")
    browser.get(path(home), status=404)
    assert days.due(home) is None
