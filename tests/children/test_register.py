"""Registering a child: one file for one child, two for a number that two children claim."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.children import facts, service
from registry.children.models import Child, Episode
from registry.children.service import (
    NewChild,
    Place,
    SameChildError,
    find_same,
    register_child,
)
from registry.clock import today
from registry.database import db
from registry.matching.models import Match
from registry.matching.service import raise_for_same_number
from registry.vault.models import BlindIndex
from registry.vault.service import find_children
from sop.eligibility import classify
from sop.identity import BirthDate
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE, id_number

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.children.service import Registered
    from tests.factories import Factory

BIRTH = BirthDate(2019, 6, 14)
NUMBER = id_number("321322", date(2019, 6, 14), 904)


def new_child(**values: Any) -> NewChild:
    told = NewChild(
        name="陈雨桐",
        birth=BIRTH,
        sex="2",
        id_number=NUMBER,
        id_number_answer="given",
        ethnic="01",
        hukou_code="321322000000",
        hukou_answer="given",
        certificate="seen",
        school="primary",
    )
    return replace(told, **values)


def place_at(make: Factory, area: str = COMMUNITY, **values: Any) -> Place:
    household = make.household(area)
    return replace(
        Place(
            household_id=household.id,
            area_code=area,
            block_id=None,
            side="receiving",
            arrived=BirthDate(2025, 8),
            circumstances={"stays": "yes", "guardian_here": "one"},
            source="home_visit",
            guardians=((household.guardians[0].id, "52"),),
            phones=("15400009001",),
        ),
        **values,
    )


def office(make: Factory, area: str = COMMUNITY, **values: Any) -> tuple[Viewer, Place]:
    """Somebody who registers, and a family's place: made before anything, as SQLite has one writer at a time."""
    return make.viewer(area=area), place_at(make, area, **values)


def register(viewer: Viewer, place: Place, new: NewChild) -> Registered:
    told = facts.facts(new.birth, place.area_code, new.hukou_code, place.arrived, place.circumstances)
    made = register_child(viewer, new, place, classify(in_force(today()), told, today()), today())
    raise_for_same_number(viewer, made, place.area_code)
    return made


def events(kind: str) -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind)))


@pytest.mark.database
def test_a_registered_child_has_its_episode_guardian_and_schooling(context: Flask, make: Factory) -> None:
    made = register(*office(make), new_child())
    child = db.session.get_one(Child, made.child_id)
    episode = db.session.get_one(Episode, made.episode_id)
    assert child.name.open(OPENER) == "陈雨桐"
    assert child.pinyin.open(OPENER) == "Chen Yutong"
    assert (child.birth_year, child.birth_month) == (2019, 6)
    assert episode.status == "active"
    assert episode.migrant_monitoring
    assert episode.migrant_statistical
    assert not episode.provisional
    assert episode.arrived_month == "2025-08"
    assert [spell.stage for spell in child.schooling] == ["primary"]
    assert [one.relation for one in child.guardianships] == ["52"]
    assert [event.details["flags"] for event in events("child_registered")] == [
        ["migrant_monitoring", "migrant_statistical"]
    ]


def test_a_registered_child_is_found_by_number_phone_and_name_with_birth_date(context: Flask, make: Factory) -> None:
    made = register(make.viewer(), place_at(make), new_child())
    for kind, values in (
        ("id_number", (NUMBER,)),
        ("phone", ("15400009001",)),
        ("name_birth", ("陈雨桐", "2019-06-14")),
    ):
        assert find_children(db.session, kind, *values) == [made.child_id]


@pytest.mark.parametrize(
    "unsettled",
    [
        {"name": "陈某之女"},
        {"birth": BirthDate(2019, 6)},
        {"id_number": None, "id_number_answer": "later"},
    ],
)
def test_a_file_is_pending_until_it_is_complete(context: Flask, make: Factory, unsettled: dict[str, Any]) -> None:
    made = register(make.viewer(), place_at(make), new_child(**unsettled))
    assert db.session.get_one(Episode, made.episode_id).status == "pending"


def test_a_file_without_a_number_is_complete_when_there_is_none(context: Flask, make: Factory) -> None:
    told = new_child(id_number=None, id_number_answer="none")
    made = register(make.viewer(), place_at(make), told)
    assert db.session.get_one(Episode, made.episode_id).status == "active"


def test_a_placeholder_is_no_name_to_find_anybody_by(context: Flask, make: Factory) -> None:
    told = new_child(name="陈某之女", id_number=None, id_number_answer="later")
    register(make.viewer(), place_at(make), told)
    assert find_children(db.session, "name_birth", "陈某之女", "2019-06-14") == []


def test_a_new_arrival_is_provisional_and_the_month_in_which_that_ends_is_kept(context: Flask, make: Factory) -> None:
    place = place_at(make, arrived=BirthDate.of(today()))
    episode = db.session.get_one(Episode, register(make.viewer(), place, new_child()).episode_id)
    assert episode.provisional
    assert episode.changes_month
    assert episode.changes_month > f"{today():%Y-%m}"


def test_a_child_outside_every_definition_gets_no_file(context: Flask, make: Factory) -> None:
    told = new_child(hukou_code=COMMUNITY[:9] + "000")
    at_home = place_at(make, circumstances={"stays": "yes", "guardian_here": "both"})
    with pytest.raises(ValueError, match="outside"):
        register(make.viewer(), at_home, told)


@pytest.mark.database
def test_the_same_child_is_not_registered_twice(context: Flask, make: Factory) -> None:
    here, elsewhere = office(make), office(make, ELSEWHERE)
    first = register(*here, new_child())
    with pytest.raises(SameChildError) as met:
        register(*elsewhere, new_child())
    assert met.value.child_id == first.child_id
    assert db.session.scalar(select(func.count()).select_from(Child)) == 1


@pytest.mark.database
def test_of_two_registrations_in_one_second_one_makes_the_file_and_the_other_is_told_of_it(
    app: Flask, make: Factory, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "postgresql":  # both have looked, neither has written; SQLite lets one in at a time by itself
        monkeypatch.setattr(service.vault, "hold", lambda *_told: None)
        _meet(monkeypatch, "_give_way")
    offices = [office(make, area) for area in (COMMUNITY, ELSEWHERE)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: _register_and_commit(app, *each, new_child()), offices))
    assert {kind for kind, _child in answers} == {"registered", "same"}
    assert len({child for _kind, child in answers}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Child)) == 1
        assert db.session.scalar(select(func.count()).select_from(Episode)) == 1


@pytest.mark.database
def test_of_two_registrations_of_one_number_in_one_second_the_second_sees_the_first(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, "_others_with", timeout=1)  # where one has to wait for the other, they do not meet
    told = [(*office(make, COMMUNITY), new_child()), (*office(make, ELSEWHERE), new_child(name="陈雨彤"))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: _register_and_commit(app, *each), told))
    assert [kind for kind, _child in answers] == ["registered", "registered"]
    with app.app_context():
        match = db.session.scalars(select(Match)).one()
        assert {match.child_id, match.other_child_id} == {child for _kind, child in answers}


def _meet(monkeypatch: pytest.MonkeyPatch, name: str, timeout: float = 30) -> None:
    """Let two threads look at the same time, before either goes on."""
    looked, look = Barrier(2, timeout=timeout), getattr(service, name)

    def look_then_wait(*told: Any) -> Any:
        found = look(*told)
        with suppress(BrokenBarrierError):
            looked.wait()
        return found

    monkeypatch.setattr(service, name, look_then_wait)


def _register_and_commit(app: Flask, viewer: Viewer, place: Place, new: NewChild) -> tuple[str, UUID]:
    with app.app_context():
        try:
            made = register(viewer, place, new)
            db.session.commit()
        except SameChildError as met:
            db.session.rollback()
            return "same", met.child_id
        return "registered", made.child_id


def test_nothing_of_a_child_that_is_on_file_already_is_left_behind(context: Flask, make: Factory) -> None:
    here, elsewhere = office(make), office(make, phones=("15400009002",))
    register(*here, new_child())
    before = db.session.scalar(select(func.count()).select_from(BlindIndex))
    with pytest.raises(SameChildError):
        register(*elsewhere, new_child())
    assert db.session.scalar(select(func.count()).select_from(BlindIndex)) == before
    assert find_children(db.session, "phone", "15400009002") == []


def test_the_same_number_otherwise_makes_two_files_and_a_pair_for_the_supervisor(context: Flask, make: Factory) -> None:
    here = office(make)
    first, second = register(*here, new_child()), register(*here, new_child(name="陈雨彤"))
    match = db.session.scalars(select(Match)).one()
    assert (match.child_id, match.other_child_id) == (second.child_id, first.child_id)
    assert match.reason == "same_number"
    assert not match.protected
    assert len(events("match_raised")) == 1


def test_a_number_with_a_wrong_check_digit_still_finds_its_child(context: Flask, make: Factory) -> None:
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    made = register(make.viewer(), place_at(make), new_child(id_number=wrong))
    assert find_same(wrong, "陈雨桐", BIRTH) == made.child_id
    assert find_children(db.session, "id_number", wrong) == [made.child_id]


def test_names_typed_with_another_middle_dot_are_the_same_name(context: Flask, make: Factory) -> None:
    made = register(make.viewer(), place_at(make), new_child(name="阿依古丽•买买提"))
    assert find_same(NUMBER, "阿依古丽・买买提", BIRTH) == made.child_id


def test_without_a_number_nobody_is_the_same(context: Flask, make: Factory) -> None:
    register(make.viewer(), place_at(make), new_child())
    assert find_same(None, "陈雨桐", BIRTH) is None


def test_a_merged_file_answers_as_the_one_that_was_kept(context: Flask, make: Factory) -> None:
    kept = make.child(name="陈雨彤", number=None)
    make.child(number=NUMBER, status="left", merged_into=kept.id)
    assert find_same(NUMBER, "陈雨桐", BIRTH) == kept.id
