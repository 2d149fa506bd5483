"""Sessions: rows that can be ended, renewed by use, and end by themselves."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from registry.accounts.models import User
from registry.accounts.sessions import why_ended
from registry.clock import now
from registry.database import db
from tests.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import UserSession
    from registry.audit.models import AuditEvent
    from registry.settings import Settings
    from tests.factories import Factory

MINUTE = timedelta(minutes=1)
IDLE = "You were signed out because nothing was done for a while."
ENDED = "Your administrator has ended this session."


def test_the_row_holds_only_a_hash_of_what_the_cookie_holds(
    client_as: Callable[..., Client], sessions: Callable[[], list[UserSession]]
) -> None:
    browser = client_as("auditor")
    with browser.http.session_transaction() as cookie:
        token = cookie["session"]
    [row] = sessions()
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert str(row.user_id) not in str(dict(cookie))


def test_every_sign_in_has_a_token_of_its_own(
    app: Flask, make: Factory, sessions: Callable[[], list[UserSession]]
) -> None:
    user = make.user("auditor")
    Client(app).sign_in(user)
    Client(app).sign_in(user)
    assert len({row.token_hash for row in sessions()}) == 2


@pytest.mark.database
def test_after_fifteen_minutes_without_use_one_signs_in_again_and_is_back_on_the_same_page(
    app: Flask, make: Factory, age: Callable[..., None], language: str, said: Callable[..., str]
) -> None:
    user = make.user("auditor")
    browser = Client(app, language)
    browser.sign_in(user)
    age(seen_at=15 * MINUTE)
    page = browser.get("/password")
    assert page.path == "/sign-in"
    assert said(language, IDLE) in page.text
    back = browser.get("/sign-in?next=/password")
    back.path = "/sign-in?next=/password"
    again = back.submit({"username": user.username, "password": "a-long-invented-password"})
    assert again.path == "/password"


def test_use_within_fifteen_minutes_keeps_the_session(
    client_as: Callable[..., Client], age: Callable[..., None]
) -> None:
    browser = client_as("auditor")
    for _ in range(3):
        age(seen_at=14 * MINUTE, began_at=14 * MINUTE)
        assert browser.get("/password").path == "/password"


def test_after_eight_hours_a_session_ends_however_much_it_is_used(
    client_as: Callable[..., Client], age: Callable[..., None]
) -> None:
    browser = client_as("auditor")
    age(began_at=timedelta(hours=8))
    page = browser.get("/password")
    assert page.path == "/sign-in"
    assert "8" in page.text


def test_a_page_that_is_read_renews_the_session_at_most_once_a_minute(
    client_as: Callable[..., Client], age: Callable[..., None], sessions: Callable[[], list[UserSession]]
) -> None:
    browser = client_as("auditor")
    [before] = sessions()
    browser.get("/password")
    assert sessions()[0].seen_at == before.seen_at
    age(seen_at=MINUTE)
    browser.get("/password")
    assert sessions()[0].seen_at >= before.seen_at


def test_who_it_is_takes_one_statement(app: Flask, client_as: Callable[..., Client]) -> None:
    browser = client_as("auditor")
    browser.get("/password")
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    browser.get("/password")
    asked = [statement for statement in statements if statement != "BEGIN"]
    assert len(asked) == 1, asked
    assert "user_session" in asked[0]


def test_a_page_sent_too_late_leads_back_to_the_page_it_was_sent_from(
    client_as: Callable[..., Client], age: Callable[..., None]
) -> None:
    browser = client_as("administrator")
    page = browser.get("/accounts")
    token = page.select("input[name=csrf_token]")[0]["value"]
    age(seen_at=15 * MINUTE)
    late = browser.http.post(
        "/accounts/0193b2a0-0000-7000-8000-000000000000/unlock",
        data={"csrf_token": token},
        headers={"Referer": "http://localhost/accounts?page=1"},
        follow_redirects=True,
    )
    assert late.request.path == "/sign-in"
    assert late.request.args["next"] == "/accounts"


def test_signing_out_ends_the_row_so_that_a_copied_cookie_is_worth_nothing(
    client_as: Callable[..., Client],
    sessions: Callable[[], list[UserSession]],
    recorded: Callable[[str], list[AuditEvent]],
) -> None:
    browser = client_as("auditor")
    with browser.http.session_transaction() as cookie:
        copied = dict(cookie)
    page = browser.get("/password").submit(form="form[action='/sign-out']", status=200)
    assert page.path == "/sign-in"
    assert sessions()[0].ended_why == "own"
    assert len(recorded("signed_out")) == 1
    with browser.http.session_transaction() as cookie:
        cookie.update(copied)
    assert browser.get("/password").path == "/sign-in"


def test_a_closed_account_is_out_at_once(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str, said: Callable[..., str]
) -> None:
    user = make.user("auditor")
    browser = client_as(user, language=language)
    with app.app_context():
        db.session.execute(update(User).where(User.id == user.id).values(active=False))
        db.session.commit()
    assert said(language, ENDED) in browser.get("/password").text


@pytest.mark.parametrize(
    ("began", "seen", "ended_why", "why"),
    [
        (0, 0, None, None),
        (479, 14, None, None),
        (479, 15, None, "idle"),
        (480, 0, None, "absolute"),
        (480, 15, None, "absolute"),
        (0, 0, "own", "own"),
        (500, 500, "administrator", "administrator"),
    ],
)
def test_a_session_ends_for_the_first_of_its_reasons(
    *, make: Factory, settings: Settings, began: int, seen: int, ended_why: str | None, why: str | None
) -> None:
    from registry.accounts.models import UserSession

    at = now()
    row = UserSession(
        user=User(active=True),
        began_at=at - began * MINUTE,
        seen_at=at - seen * MINUTE,
        ended_at=at if ended_why else None,
        ended_why=ended_why,
    )
    assert why_ended(row, at, settings) == why
