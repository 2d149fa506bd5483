"""Several workers on one database: each job is done by one of them, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from registry.database import db
from registry.jobs import service
from registry.jobs.worker import work_off
from tests.jobs.conftest import BLOCKS, jobs, walked

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.jobs.conftest import Walk

pytestmark = pytest.mark.database
WORKERS = 3


def together(app: Flask, act: Callable[[], int]) -> list[int]:
    start = Barrier(WORKERS)

    def begin() -> int:
        start.wait()
        return act()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [each.result() for each in [pool.submit(begin) for _ in range(WORKERS)]]


def test_workers_side_by_side_do_each_job_once(app: Flask, walk: Walk, put_in: Callable[..., bool]) -> None:
    for number in range(6):
        put_in("walk", str(number))
    assert sum(together(app, lambda: work_off(app))) == 6
    assert {(job.state, job.attempts, job.done) for job in jobs(app)} == {("done", 1, BLOCKS)}
    assert walked(app) == [6] * BLOCKS


def test_a_round_is_put_in_once_whoever_is_first(app: Flask, walk: Walk) -> None:
    for name in ("a", "b", "c"):
        service.nightly(app, name, walk)

    def put() -> int:
        with app.app_context():
            new = service.put_in_round(app, date(2026, 11, 20))
            db.session.commit()
            return new

    assert sum(together(app, put)) == 3
    assert sorted(job.kind for job in jobs(app)) == ["a", "b", "c"]
