"""Folding deltas into sums: the same numbers before, meanwhile and after, whoever writes at that moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from registry.children.models import Child, Episode
from registry.children.populations import count_by_population
from registry.children.queries import count_registered
from registry.clock import today
from registry.counts import service
from registry.counts.models import ChildTally, ChildTallyDelta, PopulationTally
from registry.counts.tallies import CHILDREN
from registry.coverage.recounting import mend, recount
from registry.database import db, reading, uuid7
from registry.jobs import service as jobs
from registry.jobs.service import Batch
from registry.jobs.worker import work_off
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.factories import Factory

LEVELS = [("32", None), (COMMUNITY[:4], None), (COMMUNITY[:6], 9), (COMMUNITY[:9], 12), ("442000", None), ("442000", 9)]
ZHONGSHAN = "442000101901"


def shown(app: Flask) -> list[Any]:
    """Return what every level of official is shown."""
    with app.app_context():
        return [[count_registered((area,), digits), count_by_population((area,), digits)] for area, digits in LEVELS]


def fold(app: Flask, size: int = 1000) -> int:
    with app.app_context():
        number = service.fold(db.session(), CHILDREN, size)
        db.session.commit()
    return number


def deltas(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ChildTallyDelta)) or 0


def write(app: Flask, act: Callable[[Session], object]) -> None:
    with app.app_context():
        act(db.session())
        db.session.commit()


@pytest.mark.database
def test_every_level_shows_the_same_before_and_after(app: Flask, make: Factory) -> None:
    for area in (COMMUNITY, COMMUNITY, ELSEWHERE, ZHONGSHAN):
        make.child(area=make.area(area))
    left = make.child()
    write(
        app, lambda session: session.execute(update(Episode).where(Episode.child_id == left.id).values(status="left"))
    )
    before = shown(app)
    assert [[sum(each[-1] for each in rows) for rows in level] for level in before] == [
        [3, 3], [3, 3], [2, 2], [2, 2], [1, 1], [1, 1],
    ]  # fmt: skip
    assert fold(app, 4) == 4
    assert (shown(app), deltas(app)) == (before, 2)
    assert fold(app) == 2
    assert (shown(app), deltas(app)) == (before, 0)
    with app.app_context():
        assert recount() == []


@pytest.mark.database
def test_many_deltas_are_folded_while_a_long_job_runs_and_few_wait_for_the_night(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        make.child()
    before, waiting = shown(app), []
    assert deltas(app) == 6

    def batch(_key: str, _after: UUID | None) -> Batch:
        waiting.append(deltas(app))
        return Batch(1, None if len(waiting) == 4 else uuid7())

    monkeypatch.setattr(service, "SIZE", 2)
    monkeypatch.setattr(service, "MANY", 2)
    app.extensions["jobs"] = {}
    jobs.handler(app, "long", batch)
    write(app, lambda _: jobs.enqueue("long", "one"))
    assert work_off(app) == 1
    assert waiting == [4, 2, 2, 2]
    assert (shown(app), deltas(app)) == (before, 2)


@pytest.mark.database
def test_the_nightly_round_folds_all_and_takes_away_what_came_to_nothing(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SIZE", 2)
    for _ in range(5):
        make.child()
    work_off(app, on=today())
    assert deltas(app) == 0
    write(app, lambda session: session.execute(update(Child).values(status="deceased")))
    write(app, lambda _session: service.fold_nightly(today(), None))
    write(app, lambda _session: service.fold_nightly(today(), None))
    write(app, lambda _session: service.fold_nightly(today(), None))
    with app.app_context():
        assert deltas(app) == 0
        assert db.session.scalars(select(ChildTally.n)).all() == []
        assert db.session.scalars(select(PopulationTally.n)).all() == []


@pytest.mark.database
def test_who_reads_meanwhile_sees_the_same_at_any_moment(app: Flask, make: Factory) -> None:
    for _ in range(12):
        make.child()
    before = shown(app)

    def one_by_one() -> int:
        return sum(1 for _ in iter(lambda: fold(app, 1), 0))

    looks = 0
    with ThreadPoolExecutor(1) as pool, reading():
        folding = pool.submit(one_by_one)
        while not folding.done():
            assert shown(app) == before
            looks += 1
        assert folding.result() == 12
    assert looks > 0
    assert shown(app) == before


@pytest.mark.database("postgresql")  # SQLite has one writer at a time
def test_what_somebody_is_writing_meanwhile_is_folded_the_next_time(app: Flask, make: Factory) -> None:
    make.child()
    other = make.child()
    with app.app_context(), Session(db.engine) as writer:
        writer.execute(update(Episode).where(Episode.child_id == other.id).values(status="left"))
        assert fold(app) == 2  # waits for nobody
        mend()  # neither does this
        assert _in_another_thread(app, recount) == []
        writer.commit()
        assert (deltas(app), recount()) == (1, [])
        assert fold(app) == 1
        assert recount() == []


@pytest.mark.database("postgresql")  # SQLite has one writer at a time
@pytest.mark.parametrize("first", ["episode", "child"])
def test_a_child_and_its_episode_changed_at_once_are_taken_from_the_count_once(
    app: Flask, make: Factory, first: str
) -> None:
    make.child()
    acts = {
        "episode": update(Episode).values(status="left"),
        "child": update(Child).values(status="deceased"),
    }
    second = next(name for name in acts if name != first)
    with app.app_context(), Session(db.engine) as one, ThreadPoolExecutor(1) as pool:
        one.execute(acts[first])
        done = pool.submit(write, app, lambda session: session.execute(acts[second]))
        _wait_until_somebody_waits(app)
        one.commit()
        done.result(timeout=10)
        assert recount() == []
        assert sum(each.n for each in count_registered(("32",))) == 0


def _wait_until_somebody_waits(app: Flask) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with app.app_context(), db.engine.connect() as watcher:
        for _ in range(2000):
            if watcher.exec_driver_sql(waiting).scalar():
                return
            watcher.rollback()
    raise AssertionError("nobody waits for the other")


def _in_another_thread(app: Flask, ask: Callable[[], object]) -> object:
    def act() -> object:
        with app.app_context():
            return ask()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result(timeout=10)
