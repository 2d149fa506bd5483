"""The protected mark by four eyes: one officer asks, another confirms; setting and lifting, and what goes with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.database import db
from registry.matching.models import Match
from registry.protection import guarding
from registry.protection.guarding import SameEyesError
from registry.protection.models import ProtectionRequest
from registry.protection.service import StaleError
from registry.vault.models import BlindIndex
from tests.factories import COMMUNITY, ELSEWHERE, id_number
from tests.protection.acts import ask, decide, protect, registrar_of, requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 931)
NOTE = "父亲曾到学校打听住处"


def file_of(app: Flask, child: Child) -> Child:
    with app.app_context():
        return db.session.get_one(Child, child.id)


def holds_alone(app: Flask, child: Child) -> list[bool]:
    with app.app_context():
        rows = select(BlindIndex.exclusive).where(BlindIndex.child_id == child.id, BlindIndex.kind == "identity")
        return list(db.session.scalars(rows))


@pytest.mark.database
def test_one_officer_asks_and_another_confirms_and_only_then_is_the_file_protected(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child, registrar = make.child(name="陈雨桐", number=NUMBER), registrar_of(make)
    one, other = (client_as("protection_officer", language=language) for _ in range(2))
    page = ask(one, child, registrar, note=NOTE)
    assert page.path == "/protection/files"
    assert "陈雨桐" in page.text
    assert not file_of(app, child).protected
    assert NOTE in other.get("/protection/files").text
    assert decide(other, "confirmed").status == 200
    kept = file_of(app, child)
    assert (kept.protected, kept.protected_registrar_id) == (True, registrar.id)
    assert holds_alone(app, child) == [False]
    assert client_as(registrar).get(f"/children/{child.id}").h1
    assert other.get(f"/children/{child.id}").h1


@pytest.mark.database
def test_who_asked_can_neither_confirm_nor_refuse_and_nobody_else_can_withdraw(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar, asker = make.child(), registrar_of(make), make.user("protection_officer")
    browser = client_as(asker)
    page = ask(browser, child, registrar)
    assert [button["value"] for button in page.select("button[name=decision]")] == ["withdrawn"]
    offered = client_as("protection_officer").get("/protection/files").select("button[name=decision]")
    assert [button["value"] for button in offered] == ["confirmed", "refused"]
    (row,) = requests(app)
    for decision in ("confirmed", "refused"):
        forged = [*page.values("form:has(button[value='withdrawn'])"), ("decision", decision)]
        assert browser.post(f"/protection/requests/{row.id}", forged).status == 409
        with app.app_context(), pytest.raises(SameEyesError):
            guarding.decide(make.viewer("protection_officer", user=asker), row.id, 1, decision)
    with app.app_context(), pytest.raises(SameEyesError):
        guarding.decide(make.viewer("protection_officer"), row.id, 1, "withdrawn")
    assert not file_of(app, child).protected
    assert decide(browser, "withdrawn").status == 200
    assert requests(app)[0].decision == "withdrawn"
    assert not file_of(app, child).protected


def test_a_refused_request_changes_nothing_and_may_be_asked_again(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar = make.child(), registrar_of(make)
    one, other = client_as("protection_officer"), client_as("protection_officer")
    ask(one, child, registrar)
    assert "不同意" in decide(other, "refused").text
    assert not file_of(app, child).protected
    assert ask(one, child, registrar).status == 200
    assert [row.decision for row in requests(app)] == ["refused", None]


@pytest.mark.database
def test_lifting_needs_four_eyes_too_and_the_file_holds_its_identity_alone_again(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER)
    protect(make, client_as, child)
    one, other = client_as("protection_officer"), client_as("protection_officer")
    ask(one, child)
    assert file_of(app, child).protected
    decide(other, "confirmed")
    kept = file_of(app, child)
    assert (kept.protected, kept.protected_registrar_id) == (False, None)
    assert holds_alone(app, child) == [True]
    assert client_as("registrar").get(f"/children/{child.id}").h1


@pytest.mark.database
def test_a_child_registered_once_more_meanwhile_comes_to_the_supervisor_when_the_mark_is_lifted(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER)
    protect(make, client_as, child)
    second = make.child(number=NUMBER)
    pair = Match(child_id=second.id, other_child_id=child.id, area_code=COMMUNITY, reason="same_number")
    pair.protected, pair.raised_at = True, child.registered_at
    make._saved(pair)
    supervisor = client_as("supervisor")
    assert supervisor.get("/matches").select(".app-card") == []
    ask(client_as("protection_officer"), child)
    decide(client_as("protection_officer"), "confirmed")
    assert (holds_alone(app, child), holds_alone(app, second)) == ([False], [True])
    assert len(supervisor.get("/matches").select(".app-card")) == 1


@pytest.mark.database
def test_the_named_registrar_can_be_changed_by_four_eyes_too(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    before = protect(make, client_as, child)
    after = registrar_of(make)
    page = client_as("protection_officer").get(f"/protection/files/{child.id}?act=set")
    page.submit({"registrar": after.id, "reason": "other"})
    decide(client_as("protection_officer"), "confirmed")
    assert file_of(app, child).protected_registrar_id == after.id
    client_as(before).get(f"/children/{child.id}", status=404)


@pytest.mark.database
def test_a_double_click_asks_once_and_a_second_officer_is_told_that_it_was_asked(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar = make.child(), registrar_of(make)
    one, other = client_as("protection_officer"), client_as("protection_officer")
    wish = {"registrar": registrar.id, "reason": "violence"}
    page, late = one.get(f"/protection/files/{child.id}"), other.get(f"/protection/files/{child.id}")
    assert page.submit(wish).path == page.submit(wish).path == "/protection/files"
    assert late.submit(wish).status == 409
    assert len(requests(app)) == 1
    assert other.get(f"/protection/files/{child.id}").select("form#form") == []


@pytest.mark.database
def test_of_two_officers_who_decide_at_once_one_is_told(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    ask(client_as("protection_officer"), child, registrar_of(make))
    (row,) = requests(app)
    late = client_as("protection_officer").get("/protection/files")
    decide(client_as("protection_officer"), "confirmed")
    answer = late.submit(button=("decision", "refused"), form="form:has(button[value='refused'])")
    assert answer.status == 409
    assert "其他人已先处理" in answer.text
    with app.app_context(), pytest.raises(StaleError):
        guarding.decide(make.viewer("protection_officer"), row.id, 2, "refused")
    assert file_of(app, child).protected
    assert requests(app)[0].decision == "confirmed"


@pytest.mark.database
def test_of_two_clicks_in_the_same_instant_one_decides(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    ask(client_as("protection_officer"), child, registrar_of(make))
    pages = [client_as("protection_officer").get("/protection/files") for _ in range(2)]

    def press(page: Page, decision: str) -> int:
        return page.submit(button=("decision", decision), form=f"form:has(button[value='{decision}'])").status

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(press, pages, ("confirmed", "refused")))
    assert sorted(statuses) == [200, 409]
    (row,) = requests(app)
    assert row.decision == ("confirmed" if statuses[0] == 200 else "refused")
    assert file_of(app, child).protected is (statuses[0] == 200)


def test_officers_of_the_next_county_neither_find_nor_see_nor_decide(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER, name="陈雨桐")
    stranger = client_as("protection_officer", area="320404000000")
    stranger.get(f"/protection/files/{child.id}", status=404)
    assert stranger.get("/protection/files").submit({"number": NUMBER}).status == 422
    ask(client_as("protection_officer"), child, registrar_of(make))
    page = stranger.get("/protection/files")
    assert "陈雨桐" not in page.text
    forged = [("csrf_token", dict(page.values())["csrf_token"]), ("version", "1"), ("decision", "confirmed")]
    assert stranger.post(f"/protection/requests/{requests(app)[0].id}", forged).status == 404
    assert not file_of(app, child).protected
    for role in ("registrar", "supervisor", "officer", "official", "administrator", "auditor"):
        client_as(role).get("/protection/files", status=403)


@pytest.mark.parametrize("typed", [NUMBER, NUMBER.lower(), f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} "])
def test_a_child_of_the_county_is_found_by_its_exact_number_and_by_nothing_less(
    make: Factory, client_as: Callable[..., Client], typed: str
) -> None:
    child, browser = make.child(number=NUMBER, name="陈雨桐"), client_as("protection_officer")
    page = browser.get("/protection/files").submit({"number": typed})
    assert page.path == f"/protection/files/{child.id}"
    assert "陈雨桐" in page.h1
    for other in (id_number("321322", date(2019, 6, 14), 932), "陈雨桐", "321322", ""):
        wrong = browser.get("/protection/files").submit({"number": other})
        assert wrong.status == 422
        assert set(wrong.errors) == {"number"}
    assert browser.get("/protection/files/find").path == "/protection/files"


def test_a_number_on_two_files_shows_both(make: Factory, client_as: Callable[..., Client]) -> None:
    make.child(number=NUMBER, name="陈雨桐", protected=True)
    make.child(number=NUMBER, name="陈雨彤")
    page = client_as("protection_officer").get("/protection/files").submit({"number": NUMBER})
    assert "陈雨桐" in page.text
    assert "陈雨彤" in page.text


def test_a_registrar_of_the_childs_community_must_be_named(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, here, gone = make.child(), registrar_of(make), registrar_of(make)
    there, supervisor = registrar_of(make, ELSEWHERE), make.user("supervisor")
    with app.app_context():
        db.session.get_one(User, gone.id).active = False
        db.session.commit()
    browser = client_as("protection_officer")
    page = browser.get(f"/protection/files/{child.id}")
    assert [box["value"] for box in page.select("input[name=registrar]")] == [str(here.id)]
    assert set(page.submit({"reason": "violence"}).errors) == {f"registrar-{here.id}"}
    for other in (gone, there, supervisor):
        assert page.submit({"registrar": other.id, "reason": "violence"}).status == 422
    assert requests(app) == []


def test_a_registrar_who_left_before_the_confirmation_is_not_let_in(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar = make.child(), registrar_of(make)
    ask(client_as("protection_officer"), child, registrar)
    with app.app_context():
        db.session.get_one(User, registrar.id).active = False
        db.session.commit()
    assert decide(client_as("protection_officer"), "confirmed").status == 409
    assert not file_of(app, child).protected


def test_the_audit_names_the_record_and_no_child(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    protect(make, client_as, child)
    with app.app_context():
        (row,) = db.session.scalars(select(ProtectionRequest))
        written = select(AuditEvent).where(AuditEvent.kind == "confidential_written")
        events = db.session.scalars(written).all()
        assert [event.details for event in events] == [{"record": str(row.id)}] * 2
        assert [event.children for event in events] == [[], []]


def test_an_open_referral_is_named_before_the_office_loses_sight_of_it(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    make.referral(child, make.office("education", COMMUNITY[:6] + "000000"))
    page = client_as("protection_officer").get(f"/protection/files/{child.id}")
    assert "未办结的转介：就学" in page.text
