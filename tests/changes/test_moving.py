"""Moves inside the township: the household's new address, and a child who joins another household."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children import relocating
from registry.children.episodes import latest_of
from registry.children.history import history_of
from registry.children.models import Child, Guardianship
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.vault.service import find_children
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NEXT = "320402008902"  # another community of the same township
UP = COMMUNITY[:9] + "000"


@pytest.mark.database
def test_a_household_moves_and_every_child_with_it_in_the_same_episode(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home, block = make.household(), make.block()
    child, sibling = make.child(household=home), make.child(household=home)
    page = client_as("registrar").get(f"/changes/{child.id}/move")
    page.submit({"block": str(block.id), "street": "1单元101室"}, status=200)
    with app.app_context():
        assert db.session.get_one(Household, home.id).address.open(OPENER) == "1单元101室"
        for each in (child, sibling):
            assert latest_of(each.id).block_id == block.id
            assert latest_of(each.id).id == each.episodes[0].id
            change = next(one for one in history_of(OPENER, each.id).changes if one.field == "address")
            assert isinstance(change.before, dict)
            assert (change.before["address"], change.reason) == ("3幢2单元602室", "moved")


def test_to_another_community_of_the_township_the_files_go_to_its_office(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    make.area(NEXT)
    there = make.user("registrar", area=NEXT)
    home = make.household()
    child = make.child(household=home)
    page = client_as("registrar").get(f"/changes/{child.id}/move")
    page = page.submit({"area": NEXT, "street": "幸福路8号"}, status=200)
    assert page.path == "/changes/moved"
    with app.app_context():
        episode = latest_of(child.id)
        assert (episode.area_code, episode.status, episode.block_id) == (NEXT, "active", None)
        assert db.session.get_one(Household, home.id).office_id == there.office_id
    assert "幸福路8号" in client_as(there).get(f"/children/{child.id}").text


@pytest.mark.parametrize(("role", "area", "asks"), [("registrar", COMMUNITY, True), ("supervisor", UP, False)])
def test_the_hint_promises_no_household_that_the_viewer_cannot_find(
    make: Factory, client_as: Callable[..., Client], role: str, area: str, asks: bool
) -> None:
    make.area(NEXT)
    home = make.household(NEXT, phone="15400007311")
    make.child(household=home)
    page = client_as(role, area=area, language="en").get(f"/changes/{make.child().id}/join")
    assert ("Your supervisor can find one elsewhere in the township" in page.text) is asks
    found = page.submit({"term": "154 0000 7311"}, status=200)
    assert bool(found.select(f"a[href$='/join/{home.id}']")) is not asks
    assert ("Only households with a child on file are found" in found.text) is asks


def test_beyond_the_township_is_no_move(context: Flask, make: Factory) -> None:
    child, viewer = make.child(), make.viewer()
    with pytest.raises(relocating.BeyondTownshipError):
        relocating.move(viewer, latest_of(child.id), ELSEWHERE, None, today())


def test_the_page_offers_the_township_alone_and_says_where_a_longer_way_begins(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/move")
    assert page.select(f"a[href='/changes/{child.id}/left']")
    sent = [pair for pair in page.values() if pair[0] not in ("area", "street")]
    page.client.post(page.path, [*sent, ("area", ELSEWHERE), ("street", "1室")], status=422)


def test_the_second_of_two_who_move_a_household_sees_both(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/move")
    client_as("registrar").get(f"/changes/{child.id}/move").submit({"street": "甲室"}, status=200)
    met = page.submit({"street": "乙室"}, status=409)
    assert "甲室" in met.text
    assert "乙室" in met.text


@pytest.mark.parametrize("answers", [{"street": ""}, {"street": "1室", "answer": "unknown"}])
def test_an_address_is_written_or_its_want_explained(
    make: Factory, client_as: Callable[..., Client], answers: dict[str, str]
) -> None:
    page = client_as("registrar").get(f"/changes/{make.child().id}/move")
    assert "street" in page.submit(answers, status=422).errors


@pytest.mark.database
@pytest.mark.parametrize("term", ["15400007777", "周敏"])
def test_a_child_joins_another_household_and_its_former_guardians_end(
    app: Flask, make: Factory, client_as: Callable[..., Client], term: str
) -> None:
    old, new = make.household(visit_due=today()), make.household(phone="15400007777", address="5幢101室")
    child = make.child(household=old)
    make.child(household=new)
    page = client_as("registrar").get(f"/changes/{child.id}/join").submit({"term": term}, status=200)
    page = page.client.get(str(page.select(f"a[href$='/join/{new.id}']")[0]["href"]))
    page.submit({f"relation-{new.guardians[0].id}": "88"}, status=200)
    with app.app_context():
        episode = latest_of(child.id)
        assert (episode.household_id, episode.status, episode.id) == (new.id, "active", child.episodes[0].id)
        rows = db.session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).all()
        held = {row.guardian_id: (row.relation, row.ended_month is None) for row in rows}
        assert held == {old.guardians[0].id: ("52", False), new.guardians[0].id: ("88", True)}
        assert child.id in find_children(db.session(), "phone", "15400007777")
        assert db.session.get_one(Household, old.id).visit_due is None
        change = next(one for one in history_of(OPENER, child.id).changes if one.field == "household")
        assert isinstance(change.after, dict)
        assert change.after["address"] == "5幢101室"


def test_a_household_beyond_the_township_or_out_of_sight_is_not_there(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    far, hidden = make.household(ELSEWHERE, phone="15400007778"), make.household(phone="15400007779")
    make.child(household=far)
    make.child(household=hidden, protected=True)
    browser = client_as("registrar")
    for home, phone in ((far, "15400007778"), (hidden, "15400007779")):
        page = browser.get(f"/changes/{child.id}/join").submit({"term": phone}, status=200)
        assert page.select("a[href*='/join/']") == []
        browser.get(f"/changes/{child.id}/join/{home.id}", status=404)


def test_what_is_looked_for_is_in_no_address_and_an_empty_one_is_refused(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    page = client_as("registrar", language=language).get(f"/changes/{child.id}/join")
    assert "term" in page.submit(status=422).errors
    page = page.submit({"term": "周"}, status=200)
    assert page.path == f"/changes/{child.id}/join"


def test_joining_twice_changes_nothing_more(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    new = make.household()
    child, _other = make.child(), make.child(household=new)
    page = client_as("registrar").get(f"/changes/{child.id}/join/{new.id}")
    for _press in range(2):
        page.submit({f"relation-{new.guardians[0].id}": "88"}, status=200)
    with app.app_context():
        changes = history_of(OPENER, child.id).changes
        assert [each.field for each in changes].count("household") == 1
        assert db.session.get_one(Child, child.id).version == 2
