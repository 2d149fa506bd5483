"""Looking a child up outside the own area: exact, limited, recorded, masked; nothing tells what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import g
from sqlalchemy import select

from registry.children.elsewhere import answered
from registry.children.models import LookUp
from registry.clock import today
from registry.database import db
from registry.vault.sealed import opened_fields
from tests.children.looking import ASKED, BIRTH, NUMBER, PHONE, asks, far_child
from tests.factories import COMMUNITY, VILLAGE
from tests.statements import statements

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory


def noted(kind: str) -> list[tuple[dict[str, Any], list[UUID]]]:
    """Return details and children of what the request noted so far."""
    events = [each for each in g.get("noted_events", []) if each.event["kind"] == kind]
    return [(each.event["details"], list(each.children)) for each in events]


@pytest.mark.database
@pytest.mark.parametrize("by", list(ASKED))
def test_an_exact_look_up_finds_a_child_of_another_area_and_shows_a_masked_summary(
    make: Factory, viewer: Viewer, request_of: Flask, by: str
) -> None:
    child = far_child(make)
    found = asks(viewer, by)
    assert found.child_id == child.id
    summary = found.summary
    assert (summary.name, summary.birth_year, summary.sex) == ("陈*", 2019, "2")
    assert summary.area.endswith("沭阳县")
    assert summary.office.startswith("示例单位")
    assert set(vars(summary)) == {"child_id", "name", "birth_year", "sex", "area", "office"}


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("card", ("C321322227K4M2QXS",)),
        ("id_number", (NUMBER[:-1] + "0",)),
        ("document", ("11", "K320123457")),
        ("document", ("03", "K320123456")),
        ("name", ("陈雨桐", "2019-06-14", "15400007756")),
        ("name", ("陈雨桐", "2019-06-15", PHONE)),
        ("name", ("陈雨", "2019-06-14", PHONE)),
        ("identity", (NUMBER, "陈雨同", "2019-06-14")),
    ],
)
def test_what_is_only_nearly_right_finds_nobody(
    make: Factory, viewer: Viewer, request_of: Flask, by: str, values: tuple[str, ...]
) -> None:
    far_child(make)
    assert asks(viewer, by, values) is None


def test_a_look_up_opens_the_name_and_nothing_else(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    far_child(make)
    with opened_fields() as opened:
        assert asks(viewer)
    assert {field for field, _ in opened} == {"child.name"}


@pytest.mark.parametrize("by", ["card", "name"])
@pytest.mark.parametrize(
    "hidden",
    [{"protected": True}, {"child_status": "deceased"}, {"child_status": "aged_out"}, {"status": "withdrawn"}],
    ids=["protected", "deceased", "aged-out", "registered-in-error"],
)
def test_what_may_not_be_told_of_answers_as_if_it_were_not_there(
    make: Factory, viewer: Viewer, request_of: Flask, by: str, hidden: dict[str, Any]
) -> None:
    far_child(make, **hidden)
    assert asks(viewer, by) is None
    row = db.session.scalars(select(LookUp)).one()
    assert (row.found, row.child_id) == (0, None)
    assert noted("looked_up_elsewhere") == [({"by": by, "purpose": "moved_here"}, [])]


def test_the_protection_officer_is_told_of_a_protected_file_and_of_no_other(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    child = far_child(make, protected=True)
    asks(viewer)
    assert noted("protected_file_met") == [({"by": "look_up"}, [child.id])]
    g.pop("noted_events")
    asks(viewer, "card", ("C321322227K4M2QXS",))
    assert noted("protected_file_met") == []


def test_the_database_is_asked_the_same_whether_a_file_is_protected_or_absent(
    app: Flask, make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    far_child(make, protected=True)
    with statements(app) as for_protected:
        asks(viewer)
    db.session.rollback()
    with statements(app) as for_absent:
        asks(viewer, "card", ("C321322227K4M2QXS",))
    assert for_absent == for_protected


def test_its_named_registrar_is_led_to_a_protected_file(make: Factory, request_of: Flask) -> None:
    user = make.user("registrar")
    child = far_child(make, area=COMMUNITY, protected=True, protected_registrar_id=user.id)
    found = asks(make.viewer(user=user))
    assert (found.child_id, found.summary) == (child.id, None)
    assert noted("protected_file_met") == []


@pytest.mark.database
def test_a_merged_file_is_followed_to_the_one_that_was_kept(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    kept = make.child(name="李思远", area=VILLAGE, number=None)
    far_child(make, merged_into=kept.id, child_status="merged")
    found = asks(viewer)
    assert (found.child_id, found.summary.name) == (kept.id, "李*")


def test_a_file_that_was_merged_into_a_protected_one_is_as_absent(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    kept = make.child(area=VILLAGE, number=None, protected=True)
    far_child(make, merged_into=kept.id, child_status="merged")
    assert asks(viewer) is None
    assert noted("protected_file_met") == [({"by": "look_up"}, [kept.id])]


@pytest.mark.parametrize("status", ["left", "not_found", "pending"])
def test_a_child_who_left_for_nobody_knows_where_is_found_again(
    make: Factory, viewer: Viewer, request_of: Flask, status: str
) -> None:
    child = far_child(make, status=status)
    assert asks(viewer).child_id == child.id


def test_in_the_own_area_the_file_itself_is_the_answer(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    child = far_child(make, area=COMMUNITY)
    found = asks(viewer)
    assert (found.child_id, found.summary) == (child.id, None)


def test_where_two_files_fit_neither_is_shown(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    far_child(make)
    make.child(area=VILLAGE, number=NUMBER, birth=BIRTH, name="陈雨彤")
    assert asks(viewer, "id_number") is None
    answer = answered(viewer, db.session.scalars(select(LookUp.id)).one(), today())
    assert answer is not None
    assert (answer.found, answer.several) == (None, True)


def test_every_look_up_is_recorded_without_what_was_looked_for(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    child = far_child(make)
    asks(viewer, "name")
    assert noted("looked_up_elsewhere") == [({"by": "name", "purpose": "moved_here"}, [child.id])]
