"""Leaving: to a known place, nobody knows where in two taps, never found, taken off; a visit; back again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.episodes import latest_of
from registry.children.history import history_of
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.transfers.models import Transfer
from tests.children.counting import children_on_file
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from registry.vault.codecs import JsonValue
    from tests.client import Client
    from tests.factories import Factory

UP = COMMUNITY[:9] + "000"
SHUYANG = "321322000000"


def status_of(app: Flask, child: Child) -> str:
    with app.app_context():
        return latest_of(child.id).status


def test_two_taps_and_the_file_leaves_the_lists(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, user = make.child(), make.user()
    browser = client_as(user)
    link = browser.get(f"/children/{child.id}").select("a[href$='/gone']")[0]
    page = browser.get(str(link["href"]))  # the first tap
    page = page.submit(status=200)  # the second: nothing has to be filled in
    assert page.path == f"/children/{child.id}"
    viewer = make.viewer(user=user)
    with app.app_context():
        episode = latest_of(child.id)
        assert (episode.status, episode.latest) == ("left", True)
        assert episode.left.open(OPENER) is None  # nobody said a day, so none is kept
        assert episode.left_month == f"{today():%Y-%m}"
        assert children_on_file(viewer) == 0
        assert db.session.scalars(select(Transfer)).all() == []


@pytest.mark.parametrize(("path", "status"), [("gone", "left"), ("not-found", "not_found"), ("left", "left")])
def test_the_family_is_ticked_where_families_go_together_and_who_is_not_ticked_stays(
    app: Flask, make: Factory, client_as: Callable[..., Client], path: str, status: str
) -> None:
    home = make.household()
    goes, stays, away = make.child(household=home), make.child(household=home), make.child(household=home)
    page = client_as("registrar").get(f"/changes/{goes.id}/{path}")
    ticked = [each["value"] for each in page.select("[name=children][checked]")]
    assert len(page.select("[name=children]")) == 3
    assert len(ticked) == (1 if path == "not-found" else 3)
    assert str(goes.id) in ticked
    place = {"place-found": SHUYANG, "reason": "home"} if path == "left" else {}
    if path == "left":
        pairs = [pair for pair in page.values() if pair[0] not in ("children", "reason")]
        pairs += [("children", str(goes.id)), ("children", str(away.id)), *place.items()]
        page.client.post(page.path, pairs, status=200)
    else:
        page.submit({"children": [goes.id, away.id]}, status=200)
    assert [status_of(app, each) for each in (goes, stays, away)] == [status, "active", status]


def test_a_second_press_does_nothing(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/gone")
    page.submit(status=200)
    page.submit(status=200)
    with app.app_context():
        fields = [each.field for each in history_of(OPENER, child.id).changes]
        assert fields == ["status"]


def test_a_family_with_nobody_left_on_the_register_is_visited_no_more_until_somebody_is_back(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household(visit_due=today())
    child, sibling = make.child(household=home), make.child(household=home)
    browser = client_as("registrar")

    def due() -> object:
        with app.app_context():
            return db.session.get_one(Household, home.id).visit_due

    browser.get(f"/changes/{child.id}/gone").submit({"children": [child.id]})
    assert due() == today()
    browser.get(f"/changes/{sibling.id}/gone").submit()
    assert due() is None
    browser.get(f"/changes/{child.id}/back").submit(status=200)
    assert due() == today()
    assert status_of(app, child) == "active"


@pytest.mark.parametrize("path", ["gone", "not-found", "left"])
def test_a_day_before_the_child_was_there_is_refused(
    make: Factory, client_as: Callable[..., Client], path: str, language: str
) -> None:
    child = make.child()  # has arrived on 28 August 2025
    page = client_as("registrar", language=language).get(f"/changes/{child.id}/{path}")
    long_ago = page.submit({"day-year": "2016", "day-month": "3", "day-day": "1"}, status=422)
    assert "day-year" in long_ago.errors
    same_month = page.submit({"day-year": "2025", "day-month": "8", "day-day": None}).errors
    assert "day-year" not in same_month


def test_a_day_to_come_is_refused_and_so_is_nobody(make: Factory, client_as: Callable[..., Client]) -> None:
    page = client_as("registrar").get(f"/changes/{make.child().id}/gone")
    assert "day-year" in page.submit({"day-year": "2031", "day-month": "1"}, status=422).errors
    assert "children" in page.submit({"children": None}, status=422).errors


def test_only_a_supervisor_puts_a_file_that_was_taken_off_back(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, registrar = make.child(), client_as("registrar")
    page = registrar.get(f"/changes/{child.id}/take-off")
    assert "reason" in page.submit(status=422).errors
    page.submit({"reason": "asked"}, status=200)
    assert status_of(app, child) == "withdrawn"
    assert registrar.get(f"/changes/{child.id}/back").path == f"/children/{child.id}"
    client_as("supervisor", area=UP).get(f"/changes/{child.id}/back").submit(status=200)
    assert status_of(app, child) == "active"


def test_registered_by_mistake_means_one_child(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    twice, twin = make.child(household=home), make.child(household=home)
    page = client_as("registrar").get(f"/changes/{twice.id}/take-off")
    page.submit({"reason": "mistake"}, status=200)
    assert [status_of(app, each) for each in (twice, twin)] == ["withdrawn", "active"]


def test_a_file_that_left_may_still_be_taken_off(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, browser = make.child(), client_as("registrar")
    browser.get(f"/changes/{child.id}/gone").submit()
    browser.get(f"/changes/{child.id}/take-off").submit({"reason": "asked"}, status=200)
    assert status_of(app, child) == "withdrawn"


def test_a_summer_visit_closes_nothing_and_stands_on_the_file_until_it_ends(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("registrar", language="en")
    until = {"until-year": str(today().year + 1), "until-month": "2", "until-day": "20"}
    page = browser.get(f"/changes/{child.id}/away").submit({**until, "where": "苏州"}, status=200)
    assert status_of(app, child) == "active"
    assert "Away for a visit" in page.select(".app-notice--news")[-1].get_text() + page.text
    assert "苏州" in page.text
    page = browser.get(f"/changes/{child.id}/away").submit(button=("ended", "yes"), status=200)
    assert "苏州" not in page.text
    with app.app_context():
        assert not latest_of(child.id).absence
        assert len(history_of(OPENER, child.id).changes) == 2


def _until(month: int, year: int | None = None) -> dict[str, str]:
    return {"until-year": str(year or today().year + 1), "until-month": str(month), "until-day": "20"}


def _visit(app: Flask, child: Child) -> tuple[JsonValue, int]:
    """What is kept of a visit, and how many changes the history has."""
    with app.app_context():
        return latest_of(child.id).absence.open(OPENER), len(history_of(OPENER, child.id).changes)


@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True)])
def test_a_visit_that_is_over_is_told_nowhere_and_stays_in_the_history(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], language: str, days: int, told: bool
) -> None:
    child, browser = make.child(), client_as("registrar", language=language)
    browser.get(f"/changes/{child.id}/away").submit({**_until(2), "where": "苏州"}, status=200)
    until = (today() + timedelta(days=days)).isoformat()
    with app.app_context():
        latest_of(child.id).absence = {"from": "2020-07-01", "until": until, "where": "苏州"}
        db.session.commit()
    for path in (f"/children/{child.id}", f"/changes/{child.id}/away"):
        assert ("苏州" in browser.get(path).text) is told, path
    assert bool(browser.get(f"/changes/{child.id}/away").select("button[name=ended]")) is told
    assert "苏州" in browser.get(f"/changes/{child.id}/history").text
    assert status_of(app, child) == "active"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_second_who_records_a_visit_sees_both_and_chooses(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], language: str, choice: str
) -> None:
    child, second = make.child(), client_as("registrar", language=language)
    page = second.get(f"/changes/{child.id}/away")
    client_as("registrar").get(f"/changes/{child.id}/away").submit({**_until(2), "where": "苏州"}, status=200)
    page = page.submit({**_until(3), "where": "南京"}, status=409)
    assert ("苏州" in page.text, "南京" in page.text) == (True, True)
    assert dict(page.values())["where"] == "南京"
    chosen = page.select(f"input[name=choose-absence][value^={choice}]")[0]["value"]
    page.submit({"choose-absence": chosen}, status=200)
    kept, changes = _visit(app, child)
    assert (kept["where"], changes) == {"mine": ("南京", 2), "theirs": ("苏州", 1)}[choice]


def test_who_says_that_a_child_is_back_sees_the_visit_recorded_meanwhile(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, second, first = make.child(), client_as("registrar"), client_as("registrar")
    first.get(f"/changes/{child.id}/away").submit({**_until(2), "where": "苏州"}, status=200)
    page = second.get(f"/changes/{child.id}/away")
    first.get(f"/changes/{child.id}/away").submit({**_until(3), "where": "南京"}, status=200)
    page = page.submit(button=("ended", "yes"), status=409)
    assert "南京" in page.text
    assert _visit(app, child)[0]["where"] == "南京"
    chosen = page.select("input[name=choose-absence][value^=mine]")[0]["value"]
    page.submit({"choose-absence": chosen}, status=200)
    assert _visit(app, child) == (None, 3)


def test_a_visit_and_its_end_clicked_twice_are_recorded_once(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("registrar")
    page = browser.get(f"/changes/{child.id}/away")
    for _click in range(2):
        page.submit({**_until(2), "where": "苏州"}, status=200)
    assert _visit(app, child)[1] == 1
    page = browser.get(f"/changes/{child.id}/away")
    for _click in range(2):
        page.submit(button=("ended", "yes"), status=200)
    assert _visit(app, child) == (None, 2)


def test_a_visit_that_ends_before_it_begins_is_refused(make: Factory, client_as: Callable[..., Client]) -> None:
    page = client_as("registrar").get(f"/changes/{make.child().id}/away")
    until = {"until-year": "2020", "until-month": "2", "until-day": "20"}
    assert "until-year" in page.submit(until, status=422).errors


@pytest.mark.parametrize("path", ["left", "gone", "not-found", "take-off", "away", "back", "died", "move", "join"])
def test_a_file_of_the_next_district_is_not_there(make: Factory, client_as: Callable[..., Client], path: str) -> None:
    client_as("registrar").get(f"/changes/{make.child(area=ELSEWHERE).id}/{path}", status=404)


@pytest.mark.parametrize("path", ["gone", "not-found", "away", "move", "join"])
def test_who_is_not_on_the_register_cannot_leave_again(
    make: Factory, client_as: Callable[..., Client], path: str
) -> None:
    child = make.child(status="left")
    assert client_as("registrar").get(f"/changes/{child.id}/{path}").path == f"/children/{child.id}"


@pytest.mark.parametrize("path", ["left", "gone", "not-found", "take-off", "back"])
def test_from_the_file_of_a_grown_up_nobody_leaves_least_of_all_the_siblings(
    app: Flask, make: Factory, client_as: Callable[..., Client], path: str
) -> None:
    home = make.household()
    grown, sibling = make.child(household=home, child_status="aged_out"), make.child(household=home)
    browser = client_as("registrar")
    page = browser.get(f"/children/{grown.id}")
    assert page.select(f"a[href$='/{grown.id}/{path}']") == []
    assert page.select(f"a[href$='/{grown.id}/correct']"), "a wrong day of birth can still be put right"
    assert browser.get(f"/changes/{grown.id}/{path}").path == f"/children/{grown.id}"
    assert status_of(app, sibling) == "active"


def test_the_second_of_two_is_told_that_the_file_has_changed(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, first, second = make.child(), client_as("registrar"), client_as("registrar", language="en")
    page = second.get(f"/changes/{child.id}/not-found")
    first.get(f"/changes/{child.id}/gone").submit(status=200)
    page = page.submit(status=200)
    assert "Somebody else has changed the file meanwhile." in page.text
    assert status_of(app, child) == "left"


def test_a_sibling_whose_file_is_protected_is_not_named(make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    child = make.child(household=home)
    make.child(household=home, name="欧阳娜娜", protected=True)
    page = client_as("registrar").get(f"/changes/{child.id}/gone")
    assert "欧阳娜娜" not in page.text
    assert len(page.select("[name=children]")) == 1
