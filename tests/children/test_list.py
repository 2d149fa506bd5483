"""The list of an area: who is on it, what it opens, how many statements it takes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.filters import Filters
from registry.children.listing import ON_A_PAGE, page_of
from registry.children.models import Episode
from registry.database import db
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NEIGHBOUR = COMMUNITY[:9] + "902"


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
    assert names("flag=1;drop&after=x&status=nothing&block=1&age=90&todo=x") == ["乙二", "甲一"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("certificate=unseen", ["乙二"]),
        ("todo=certificate", ["乙二"]),
        ("todo=papers", ["甲一"]),
        ("todo=pending", ["丙三"]),
        ("todo=turning", ["丁四"]),  # of whom no day settles anything there is nothing to wait for
    ],
)
def test_filters_narrow_by_certificate_and_what_is_to_be_done(
    app: Flask, make: Factory, client_as: Callable[..., Client], asked: str, found: list[str]
) -> None:
    household = make.household()
    make.child(household=household, number=None, name="甲一", id_number_answer="later")
    make.child(household=household, number=None, name="乙二", certificate="unseen")
    make.child(household=household, number=None, name="丙三", flags=("provisional",), status="pending")
    turning = make.child(household=household, number=None, name="丁四", flags=("provisional",))
    with app.app_context():
        db.session.get_one(Episode, turning.episodes[0].id).changes_month = "2039-01"
        db.session.commit()
    page = client_as("registrar").get(f"/children/?{asked}")
    assert [cell.get_text(strip=True) for cell in page.select("tbody th")] == found


@pytest.mark.parametrize(
    ("on", "band", "found"),
    [
        (date(2026, 11, 22), "3-5", ["甲一"]),  # born in November 2020: the birthday counts from the month's end
        (date(2026, 11, 22), "6-11", ["乙二"]),
        (date(2026, 11, 30), "6-11", ["乙二", "甲一"]),
        (date(2026, 11, 30), "0-2", []),
        (date(2036, 10, 31), "15", ["甲一"]),
        (date(2036, 11, 30), "15", []),
    ],
)
def test_a_list_is_narrowed_by_age_as_the_list_itself_says_it(
    make: Factory, on: date, band: str, found: list[str]
) -> None:
    household, viewer = make.household(), make.viewer()
    make.child(household=household, number=None, name="甲一", birth=BirthDate(2020, 11, 3))
    make.child(household=household, number=None, name="乙二", birth=BirthDate(2020, 10, 31))
    with make.app.test_request_context():
        rows = page_of(viewer, Filters(age=band), on).rows
        assert [row.child.name.open(viewer) for row in rows] == found


def test_a_list_is_narrowed_to_a_block_of_the_community(make: Factory, client_as: Callable[..., Client]) -> None:
    block = make.block()
    make.child(household=make.household(block_id=block.id), name="甲一", block_id=block.id)
    make.child(name="乙二")
    page = client_as("registrar").get("/children/").submit({"block": str(block.id)}, form="form.app-filter")
    assert [cell.get_text(strip=True) for cell in page.select("tbody th")] == ["甲一"]


def test_who_was_listed_is_recorded_once_a_page(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    children = {make.child().id, make.child().id}
    client_as("registrar").get("/children/")
    with app.app_context():
        (listed,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed"))
        assert listed.details == {"list": "files", "shown": 2}
        assert {one.child_id for one in listed.children} == children
