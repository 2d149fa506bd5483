"""The list of an area: who is on it, what it opens, how many statements it takes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from registry.audit.models import AuditEvent
from registry.children.listing import ON_A_PAGE
from registry.database import db
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NEIGHBOUR = COMMUNITY[:9] + "902"


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.database
def test_a_registrar_sees_the_own_community_and_a_supervisor_the_whole_township(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    make.child(name="陈雨桐")
    make.child(name="王小明", area=NEIGHBOUR)
    make.child(name="李思源", area=ELSEWHERE)
    own = client_as("registrar").get("/children/").text
    assert "陈雨桐" in own
    assert "王小明" not in own
    town = client_as("supervisor").get("/children/").text
    assert "陈雨桐" in town
    assert "王小明" in town
    assert "李思源" not in town


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_protected_merged_and_departed_children_are_not_listed_nor_counted(
    make: Factory, client_as: Callable[..., Client], role: str
) -> None:
    kept = make.child(name="陈雨桐")
    make.child(name="王保密", protected=True)
    make.child(name="李合并", merged_into=kept.id)
    make.child(name="赵不在", status="withdrawn")
    page = client_as(role).get("/children/")
    assert [" ".join(cell.get_text().split()) for cell in page.select("tbody th")] == ["陈雨桐"]
    assert "1个儿童" in page.text or "1 child" in page.text


def test_the_named_registrar_sees_a_protected_file_marked_as_such(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    user = make.user("registrar")
    make.child(name="王保密", protected=True, protected_registrar_id=user.id)
    assert "王保密" in client_as(user).get("/children/").text
    assert "王保密" not in client_as("registrar").get("/children/").text


def test_a_list_opens_names_and_nothing_else(make: Factory, client_as: Callable[..., Client], language: str) -> None:
    for _ in range(3):
        make.child()
    browser = client_as("supervisor", language=language)
    with opened_fields() as opened:
        page = browser.get("/children/")
    fields = {field for field, _row in opened if not field.startswith("user.")}
    assert fields == ({"child.name"} if language == "zh" else {"child.name", "child.pinyin"})
    assert "陈雨桐" in page.text
    assert ("Chen Yutong" in page.text) == (language == "en")


def test_a_list_of_thirty_takes_as_many_statements_as_a_list_of_one(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    household = make.household()
    make.child(household=household)
    browser = client_as("supervisor")
    browser.get("/children/")
    with statements(app) as for_one:
        browser.get("/children/")
    for _ in range(29):
        make.child(household=household, number=None)
    with statements(app) as for_thirty:
        assert len(browser.get("/children/").select("tbody tr")) == 30
    # the children of the event are written one row each, by one statement
    assert len(for_thirty) == len(for_one)


def test_a_long_list_goes_on_where_the_page_before_ended(
    make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ON_A_PAGE == 50
    monkeypatch.setattr("registry.children.listing.ON_A_PAGE", 2)
    household = make.household()
    for name in ("甲一", "乙二", "丙三"):
        make.child(household=household, name=name, number=None)
    browser = client_as("registrar")
    first = browser.get("/children/")
    assert [cell.get_text(strip=True) for cell in first.select("tbody th")] == ["丙三", "乙二"]
    second = browser.get(str(first.select("a[rel=next]")[0]["href"]))
    assert [cell.get_text(strip=True) for cell in second.select("tbody th")] == ["甲一"]
    assert second.select("a[rel=next]") == []


def test_filters_narrow_by_flag_school_status_and_community(make: Factory, client_as: Callable[..., Client]) -> None:
    make.child(name="甲一", flags=("left_behind",), school="none", status="pending")
    make.child(name="乙二", area=NEIGHBOUR)
    browser = client_as("supervisor")

    def names(asked: str) -> list[str]:
        return [cell.get_text(strip=True) for cell in browser.get(f"/children/?{asked}").select("tbody th")]

    assert names("flag=left_behind") == ["甲一"]
    assert names("school=none") == ["甲一"]
    assert names("status=active") == ["乙二"]
    assert names(f"area={NEIGHBOUR}") == ["乙二"]
    assert names(f"area={ELSEWHERE}") == ["乙二", "甲一"]  # outside: as if nothing had been asked
    assert names("flag=1;drop&after=x&status=left") == ["乙二", "甲一"]


def test_who_was_listed_is_recorded_once_a_page(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    children = {make.child().id, make.child().id}
    client_as("registrar").get("/children/")
    with app.app_context():
        (listed,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed"))
        assert listed.details == {"list": "files", "shown": 2}
        assert {one.child_id for one in listed.children} == children
