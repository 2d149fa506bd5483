"""Passwords: which are refused, and what happens when one is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from argon2 import extract_parameters
from sqlalchemy import update

from registry import create_app
from registry.accounts import passwords
from registry.accounts.models import User
from registry.accounts.passwords import PasswordRefusedError
from registry.database import db
from tests.client import PASSWORD, Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import UserSession
    from registry.audit.models import AuditEvent
    from registry.settings import Settings
    from tests.client import Page
    from tests.factories import Factory

NEW = "another invented password"


def change(browser: Client, new: str, *, current: str = PASSWORD, again: str | None = None) -> Page:
    page = browser.get("/password")
    return page.submit({"current": current, "new": new, "again": new if again is None else again})


def test_a_real_deployment_hashes_with_argon2id_at_19_mebibytes_and_two_passes(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        used = extract_parameters(passwords.hash_password(PASSWORD))
    assert (used.type.name, used.memory_cost, used.time_cost, used.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_no_account_is_compared_with_a_hash_too_and_never_matches(context: Flask) -> None:
    assert not passwords.matches(None, PASSWORD)
    assert passwords.matches(passwords.hash_password(PASSWORD), PASSWORD)
    assert not passwords.matches("not a hash", PASSWORD)


def test_full_width_letters_of_an_input_method_are_the_same_password(context: Flask) -> None:
    assert passwords.matches(passwords.hash_password("ｈｅｌｌｏ－１２３４５"), "hello-12345")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("nine sign", "short"),
        ("x" * 129, "long"),
        ("CZS-registrar", "username"),
        ("czs-registrar1", "username"),
        ("my ｃｚｓ-registrar", "username"),
        ("Password123", "common"),
        ("aaaaaaaaaaaa", "common"),
        (PASSWORD, "same"),
    ],
)
def test_a_new_password_is_refused_with_the_reason(context: Flask, new: str, why: str) -> None:
    with pytest.raises(PasswordRefusedError) as refused:
        passwords.check_new(new, username="czs-registrar", stored=passwords.hash_password(PASSWORD))
    assert refused.value.why == why


def test_ten_signs_of_any_script_are_enough(context: Flask) -> None:
    stored = passwords.hash_password(PASSWORD)
    passwords.check_new("天宁区的梧桐树有七棵", username="czs-registrar", stored=stored)


def test_every_common_password_would_be_long_enough() -> None:
    assert len(passwords.COMMON) > 40
    assert {word for word in passwords.COMMON if len(word) < passwords.SHORTEST} == set()


def test_temporary_passwords_differ_and_can_be_read_aloud(context: Flask) -> None:
    made = {passwords.temporary() for _ in range(50)}
    assert len(made) == 50
    assert set("".join(made)) <= set(passwords.PLAIN_SIGNS) | {"-"}
    for password in made:
        passwords.check_new(password, username="czs-registrar", stored="")


@pytest.mark.database
def test_changing_the_password_ends_every_other_session_and_renews_this_one(
    app: Flask,
    make: Factory,
    language: str,
    sessions: Callable[[], list[UserSession]],
    recorded: Callable[[str], list[AuditEvent]],
) -> None:
    user = make.user("auditor")
    here, elsewhere = Client(app, language), Client(app, language)
    here.sign_in(user)
    elsewhere.sign_in(user)
    assert change(here, NEW).path == "/password/changed"
    assert elsewhere.get("/password").path == "/sign-in"
    assert here.get("/password").path == "/password"
    assert [row.ended_why for row in sessions()] == ["password", "password", None]
    assert len(recorded("password_changed")) == 1
    assert Client(app, language).sign_in(user, NEW).path == "/audit/events"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"again": "not the same"}, "again"),
        ({"new": "short", "again": "short"}, "new"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_changes_nothing(
    app: Flask, make: Factory, language: str, answers: dict[str, str], field: str
) -> None:
    user = make.user("auditor")
    browser = Client(app, language)
    browser.sign_in(user)
    page = browser.get("/password").submit({"current": PASSWORD, "new": NEW, "again": NEW} | answers)
    assert page.status == 422
    assert set(page.errors) == {field}
    assert Client(app).sign_in(user).path == "/audit/events"


def test_guessing_the_present_password_counts_like_guessing_at_the_door(
    app: Flask, client_as: Callable[..., Client]
) -> None:
    browser = client_as("auditor")
    for _ in range(5):
        page = change(browser, NEW, current="wrong")
    assert page.errors == change(browser, NEW).errors


def test_the_right_present_password_never_locks_the_name_however_often_the_new_one_is_refused(
    client_as: Callable[..., Client],
) -> None:
    browser = client_as("auditor")
    for _ in range(6):
        assert set(change(browser, "short").errors) == {"new"}
    assert change(browser, NEW).path == "/password/changed"


@pytest.mark.parametrize("path", ["/", "/audit/events", "/no-such-page"])
def test_a_temporary_password_must_be_changed_before_anything_else(app: Flask, make: Factory, path: str) -> None:
    user = make.user("auditor", must_change_password=True)
    browser = Client(app)
    assert browser.sign_in(user).path == "/password"
    shown = browser.get(path, status=404 if path == "/no-such-page" else 200).path
    assert shown == (path if path == "/no-such-page" else "/password")
    assert change(browser, NEW).path == "/password/changed"
    assert browser.get("/audit/events").path == "/audit/events"


def test_a_temporary_password_lets_nothing_be_sent_either(app: Flask, make: Factory) -> None:
    user = make.user("administrator", must_change_password=True)
    other = make.user("registrar")
    browser = Client(app)
    page = browser.sign_in(user)
    token = page.select("input[name=csrf_token]")[0]["value"]
    answer = browser.http.post(f"/accounts/{other.id}/reset-password", data={"csrf_token": token})
    assert answer.location == "/password"
    with app.app_context():
        assert db.session.get_one(User, other.id).password_hash == other.password_hash


def test_with_a_temporary_one_can_still_sign_out_and_change_the_language(app: Flask, make: Factory) -> None:
    browser = Client(app, language="zh")
    page = browser.sign_in(make.user("auditor", must_change_password=True))
    browser.language = "en"
    page = page.submit(form="form[action='/language']", button=("language", "en"))
    assert page.path == "/password"
    assert page.submit(form="form[action='/sign-out']").path == "/sign-in"


def test_a_name_of_a_person_is_opened_only_for_the_frame_and_the_list(app: Flask, make: Factory) -> None:
    from registry.vault.sealed import opened_fields

    make.user("registrar")
    browser = Client(app)
    user = make.user("administrator")
    browser.sign_in(user)
    with opened_fields() as opened:
        browser.get("/password")
    assert opened == [("user.name", user.id)]
    with app.app_context():
        db.session.execute(update(User).values(name_sealed=None))
        db.session.commit()
    with opened_fields() as opened:
        browser.get("/accounts")
    assert opened == []
