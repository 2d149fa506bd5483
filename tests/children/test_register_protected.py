"""Registering a child whose file is protected: nothing may tell the worker that it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Child
from registry.children.service import SameChildError, find_same
from registry.database import db
from registry.matching.models import Match
from registry.vault.service import find_children
from tests.children.test_register import BIRTH, NUMBER, events, new_child, office, register
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


@pytest.mark.parametrize("name", ["陈雨桐", "陈雨彤"])
def test_the_number_of_a_protected_file_is_registered_as_if_it_were_new(
    context: Flask, make: Factory, name: str
) -> None:
    protected, here = make.child(area=ELSEWHERE, number=NUMBER, protected=True), office(make)
    assert find_same(NUMBER, "陈雨桐", BIRTH) is None
    made = register(*here, new_child(name=name))
    assert made.child_id != protected.id
    match = db.session.scalars(select(Match)).one()
    assert match.protected
    assert match.area_code == ELSEWHERE
    (met,) = events("protected_file_met")
    assert [one.child_id for one in met.children] == [protected.id]
    assert events("match_raised") == []


@pytest.mark.database
def test_a_file_protected_later_lets_the_child_be_registered_once_more_and_only_once(
    context: Flask, make: Factory
) -> None:
    """Its claim to the identity is given up unseen; from then on the second file behaves like any other."""
    here = office(make)
    first = register(*here, new_child())
    db.session.get_one(Child, first.child_id).protected = True
    second = register(*here, new_child())
    with pytest.raises(SameChildError) as met:
        register(*here, new_child())
    assert met.value.child_id == second.child_id
    assert set(find_children(db.session, "identity", NUMBER, "陈雨桐", "2019-06-14")) == {
        first.child_id,
        second.child_id,
    }


def test_the_named_registrar_of_a_protected_file_is_shown_it_instead_of_making_a_second_one(
    context: Flask, make: Factory
) -> None:
    viewer, place = office(make)
    protected = make.child(number=NUMBER, protected=True, protected_registrar_id=viewer.user_id)
    with pytest.raises(SameChildError) as met:
        register(viewer, place, new_child())
    assert met.value.child_id == protected.id
