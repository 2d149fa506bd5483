"""The edge of a request: nothing unwritten is called done, and a refusal says whom it was about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry import boundary
from registry.audit.models import AuditEvent
from registry.database import db
from tests.client import Client
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from registry.accounts.models import User
    from tests.factories import Factory


def token_of(browser: Client) -> str:
    return str(browser.get("/password").select("input[name=csrf_token]")[0]["value"])


def unlock(browser: Client, user: User, token: str) -> TestResponse:
    return browser.http.post(f"/accounts/{user.id}/unlock", data={"csrf_token": token})


def refusals(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        query = select(AuditEvent).options(selectinload(AuditEvent.children)).where(AuditEvent.kind == "refused")
        return list(db.session.scalars(query))


def test_what_was_written_is_called_done_on_the_next_page(make: Factory, client_as: Callable[..., Client]) -> None:
    browser = client_as("administrator")
    done = unlock(browser, make.user("registrar"), token_of(browser))
    assert browser.get(str(done.location)).select(".app-notice--done")


@pytest.mark.parametrize(("room", "verb"), [(db.session, "commit"), (boundary.audit, "write_noted")])
def test_what_could_not_be_written_is_not_called_done_on_the_next_page(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    room: object,
    verb: str,
) -> None:
    def no_disk() -> NoReturn:
        raise OSError("no space left")

    browser, user = client_as("administrator"), make.user("registrar")
    token = token_of(browser)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    with monkeypatch.context() as broken:
        broken.setattr(room, verb, no_disk)
        assert unlock(browser, user, token).status_code == 500
    assert not browser.get(f"/accounts/{user.id}").select(".app-notice--done")


def test_a_file_outside_the_area_is_refused_and_the_event_names_the_child(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(area=make.area(ELSEWHERE))
    client_as("registrar").get(f"/children/{child.id}", status=404)
    [event] = refusals(app)
    assert event.details == {"endpoint": "children.file", "why": "scope"}
    assert [one.child_id for one in event.children] == [child.id]


def test_a_form_without_its_token_is_written_down_of_whoever_is_signed_in_only(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    auditor = make.user("auditor")
    for browser in (Client(app), client_as(auditor)):
        assert browser.http.post("/language", data={"language": "en"}).status_code == 400
    assert [(event.user_id, event.details["why"]) for event in refusals(app)] == [(auditor.id, "token")]
