"""Identity: filled in at once where it was missing, else asked of a supervisor who did not ask for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.changes import service
from registry.changes.errors import AlreadyDecidedError
from registry.changes.models import Correction
from registry.children.correcting import held
from registry.children.history import history_of
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.vault.service import find_children
from sop.identity import BirthDate
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE, id_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 921)
OTHER = id_number("321322", date(2019, 6, 14), 923)
UP = COMMUNITY[:9] + "000"


def loaded(child: Child) -> Child:
    return db.session.get_one(Child, child.id, populate_existing=True)


def asked(browser: Client, child: Child, **answers: str) -> Page:
    page = browser.get(f"/changes/{child.id}/identity")
    return page.submit({**answers, "reason": "papers"}, status=200)


def the_request(app: Flask) -> Correction:
    with app.app_context():
        return db.session.scalars(select(Correction).order_by(Correction.id.desc())).first() or pytest.fail("none")


def test_a_correction_waits_for_a_supervisor_and_the_file_says_so(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("registrar", language="en")
    page = asked(browser, child, name="陈雨彤")
    assert page.path == f"/children/{child.id}"
    assert "Correction asked: Name" in page.text
    with app.app_context():
        assert loaded(child).name.open(OPENER) == "陈雨桐"
        assert history_of(OPENER, child.id).changes == []
    assert "陈雨桐" in browser.get("/changes/mine").text


@pytest.mark.database
def test_approved_the_file_says_what_was_asked_and_both_stand_in_the_history(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar, supervisor = make.child(number=NUMBER), make.user(), make.user("supervisor", area=UP)
    asked(client_as(registrar), child, name="陈雨彤", id_number=OTHER)
    queue = client_as(supervisor, language="en").get("/changes/requests")
    page = queue.client.get(str(queue.select("a[href^='/changes/requests/']")[0]["href"]))
    for part in ("陈雨桐", "陈雨彤", "As the papers say"):
        assert part in page.text
    page.submit({"decision": "approve"}, status=200)
    with app.app_context():
        now = loaded(child)
        assert (now.name.open(OPENER), now.id_number.open(OPENER)) == ("陈雨彤", OTHER)
        assert find_children(db.session(), "identity", NUMBER, "陈雨桐", "2019-06-14") == []
        assert find_children(db.session(), "id_number", OTHER) == [child.id]
        changes = history_of(OPENER, child.id).changes
        assert [each.field for each in changes] == ["id_number", "name"]
        assert all(each.user and each.user.id == registrar.id for each in changes)
        assert all(each.approver and each.approver.id == supervisor.id for each in changes)
        kinds = list(db.session.scalars(select(AuditEvent.kind)))
        assert "correction_asked" in kinds
        assert "correction_decided" in kinds
    assert "Approved" in client_as(registrar, language="en").get("/changes/mine").text
    assert "Corrected:" in client_as(registrar, language="en").get(f"/children/{child.id}").text


def test_refused_with_a_reason_the_file_stays_and_who_asked_reads_why(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar = make.child(), make.user()
    asked(client_as(registrar), child, name="陈雨彤")
    page = client_as("supervisor", area=UP).get(f"/changes/requests/{the_request(app).id}")
    page = page.submit({"decision": "refuse"}, status=422)
    assert "refusal" in page.errors
    page.submit({"refusal": "no_proof", "answer": "请带户口簿"}, status=200)
    with app.app_context():
        assert loaded(child).name.open(OPENER) == "陈雨桐"
        assert history_of(OPENER, child.id).changes == []
    mine = client_as(registrar).get("/changes/mine")
    assert "未见证明材料" in mine.text
    assert "请带户口簿" in mine.text


def test_who_asked_may_not_decide_and_another_supervisor_may(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, first = make.child(), make.user("supervisor", area=UP)
    browser = client_as(first)
    asked(browser, child, name="陈雨彤")
    request = the_request(app)
    page = browser.get(f"/changes/requests/{request.id}")
    assert page.select("form#form") == []
    token = str(page.select("input[name=csrf_token]")[0]["value"])
    browser.post(f"/changes/requests/{request.id}", [("csrf_token", token), ("decision", "approve")], status=409)
    with app.app_context():
        assert loaded(child).name.open(OPENER) == "陈雨桐"
    client_as("supervisor", area=UP).get(f"/changes/requests/{request.id}").submit({"decision": "approve"}, status=200)
    with app.app_context():
        assert loaded(child).name.open(OPENER) == "陈雨彤"


def test_a_request_is_decided_once(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    asked(client_as("registrar"), child, name="陈雨彤")
    page = client_as("supervisor", area=UP).get(f"/changes/requests/{the_request(app).id}")
    page.submit({"decision": "approve"}, status=200)
    page.submit({"decision": "refuse", "refusal": "other"}, status=409)
    with app.app_context():
        assert the_request(app).state == "approved"


def test_a_child_has_one_open_request_at_a_time(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, browser = make.child(), client_as("registrar")
    page = browser.get(f"/changes/{child.id}/identity")
    for _press in range(2):
        page.submit({"name": "陈雨彤", "reason": "papers"})
    with app.app_context():
        assert len(db.session.scalars(select(Correction)).all()) == 1
    assert browser.get(f"/changes/{child.id}/identity").select("form#form") == []


def test_who_asked_takes_it_back_and_nobody_else_does(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("registrar")
    asked(browser, child, name="陈雨彤")
    page, request = browser.get("/changes/mine"), the_request(app)
    form = f"form[action='/changes/requests/{request.id}/withdraw']"
    other = client_as("registrar")
    token = str(other.get("/changes/mine").select("input[name=csrf_token]")[0]["value"])
    other.post(f"/changes/requests/{request.id}/withdraw", [("csrf_token", token)])
    assert the_request(app).state == "asked"
    page.submit(form=form, status=200)
    assert the_request(app).state == "withdrawn"


def test_a_file_that_changed_meanwhile_shows_the_supervisor_all_three(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    asked(client_as("registrar"), child, name="陈雨彤")
    page = client_as("supervisor", area=UP).get(f"/changes/requests/{the_request(app).id}")
    with app.app_context():
        row = loaded(child)
        row.name, row.version = "陈语桐", row.version + 1
        db.session.commit()
    page = page.submit({"decision": "approve"}, status=409)
    for part in ("陈雨桐", "陈语桐", "陈雨彤"):
        assert part in page.text
    page.submit({"decision": "approve"}, status=200)
    with app.app_context():
        assert loaded(child).name.open(OPENER) == "陈雨彤"
        assert history_of(OPENER, child.id).changes[0].before == "陈语桐"


def test_an_identity_that_another_file_of_the_area_holds_is_an_error_that_names_the_file(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    holder, child = make.child(number=NUMBER), make.child(number=OTHER)
    asked(client_as("registrar"), child, id_number=NUMBER)
    page = client_as("supervisor", area=UP).get(f"/changes/requests/{the_request(app).id}")
    page = page.submit({"decision": "approve"}, status=422)
    assert page.select(f"a[href='/children/{holder.id}']")
    with app.app_context():
        assert loaded(child).id_number.open(OPENER) == OTHER
    assert the_request(app).state == "asked"


def test_a_corrected_birth_date_brings_a_child_back_on_the_register(context: Flask, make: Factory) -> None:
    viewer, supervisor = make.viewer(), make.viewer("supervisor", area=UP)
    child = make.child(birth=BirthDate(2009, 6, 14), number=None)
    row = held(loaded(child))
    row.status = "aged_out"
    request = service.ask(viewer, row, {"birth_date": "2019-06-14"}, "papers", None)
    service.approve(supervisor, request.id, row.version, today())
    assert row.status == "registered"
    with pytest.raises(AlreadyDecidedError):
        service.refuse(supervisor, request.id, "other", None)


@pytest.mark.parametrize("role", ["registrar", "officer", "official", "auditor"])
def test_only_supervisors_have_the_queue(make: Factory, client_as: Callable[..., Client], role: str) -> None:
    client_as(role).get("/changes/requests", status=403)


def test_a_supervisor_elsewhere_sees_nothing_of_it(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    asked(client_as("registrar"), make.child(), name="陈雨彤")
    browser = client_as("supervisor", area=ELSEWHERE[:9] + "000")
    assert browser.get("/changes/requests").select("a[href^='/changes/requests/']") == []
    browser.get(f"/changes/requests/{the_request(app).id}", status=404)


@pytest.mark.parametrize(
    ("answers", "faulty"),
    [
        ({"name": "陈雨彤"}, "reason"),
        ({"reason": "papers"}, "name"),
        ({"birth_date-year": "2031", "reason": "papers"}, "birth_date-year"),
        ({"id_number": "123", "reason": "papers"}, "id_number"),
        ({"birth_date-year": "1999", "reason": "papers"}, "birth_date-year"),
    ],
)
def test_a_faulty_request_comes_back(
    make: Factory, client_as: Callable[..., Client], language: str, answers: dict[str, str], faulty: str
) -> None:
    page = client_as("registrar", language=language).get(f"/changes/{make.child().id}/identity")
    assert faulty in page.submit(answers, status=422).errors
