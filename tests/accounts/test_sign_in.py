"""Signing in: who gets in, what others learn, and when a name is locked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry import create_app
from registry.accounts import lockout
from registry.accounts.models import SignInFailure
from registry.clock import now
from registry.database import db
from tests.client import PASSWORD, Client
from tests.databases import CHEAP_HASHER

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import UserSession
    from registry.audit.models import AuditEvent
    from registry.settings import Settings
    from tests.client import Page
    from tests.factories import Factory


def attempt(browser: Client, username: str, password: str) -> Page:
    page = browser.get("/sign-in")
    return page.submit({"username": username, "password": password})


def fail(browser: Client, username: str, times: int = lockout.FAILURES) -> Page:
    for _ in range(times):
        page = attempt(browser, username, "not the password")
    return page


@pytest.mark.database
def test_the_right_password_leads_to_the_first_page_of_the_role(
    app: Flask, make: Factory, language: str, recorded: Callable[[str], list[AuditEvent]]
) -> None:
    user = make.user("auditor")
    page = Client(app, language).sign_in(user)
    assert page.path == "/audit/events"
    [event] = recorded("signed_in")
    assert event.user_id == user.id
    assert event.area_code == "320400000000"


def test_a_user_name_is_read_however_it_is_typed(app: Flask, make: Factory) -> None:
    make.user("auditor", username="czs-audit")
    assert attempt(Client(app), " CZS－audit ", PASSWORD).path == "/audit/events"


def test_a_wrong_password_an_unknown_name_and_a_closed_account_look_the_same(
    app: Flask, make: Factory, language: str, recorded: Callable[[str], list[AuditEvent]]
) -> None:
    open_one, closed = make.user("auditor"), make.user("auditor", active=False)
    pages = [
        attempt(Client(app, language), open_one.username, "not the password"),
        attempt(Client(app, language), "nobody-at-all", PASSWORD),
        attempt(Client(app, language), closed.username, PASSWORD),
    ]
    assert [page.status for page in pages] == [422, 422, 422]
    assert len({page.text for page in pages}) == 1
    assert set(pages[0].errors) == {"password"}
    failed = recorded("sign_in_failed")
    assert [event.user_id for event in failed] == [None, None, None]
    assert [event.details["account"] for event in failed] == [str(open_one.id), None, None]
    assert [event.area_code for event in failed] == ["320400000000", None, None]


def test_after_a_failure_the_name_is_kept_and_the_password_is_not(app: Flask, make: Factory) -> None:
    page = attempt(Client(app), make.user().username, "not the password")
    assert page.select("#username")[0]["value"].startswith("user-")
    assert not page.select("#password")[0].get("value")
    assert "not the password" not in str(page.soup)


def test_a_name_and_a_password_are_needed(app: Flask, language: str) -> None:
    page = attempt(Client(app, language), "  ", "")
    assert page.status == 422
    assert set(page.errors) == {"username", "password"}


@pytest.mark.database
@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_a_name_whether_it_exists_or_not(app: Flask, make: Factory, known: bool) -> None:
    name = make.user("auditor").username if known else "nobody-at-all"
    browser = Client(app)
    fourth = fail(browser, name, lockout.FAILURES - 1)
    fifth = fail(browser, name, 1)
    right = attempt(browser, name, PASSWORD)
    assert right.status == 422
    assert right.errors == fifth.errors != fourth.errors


@pytest.mark.database
def test_many_attempts_at_once_get_no_more_looks_at_the_password_than_one_by_one(app: Flask) -> None:
    def refused(_: int) -> bool:
        with app.app_context():
            return lockout.count("somebody").refused

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(refused, range(8)))
    assert answers.count(False) == lockout.FAILURES


def test_a_lock_survives_a_restart(app: Flask, make: Factory, settings: Settings) -> None:
    name = make.user("auditor").username
    fail(Client(app), name)
    again = create_app(settings)
    again.config.update(TESTING=True, PASSWORD_HASHER=CHEAP_HASHER)
    assert attempt(Client(again), name, PASSWORD).status == 422


def test_a_lock_ends_by_itself(app: Flask, make: Factory) -> None:
    name = make.user("auditor").username
    fail(Client(app), name)
    with app.app_context():
        row = db.session.scalars(select(SignInFailure)).one()
        row.locked_until = now() - timedelta(seconds=1)
        db.session.commit()
    assert attempt(Client(app), name, PASSWORD).path == "/audit/events"


def test_the_next_five_failures_lock_for_twice_as_long_up_to_eight_hours(context: Flask) -> None:
    lasted = []
    for _ in range(7):
        for _ in range(lockout.FAILURES):
            begun = lockout.count("somebody")
        assert begun.locked_until is not None
        lasted.append(round((begun.locked_until - now()).total_seconds() / 60))
        db.session.execute(SignInFailure.__table__.update().values(locked_until=now()))
        db.session.commit()
    assert lasted == [15, 30, 60, 120, 240, 480, 480]


def test_a_right_password_forgets_the_failures_before_it(app: Flask, make: Factory) -> None:
    name = make.user("auditor").username
    for _ in range(3):
        fail(Client(app), name, lockout.FAILURES - 1)
        assert attempt(Client(app), name, PASSWORD).path == "/audit/events"


def test_failures_of_yesterday_are_forgotten_and_leave_no_row(context: Flask) -> None:
    lockout.count("somebody")
    db.session.execute(SignInFailure.__table__.update().values(last_at=now() - timedelta(days=1, seconds=1)))
    db.session.commit()
    lockout.count("somebody else")
    assert db.session.scalars(select(SignInFailure.failures)).all() == [1]


def test_attempts_are_counted_without_a_trace_of_what_was_typed(context: Flask) -> None:
    lockout.count("a-password-in-the-wrong-box")
    context.secret_key = "another secret key of thirty-two signs"
    lockout.count("a-password-in-the-wrong-box")
    tokens = db.session.scalars(select(SignInFailure.username_token)).all()
    assert len(set(tokens)) == 2, "the token does not depend on the key"
    assert {len(token) for token in tokens} == {lockout.TOKEN_BYTES}


def test_signing_in_begins_with_an_empty_cookie(app: Flask, make: Factory) -> None:
    browser = Client(app)
    browser.get("/sign-in")
    with browser.http.session_transaction() as cookie:
        before = cookie["csrf_token"]
        cookie["planted"] = "by somebody who had the browser before"
    browser.sign_in(make.user("auditor"))
    with browser.http.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != before
        assert cookie["language"] == "zh"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("/password", "/password"),
        ("//elsewhere.example/x", "/audit/events"),
        ("https://elsewhere.example/x", "/audit/events"),
        ("/\\elsewhere.example", "/audit/events"),
        ("/\t/elsewhere.example", "/audit/events"),
        ("//password", "/audit/events"),
        ("/no-such-page", "/audit/events"),
        ("/sign-out", "/audit/events"),
    ],
)
def test_signing_in_leads_only_to_pages_of_this_site(app: Flask, make: Factory, wanted: str, shown: str) -> None:
    browser = Client(app)
    browser.get("/sign-in")
    user = make.user("auditor")
    with browser.http.session_transaction() as cookie:
        assert cookie["csrf_token"]
    page = browser.get("/sign-in")
    token = page.select("#form input[name=csrf_token]")[0]["value"]
    answer = browser.http.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"username": user.username, "password": PASSWORD, "csrf_token": token},
    )
    assert answer.status_code == 302
    assert not answer.location.startswith("//")
    assert browser.get(answer.location).path == shown


def test_signing_in_over_an_open_session_ends_it(
    client_as: Callable[..., Client],
    make: Factory,
    sessions: Callable[[], list[UserSession]],
    recorded: Callable[[str], list[AuditEvent]],
) -> None:
    first, second = make.user("auditor"), make.user("auditor")
    browser = client_as(first)
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    sent = [("username", second.username), ("password", PASSWORD), ("csrf_token", token)]
    browser.post("/sign-in", sent, status=200)
    assert [(row.user_id, row.ended_why) for row in sessions()] == [(first.id, "own"), (second.id, None)]
    assert [event.user_id for event in recorded("signed_out")] == [first.id]


def test_who_is_signed_in_already_is_led_to_the_first_page(client_as: Callable[..., Client]) -> None:
    assert client_as("auditor").get("/sign-in").path == "/audit/events"


def test_the_sign_in_page_says_what_needs_no_account(client: Client) -> None:
    page = client.get("/sign-in")
    assert "110" in page.text
    assert "12345" in page.text
    assert page.select("aside a")
