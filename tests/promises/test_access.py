"""Access: every endpoint against the written table, for every role and for nobody; what is undeclared is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Blueprint
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, UUIDConverter

from registry import access
from registry.access import Permission, Role, permission_of
from registry.audit.models import AuditEvent
from registry.database import db
from tests.client import Client
from tests.promises.access_table import ENDPOINTS, HOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

NOBODY_S_ID = "01970000-0000-7000-8000-000000000000"
WORDS = {"code": "320402000000", "filename": "mark.svg", "name": "notice", "section": "school", "field": "sex"}
LAST = ("accounts.sign_out",)  # it ends the session that asks


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and an address with ids that belong to nobody."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint in LAST)
    for rule in rules:
        _path = app.url_map.bind("localhost").build(rule.endpoint, values_of(rule), method=method_of(rule))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, method, _path


def method_of(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def values_of(rule: Rule) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, UUIDConverter):
            values[name] = NOBODY_S_ID
        elif isinstance(converter, IntegerConverter):
            values[name] = 1
        else:
            values[name] = WORDS[name]
    return values


def token_of(browser: Client, path: str) -> str:
    return str(browser.get(path).select("input[name=csrf_token]")[0]["value"])


def send(browser: Client, method: str, path: str, token: str) -> TestResponse:
    data = {"csrf_token": token} if method == "POST" else None
    return browser.http.open(path, method=method, data=data, buffered=True)


def may(role: Role, endpoint: str) -> bool:
    needed = ENDPOINTS[endpoint]
    return needed is Permission.PUBLIC or role in HOLDERS[needed]


def test_every_endpoint_needs_what_the_written_table_says_and_the_table_has_no_other(app: Flask) -> None:
    declared = {rule.endpoint: permission_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert declared == ENDPOINTS


def test_every_permission_is_held_by_the_roles_of_the_written_table() -> None:
    assert access.HOLDERS == HOLDERS
    assert set(HOLDERS) == set(Permission) - {Permission.PUBLIC}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_every_endpoint_that_it_does_not_hold(
    app: Flask, client_as: Callable[..., Client], role: Role
) -> None:
    browser = client_as(role.value)
    token = token_of(browser, "/password")
    refused = [each for each in addresses(app) if not may(role, each[0])]
    assert len(refused) > 10
    for endpoint, method, path in refused:
        assert send(browser, method, path, token).status_code == 403, f"{role}: {method} {endpoint}"
    with app.app_context():
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
    assert [event.details for event in noted] == [
        {"endpoint": endpoint, "why": "permission"} for endpoint, _method, _path in refused
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_to_every_endpoint_that_it_holds(
    app: Flask, client_as: Callable[..., Client], role: Role
) -> None:
    browser = client_as(role.value)
    token = token_of(browser, "/password")
    held = [each for each in addresses(app) if may(role, each[0])]
    assert len(held) > 5
    for endpoint, method, path in held:
        answer = send(browser, method, path, token)
        assert answer.status_code not in (401, 403), f"{role}: {method} {endpoint}"
        assert not (answer.location or "").startswith("/sign-in?"), f"{role}: {method} {endpoint}"


def test_whoever_is_not_signed_in_is_led_to_sign_in_from_everything_but_public_pages(app: Flask) -> None:
    browser = Client(app)
    token = token_of(browser, "/sign-in")
    for endpoint, method, path in addresses(app):
        answer = send(browser, method, path, token)
        if ENDPOINTS[endpoint] is Permission.PUBLIC:
            assert answer.status_code not in (401, 403), endpoint
            assert not (answer.location or "").startswith("/sign-in"), endpoint
        else:
            assert answer.status_code == 302, f"{method} {endpoint}"
            assert answer.location.startswith("/sign-in"), f"{method} {endpoint}"


@pytest.mark.own_app
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", [None, *Role])
def test_an_endpoint_that_declares_nothing_is_refused_to_everybody(
    app: Flask, client_as: Callable[..., Client], role: Role | None, method: str
) -> None:
    def answer() -> str:
        return "said something"

    extension = Blueprint("extension", __name__)
    extension.add_url_rule("/undeclared", "page", answer, methods=["GET", "POST"])
    app.register_blueprint(extension)
    browser = client_as(role.value) if role else Client(app)
    token = token_of(browser, "/password" if role else "/sign-in")
    refused = send(browser, method, "/undeclared", token)
    assert refused.status_code == 403
    assert "said something" not in refused.text
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).one()
    assert event.details == {"endpoint": "extension.page", "why": "undeclared"}


def test_the_walk_reaches_posts_as_well_as_pages(app: Flask) -> None:
    methods = [method for _endpoint, method, _path in addresses(app)]
    assert methods.count("POST") > 10
    assert methods.count("GET") > 10
