"""Two people at one file: the second to save sees both versions and chooses; and brothers and sisters, alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Change, Child, ChildAnswer
from registry.database import db
from registry.vault.evening import without_filling
from tests.client import OPENER
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

TWO = {"insurance": "here", "health": "healthy"}


def answers_of(app: Flask, child: Child) -> dict[str, Any]:
    with app.app_context():
        rows = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == child.id)).all()
        opened: list[Any] = [row.value.open(OPENER) for row in rows]
        return {key: value for values in opened for key, value in without_filling(values).items()}


def health_page(browser: Client, child: Child) -> Page:
    return browser.get(f"/children/{child.id}/questions/health")


@pytest.mark.database
def test_the_second_saver_sees_both_versions_and_nothing_is_lost(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    first, second = client_as("registrar"), client_as("supervisor", language=language)
    page = health_page(second, child)
    health_page(first, child).submit({"insurance": "hukou"}, status=200)
    met = page.submit(TWO, status=409)
    assert answers_of(app, child) == {"insurance": "hukou"}  # nothing was saved yet
    said = {"zh": ("在本地参保", "在户籍地参保"), "en": ("Insured here", "Insured at the place of hukou")}[language]
    assert all(words in met.select("#choose-insurance")[0].get_text() for words in said)
    assert met.select("#choose-health") == []  # what nobody else touched needs no choice
    assert ("health", "healthy") in met.values()  # and is still there
    again = met.submit({}, status=409)  # without a choice nothing happens
    mine = again.select("#choose-insurance input")[0]["value"]
    again.submit({"choose-insurance": mine}, status=200)
    assert answers_of(app, child) == TWO
    with app.app_context():
        rows = db.session.scalars(select(Change).where(Change.field == "insurance").order_by(Change.id)).all()
        assert rows[-1].before.open(OPENER) == {"insurance": "hukou"}


def test_the_other_version_may_be_left_standing(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    first, second = client_as("registrar"), client_as("supervisor")
    page = health_page(second, child)
    health_page(first, child).submit({"insurance": "hukou"})
    met = page.submit(TWO, status=409)
    theirs = met.select("#choose-insurance input")[1]["value"]
    met.submit({"choose-insurance": theirs}, status=200)
    assert answers_of(app, child) == {"insurance": "hukou", "health": "healthy"}


def test_a_choice_holds_only_for_the_version_it_was_made_for(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    first, second = client_as("registrar"), client_as("supervisor")
    page = health_page(second, child)
    health_page(first, child).submit({"insurance": "hukou"})
    met = page.submit(TWO, status=409)
    mine = met.select("#choose-insurance input")[0]["value"]
    first.get(f"/children/{child.id}/answers/health").submit({"insurance": "none"})
    third = met.submit({"choose-insurance": mine}, status=409)
    assert "没有参保" in third.select("#choose-insurance")[0].get_text()
    assert answers_of(app, child)["insurance"] == "none"


def test_the_same_answer_twice_is_no_conflict(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    first, second = client_as("registrar"), client_as("supervisor")
    page = health_page(second, child)
    health_page(first, child).submit(TWO)
    page.submit(TWO, status=200)
    assert answers_of(app, child) == TWO


def test_what_somebody_else_answered_meanwhile_is_not_lost_by_leaving_it_open(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    first, second = client_as("registrar"), client_as("supervisor")
    page = health_page(second, child)
    health_page(first, child).submit(TWO)
    page.submit({}, status=200)
    assert answers_of(app, child) == TWO


def test_same_as_a_sibling_fills_what_is_empty_and_saves_nothing_unseen(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    home = make.household()
    elder, younger = make.child(household=home), make.child(household=home)
    browser = client_as("registrar", language=language)
    health_page(browser, elder).submit({"insurance": "hukou", "health": "ill"})
    browser.get(f"/children/{elder.id}/questions/residence").submit({"hukou_type": "rural", "hukou_registered": "yes"})
    page = browser.get(f"/children/{younger.id}/questions/residence")
    (button,) = page.select("button[name=same]")
    assert {"zh": "陈雨桐", "en": "Chen Yutong"}[language] in button.get_text()
    filled = page.submit({"hukou_type": "urban"}, button=("same", str(elder.id)), status=200)
    assert {("hukou_type", "urban"), ("hukou_registered", "yes")} <= set(filled.values())  # what was typed stays
    assert answers_of(app, younger) == {}
    filled.submit({}, status=200)
    assert answers_of(app, younger) == {"hukou_type": "urban", "hukou_registered": "yes"}


def test_what_is_a_childs_own_is_never_taken_from_a_sibling(make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    elder, younger = make.child(household=home), make.child(household=home)
    browser = client_as("registrar")
    health_page(browser, elder).submit({"insurance": "hukou", "health": "ill"})
    filled = health_page(browser, younger).submit({}, button=("same", str(elder.id)))
    assert ("insurance", "hukou") in filled.values()
    assert [value for name, value in filled.values() if name == "health"] == []


def test_same_as_the_household_takes_only_what_all_agree_in(make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    one, two, three = (make.child(household=home) for _child in range(3))
    browser = client_as("registrar")
    for child, kind in ((one, "rural"), (two, "urban")):
        page = browser.get(f"/children/{child.id}/questions/residence")
        page.submit({"hukou_type": kind, "hukou_registered": "yes"})
    filled = browser.get(f"/children/{three.id}/questions/residence").submit({}, button=("same", "household"))
    assert ("hukou_registered", "yes") in filled.values()
    assert [value for name, value in filled.values() if name == "hukou_type"] == []


def test_whose_answers_were_offered_is_recorded(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    home = make.household()
    elder, younger = make.child(household=home), make.child(household=home)
    browser = client_as("registrar")
    health_page(browser, elder).submit(TWO)
    health_page(browser, younger)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened")).all()
        assert {one.child_id for one in events[-1].children} == {elder.id, younger.id}


@pytest.mark.parametrize("values", [{"area": ELSEWHERE}, {"protected": True}, {"alone": True}])
def test_nobody_is_offered_a_sibling_that_the_viewer_may_not_see(
    make: Factory, client_as: Callable[..., Client], values: dict[str, Any]
) -> None:
    make.area(ELSEWHERE)
    home, told = make.household(), dict(values)
    other = make.child(household=None if told.pop("alone", False) else home, **told)
    child = make.child(household=home)
    page = health_page(client_as("registrar"), child)
    assert page.select("button[name=same]") == []
    pairs = [*page.values(), ("same", str(other.id))]
    answer = page.client.post(page.path, pairs, status=200)
    assert [value for name, value in answer.values() if name == "insurance"] == []
