"""The to-do list on a file, each thing linked to where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.children import answers, todo
from registry.children.facts import classify_today
from registry.children.models import Child, Episode
from registry.children.queries import file_of, present_episode
from registry.clock import today
from registry.database import db
from sop.identity import BirthDate
from sop.todo import Todo

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

WANTING: list[dict[str, Any]] = [
    {"name": "陈某之女", "status": "pending"},
    {"birth": BirthDate(2019, 6), "status": "pending"},
    {"number": None, "id_number_answer": "later", "status": "pending"},
    {"certificate": "unseen"},
    {"certificate": "unknown"},
]
NOT_WANTING: list[dict[str, Any]] = [
    {},
    {"number": None},
    {"number": None, "id_number_answer": "refused"},
    *({"certificate": answer} for answer in ("none", "no_dose", "refused")),
]


def by_rule(app: Flask, make: Factory, child: Child) -> bool:
    viewer = make.viewer()
    with app.test_request_context():
        file = file_of(viewer, child.id)
        known = answers.answers_of(viewer, file, today())
        items = todo.items_of(known, classify_today(file, present_episode(file), viewer, today()), viewer)
        return any(item.what is not Todo.QUESTIONS for item in items)


@pytest.mark.parametrize("values", [*WANTING, *NOT_WANTING], ids=str)
def test_a_file_is_to_be_chased_for_what_is_wanting_and_for_nothing_else(
    app: Flask, make: Factory, values: dict[str, Any]
) -> None:
    child = make.child(**values)
    assert by_rule(app, make, child) is (values in WANTING)


def test_six_months_to_reach_are_chased(app: Flask, make: Factory) -> None:
    child = make.child()
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        episode.arrived, episode.changes_month = BirthDate.of(today()), "2039-01"
        db.session.commit()
    assert by_rule(app, make, child)


@pytest.mark.parametrize(("answer", "held"), [("later", True), ("seen", False), ("none", False), ("refused", False)])
def test_a_promised_birth_certificate_is_chased_until_it_was_seen(
    app: Flask, make: Factory, client_as: Callable[..., Client], answer: str, held: bool
) -> None:
    child = make.child()
    browser = client_as("registrar")
    browser.get(f"/children/{child.id}/questions/identity").submit({"birth_certificate": answer})
    assert by_rule(app, make, child) is held
    words = browser.get(f"/children/{child.id}").select(".app-todo")[0].get_text()
    assert ("出生医学证明" in words) is held


def test_each_thing_leads_to_where_it_is_done(make: Factory, client_as: Callable[..., Client], language: str) -> None:
    child = make.child(number=None, id_number_answer="later", certificate="unseen", status="pending")
    browser = client_as("registrar", language=language)
    links = [str(link["href"]) for link in browser.get(f"/children/{child.id}").select(".app-todo a")]
    assert links == [
        f"/changes/{child.id}/fill-in",
        f"/children/{child.id}/answers/health#certificate",
        f"/children/{child.id}/questions",
    ]
    for link in links:
        assert browser.get(link.partition("#")[0]).status == 200


def test_nothing_is_to_be_done_about_a_child_who_left(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(certificate="unseen")
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        episode.status, episode.left_month = "left", "2026-10"
        db.session.commit()
    page = client_as("registrar").get(f"/children/{child.id}")
    assert page.select(".app-todo") == []
    assert page.select("a[href*=visits]") == []
