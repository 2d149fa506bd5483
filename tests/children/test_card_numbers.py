"""Card numbers of children: given once at registration, unique, for life, and later to files without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.children import card_numbers
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.jobs.worker import work_off
from registry.vault.service import find_children
from sop.card import read_card_number
from tests.children.test_register import new_child, place_at, register
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


def number_of(child: Child) -> str | None:
    return db.session.get_one(Child, child.id).card_number.open(OPENER)


@pytest.mark.database
def test_a_number_bears_county_and_year_and_finds_the_child(context: Flask, make: Factory) -> None:
    child = db.session.get_one(Child, make.child().id)
    number = card_numbers.give(child, COMMUNITY, today())
    db.session.commit()
    assert number_of(child) == number == read_card_number(number)
    assert number[1:9] == f"320402{today():%y}"
    assert find_children(db.session(), "card", number) == [child.id]


@pytest.mark.database
def test_a_number_that_another_child_holds_is_drawn_again(
    context: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [make.child().id, make.child().id]
    first, second = (db.session.get_one(Child, child_id) for child_id in ids)
    taken = card_numbers.give(first, COMMUNITY, today())
    free = card_numbers.draw(COMMUNITY, today())
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(card_numbers, "draw", lambda _area, _on: next(drawn))
    assert card_numbers.give(second, COMMUNITY, today()) == free
    db.session.commit()
    assert (number_of(first), number_of(second)) == (taken, free)
    assert find_children(db.session(), "card", taken) == [first.id]


@pytest.mark.database
def test_the_nightly_round_numbers_files_without_a_card_once_and_changes_none(
    context: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_numbers, "BATCH", 2)
    kept, *others = (make.child() for _each in range(4))
    village, merged = make.child(area=VILLAGE), make.child(merged_into=kept.id)
    work_off(context)
    numbers = {child.id: number_of(child) for child in (kept, *others, village)}
    assert len(set(numbers.values())) == len(numbers)
    assert (numbers[village.id] or "")[1:7] == "321322"
    assert number_of(merged) is None
    done = card_numbers.give_missing(today(), None)
    assert (done.done, done.after) == (0, None)
    assert {child.id: number_of(child) for child in (kept, *others, village)} == numbers


@pytest.mark.database
def test_registering_a_child_gives_it_its_number_in_the_same_act(context: Flask, make: Factory) -> None:
    viewer, place = make.viewer(), place_at(make)
    made = register(viewer, place, new_child())
    db.session.commit()
    number = db.session.get_one(Child, made.child_id).card_number.open(OPENER) or ""
    assert read_card_number(number)[1:7] == COMMUNITY[:6]
    assert find_children(db.session(), "card", number) == [made.child_id]
