"""Whoever changes several rows holds them in one order, so that no two acts wait for each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from registry.changes import joining, leaving, service
from registry.changes.models import Correction
from registry.children.correcting import held
from registry.children.episodes import latest_of
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.households import moving
from registry.households.models import Household
from registry.households.moving import MOVED, Address
from sop.status import EpisodeStatus
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Flask

    from tests.factories import Factory

UP = COMMUNITY[:9] + "000"
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def between(app: Flask, act: Callable[[], object], first: Callable[[], object], second: Callable[[], object]) -> None:
    """Hold the first row, let `act` run into it, then hold the second: whoever held that one already is in the way.

    On SQLite nothing but the act is tried: it has one writer at a time.
    """

    def do() -> None:
        with app.app_context():
            act()
            db.session.commit()

    with app.app_context(), ThreadPoolExecutor(1) as pool:
        if db.engine.dialect.name != "postgresql":
            db.session.rollback()
            do()
            return
        first()
        done = pool.submit(do)
        with db.engine.connect() as looker:
            while not looker.scalar(WAITING) and not done.done():
                looker.rollback()
        second()
        db.session.commit()
        done.result()


def row(table: Any, key: object) -> Callable[[], object]:
    """Hold a row as a change of it does."""
    return lambda: db.session.execute(select(table.id).where(table.id == key).with_for_update(key_share=True))


@pytest.mark.database
@pytest.mark.parametrize("upwards", [True, False])
def test_two_children_change_places_between_two_households(app: Flask, make: Factory, *, upwards: bool) -> None:
    homes = sorted((make.household(), make.household()), key=lambda home: home.id)
    there, here = homes if upwards else homes[::-1]
    child, viewer = make.child(household=here), make.viewer()
    make.child(household=there)

    def join() -> None:
        found = joining.candidate(viewer, latest_of(child.id), there.id)
        joining.join(viewer, db.session.get_one(Child, child.id), found, {}, today())

    low, high = (row(Household, home.id) for home in homes)
    between(app, join, low, high)
    with app.app_context():
        assert latest_of(child.id).household_id == there.id


@pytest.mark.database
def test_a_child_joins_a_household_while_its_old_one_moves(app: Flask, make: Factory) -> None:
    here, there = make.household(), make.household()
    child, viewer = make.child(household=here), make.viewer()
    make.child(household=there)

    def join() -> None:
        found = joining.candidate(viewer, latest_of(child.id), there.id)
        joining.join(viewer, db.session.get_one(Child, child.id), found, {}, today())

    between(app, join, row(Household, here.id), row(Episode, child.episodes[0].id))


@pytest.mark.database
@pytest.mark.parametrize("act", ["leave", "come_back", "record_death"])
def test_a_child_leaves_or_dies_while_its_household_moves(app: Flask, make: Factory, act: str) -> None:
    child, viewer = make.child(status="left" if act == "come_back" else "active"), make.viewer()
    if act == "come_back":
        with app.app_context():
            db.session.get_one(Episode, child.episodes[0].id).left_month = "2026-10"
            db.session.commit()

    def end() -> None:
        if act == "leave":
            leaving.leave(viewer, [latest_of(child.id)], leaving.Leaving(EpisodeStatus.LEFT, None, "unknown"), today())
        elif act == "come_back":
            leaving.come_back(viewer, latest_of(child.id), "back", today())
        else:
            leaving.record_death(viewer, held(db.session.get_one(Child, child.id)), None, today())

    home, episode = child.episodes[0].household_id, child.episodes[0].id
    between(app, end, row(Household, home), row(Episode, episode))


@pytest.mark.database
def test_a_household_moves_while_a_child_of_it_is_held(app: Flask, make: Factory) -> None:
    child, viewer = make.child(), make.viewer()
    to = Address(COMMUNITY, None, "幸福路8号", "given")

    def move() -> None:
        moving.move(viewer, moving.held(child.episodes[0].household_id), to, None, MOVED, today())

    between(
        app, move, lambda: held(db.session.get_one(Child, child.id)), row(Household, child.episodes[0].household_id)
    )


@pytest.mark.database
def test_a_correction_is_approved_while_the_child_is_recorded_as_dead(app: Flask, make: Factory) -> None:
    child, registrar, supervisor = make.child(), make.viewer(), make.viewer("supervisor", area=UP)
    with app.app_context():
        asked = service.ask(registrar, held(db.session.get_one(Child, child.id)), {"name": "陈雨彤"}, "papers", None)
        request = asked.id
        db.session.commit()
    act: Callable[[], object] = lambda: service.approve(supervisor, request, 1, today())  # noqa: E731
    between(app, act, row(Child, child.id), row(Correction, request))
    with app.app_context():
        assert db.session.get_one(Correction, request).state == "approved"
