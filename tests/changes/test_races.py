"""Two people at the same moment: one request is made, one decision holds, one departure is recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.changes import leaving, service
from registry.changes.errors import AlreadyAskedError, AlreadyDecidedError
from registry.changes.leaving import Leaving
from registry.changes.models import Correction
from registry.children.correcting import held
from registry.children.episodes import latest_of
from registry.children.models import Change, Child
from registry.clock import today
from registry.database import db
from sop.status import EpisodeStatus
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.factories import Factory

UP = COMMUNITY[:9] + "000"


def at_once(app: Flask, *acts: Callable[[], None]) -> list[str]:
    """Let everybody begin at the same moment, commit, and tell how it went: done, or the name of the error."""
    start = Barrier(len(acts), timeout=5)

    def do(act: Callable[[], None]) -> str:
        with app.app_context():
            with suppress(BrokenBarrierError):
                start.wait()
            try:
                act()
                db.session.commit()
            except (AlreadyAskedError, AlreadyDecidedError) as error:
                db.session.rollback()
                return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(do, acts))


@pytest.mark.database
def test_of_two_requests_for_one_child_one_is_made(app: Flask, make: Factory) -> None:
    child, viewers = make.child(), [make.viewer(), make.viewer()]

    def ask(number: int) -> None:
        row = held(db.session.get_one(Child, child.id))
        service.ask(viewers[number], row, {"name": f"陈雨{'彤欣'[number]}"}, "papers", None)

    assert at_once(app, lambda: ask(0), lambda: ask(1)) == ["AlreadyAskedError", "done"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Correction)) == 1


@pytest.mark.database
def test_of_two_decisions_one_holds(app: Flask, make: Factory) -> None:
    child, registrar = make.child(), make.viewer()
    first, second = make.viewer("supervisor", area=UP), make.viewer("supervisor", area=UP)
    with app.app_context():
        row = held(db.session.get_one(Child, child.id))
        request, version = service.ask(registrar, row, {"name": "陈雨彤"}, "papers", None).id, row.version
        db.session.commit()
    acts = (
        lambda: service.approve(first, request, version, today()),
        lambda: service.refuse(second, request, "other", None),
    )
    assert at_once(app, *acts) == ["AlreadyDecidedError", "done"]  # type: ignore[arg-type]
    with app.app_context():
        decided = db.session.get_one(Correction, request)
        renamed = db.session.scalar(select(func.count()).select_from(Change))
        assert (decided.state, renamed) in {("approved", 1), ("refused", 0)}


@pytest.mark.database
def test_of_two_who_record_that_a_child_left_one_does(app: Flask, make: Factory) -> None:
    child, viewers = make.child(), [make.viewer(), make.viewer()]

    def leave(number: int) -> None:
        told = Leaving(EpisodeStatus.LEFT, None, "unknown")
        leaving.leave(viewers[number], [latest_of(child.id)], told, today())

    assert at_once(app, lambda: leave(0), lambda: leave(1)) == ["done", "done"]
    with app.app_context():
        fields = db.session.scalars(select(Change.field).where(Change.child_id == child.id)).all()
        assert list(fields) == ["status"]


@pytest.mark.database
def test_of_a_departure_and_a_withdrawal_at_once_neither_meets_a_fault(app: Flask, make: Factory) -> None:
    child, viewers = make.child(), [make.viewer(), make.viewer()]

    def end(number: int, status: EpisodeStatus) -> None:
        leaving.leave(viewers[number], [latest_of(child.id)], Leaving(status, None, "other"), today())

    acts = (lambda: end(0, EpisodeStatus.LEFT), lambda: end(1, EpisodeStatus.NOT_FOUND))
    assert at_once(app, *acts) == ["done", "done"]
    with app.app_context():
        assert latest_of(child.id).status in {"left", "not_found"}
        fields = db.session.scalars(select(Change.field).where(Change.child_id == child.id)).all()
        assert list(fields) == ["status"]


@pytest.mark.database
def test_a_death_is_taken_back_once(app: Flask, make: Factory) -> None:
    child = make.child(child_status="deceased")
    viewers = [make.viewer("supervisor", area=UP), make.viewer("supervisor", area=UP)]

    def revive(number: int) -> None:
        leaving.take_back_death(viewers[number], held(db.session.get_one(Child, child.id)), today())

    assert at_once(app, lambda: revive(0), lambda: revive(1)) == ["done", "done"]
    with app.app_context():
        assert db.session.get_one(Child, child.id).status == "registered"
