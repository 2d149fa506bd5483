"""A protected file is absent for everybody but its two readers, from the very act on, wherever it stood before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.children import elsewhere
from registry.children import queries as children
from registry.clock import today
from registry.protection import queries
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE, id_number
from tests.promises.crawling import crawl
from tests.protection.acts import protect
from tests.protection.test_hidden import without_tokens
from tests.transfers.conftest import CARD

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client
    from tests.factories import Factory
    from tests.transfers.conftest import World

NAME, READING = "端木静姝", "Duanmu Jingshu"
NUMBER = id_number("321322", date(2019, 6, 14), 941)
ROLES = ("registrar", "supervisor", "officer", "official", "auditor", "administrator", "neighbour", "city")


def traces(app: Flask, browser: Client, child: Child) -> list[str]:
    """Return the addresses of pages that name the child, or lead to it."""
    known = (NAME, READING, str(child.id), "端木*", NUMBER)
    return [page.path for page in crawl(app, browser) if any(value in without_tokens(page.soup) for value in known)]


@pytest.mark.parametrize("who", ROLES)
def test_no_page_that_anybody_else_reaches_names_the_file_or_leads_to_it(
    app: Flask, make: Factory, client_as: Callable[..., Client], who: str
) -> None:
    child = make.child(name=NAME, pinyin=READING, number=NUMBER)
    office = make.office("education", COMMUNITY[:6] + "000000", serves=(("education", COMMUNITY[:6] + "000000"),))
    make.referral(child, office)
    user = {
        "officer": lambda: make.user("officer", office=office),
        "neighbour": lambda: make.user("protection_officer", area="320404000000"),
        "city": lambda: make.user("supervisor", area="320400000000"),
    }.get(who, lambda: make.user(who))()
    before = traces(app, client_as(user), child)
    if who in ("registrar", "supervisor", "officer"):
        assert before, "the walk must come by the child while it is not protected"
    protect(make, client_as, child)
    # The auditor's list of events keeps the ids that it had: it names nobody and opens no file.
    left = [path for path in traces(app, client_as(user), child) if not path.startswith("/audit")]
    assert left == []
    assert client_as(user).http.get(f"/children/{child.id}").status_code in (403, 404)


@pytest.mark.parametrize("term", [NUMBER, NAME, NAME[:2], "duanmu", "djs"])
def test_no_search_finds_it(make: Factory, client_as: Callable[..., Client], term: str) -> None:
    child = make.child(name=NAME, pinyin=READING, number=NUMBER)
    protect(make, client_as, child)
    for role in ("registrar", "supervisor"):
        found = client_as(role).get("/children/").submit({"term": term}, form="form.app-search")
        assert NAME not in found.text
        assert str(child.id) not in str(found.soup)


def test_its_two_readers_do_see_it(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child(name=NAME, pinyin=READING, number=NUMBER)
    registrar, officer = protect(make, client_as, child), client_as("protection_officer")
    assert NAME in client_as(registrar).get(f"/children/{child.id}").h1
    page = officer.get("/protected-files")
    (link,) = page.select("tbody a")
    file = officer.get(str(link["href"]))
    assert NAME in file.h1
    assert [one for one in crawl(app, officer, file.path) if one.status != 200] == []


def test_the_file_offers_the_protection_officer_nothing_that_it_may_not_do(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(name=NAME, number=NUMBER)
    protect(make, client_as, child)
    officer = client_as("protection_officer")
    page = officer.get(f"/children/{child.id}")
    for link in page.select("main a[href^='/']"):
        answer = officer.http.get(str(link["href"]))
        assert answer.status_code == 200, link["href"]
    assert officer.get(f"/after-visit/{child.id}").select("form#form")


@pytest.mark.database
def test_it_gives_no_masked_summary_and_no_scope_and_papers_leave_addresses_out(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, other = make.child(number=NUMBER), make.child()
    protect(make, client_as, child)
    with app.app_context():
        near, far = make.viewer("registrar"), make.viewer("registrar", area=ELSEWHERE)
        assert children.masked_summary(far, child.id) is None
        assert not children.in_scope(near, child.id)
        assert queries.addresses_withheld(child.episodes[0].household_id)
        assert not queries.addresses_withheld(other.episodes[0].household_id)


@pytest.mark.parametrize("state", ["announced", "claimed", "accepted"])
def test_a_transfer_under_way_is_absent_on_both_sides_from_the_act_on(
    app: Flask, make: Factory, client_as: Callable[..., Client], world: World, state: str
) -> None:
    """What the other side knew before stays known to it, but no page says it any more."""
    transfer = world.transfer(state)
    page = f"/transfers/{transfer}"
    for user in (world.sender, world.receiver):
        assert client_as(user).http.get(page).status_code == 200
    protect(make, client_as, world.child, area=VILLAGE)
    for user in (world.sender, world.receiver):
        assert client_as(user).http.get(page).status_code == 404
        assert [path for path in traces_of(app, client_as(user), world.child) if not path.startswith("/audit")] == []


def traces_of(app: Flask, browser: Client, child: Child) -> list[str]:
    return [page.path for page in crawl(app, browser) if str(child.id) in str(page.soup) or "陈雨桐" in page.text]


@pytest.mark.database
def test_the_one_door_to_other_areas_answers_as_if_the_card_were_nobodys_and_tells_the_officers(
    app: Flask, make: Factory, client_as: Callable[..., Client], world: World
) -> None:
    def looked_up() -> elsewhere.Found | None:
        with app.test_request_context():
            return elsewhere.look_up(make.viewer(user=world.receiver), "card", (CARD,), "intake", today())

    assert looked_up() is not None
    protect(make, client_as, world.child, area=VILLAGE)
    assert looked_up() is None
