"""After arrival: what both sides go on seeing, long lists, and what the lists cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.transfers import queries, service
from registry.transfers.models import Transfer
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client
    from tests.transfers.conftest import World

MINE = {"zh": "请您办理", "en": "For you to do"}
THEIRS = {"zh": "等对方办理", "en": "For others to do"}


def arrived(world: World, home: Callable[..., Any], **values: Any) -> UUID:
    transfer_id = world.transfer("accepted", **values)
    with world.make.app.test_request_context():
        here, arrival = world.viewer(world.receiver), home()
        service.arrive(here, transfer_id, *arrival, today())
        db.session.commit()
    return transfer_id


def test_after_arrival_both_sides_see_it_and_the_records_keep_it(
    world: World, home: Callable[..., Any], client_as: Callable[..., Client], language: str
) -> None:
    arrived(world, home)
    for user, tab in ((world.sender, "out"), (world.receiver, "in")):
        browser = client_as(user, language=language)
        assert "陈雨桐" in browser.get(f"/transfers/?tab={tab}").select(".app-entries")[0].get_text()
        assert "陈雨桐" in browser.get(f"/transfers/records?tab={tab}").select("tbody")[0].get_text()


def test_the_sending_village_keeps_where_since_when_school_and_certificate_and_nothing_else(
    world: World, home: Callable[..., Any], client_as: Callable[..., Client], language: str
) -> None:
    transfer_id = arrived(world, home)
    browser = client_as(world.sender, language=language)
    with opened_fields() as opened:
        page = browser.get("/transfers/moved-on")
    readings = {"child.pinyin"} if language == "en" else set()
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"} | readings
    row = [cell.get_text(strip=True) for cell in page.select("tbody tr")[0].select("th, td")]
    assert "陈雨桐" in row[0]
    assert {"zh": "天宁区", "en": "Tianning"}[language] in row[1]
    assert row[3:] == {"zh": ["是", "有，已看"], "en": ["Yes", "Yes, seen"]}[language]
    browser.get(f"/children/{world.child.id}", status=404)
    shown = browser.get(f"/transfers/{transfer_id}")
    assert {"zh": "天宁区", "en": "Tianning"}[language] in shown.text
    for hidden in ("周敏", "1540000", "602"):
        assert hidden not in shown.text


def test_a_child_who_has_come_back_has_not_moved_on(
    app: Flask, world: World, home: Callable[..., Any], client_as: Callable[..., Client]
) -> None:
    arrived(world, home)
    with app.app_context():
        from registry.children.models import Episode

        now_there = db.session.scalars(select(Episode).where(Episode.latest)).one()
        now_there.area_code = VILLAGE
        db.session.commit()
    assert not client_as(world.sender).get("/transfers/moved-on").select("tbody")


def test_a_page_of_a_list_holds_fifty_and_the_next_one_the_rest(
    app: Flask, world: World, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 2)
    household = world.make.household(VILLAGE, office=world.village)
    for number in range(3):
        world.transfer("announced", child=world.make.child(household=household, number=None, name=f"甲{number}"))
    page = client_as(world.sender).get("/transfers/")
    assert len(page.select(".app-card")) == 2
    following = page.client.get(str(page.select("a[rel=next]")[0]["href"]))
    assert len(following.select(".app-card")) == 1
    assert not following.select("a[rel=next]")


@pytest.mark.parametrize("path", ["/transfers/", "/transfers/records", "/transfers/moved-on"])
def test_ten_transfers_take_as_many_queries_as_one(
    app: Flask, world: World, home: Callable[..., Any], client_as: Callable[..., Client], path: str
) -> None:
    household = world.make.household(VILLAGE, office=world.village)

    def add(number: int) -> None:
        child = world.make.child(household=household, number=None)
        if path == "/transfers/":
            world.transfer("claimed" if number % 2 else "announced", child=child)
        else:
            arrived(world, home, child=child)

    add(1)
    browser = client_as(world.sender)
    browser.get(path)
    with statements(app) as for_one:
        browser.get(path)
    for number in range(2, 6):
        add(number)
    with statements(app) as for_more:
        browser.get(path)
    assert len(for_more) <= len(for_one) + 2  # the other section of the list has its first entry
    for number in range(6, 9):
        add(number)
    with statements(app) as for_many:
        browser.get(path)
    assert len(for_many) == len(for_more)


def test_a_list_opens_names_alone_and_is_recorded_with_the_children_on_it(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    world.transfer("claimed")
    browser = client_as(world.sender)
    with opened_fields() as opened:
        browser.get("/transfers/")
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"}
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        assert events[-1].details == {"list": "transfers", "shown": 1}
        assert [each.child_id for each in events[-1].children] == [world.child.id]


def test_empty_lists_say_what_comes_next(world: World, client_as: Callable[..., Client], language: str) -> None:
    browser = client_as(world.stranger, language=language)
    for path in ("/transfers/", "/transfers/?tab=in", "/transfers/records", "/transfers/moved-on"):
        assert browser.get(path).select(".app-empty")


def test_the_badge_is_there_on_every_page_and_costs_one_query(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    world.transfer("claimed")
    browser = client_as(world.sender)
    with statements(app) as sent:
        page = browser.get("/children/")
    assert page.select(".app-nav__count")
    assert len([each for each in sent if "SELECT count" in each and "FROM transfer" in each]) == 1
    assert COMMUNITY not in page.text


def test_the_former_area_is_told_where_the_child_is_until_it_moves_once_more(
    app: Flask, world: World, home: Callable[..., Any], client_as: Callable[..., Client]
) -> None:
    transfer_id = arrived(world, home)
    browser = client_as(world.sender, language="en")
    assert "Tianning" in browser.get("/transfers/moved-on").text
    with app.app_context():
        db.session.add(
            Transfer(
                child_id=world.child.id,
                begun_by="receiving",
                basis="card",
                state="arrived",
                from_area=COMMUNITY,
                from_office_id=world.community.id,
                to_area=ELSEWHERE,
                to_office_id=world.stranger.office_id,
                opened_on=today(),
                opened_by=world.stranger.id,
                answer_by=today(),
                ended_on=today(),
                sop_version="2026-11",
                version=1,
            )
        )
        db.session.commit()
    assert not browser.get("/transfers/moved-on").select("tbody")
    page = browser.get(f"/transfers/{transfer_id}")
    assert "The child has moved on again" in page.text
    assert "Vaccination certificate" not in page.text
