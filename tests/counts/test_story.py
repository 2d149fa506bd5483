"""What becomes of children over the years, through the services that do it: after each step the counts are right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import seed.demo.load
from registry.changes import leaving
from registry.changes.leaving import Leaving
from registry.children import ageing, correcting, protecting
from registry.children.correcting import Why, held
from registry.children.episodes import latest_of
from registry.children.facts import classify_today
from registry.children.merging import merge, part
from registry.children.models import Child
from registry.children.populations import count_by_population
from registry.children.queries import count_registered
from registry.clock import today
from registry.counts.service import fold_nightly
from registry.coverage.recounting import recount
from registry.database import db
from registry.households import moving
from registry.households.moving import Address
from registry.jobs.worker import work_off
from sop.identity import BirthDate
from sop.status import EpisodeStatus
from tests.children.test_episodes import arrive
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

pytestmark = pytest.mark.database
UP = COMMUNITY[:9] + "000"
NEXT = COMMUNITY[:9] + "902"
PAPERS = Why("papers")


@pytest.fixture
def registrar(make: Factory) -> Viewer:
    return make.viewer()


@pytest.fixture
def supervisor(make: Factory) -> Viewer:
    return make.viewer("supervisor", area=UP)


@pytest.fixture
def right(context: Flask) -> Callable[[], int]:
    """Commit; return how many are counted, having seen that a count in full finds the same before folding and after."""

    def look() -> int:
        db.session.commit()
        assert recount() == []
        numbers = [
            sum(each.n for each in count_registered((area,), digits)) for area, digits in ((UP[:9], 12), ("32", None))
        ]
        fold_nightly(today(), None)
        db.session.commit()
        assert recount() == []
        assert len({*numbers, sum(each.number for each in count_by_population(("32",)))}) == 1
        db.session.commit()
        return numbers[0]

    return look


def child_of(child: Child) -> Child:
    return held(db.session.get_one(Child, child.id))


def test_corrections(make: Factory, supervisor: Viewer, right: Callable[[], int]) -> None:
    child, other = make.child(), make.child()
    assert right() == 2
    correcting.correct(supervisor, child_of(child), latest_of(child.id), "sex", "1", PAPERS, today())
    assert right() == 2
    told = {"birth_date": "2017-02-03"}
    new = correcting.changed(told, correcting.identity_of(child_of(child), supervisor))
    correcting.change_identity(supervisor, child_of(child), new, PAPERS, today())
    assert right() == 2
    new = correcting.changed({"birth_date": "2009-02-03"}, new)  # grown up
    correcting.change_identity(supervisor, child_of(child), new, PAPERS, today())
    assert right() == 1
    new = correcting.changed(told, new)
    correcting.change_identity(supervisor, child_of(child), new, PAPERS, today())
    assert right() == 2
    correcting.correct(supervisor, child_of(other), latest_of(other.id), "hukou", COMMUNITY[:6], PAPERS, today())
    assert right() == 2


def test_leaving_coming_back_and_moving(make: Factory, registrar: Viewer, right: Callable[[], int]) -> None:
    home = make.household()
    child, sibling = make.child(household=home), make.child(household=home)
    make.area(NEXT)
    away = Leaving(EpisodeStatus.LEFT, BirthDate.of(today()), "work")
    leaving.leave(registrar, [latest_of(child.id)], away, today())
    assert right() == 1
    leaving.come_back(registrar, latest_of(child.id), "back", today())
    assert right() == 2
    moving.move(registrar, moving.held(home.id), Address(NEXT, None, "幸福路8号", ""), None, Why("moved"), today())
    assert right() == 2
    assert {each.district for each in count_registered((UP[:9],), 12)} == {NEXT}
    db.session.commit()
    leaving.leave(registrar, [latest_of(sibling.id)], Leaving(EpisodeStatus.NOT_FOUND, None, "empty"), today())
    assert right() == 1


def test_arriving_in_another_district(make: Factory, registrar: Viewer, right: Callable[[], int]) -> None:
    child = make.child()
    arrive(registrar, make, child)
    db.session.commit()
    assert recount() == []
    assert [each.district for each in count_registered(("3204",))] == ["320404"]


def test_merging_and_undoing(make: Factory, supervisor: Viewer, right: Callable[[], int]) -> None:
    one, other = make.child(), make.child()
    before = merge(supervisor, other.id, one.id)
    assert right() == 1
    part(supervisor, other.id, before)
    assert right() == 2


def test_dying_and_the_mistake_put_right(make: Factory, supervisor: Viewer, right: Callable[[], int]) -> None:
    child = make.child()
    leaving.record_death(supervisor, child_of(child), None, today())
    assert right() == 0
    leaving.take_back_death(supervisor, child_of(child), today())
    assert right() == 1


def test_growing_up_and_what_time_settles(make: Factory, right: Callable[[], int], context: Flask) -> None:
    make.child(birth=BirthDate(2010, 1, 5))
    make.child(flags=("migrant_monitoring", "migrant_statistical", "provisional"))
    assert right() == 2
    ageing.age_out(date(2026, 11, 22), None)
    assert right() == 1
    work_off(context, on=today())
    assert recount() == []


def test_protecting_and_lifting_the_mark(make: Factory, right: Callable[[], int]) -> None:
    officer, child, named = make.viewer("protection_officer"), make.child(), make.viewer()
    protecting.protect(officer, child.id, named.user_id)
    assert right() == 1
    protecting.unprotect(officer, child.id)
    assert right() == 1


def test_what_a_child_is_reckoned_anew(make: Factory, registrar: Viewer, right: Callable[[], int]) -> None:
    child = make.child(flags=())
    ageing.reclassify_due(today(), None)
    correcting.correct(registrar, child_of(child), latest_of(child.id), "arrived", "2024-01", PAPERS, today())
    found = classify_today(child_of(child), latest_of(child.id), registrar, today())
    assert {flag.code for flag in found.flags} >= {"migrant_monitoring", "migrant_statistical"}
    assert right() == 1
    populations = [each.populations for each in count_by_population(("32",))]
    assert populations == [("migrant_monitoring", "migrant_statistical")]


def test_the_demonstration(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed.demo.load, "create_app", lambda: app)
    seed.demo.load.load(60, 1, date(2026, 11, 20), "a-password-of-the-test")
    with app.app_context():
        assert sum(each.n for each in count_registered(("",))) > 0
        assert recount() == []
