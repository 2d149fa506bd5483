"""A correction of an ID number: masked with the difference, whole for a reason while it waits, never afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.database import db
from tests.changes.test_identity import NUMBER, OTHER, UP, asked, loaded, the_request
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def revealed(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "field_revealed"))
        return [each.details for each in events]


def test_both_numbers_are_masked_with_how_far_they_differ_until_somebody_says_why(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(number=NUMBER)
    asked(client_as("registrar"), child, id_number=OTHER)
    path = f"/changes/requests/{the_request(app).id}"
    page = client_as("supervisor", area=UP, language=language).get(path)
    assert not {number for number in (NUMBER, OTHER) if number in str(page.soup)}
    differing = sum(one != other for one, other in zip(NUMBER, OTHER, strict=True))
    words = page.select(".app-table .app-under")[0].get_text()
    assert str(differing) in words
    assert {"zh": "不同", "en": "differ"}[language] in words
    form = f"form[action='{path}/numbers']"
    faulty = page.submit({"purpose": None}, form=form, status=422)
    assert NUMBER not in str(faulty.soup)
    assert revealed(app) == []
    whole = page.submit({"purpose": "verify"}, form=form, status=200)
    assert NUMBER in whole.text
    assert OTHER in whole.text
    assert revealed(app) == [{"field": "child.id_number", "purpose": "verify"}]
    whole.submit({"decision": "approve"}, status=200)
    assert the_request(app).state == "approved"


def test_a_number_that_differs_in_its_masked_part_alone_counts_as_changed_meanwhile(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER)
    asked(client_as("registrar"), child, id_number=OTHER)
    with app.app_context():
        loaded(child).id_number = NUMBER[:8] + "7" + NUMBER[9:]
        db.session.commit()
    page = client_as("supervisor", area=UP, language="en").get(f"/changes/requests/{the_request(app).id}")
    assert "The file was changed after this was asked" in page.text


def test_of_a_decided_correction_nobody_is_shown_the_numbers_any_more(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER)
    asked(client_as("registrar"), child, id_number=OTHER)
    path = f"/changes/requests/{the_request(app).id}"
    browser = client_as("supervisor", area=UP)
    page = browser.get(path)
    token = dict(page.values())["csrf_token"]
    page.submit({"decision": "approve"}, status=200)
    for answer in (browser.get(path), browser.post(f"{path}/numbers", [("csrf_token", token), ("purpose", "verify")])):
        assert not {number for number in (NUMBER, OTHER) if number in str(answer.soup)}
        assert not answer.select(f"form[action='{path}/numbers']")
    assert browser.get(f"{path}/numbers").path == path
    assert revealed(app) == []


@pytest.mark.parametrize(("role", "area", "status"), [("registrar", None, 403), ("supervisor", ELSEWHERE, 404)])
def test_nobody_else_is_shown_them(
    app: Flask, make: Factory, client_as: Callable[..., Client], role: str, area: str | None, status: int
) -> None:
    asked(client_as("registrar"), make.child(number=NUMBER), id_number=OTHER)
    browser = client_as(role, area=area[:9] + "000") if area else client_as(role)
    token = dict(browser.get("/changes/mine").values("form"))["csrf_token"]
    path = f"/changes/requests/{the_request(app).id}/numbers"
    browser.post(path, [("csrf_token", token), ("purpose", "verify")], status=status)
    assert revealed(app) == []
