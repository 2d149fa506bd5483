"""Facts that are put right at once: each field, its history, the second of two savers, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.children.episodes import latest_of
from registry.children.history import history_of
from registry.children.models import Child
from registry.database import db
from registry.vault.service import find_children
from tests.client import OPENER
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

WHY = {"reason": "mistyped"}


def saved(page: Page, **answers: Any) -> Page:
    return page.submit({**answers, **WHY}, status=200)


def loaded(child: Child) -> Child:
    return db.session.get_one(Child, child.id, populate_existing=True)


@pytest.mark.parametrize(
    ("field", "answers", "after"),
    [
        ("sex", {"value": "1"}, "1"),
        ("ethnic", {"value": "11"}, "11"),
        ("certificate", {"value": "none"}, "none"),
        ("hukou", {"answer": "refused"}, "refused"),
        ("arrived", {"value-year": "2026", "value-month": "3", "value-day": ""}, "2026-03"),
        (
            "schooling",
            {"value": "junior", "school": "采菱中学"},
            {"stage": "junior", "kind": None, "school": "采菱中学"},
        ),
    ],
)
def test_a_fact_is_corrected_at_once_and_what_stood_there_is_kept(
    app: Flask, make: Factory, client_as: Callable[..., Client], field: str, answers: dict[str, Any], after: Any
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/correct/{field}")
    if field == "hukou":  # what is chosen is taken away first
        answers = {**answers, "value-1": "", "value-2": "", "value-3": "", "value-4": ""}
        answers = {name: value for name, value in answers.items() if page.select(f"[name='{name}']")}
    page = saved(page, **answers)
    assert page.path == f"/children/{child.id}"
    with app.app_context():
        change = next(each for each in history_of(OPENER, child.id).changes if each.field == field)
        assert (change.after, change.reason) == (after, "mistyped")
        assert change.before is not None
        assert change.user is not None


def test_a_corrected_day_of_arrival_changes_what_the_child_is_registered_as(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/correct/arrived")
    saved(page, **{"value-year": "2026", "value-month": "11", "value-day": "1"})
    with app.app_context():
        episode = latest_of(child.id)
        assert episode.flags == ["provisional"]
        assert episode.changes_month == "2027-05"


def test_a_corrected_phone_finds_every_child_of_the_guardian_and_the_old_one_none(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household(phone="15400001111")
    child, sibling = make.child(household=home), make.child(household=home)
    page = client_as("registrar").get(f"/changes/{child.id}/guardian/{home.guardians[0].id}/guardian_phone")
    saved(page, value="154 0000 2222")
    with app.app_context():
        assert find_children(db.session(), "phone", "15400002222") == sorted([child.id, sibling.id])
        assert find_children(db.session(), "phone", "15400001111") == []
        for each in (child, sibling):
            assert history_of(OPENER, each.id).changes[0].after == "15400002222"


def test_a_guardian_of_another_family_is_not_there(make: Factory, client_as: Callable[..., Client]) -> None:
    child, other = make.child(), make.household()
    client_as("registrar").get(f"/changes/{child.id}/guardian/{other.guardians[0].id}/guardian_name", status=404)


@pytest.mark.parametrize("field", ["name", "birth_date", "id_number", "status", "nonsense"])
def test_what_is_not_corrected_at_once_has_no_such_page(
    make: Factory, client_as: Callable[..., Client], field: str
) -> None:
    client_as("registrar").get(f"/changes/{make.child().id}/correct/{field}", status=404)


def test_an_address_is_corrected_for_the_whole_household(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    child, sibling = make.child(household=home), make.child(household=home)
    block = make.block()
    page = client_as("registrar").get(f"/changes/{child.id}/correct/address")
    saved(page, block=str(block.id), value="1单元101室")
    with app.app_context():
        for each in (child, sibling):
            assert latest_of(each.id).block_id == block.id
            change = history_of(OPENER, each.id).changes[0]
            assert change.field == "address"
            assert isinstance(change.after, dict)
            assert (change.after["address"], change.after["block"]) == ("1单元101室", "3幢")


@pytest.mark.parametrize(
    ("field", "answers", "faulty"),
    [
        ("sex", {}, "reason"),
        ("arrived", {"value-year": "2030", "value-month": "1", "reason": "mistyped"}, "value-year"),
        ("arrived", {"value-year": "2019", "value-month": "5", "value-day": None, "reason": "mistyped"}, "value-year"),
        ("address", {"value": "", "reason": "mistyped"}, "value"),
        ("address", {"value": "1室", "answer": "refused", "reason": "mistyped"}, "value"),
    ],
)
def test_bad_input_comes_back_with_what_was_typed_and_changes_nothing(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    language: str,
    field: str,
    answers: dict[str, Any],
    faulty: str,
) -> None:
    child = make.child()
    page = client_as("registrar", language=language).get(f"/changes/{child.id}/correct/{field}")
    page = page.submit(answers, status=422)
    assert faulty in page.errors
    with app.app_context():
        assert history_of(OPENER, child.id).changes == []


def test_a_phone_that_can_be_none_is_refused(make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    child = make.child(household=home)
    page = client_as("registrar").get(f"/changes/{child.id}/guardian/{home.guardians[0].id}/guardian_phone")
    page = page.submit({"value": "12", **WHY}, status=422)
    assert "value" in page.errors


@pytest.mark.database
def test_the_second_saver_sees_both_versions_and_chooses(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(sex="2"), client_as("registrar")
    page = browser.get(f"/changes/{child.id}/correct/ethnic")
    saved(client_as("registrar").get(f"/changes/{child.id}/correct/ethnic"), value="03")
    met = page.submit({"value": "11", **WHY}, status=409)
    assert "回族" in met.text
    assert "满族" in met.text
    with app.app_context():
        assert loaded(child).ethnic.open(OPENER) == "03"
    mine = next(tile["value"] for tile in met.select("[name=choose-ethnic]") if tile["value"].startswith("mine"))
    met.submit({"choose-ethnic": mine}, status=200)
    with app.app_context():
        assert loaded(child).ethnic.open(OPENER) == "11"


def test_the_second_saver_may_let_the_first_ones_version_hold(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/correct/ethnic")
    saved(client_as("registrar").get(f"/changes/{child.id}/correct/ethnic"), value="03")
    met = page.submit({"value": "11", **WHY}, status=409)
    theirs = next(tile["value"] for tile in met.select("[name=choose-ethnic]") if tile["value"].startswith("theirs"))
    met.submit({"choose-ethnic": theirs}, status=200)
    with app.app_context():
        assert loaded(child).ethnic.open(OPENER) == "03"


def test_a_second_press_changes_nothing_more(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/changes/{child.id}/correct/ethnic")
    saved(page, value="11")
    saved(page, value="11")
    with app.app_context():
        assert len(history_of(OPENER, child.id).changes) == 1


@pytest.mark.parametrize("path", ["correct", "correct/sex", "fill-in", "identity", "history"])
def test_a_file_of_the_next_district_is_not_there(make: Factory, client_as: Callable[..., Client], path: str) -> None:
    child = make.child(area=ELSEWHERE)
    client_as("registrar").get(f"/changes/{child.id}/{path}", status=404)


def test_the_overview_leads_to_every_fact_in_both_languages(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    page = client_as("registrar", language=language).get(f"/changes/{child.id}/correct")
    assert len(page.select(".app-facts__action a")) == 9
    assert "3213**********" in page.text
    assert {"zh": "汉族", "en": "Han"}[language] in page.text
