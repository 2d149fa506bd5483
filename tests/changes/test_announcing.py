"""Leaving for a known place: the area there is told, and the file stays where it is until the child arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.episodes import begin_episode, latest_of
from registry.children.models import Child, Episode
from registry.children.service import Place
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.referrals.models import Referral
from registry.transfers import service as transfers
from registry.transfers.models import Transfer
from sop.eligibility import Classification
from sop.identity import BirthDate
from sop.transfer import Basis
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from tests.client import Client, Page
    from tests.factories import Factory

TOWN = VILLAGE[:9] + "000"
SHUYANG = VILLAGE[:6] + "000000"
NOBODY_THERE = "522401000000"
DAY: dict[str, Any] = {"day-year": "2026", "day-month": "11", "day-day": "20"}


def leaves(page: Page, place: str = VILLAGE[:9] + "000", *, announce: bool = True, **values: str) -> Page:
    """Send the page of a known place, for whoever is ticked there."""
    dropped = {"reason", "place-found", *values} | (set() if announce else {"announce"})
    pairs = [pair for pair in page.values() if pair[0] not in dropped]
    return page.client.post(page.path, [*pairs, ("place-found", place), ("reason", "home"), *values.items()])


def place_at(household: Household, *, arrived: BirthDate | None) -> Place:
    return Place(
        household_id=household.id,
        area_code=household.area_code,
        block_id=None,
        side="receiving",
        arrived=arrived,
        circumstances={"stays": "yes", "guardian_here": "one"},
        source="home_visit",
        guardians=((household.guardians[0].id, "52"),),
        phones=(),
    )


def arrives(viewer: Viewer, child: Child, place: Place) -> None:
    transfer = db.session.scalars(select(Transfer)).one()
    transfers.accept(viewer, transfer.id, transfer.version, today(), VILLAGE)
    classification = Classification(flags=(), changes_on=None, outside=None)
    transfers.arrive(viewer, transfer.id, place, classification, today())


@pytest.fixture
def other(make: Factory) -> Viewer:
    """A supervisor of the town where the children go, and a registrar of one of its villages."""
    make.user("registrar", area=VILLAGE)
    return make.viewer("supervisor", area=TOWN)


@pytest.mark.database
def test_who_is_announced_stays_on_the_register_until_the_arrival(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer
) -> None:
    home = make.household(visit_due=today())
    child, there = make.child(household=home), make.household(area=VILLAGE)
    referral = make.referral(child, make.office("education"))
    browser = client_as("registrar", language="en")
    page = leaves(browser.get(f"/changes/{child.id}/left"), **DAY)
    assert "stays on your register until it has arrived" in page.text
    assert "Announced" in browser.get("/children/").select("main table tbody tr")[0].get_text()
    with app.app_context():
        episode = latest_of(child.id)
        assert (episode.status, episode.left_month) == ("active", None)
        assert episode.destination.open(OPENER) == {"area": TOWN, "day": "2026-11-20"}
        assert db.session.get_one(Referral, referral.id).state == "sent"
        assert db.session.get_one(Household, home.id).visit_due == today()
        arrives(other, db.session.get_one(Child, child.id), place_at(there, arrived=BirthDate(2026, 11)))
        db.session.commit()
        old = db.session.get_one(Episode, episode.id)
        assert (old.status, old.latest) == ("left", False)
        assert old.left.open(OPENER) == BirthDate(2026, 11, 20), "the day that the family told here"
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"


@pytest.mark.parametrize("end", ["withdraw", "return_"])
def test_a_transfer_that_comes_to_nothing_leaves_the_child_where_it_is(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer, end: str
) -> None:
    child = make.child()
    leaves(client_as("registrar").get(f"/changes/{child.id}/left"))
    viewer = make.viewer()
    with app.app_context():
        row = db.session.scalars(select(Transfer)).one()
        if end == "withdraw":
            transfers.withdraw(viewer, row.id, row.version, today())
        else:
            transfers.return_(other, row.id, row.version, "other", None, today())
        db.session.commit()
        assert latest_of(child.id).status == "active"


def test_a_second_press_announces_once_and_ends_nothing(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer
) -> None:
    child = make.child()
    page = client_as("registrar", language="en").get(f"/changes/{child.id}/left")
    assert leaves(page).path == leaves(page).path == f"/children/{child.id}"
    with app.app_context():
        assert db.session.scalars(select(Transfer)).one().state == "announced"
        assert latest_of(child.id).status == "active"


@pytest.mark.parametrize("announce", [True, False])
def test_where_nobody_can_be_told_or_it_is_not_wished_the_child_leaves_now(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer, *, announce: bool
) -> None:
    child = make.child()
    referral = make.referral(child, make.office("education"))
    page = client_as("registrar", language="en").get(f"/changes/{child.id}/left")
    page = leaves(page, NOBODY_THERE if announce else TOWN, announce=announce)
    assert ("so nobody was told. Ask the family to show the card there." in page.text) is announce
    with app.app_context():
        assert latest_of(child.id).status == "left"
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"
        assert db.session.scalars(select(Transfer)).all() == []


def test_of_a_child_who_was_claimed_already_the_page_says_who_holds_it(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, city = make.child(area=VILLAGE), make.viewer()
    make.user("registrar", area=VILLAGE)
    page = client_as("registrar", area=VILLAGE, language="en").get(f"/changes/{child.id}/left")
    with app.app_context():
        claimed = transfers.claim(city, child.id, Basis.CARD, COMMUNITY, today())
        to = claimed.to_office
        assert to is not None
        name = to.name("en")
        db.session.commit()
    page = leaves(page, COMMUNITY[:9] + "000")
    assert f"A move to {name} is under way already." in page.text
    assert page.select("a[href*='/transfers/']")
    with app.app_context():
        assert latest_of(child.id).status == "active", "the arrival ends it"


def test_the_own_township_is_no_place_to_leave_for(make: Factory, client_as: Callable[..., Client]) -> None:
    page = client_as("registrar").get(f"/changes/{make.child().id}/left")
    assert "place" in " ".join(leaves(page, COMMUNITY[:9] + "000").errors)


def test_where_a_child_went_can_be_said_long_after_it_left(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer
) -> None:
    home = make.household()
    child, sibling, stays = (make.child(household=home) for _each in range(3))
    browser = client_as("registrar", language="en")
    browser.get(f"/changes/{child.id}/gone").submit({"children": [child.id, sibling.id], **DAY}, status=200)
    (link,) = browser.get(f"/children/{child.id}").select("main a[href$='/left']")
    assert link.get_text() == "Say where the child went"
    page = browser.get(str(link["href"]))
    assert {each["value"] for each in page.select("[name=children]")} == {str(child.id), str(sibling.id)}
    page = leaves(page)
    assert "The area there has been told." in page.text
    assert "Gone to:" in page.text
    with app.app_context():
        for each in (child, sibling):
            episode = latest_of(each.id)
            assert (episode.status, episode.destination.open(OPENER)) == ("left", {"area": TOWN})
            assert episode.left.open(OPENER) == BirthDate(2026, 11, 20)
        assert latest_of(stays.id).status == "active"
        assert {row.child_id for row in db.session.scalars(select(Transfer))} == {child.id, sibling.id}


def test_who_knows_the_place_is_not_lost_behind_who_said_gone_a_second_before(
    app: Flask, make: Factory, client_as: Callable[..., Client], other: Viewer
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/left")
    client_as("registrar").get(f"/changes/{child.id}/gone").submit(status=200)
    assert leaves(page).path == f"/children/{child.id}"
    with app.app_context():
        assert latest_of(child.id).destination.open(OPENER) == {"area": TOWN}


def test_of_two_places_the_second_saver_sees_both_and_chooses(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar", language="en").get(f"/changes/{child.id}/left")
    leaves(client_as("registrar").get(f"/changes/{child.id}/left"), NOBODY_THERE, announce=False)
    page = leaves(page, SHUYANG)
    assert page.status == 409
    assert "Somebody else has recorded another place meanwhile" in page.text
    with app.app_context():
        assert latest_of(child.id).destination.open(OPENER) == {"area": NOBODY_THERE}
    leaves(page, SHUYANG)
    with app.app_context():
        assert latest_of(child.id).destination.open(OPENER) == {"area": SHUYANG}


@pytest.mark.parametrize("arrived", [BirthDate(2025, 7), BirthDate(2027, 1, 4)])
def test_an_arrival_that_cannot_be_lets_the_old_stay_end_today(app: Flask, make: Factory, arrived: BirthDate) -> None:
    child, there, viewer = make.child(), make.household(area=VILLAGE), make.viewer()
    with app.app_context():
        old = latest_of(child.id).id
        row, classification = db.session.get_one(Child, child.id), Classification((), None, None)
        begin_episode(viewer, row, place_at(there, arrived=arrived), classification, today())
        assert db.session.get_one(Episode, old).left.open(OPENER) == BirthDate.of(today())


@pytest.mark.parametrize("values", [{"status": "left"}, {"child_status": "aged_out"}, {"child_status": "deceased"}])
def test_no_office_is_asked_for_a_child_who_is_not_on_the_register(
    make: Factory, client_as: Callable[..., Client], values: dict[str, Any]
) -> None:
    child, browser = make.child(school="none", **values), client_as("registrar")
    make.office("education", serves=(("education", COMMUNITY),))
    assert browser.get(f"/referrals/propose/{child.id}").path == f"/children/{child.id}"
