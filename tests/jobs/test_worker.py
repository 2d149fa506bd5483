"""The worker: what ends half-way goes on where it was, what fails is tried again, what died is put back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from registry.areas.models import Block
from registry.clock import now
from registry.database import db
from registry.jobs import claiming, service, worker
from registry.jobs.worker import work_off
from tests.jobs.conftest import BLOCKS, change, jobs, one, walked

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.jobs.conftest import Walk

pytestmark = pytest.mark.database


SPILLED = "陈雨桐 15400001234"


class SpilledError(Exception):
    """Says more than it should."""


def fail_in(call: int | None) -> Callable[[int], None]:
    def meanwhile(calls: int) -> None:
        if call in (calls, None):
            raise SpilledError(SPILLED)

    return meanwhile


def test_a_job_is_done_in_batches_to_its_end(app: Flask, walk: Walk, put_in: Callable[..., bool]) -> None:
    put_in("walk", "one")
    assert work_off(app) == 1
    job = one(app)
    assert (job.state, job.done, job.attempts, job.place, job.error) == ("done", BLOCKS, 1, None, None)
    assert job.ended_at is not None
    assert walk.calls == 3
    assert walked(app) == [1] * BLOCKS


def test_small_pieces_of_work_are_done_between_the_batches_and_their_faults_stop_nothing(
    app: Flask, walk: Walk, put_in: Callable[..., bool], caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    def piece() -> None:
        done.append(walk.calls)
        db.session.execute(update(Block).values(position=50))
        raise SpilledError(SPILLED)

    app.extensions["jobs_between"] = ()
    service.between(app, piece)
    put_in("walk", "one")
    assert work_off(app) == 1
    assert done == [0, 1, 2, 3]
    assert walked(app) == [1] * BLOCKS, "what failed is rolled back, and only that"
    assert "job piece: SpilledError" in caplog.text
    assert SPILLED not in caplog.text


def test_the_same_kind_and_key_is_one_job_whatever_became_of_it(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    assert put_in("walk", "one")
    assert not put_in("walk", "one")
    work_off(app)
    assert not put_in("walk", "one")
    assert work_off(app) == 0
    assert walked(app) == [1] * BLOCKS


def test_a_fault_half_way_loses_nothing_and_doubles_nothing(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("walk", "one")
    walk.meanwhile = fail_in(2)
    assert work_off(app) == 0
    job = one(app)
    assert (job.state, job.done, job.error) == ("waiting", 2, "SpilledError")
    assert walked(app) == [1, 1, 0, 0, 0], "the batch that failed is rolled back"
    change(app, run_after=now())
    assert work_off(app) == 1
    assert (one(app).done, one(app).error) == (BLOCKS, None)
    assert walked(app) == [1] * BLOCKS


def test_it_is_tried_again_after_growing_pauses_and_then_given_up(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("walk", "one")
    walk.meanwhile = fail_in(None)
    pauses = []
    for _ in range(claiming.MOST_ATTEMPTS - 1):
        work_off(app)
        job = one(app)
        assert job.state == "waiting"
        pauses.append((job.run_after - now()).total_seconds())
        assert work_off(app) == 0, "not before its time"
        change(app, run_after=now())
    assert [round(pause / 60) for pause in pauses] == [1, 4, 16, 64]
    work_off(app)
    assert (one(app).state, one(app).attempts, one(app).error) == ("failed", 5, "SpilledError")
    calls = walk.calls
    work_off(app)
    assert walk.calls == calls


def test_the_words_of_a_fault_are_neither_kept_nor_logged(
    app: Flask, walk: Walk, put_in: Callable[..., bool], caplog: pytest.LogCaptureFixture
) -> None:
    put_in("walk", "one")
    walk.meanwhile = fail_in(1)
    work_off(app)
    job = one(app)
    kept = " ".join(str(value) for value in vars(job).values())
    assert "SpilledError" in caplog.text
    for said in (kept, caplog.text):
        assert SPILLED not in said


def test_a_job_whose_worker_died_is_put_back_and_goes_on_where_it_was(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("walk", "one")
    walk.meanwhile = fail_in(2)
    work_off(app)
    killed = {"state": "running", "started_at": now(), "run_after": now()}
    change(app, **killed, beat_at=now() - claiming.SILENT / 2)
    assert work_off(app) == 0, "its worker may still be alive"
    change(app, **killed, beat_at=now() - claiming.SILENT - timedelta(seconds=1))
    assert work_off(app) == 1
    assert walked(app) == [1] * BLOCKS


def test_a_job_that_kills_its_worker_each_time_is_given_up(app: Flask, walk: Walk, put_in: Callable[..., bool]) -> None:
    put_in("walk", "one")
    long_ago = now() - 2 * claiming.SILENT
    change(app, state="running", started_at=long_ago, beat_at=long_ago, attempts=claiming.MOST_ATTEMPTS)
    assert work_off(app) == 0
    assert (one(app).state, one(app).error) == ("failed", "WorkerDied")
    assert walk.calls == 0


def test_who_was_silent_for_too_long_has_lost_the_job_and_its_batch_is_rolled_back(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("walk", "one")
    with app.app_context():
        asleep = claiming.claim(["walk"], [])
        db.session.commit()
    assert asleep is not None
    change(app, beat_at=now() - 2 * claiming.SILENT)
    assert work_off(app) == 1, "another worker does it"
    assert not worker._do(app, asleep, lambda: False)
    assert walked(app) == [1] * BLOCKS
    assert one(app).done == BLOCKS


def test_told_to_stop_it_ends_after_the_batch_and_gives_the_job_back(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("walk", "one")
    assert work_off(app, lambda: walk.calls > 0) == 0
    job = one(app)
    assert (job.state, job.attempts, job.done) == ("waiting", 0, 2)
    assert work_off(app) == 1
    assert walked(app) == [1] * BLOCKS


def test_what_waits_for_its_hour_is_not_done_before(app: Flask, walk: Walk) -> None:
    with app.app_context():
        service.enqueue("walk", "later", now() + timedelta(hours=1))
        db.session.commit()
    assert work_off(app) == 0
    change(app, run_after=now() - timedelta(seconds=1))
    assert work_off(app) == 1
    assert len(jobs(app)) == 1
    assert walk.calls == 3


def test_a_kind_that_nobody_does_any_more_waits_and_blocks_nothing(
    app: Flask, walk: Walk, put_in: Callable[..., bool]
) -> None:
    put_in("forgotten", "one")
    put_in("walk", "one")
    assert work_off(app) == 1
    assert [job.state for job in jobs(app)] == ["waiting", "done"]
    assert walk.calls == 3


def test_a_command_does_its_own_job_at_once_and_no_other(app: Flask, walk: Walk, put_in: Callable[..., bool]) -> None:
    put_in("walk", "other")
    assert worker.do_now(app, "walk", lambda: "own") == "own"
    assert {job.key: job.state for job in jobs(app)} == {"other": "waiting", "own": "done"}
    assert walked(app) == [1] * BLOCKS


def test_a_command_takes_its_job_over_where_it_was_ended(app: Flask, walk: Walk) -> None:
    def die(call: int) -> None:
        if call == 2:
            raise KeyboardInterrupt

    walk.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        worker.do_now(app, "walk", lambda: "own")
    assert one(app).state == "running"  # as if its process had been killed
    walk.meanwhile = lambda _: None
    worker.do_now(app, "walk", lambda: "own")
    assert (one(app).state, one(app).done) == ("done", BLOCKS)
    assert walked(app) == [1] * BLOCKS


@pytest.mark.database("postgresql")  # on SQLite a batch holds the only write lock: nobody takes the job over meanwhile
def test_whose_job_was_taken_over_loses_its_batch(app: Flask, walk: Walk) -> None:
    def take_over(call: int) -> None:
        if call == 1:
            walk.meanwhile = lambda _: None
            with app.app_context():
                claimed = claiming.take("walk", "own")
                db.session.commit()
            assert claimed is not None

    walk.meanwhile = take_over
    worker.do_now(app, "walk", lambda: "own")
    assert (one(app).state, one(app).done) == ("running", 0)
    assert walked(app) == [0] * BLOCKS
