"""Blocks: in the order of walking, renamed, closed; one that families live in is never removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.areas.models import Block
from registry.areas.queries import blocks_of
from registry.database import db
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

PATH = f"/administration/blocks/{COMMUNITY}"


def names(app: Flask, *, closed: bool = False) -> list[str]:
    with app.app_context():
        return [block.name_zh for block in blocks_of(COMMUNITY, closed=closed)]


def add(browser: Client, number: int) -> Page:
    return browser.get(PATH).submit({"name_zh": f"{number}幢", "name_en": f"Block {number}"})


def act(browser: Client, block: Block, what: str) -> Page:
    return browser.get(PATH).submit(form=f"form[action*='{block.id}']:has(button[value={what}])", button=("act", what))


def block(app: Flask, name: str) -> Block:
    with app.app_context():
        return next(each for each in blocks_of(COMMUNITY, closed=True) if each.name_zh == name)


@pytest.mark.database
def test_blocks_are_added_last_moved_renamed_and_every_act_is_recorded(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[dict[str, object]]],
    language: str,
) -> None:
    make.area()
    browser = client_as("administrator", language=language)
    for number in (2, 10, 1):
        assert add(browser, number).status == 200
    assert names(app) == ["2幢", "10幢", "1幢"]
    first = block(app, "1幢")
    act(browser, first, "up")
    assert names(app) == ["2幢", "1幢", "10幢"]
    act(browser, first, "down")
    assert names(app) == ["2幢", "10幢", "1幢"]
    renaming = browser.get(f"/administration/blocks/{first.id}/rename")
    renaming.submit({"name_zh": "东一幢", "name_en": "East 1"}, status=200)
    assert names(app) == ["2幢", "10幢", "东一幢"]
    acts = [event["act"] for event in recorded("block_changed")]
    assert acts == ["made", "made", "made", "up", "down", "renamed"]


def test_a_name_is_taken_once_and_what_was_typed_is_kept(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    make.area()
    browser = client_as("administrator", language=language)
    add(browser, 1)
    page = add(browser, 1)
    assert page.status == 422
    assert list(page.errors) == ["name_zh"]
    assert dict(page.values())["name_en"] == "Block 1"
    assert names(app) == ["1幢"]
    assert list(browser.get(PATH).submit({"name_zh": "", "name_en": "x"}, status=422).errors) == ["name_zh"]


@pytest.mark.database
def test_a_block_that_families_live_in_is_closed_not_removed(
    app: Flask, make: Factory, client_as: Callable[..., Client], recorded: Callable[[str], list[dict[str, object]]]
) -> None:
    lived_in, empty = make.block(name="1幢"), make.block(name="2幢")
    make.household(block_id=lived_in.id)
    browser = client_as("administrator")
    assert act(browser, lived_in, "remove").select(".app-notice--warn")
    assert names(app) == ["1幢", "2幢"]
    assert not act(browser, empty, "remove").select(".app-notice--warn")
    assert names(app, closed=True) == ["1幢"]
    act(browser, lived_in, "close")
    assert names(app) == []
    assert names(app, closed=True) == ["1幢"]
    act(browser, lived_in, "reopen")
    assert names(app) == ["1幢"]
    assert [event["act"] for event in recorded("block_changed")] == ["remove", "close", "reopen"]


def test_a_closed_block_whose_name_was_given_away_stays_closed(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    old = make.block(name="1幢")
    browser = client_as("administrator")
    act(browser, old, "close")
    add(browser, 1)
    assert act(browser, old, "reopen").select(".app-notice--warn")
    assert names(app) == ["1幢"]
    assert names(app, closed=True) == ["1幢", "1幢"]


@pytest.mark.database
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_second_administrator_who_renames_a_block_sees_both_names_and_chooses(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], language: str, choice: str
) -> None:
    path = f"/administration/blocks/{make.block(name='1幢').id}/rename"
    page = client_as("administrator", language=language).get(path)
    client_as("administrator").get(path).submit({"name_zh": "东一幢", "name_en": "East 1"}, status=200)
    page = page.submit({"name_zh": "南一幢", "name_en": "East 1"}, status=409)
    assert ("东一幢" in page.text, "南一幢" in page.text) == (True, True)
    assert names(app) == ["东一幢"]
    [*choices] = page.select("input[name^=choose-]")
    assert {each["name"] for each in choices} == {"choose-name_zh"}
    chosen = next(str(each["value"]) for each in choices if str(each["value"]).startswith(choice))
    page.submit({"choose-name_zh": chosen}, status=200)
    assert names(app) == [{"mine": "南一幢", "theirs": "东一幢"}[choice]]


@pytest.mark.database
@pytest.mark.parametrize("what", ["up", "close"])
def test_a_button_of_a_block_clicked_twice_works_once(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[dict[str, object]]],
    what: str,
) -> None:
    blocks = [make.block(name=f"{number}幢") for number in (1, 2, 3)]
    browser = client_as("administrator")
    page, form = browser.get(PATH), f"form[action*='{blocks[2].id}']:has(button[value={what}])"
    for _click in range(2):
        page.submit(form=form, button=("act", what), status=200)
    assert names(app) == {"up": ["1幢", "3幢", "2幢"], "close": ["1幢", "2幢"]}[what]
    assert [event["act"] for event in recorded("block_changed")] == [what]


def test_a_block_that_was_renamed_meanwhile_is_not_removed_under_its_old_name(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    found, browser = make.block(name="1幢"), client_as("administrator", language=language)
    page = browser.get(PATH)
    renaming = client_as("administrator").get(f"/administration/blocks/{found.id}/rename")
    renaming.submit({"name_zh": "东一幢", "name_en": "East 1"}, status=200)
    form = f"form[action*='{found.id}']:has(button[value=remove])"
    assert page.submit(form=form, button=("act", "remove"), status=200).select(".app-notice--warn")
    assert names(app) == ["东一幢"]


def test_one_is_led_down_to_the_communities_of_the_own_area(make: Factory, client_as: Callable[..., Client]) -> None:
    make.area()
    make.area(ELSEWHERE)
    browser = client_as("administrator", area=f"{COMMUNITY[:9]}000")
    links = [link["href"] for link in browser.get("/administration/blocks").select("tbody a")]
    assert links == [PATH]
    assert browser.get(PATH).select("form#form")
    browser.get(f"/administration/blocks/{ELSEWHERE}", status=404)


@pytest.mark.parametrize("act_", ["up", "close", "remove", "explode"])
def test_a_block_elsewhere_and_an_unknown_act_are_as_if_absent(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], forged: Callable[..., int], act_: str
) -> None:
    there = make.block(VILLAGE, "1组")
    here = make.block(name="1幢")
    browser = client_as("administrator")
    assert forged(browser, f"/administration/blocks/{there.id}/change", act=act_) == 404
    browser.get(f"/administration/blocks/{there.id}/rename", status=404)
    assert forged(browser, f"/administration/blocks/{here.id}/change", act="explode") == 404
    with app.app_context():
        assert db.session.get(Block, there.id).closed_on is None
