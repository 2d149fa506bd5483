"""What the demonstration holds: rows as the services would have made them, on both engines, in plausible amounts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, inspect, select, text

from registry.access import Role, Viewer
from registry.children.facts import classify_today
from registry.children.models import Change, Child, Episode
from registry.coverage.models import Estimate
from registry.coverage.recounting import differences
from registry.database import db, uuid7
from registry.households.models import Household
from registry.matching.models import Match
from registry.names import romanise
from registry.protection import queries as protection
from registry.protection.models import RiskAssessment
from registry.transfers.models import Transfer
from registry.visits.reckoning import dues
from seed.demo.load import fill
from seed.demo.people import YEARS_DAYS
from seed.demo.places import CITIES, TOWN, communities, home_of
from seed.demo.spelling import spelt
from sop.eligibility import FLAGS
from sop.status import ON_THE_REGISTER
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Flask

    from seed.demo.places import Community

DAY = date(2026, 11, 20)
CHILDREN, IN_TOWN = 400, 150
READER = Viewer(uuid7(), Role.SUPERVISOR, uuid7(), "320000000000", ("",), opens=None)


def objects_of(app: Flask) -> dict[str, list[str]]:
    """The names of all indexes and triggers."""
    found = inspect(db.engine)
    indexes = [str(index["name"]) for table in found.get_table_names() for index in found.get_indexes(table)]
    where = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    }
    triggers = [str(name) for (name,) in db.session.execute(text(where[db.engine.dialect.name]))]
    db.session.rollback()
    return {"indexes": sorted(indexes), "triggers": sorted(triggers)}


def present() -> Any:
    return (
        select(Episode)
        .join(Episode.child)
        .where(Episode.latest, Episode.status.in_(ON_THE_REGISTER), Child.status == "registered")
    )


@pytest.fixture
def filled(context: Flask) -> dict[str, list[str]]:
    """A small demonstration; gives the names of indexes and triggers as they were before."""
    before = objects_of(context)
    fill(CHILDREN, 2009, DAY, "a password of nobody", 0)
    return before


@pytest.mark.database
def test_what_is_written_in_bulk_is_what_the_services_would_have_written(
    filled: dict[str, list[str]], context: Flask
) -> None:
    assert objects_of(context) == filled, "every index and trigger is back"
    assert differences(db.session()) == [], "counts are those of the rows"
    shared = Counter(child.id_number.open(READER) for child in db.session.scalars(select(Child)) if child.id_number)
    told = {frozenset(match.pair) for match in db.session.scalars(select(Match))}
    assert sum(number - 1 for number in shared.values()) == len(told), "a number twice is a match to decide"
    for episode in db.session.scalars(present()):
        child = episode.child
        found = classify_today(child, episode, READER, DAY)
        assert {flag.code for flag in found.flags} == {flag for flag in FLAGS if getattr(episode, flag)}
        assert child.pinyin.open(READER) == romanise(child.name.open(READER) or "")
        assert [spell.to_month for spell in child.schooling if spell.to_month is None] == [None]
    homes = {home.id: home.visit_due for home in db.session.scalars(select(Household)) if home.visit_due}
    assert dues(READER, homes, in_force(DAY).visits) == homes


def test_so_many_children_as_asked_are_on_the_register_seven_of_ten_in_three_districts(
    filled: dict[str, list[str]],
) -> None:
    places = Counter(episode.area_code[:6] for episode in db.session.scalars(present()))
    assert sum(places.values()) == CHILDREN
    assert sum(places[county] for county in CITIES[0].counties) == CHILDREN * 7 // 10
    at_home = Counter(episode.area_code for episode in db.session.scalars(present()))[home_of(CITIES[0]).code]
    assert at_home >= 10, "who signs in first has something to do"


def test_the_register_grew_over_three_years_and_lost_some(filled: dict[str, list[str]]) -> None:
    days = sorted((DAY - home.registered_on).days for home in db.session.scalars(select(Household)))
    thirds = Counter(day * 3 // YEARS_DAYS for day in days if day < YEARS_DAYS)
    assert all(later > earlier for later, earlier in pairwise(thirds[third] for third in range(3))), thirds
    assert max(Counter(days).values()) < len(days) // 10, "nothing was registered on one day"
    ended = Counter((episode.status, episode.latest) for episode in db.session.scalars(select(Episode)))
    assert ended["left", True], "some left, nobody knows where or somewhere else"
    assert ended["left", False], "some lived elsewhere before"
    assert db.session.scalar(select(func.count()).where(Child.status == "aged_out"))


def test_who_lived_elsewhere_came_by_a_transfer_and_the_file_tells_it(filled: dict[str, list[str]]) -> None:
    before = db.session.scalars(select(Episode).where(~Episode.latest)).all()
    assert before
    for episode in before:
        came = db.session.scalars(
            select(Transfer).where(Transfer.child_id == episode.child_id, Transfer.state == "arrived")
        ).one()
        now = episode.child.episodes[0]
        assert now.latest, "the present episode is the newest"
        assert (came.from_area, came.to_area) == (episode.area_code, now.area_code)
        assert came.from_area[:TOWN] != came.to_area[:TOWN]
        assert [step.state for step in came.steps] == ["claimed", "accepted", "arrived"]
        told = db.session.scalars(select(Change.field).where(Change.child_id == episode.child_id)).all()
        assert {"status", "left", "destination", "area"} <= set(told)
        assert {one.guardian.household_id for one in episode.child.guardianships} == {now.household_id}


def test_coverage_is_estimated_but_for_a_county_of_which_nobody_knows(
    filled: dict[str, list[str]],
) -> None:
    estimates = db.session.scalars(select(Estimate)).all()
    city = [each for each in estimates if each.area_code == CITIES[0].stem.ljust(12, "0")]
    assert {each.population for each in city} >= {"migrant_monitoring", "migrant_statistical"}
    assert {each.area_code[:6] for each in estimates} < {place.code[:6] for place in _all_places()} | {
        city.stem.ljust(6, "0") for city in CITIES
    }


def _all_places() -> list[Community]:
    return [place for city in CITIES for place in communities(city)]


def test_a_few_families_were_judged_and_some_children_must_be_seen(filled: dict[str, list[str]]) -> None:
    judged = set(db.session.scalars(select(RiskAssessment.child_id).where(RiskAssessment.latest)))
    assert CHILDREN // 50 < len(judged) < CHILDREN // 5
    assert 0 < len(protection.must_be_seen(READER, judged)) < len(judged)


def test_a_township_holds_as_many_as_are_asked_for_it(context: Flask) -> None:
    fill(CHILDREN, 2009, DAY, "a password of nobody", IN_TOWN)
    town = home_of(CITIES[0]).code[:TOWN]
    places = Counter(episode.area_code[:TOWN] for episode in db.session.scalars(present()))
    assert (places[town], sum(places.values())) == (IN_TOWN, CHILDREN)
    there = select(func.count()).where(Episode.latest, Episode.area_code.startswith(town))
    assert db.session.scalar(there) == IN_TOWN, "none of them has left"


@pytest.mark.parametrize(
    "name", ["王一", "欧阳明", "尉迟建国", "任远", "曾子涵", "吕䶮", "单雨欣", "阿依古丽·买买提", "万诺"]
)
def test_names_are_spelt_as_everywhere(name: str) -> None:
    assert spelt(name) == romanise(name)
