"""The page of one transfer: who sees what, what either side may do there, and what a second saver is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.transfers import service
from registry.transfers.models import Transfer
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client, Page
    from tests.transfers.conftest import World

ACCEPT, RETURN, WITHDRAW = (f"form[action$='/{name}']" for name in ("accept", "return", "withdraw"))


def forms(page: Page) -> set[str]:
    return {name for name in (ACCEPT, RETURN, WITHDRAW) if page.select(name)}


def state(app: Flask, transfer_id: UUID) -> tuple[str, int]:
    with app.app_context():
        row = db.session.get_one(Transfer, transfer_id)
        return row.state, row.version


@pytest.mark.parametrize(
    ("at", "begun", "sending", "receiving"),
    [
        ("claimed", "receiving", {ACCEPT, RETURN}, {WITHDRAW}),
        ("announced", "sending", {WITHDRAW}, {ACCEPT, RETURN}),
        ("accepted", "sending", {WITHDRAW}, {RETURN}),
        ("returned", "sending", {WITHDRAW}, set()),
        ("returned", "receiving", set(), {WITHDRAW}),
    ],
)
def test_each_side_is_offered_what_it_may_do_and_no_more(
    world: World,
    client_as: Callable[..., Client],
    at: str,
    begun: str,
    sending: set[str],
    receiving: set[str],
) -> None:
    transfer_id = world.transfer(at, begun_by=begun)
    assert forms(client_as(world.sender).get(f"/transfers/{transfer_id}")) == sending
    page = client_as(world.receiver).get(f"/transfers/{transfer_id}")
    assert forms(page) == receiving
    arriving = page.select(f"a[href='/households/arrive/{transfer_id}']")
    assert bool(arriving) == (at == "accepted")


def test_the_sending_office_accepts_after_it_could_see_the_file(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = world.transfer("claimed")
    page = client_as(world.sender, language=language).get(f"/transfers/{transfer_id}")
    assert page.select(f"a[href='/children/{world.child.id}']")
    done = page.submit(form=ACCEPT, status=200)
    assert done.select(".app-notice--done")
    assert state(app, transfer_id) == ("accepted", 2)


def test_a_child_is_returned_with_a_reason_that_the_other_side_sees_and_a_note_that_it_does_not(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = world.transfer("claimed")
    page = client_as(world.sender, language=language).get(f"/transfers/{transfer_id}")
    bare = page.submit({"return-note": "孩子在外婆家"}, form=RETURN, status=422)
    assert list(bare.errors) == ["return-reason"]
    assert bare.select("#return-note")[0]["value"] == "孩子在外婆家"
    done = bare.submit({"return-reason": "still_here"}, form=RETURN, status=200)
    assert "孩子在外婆家" in done.text
    other = client_as(world.receiver, language=language).get(f"/transfers/{transfer_id}")
    assert {"zh": "孩子仍在本地", "en": "The child is still here"}[language] in other.text
    assert "孩子在外婆家" not in str(other.soup)


def test_before_acceptance_the_claimer_sees_no_more_than_the_masked_summary(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    transfer_id = world.transfer("claimed")
    browser = client_as(world.receiver)
    with opened_fields() as opened:
        page = browser.get(f"/transfers/{transfer_id}")
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"}
    assert page.h1 == "陈*"
    for hidden in ("陈雨桐", "周敏", "2019年6月", "15400007755", "602"):
        assert hidden not in str(page.soup)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened")).all()
        assert [event.details for event in events] == [{"part": "masked"}]


def test_after_acceptance_the_receiving_side_sees_whom_to_take_in(
    world: World, client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = world.transfer("accepted")
    page = client_as(world.receiver, language=language).get(f"/transfers/{transfer_id}")
    for shown in ("陈雨桐", "周敏", "154 0000 7755", {"zh": "2019年6月14日", "en": "14 June 2019"}[language]):
        assert shown in page.text
    assert "**********" in page.text
    assert "3幢2单元602室" not in str(page.soup)


@pytest.mark.parametrize("method", ["get", "accept", "return", "withdraw", "correct"])
def test_a_third_county_that_types_the_address_is_told_that_nothing_is_there(
    app: Flask, world: World, client_as: Callable[..., Client], method: str
) -> None:
    transfer_id = world.transfer("claimed")
    browser = client_as(world.stranger)
    if method == "get":
        browser.get(f"/transfers/{transfer_id}", status=404)
    else:
        token = str(browser.get("/password").select("input[name=csrf_token]")[0]["value"])
        pairs = [("csrf_token", token), (f"{method}-version", "1"), ("return-reason", "other")]
        assert browser.post(f"/transfers/{transfer_id}/{method}", pairs).status == 404
    assert state(app, transfer_id) == ("claimed", 1)


@pytest.mark.parametrize("role", ["officer", "protection_officer", "official", "administrator", "auditor"])
def test_other_roles_have_no_transfers(world: World, client_as: Callable[..., Client], role: str) -> None:
    transfer_id = world.transfer("claimed")
    browser = client_as(role, area=VILLAGE[:6] + "000000")
    for path in ("/transfers/", f"/transfers/{transfer_id}", "/transfers/look-up", "/transfers/moved-on"):
        browser.get(path, status=403)


def test_a_second_saver_is_shown_how_it_stands_now_with_what_was_typed(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = world.transfer("claimed")
    page = client_as(world.sender, language=language).get(f"/transfers/{transfer_id}")
    with app.test_request_context():
        service.accept(world.viewer(world.sender), transfer_id, 1, today())
        db.session.commit()
    late = page.submit({"return-reason": "other", "return-note": "再问一问"}, form=RETURN, status=409)
    assert late.select(".app-notice--warn")
    assert state(app, transfer_id) == ("accepted", 2)


def test_pressing_accept_twice_accepts_once(app: Flask, world: World, client_as: Callable[..., Client]) -> None:
    transfer_id = world.transfer("claimed")
    page = client_as(world.sender).get(f"/transfers/{transfer_id}")
    page.submit(form=ACCEPT, status=200)
    page.submit(form=ACCEPT, status=409)
    assert state(app, transfer_id) == ("accepted", 2)


@pytest.mark.parametrize("act", ["accept", "return", "withdraw"])
def test_the_bare_address_of_an_act_leads_to_the_transfer(
    world: World, client_as: Callable[..., Client], act: str
) -> None:
    transfer_id = world.transfer("claimed")
    assert client_as(world.sender).get(f"/transfers/{transfer_id}/{act}").path == f"/transfers/{transfer_id}"


def test_the_destination_of_a_returned_child_is_corrected(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = world.transfer("returned", begun_by="sending")
    browser = client_as(world.sender, language=language)
    page = browser.get("/transfers/")
    link = page.select(f"a[href='/transfers/{transfer_id}/correct']")
    assert link
    form = browser.get(str(link[0]["href"]))
    assert form.submit(status=422).errors
    nobody = form.submit({"place-area-typed": "441400000000"}, status=422)
    assert nobody.errors
    same = form.submit({"place-area-typed": VILLAGE}, status=422)
    assert same.errors
    made = form.submit({"place-area-typed": ELSEWHERE}, status=200)
    assert made.select(".app-notice--done")
    assert state(app, transfer_id)[0] == "withdrawn"
    with app.app_context():
        again = db.session.scalars(select(Transfer).where(Transfer.state == "announced")).one()
        assert again.to_area == ELSEWHERE


@pytest.mark.parametrize(("at", "begun"), [("claimed", "receiving"), ("returned", "receiving")])
def test_only_an_announcement_that_came_back_has_a_destination_to_correct(
    world: World, client_as: Callable[..., Client], at: str, begun: str
) -> None:
    transfer_id = world.transfer(at, begun_by=begun)
    page = client_as(world.sender).get(f"/transfers/{transfer_id}/correct")
    assert page.path == f"/transfers/{transfer_id}"


def test_a_supervisor_names_the_community_where_only_the_township_was_announced(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    supervisor = world.make.user("supervisor")
    with app.test_request_context():
        made = service.announce(world.viewer(world.sender), world.child.id, COMMUNITY[:9] + "000", today())
        db.session.commit()
        transfer_id = made.id
    page = client_as(supervisor, language=language).get(f"/transfers/{transfer_id}")
    assert page.submit({"accept-community": ""}, form=ACCEPT, status=422).errors
    page.submit({"accept-community": COMMUNITY}, form=ACCEPT, status=200)
    with app.app_context():
        assert db.session.get_one(Transfer, transfer_id).to_office_id == world.community.id
    assert client_as(world.receiver).get(f"/transfers/{transfer_id}").select("a[href^='/households/arrive/']")


def test_the_file_says_that_the_child_is_on_its_way(
    world: World, client_as: Callable[..., Client], language: str
) -> None:
    browser = client_as(world.sender, language=language)
    assert "/transfers/" not in "".join(str(link["href"]) for link in browser.get(path(world)).select("main a[href]"))
    transfer_id = world.transfer("claimed")
    page = browser.get(path(world))
    assert page.select(f"main a[href='/transfers/{transfer_id}']")
    assert {"zh": "已认领", "en": "Claimed"}[language] in page.text


def path(world: World) -> str:
    return f"/children/{world.child.id}"


def test_nothing_personal_stands_in_titles_or_addresses(world: World, client_as: Callable[..., Client]) -> None:
    transfer_id: Any = world.transfer("claimed")
    page = client_as(world.sender).get(f"/transfers/{transfer_id}")
    assert "陈" not in page.soup.title.get_text()
    assert page.path == f"/transfers/{transfer_id}"
