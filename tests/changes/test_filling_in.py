"""What was missing of an identity is filled in at once; whoever else holds it is met without being told of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.episodes import latest_of
from registry.children.history import history_of
from registry.children.models import Child
from registry.database import db
from registry.matching.models import Match
from registry.vault.service import find_children
from sop.identity import BirthDate
from tests.client import OPENER
from tests.factories import ELSEWHERE, id_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 921)


def loaded(child: Child) -> Child:
    return db.session.get_one(Child, child.id, populate_existing=True)


def test_what_was_missing_is_filled_in_at_once_and_the_file_is_complete(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(
        name="周敏之女", birth=BirthDate(2019, 6), number=None, id_number_answer="later", status="pending"
    )
    page = client_as("registrar").get(f"/changes/{child.id}/fill-in")
    page.submit({"name": "陈雨欣", "birth_date-day": "14", "id_number": NUMBER}, status=200)
    with app.app_context():
        now = loaded(child)
        assert (now.name.open(OPENER), now.pinyin.open(OPENER)) == ("陈雨欣", "Chen Yuxin")
        assert (now.birth_date.open(OPENER), now.id_number.open(OPENER)) == (BirthDate(2019, 6, 14), NUMBER)
        assert latest_of(child.id).status == "active"
        assert find_children(db.session(), "identity", NUMBER, "陈雨欣", "2019-06-14") == [child.id]
        assert find_children(db.session(), "name_birth", "陈雨欣", "2019-06-14") == [child.id]
        changes = history_of(OPENER, child.id).changes
        assert {each.field for each in changes} == {"name", "birth_date", "id_number", "status"}
        assert {each.reason for each in changes} == {"completed"}


def test_part_of_what_is_missing_leaves_the_file_pending(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(birth=BirthDate(2019, 6), number=None, id_number_answer="later", status="pending")
    page = client_as("registrar").get(f"/changes/{child.id}/fill-in")
    assert page.select("[name=name]") == []
    page.submit({"birth_date-day": "14"}, status=200)
    with app.app_context():
        assert latest_of(child.id).status == "pending"
        assert loaded(child).birth_date.open(OPENER) == BirthDate(2019, 6, 14)


def test_another_month_is_a_correction_and_a_number_of_another_day_is_asked_twice(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(birth=BirthDate(2019, 6), number=None, id_number_answer="later", status="pending")
    page = client_as("registrar").get(f"/changes/{child.id}/fill-in")
    page = page.submit({"birth_date-month": "7", "birth_date-day": "1"}, status=422)
    assert "birth_date-year" in page.errors
    page = page.submit({"birth_date-month": "6", "birth_date-day": "2", "id_number": NUMBER}, status=422)
    assert page.select("[name=sure]")
    page.submit({"sure": "y"}, status=200)
    with app.app_context():
        assert loaded(child).id_number.open(OPENER) == NUMBER


def test_a_complete_file_has_nothing_to_fill_in(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    assert client_as("registrar").get(f"/changes/{child.id}/fill-in").path == f"/children/{child.id}"


@pytest.mark.parametrize("answer", ["none", "refused"])
def test_what_was_declined_is_an_answer_and_is_asked_for_no_more(
    app: Flask, make: Factory, client_as: Callable[..., Client], answer: str
) -> None:
    child = make.child(birth=BirthDate(2019, 6), number=None, id_number_answer=answer, status="pending")
    browser = client_as("registrar")
    page = browser.get(f"/changes/{child.id}/fill-in")
    assert page.select("[name=id_number]") == []
    file = page.submit({"birth_date-day": "14"}, status=200)
    assert file.select("a[href$=fill-in]") == []
    with app.app_context():
        assert latest_of(child.id).status == "active"


def test_who_fills_in_second_is_shown_both_and_nothing_is_lost_unseen(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(name="周敏之女", number=None, id_number_answer="later", status="pending")
    one, two = client_as("registrar"), client_as("registrar", language=language)
    pages = [browser.get(f"/changes/{child.id}/fill-in") for browser in (one, two)]
    pages[0].submit({"name": "陈雨欣"}, status=200)
    page = pages[1].submit({"name": "陈雨昕", "id_number": NUMBER}, status=409)
    assert {"陈雨欣", "陈雨昕"} <= {word.get_text() for word in page.select(".app-facts dd, .app-facts dd *")}
    assert page.select(f"a[href='/changes/{child.id}/identity']")
    assert ("id_number", NUMBER) in page.values()
    with app.app_context():
        assert loaded(child).id_number.open(OPENER) is None
    page.submit({}, status=200)
    with app.app_context():
        now = loaded(child)
        assert (now.name.open(OPENER), now.id_number.open(OPENER)) == ("陈雨欣", NUMBER)


def test_a_second_saver_of_a_file_that_is_complete_by_now_is_told_so(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(birth=BirthDate(2019, 6), number=None, id_number_answer="later", status="pending")
    one, two = client_as("registrar", language="en"), client_as("registrar", language="en")
    pages = [browser.get(f"/changes/{child.id}/fill-in") for browser in (one, two)]
    first = {"birth_date-day": "14", "id_number": NUMBER}
    pages[0].submit(first, status=200)
    assert pages[0].submit(first, status=200).path == f"/children/{child.id}"  # the same again is no second version
    page = pages[1].submit({"birth_date-day": "15", "id_number": "1234"}, status=409)
    assert "2019-6-15" in page.text
    assert "1234" in page.text
    assert NUMBER not in page.text
    assert page.select("form#form") == []


def test_an_identity_that_a_file_elsewhere_holds_makes_a_pair_and_says_nothing(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    holder, child = make.child(number=NUMBER, area=ELSEWHERE), make.child(number=None, id_number_answer="later")
    page = client_as("registrar").get(f"/changes/{child.id}/fill-in")
    page = page.submit({"id_number": NUMBER}, status=200)
    assert str(holder.id) not in str(page.soup)
    with app.app_context():
        pair = db.session.scalars(select(Match)).one()
        assert {pair.child_id, pair.other_child_id} == {child.id, holder.id}
        assert find_children(db.session(), "identity", NUMBER, "陈雨桐", "2019-06-14") == sorted([holder.id, child.id])


def test_a_protected_file_with_the_same_identity_stays_as_if_absent(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    holder = make.child(number=NUMBER, protected=True)
    child = make.child(number=None, id_number_answer="later")
    page = client_as("registrar").get(f"/changes/{child.id}/fill-in")
    page = page.submit({"id_number": NUMBER}, status=200)
    assert str(holder.id) not in str(page.soup)
    with app.app_context():
        assert loaded(child).id_number.open(OPENER) == NUMBER
        assert db.session.scalars(select(Match)).one().protected
