"""The administrator's accounts: those of the own area, and what may be done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from registry.accounts import lockout, queries
from registry.accounts.models import User
from registry.database import db
from tests.client import PASSWORD, Client
from tests.factories import ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.audit.models import AuditEvent
    from tests.client import Page
    from tests.factories import Factory

ACTIONS = ("reset-password", "end-sessions", "unlock")


def act(browser: Client, user: User, action: str) -> Page:
    return browser.get(f"/accounts/{user.id}").submit(form=f"form[action*='{user.id}/{action}']", status=200)


def post(browser: Client, user: User, action: str) -> int:
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    return browser.http.post(f"/accounts/{user.id}/{action}", data={"csrf_token": token}).status_code


@pytest.mark.database
def test_an_administrator_sees_every_account_of_the_own_area_and_no_other(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    inside = [make.user("registrar"), make.user("registrar", area=ELSEWHERE), make.user("auditor")]
    outside = [make.user("registrar", area=VILLAGE), make.user("auditor", area="320000000000")]
    page = client_as("administrator", language=language).get("/accounts")
    names = [cell.get_text(strip=True) for cell in page.select("tbody th")]
    assert {user.username for user in inside} < set(names)
    assert not {user.username for user in outside} & set(names)
    assert ("王秀芳" if language == "zh" else "Wang Xiufang") in page.text


def test_closed_accounts_stand_in_a_list_of_their_own(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    used, closed = make.user("registrar"), make.user("registrar", active=False)
    browser = client_as("administrator", language=language)
    assert browser.get("/accounts?closed=1").select("tbody th")[0].get_text(strip=True) == closed.username
    assert not browser.get(f"/accounts/{closed.id}").select("form[action*=reset-password]")
    names = [cell.get_text(strip=True) for cell in browser.get("/accounts").select("tbody th")]
    assert used.username in names
    assert closed.username not in names


def test_an_administrator_of_one_district_does_not_see_the_next(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    make.user("registrar", area=ELSEWHERE, username="next-door")
    browser = client_as("administrator", area="320402000000")
    assert "next-door" not in browser.get("/accounts").text


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", ["elsewhere", "oneself"])
def test_what_is_outside_the_area_and_the_own_account_answer_as_if_absent(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    action: str,
    who: str,
) -> None:
    administrator = make.user("administrator")
    user = administrator if who == "oneself" else make.user("registrar", area=VILLAGE)
    browser = client_as(administrator)
    assert post(browser, user, action) == 404
    [event] = recorded("refused")
    assert event.details == {"endpoint": f"accounts.{action.replace('-', '_')}", "why": "scope"}
    with app.app_context():
        assert db.session.get_one(User, user.id).password_hash == user.password_hash


@pytest.mark.database
def test_a_temporary_password_is_shown_once_and_leads_to_a_new_one(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    language: str,
    recorded: Callable[[str], list[AuditEvent]],
) -> None:
    user = make.user("auditor")
    there = Client(app)
    there.sign_in(user)
    browser = client_as("administrator", language=language)
    page = act(browser, user, "reset-password")
    temporary = page.select(".app-facts__value strong")[0].get_text()
    assert temporary not in browser.get("/accounts").text
    assert there.get("/audit/events").path == "/sign-in"
    refused = Client(app).get("/sign-in").submit({"username": user.username, "password": PASSWORD})
    assert refused.status == 422
    assert Client(app).sign_in(user, temporary).path == "/password"
    [event] = recorded("password_reset")
    assert event.details == {"account": str(user.id)}
    assert temporary not in str(event.details)


def test_a_reset_also_unlocks(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    user = make.user("auditor")
    with app.app_context():
        for _ in range(lockout.FAILURES):
            lockout.count(user.username)
    page = act(client_as("administrator"), user, "reset-password")
    temporary = page.select(".app-facts__value strong")[0].get_text()
    assert Client(app).sign_in(user, temporary).path == "/password"


def test_ended_sessions_say_so_on_the_sign_in_page(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    language: str,
    said: Callable[..., str],
) -> None:
    user = make.user("auditor")
    there = Client(app, language)
    there.sign_in(user)
    browser = client_as("administrator")
    assert act(browser, user, "end-sessions").path == f"/accounts/{user.id}"
    page = there.get("/audit/events")
    assert said(language, "Your administrator has ended this session.") in page.text
    assert len(recorded("sessions_ended")) == 1
    assert not browser.get(f"/accounts/{user.id}").select("form[action*=end-sessions]")


def test_a_locked_account_is_shown_as_locked_and_can_be_unlocked(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
) -> None:
    user = make.user("auditor")
    with app.app_context():
        for _ in range(lockout.FAILURES):
            lockout.count(user.username)
    browser = client_as("administrator")
    assert act(browser, user, "unlock").path == f"/accounts/{user.id}"
    assert not browser.get(f"/accounts/{user.id}").select("form[action*=unlock]")
    assert Client(app).sign_in(user).path == "/audit/events"
    assert len(recorded("account_unlocked")) == 1


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("administrator")
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    counts = []
    for _ in range(2):
        statements.clear()
        browser.get("/accounts")
        counts.append(len(statements))
        for _ in range(3):
            make.user("registrar")
    assert counts[0] == counts[1]


def test_a_long_list_comes_in_pages(
    make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 2)
    browser = client_as("administrator")
    for _ in range(3):
        make.user("registrar")
    first = browser.get("/accounts")
    second = browser.get(first.select("a[rel=next]")[0]["href"])
    names = [cell.get_text() for page in (first, second) for cell in page.select("tbody th")]
    assert len(names) == len(set(names)) == 4
    assert not second.select("a[rel=next]")
