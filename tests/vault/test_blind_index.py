"""Blind indexes: finding a child by a value without storing the value, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from registry.database import db
from registry.vault import keyring
from registry.vault.errors import TokenTakenError
from registry.vault.keyring import Vault
from registry.vault.models import BlindIndex, VaultKey
from registry.vault.service import (
    find_children,
    find_each,
    forget_child_index,
    index_child,
    index_rows,
    vault,
)
from tests.statements import statements

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import Factory

pytestmark = pytest.mark.database
PHONE = "15400009999"
IDENTITY = ("321322201906149011", "张三", "2019-06-14")


@pytest.fixture
def session(context: Flask) -> Session:
    return db.session()


@pytest.fixture
def children(make: Factory) -> list[UUID]:
    """Two children of one household, in the order of their ids."""
    household = make.household()
    return sorted(make.child(household=household).id for _ in range(2))


def test_children_are_found_by_a_shared_value_and_by_no_other(session: Session, children: list[UUID]) -> None:
    for child in reversed(children):
        index_child(session, child, "phone", PHONE)
    assert find_children(session, "phone", PHONE) == children
    assert find_children(session, "phone", PHONE[:-1] + "8") == []
    assert find_children(session, "document", PHONE) == []


def test_many_values_are_looked_up_in_one_query(app: Flask, session: Session, children: list[UUID]) -> None:
    first, second = children
    index_child(session, first, "phone", PHONE)
    index_child(session, second, "phone", PHONE)
    index_child(session, second, "phone", "15400008888")
    session.flush()
    with statements(app) as sent:
        found = find_each(session, "phone", [(PHONE,), ("15400008888",), ("15400007777",)])
    assert found == {(PHONE,): children, ("15400008888",): [second]}
    assert len(sent) == 1
    assert find_each(session, "phone", []) == {}


def test_a_child_indexed_twice_is_found_once(session: Session, children: list[UUID]) -> None:
    index_child(session, children[0], "phone", PHONE)
    index_child(session, children[0], "phone", PHONE)
    assert find_children(session, "phone", PHONE) == children[:1]


def test_the_table_holds_tokens_and_no_value(session: Session, children: list[UUID]) -> None:
    index_child(session, children[0], "identity", *IDENTITY)
    session.flush()
    stored = session.scalars(select(BlindIndex.token).where(BlindIndex.child_id == children[0])).all()
    assert vault().token("identity", *IDENTITY) in stored
    assert {len(each) for each in stored} == {16}


def test_an_exclusive_value_has_one_child_the_second_is_told(session: Session, children: list[UUID]) -> None:
    first, second = children
    index_child(session, first, "identity", *IDENTITY, exclusive=True)
    with pytest.raises(TokenTakenError) as told, session.begin_nested():
        index_child(session, second, "identity", *IDENTITY, exclusive=True)
    assert told.value.kind == "identity"
    assert "张三" not in str(told.value)
    assert find_children(session, "identity", *IDENTITY) == [first]
    session.commit()
    assert find_children(session, "identity", *IDENTITY) == [first]


def test_a_value_that_is_not_exclusive_may_stand_beside_an_exclusive_one(
    session: Session, children: list[UUID]
) -> None:
    first, second = children
    index_child(session, first, "identity", *IDENTITY, exclusive=True)
    index_child(session, second, "identity", *IDENTITY)
    assert find_children(session, "identity", *IDENTITY) == children


def test_another_violated_rule_is_not_taken_for_a_held_value(session: Session, children: list[UUID]) -> None:
    session.add(VaultKey(id=2, suite=1, wrapped=b"", state="active"))  # a second active key
    with pytest.raises(IntegrityError):
        index_child(session, children[0], "identity", *IDENTITY, exclusive=True)


def test_a_forgotten_value_is_free_for_another_child(session: Session, children: list[UUID]) -> None:
    first, second = children
    index_child(session, first, "identity", *IDENTITY, exclusive=True)
    index_child(session, first, "phone", PHONE)
    forget_child_index(session, first, "identity")
    assert find_children(session, "phone", PHONE) == [first]
    index_child(session, second, "identity", *IDENTITY, exclusive=True)
    assert find_children(session, "identity", *IDENTITY) == [second]
    forget_child_index(session, first)
    assert find_children(session, "phone", PHONE) == []
    assert find_children(session, "identity", *IDENTITY) == [second]


def test_rows_written_in_bulk_are_found_like_the_others(session: Session, children: list[UUID]) -> None:
    rows = [row for child in children for row in index_rows(child, "phone", PHONE)]
    session.execute(insert(BlindIndex), rows)
    assert find_children(session, "phone", PHONE) == children


def test_two_live_keys_are_both_written_and_searched(context: Flask, session: Session, children: list[UUID]) -> None:
    """What a change of keys will rest on."""
    index_child(session, children[0], "phone", PHONE)
    newer = keyring.new_data_key(2)
    session.add(VaultKey(id=2, suite=1, wrapped=b"", state="opens"))
    session.flush()
    context.extensions["vault"] = Vault([*vault()._keys.values(), newer], 2)
    assert find_children(session, "phone", PHONE) == children[:1]
    index_child(session, children[1], "phone", PHONE)
    assert find_children(session, "phone", PHONE) == children
    session.flush()
    marks = vault().tokens("phone", PHONE).values()
    written = session.scalars(
        select(BlindIndex.key_id).where(BlindIndex.child_id == children[1], BlindIndex.token.in_(marks))
    )
    assert sorted(written) == [1, 2]


def test_an_unknown_kind_is_refused_everywhere(session: Session, children: list[UUID]) -> None:
    for refused in (
        lambda: index_child(session, children[0], "name", "张三"),  # type: ignore[arg-type]
        lambda: find_children(session, "name", "张三"),  # type: ignore[arg-type]
        lambda: forget_child_index(session, children[0], "name"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match="no index of kind name"):
            refused()
