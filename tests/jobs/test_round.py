"""The nightly round: once a day, each function for itself, and a missed night loses nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.clock import now
from registry.database import db
from registry.jobs import service
from registry.jobs.models import Job
from registry.jobs.worker import work_off
from tests.jobs.conftest import BLOCKS, jobs, walked

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.jobs.service import Batch
    from tests.jobs.conftest import Walk

DAY, NEXT, LATER = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 25)


@pytest.fixture
def night(app: Flask, walk: Walk) -> Walk:
    """The same work, asked for every night."""
    del app.extensions["jobs"]["walk"]
    service.nightly(app, "night-walk", walk)
    return walk


def states(app: Flask) -> list[tuple[str, str]]:
    return [(job.key, job.state) for job in jobs(app)]


def test_a_day_has_one_round_however_often_a_worker_looks(app: Flask, night: Walk) -> None:
    assert work_off(app, on=DAY) == 1
    assert work_off(app, on=DAY) == 0
    assert work_off(app, on=NEXT) == 1
    assert states(app) == [("2026-11-20", "done"), ("2026-11-21", "done")]
    assert set(night.keys) == {"2026-11-20", "2026-11-21"}, "told the day; it never asks for it"


def test_nights_that_were_missed_are_not_done_one_by_one(app: Flask, night: Walk) -> None:
    work_off(app, on=DAY)
    work_off(app, on=LATER)
    assert [key for key, _ in states(app)] == ["2026-11-20", "2026-11-25"]
    assert walked(app) == [2] * BLOCKS


def test_what_waits_from_an_earlier_night_is_left_to_the_next(app: Flask, night: Walk) -> None:
    with app.app_context():
        service.put_in_round(app, DAY)
        db.session.commit()
    assert work_off(app, on=NEXT) == 1
    assert states(app) == [("2026-11-20", "passed"), ("2026-11-21", "done")]
    assert set(night.keys) == {"2026-11-21"}


def test_two_days_of_the_same_function_are_never_done_at_once(app: Flask, night: Walk) -> None:
    with app.app_context():
        service.put_in_round(app, DAY)
        (job,) = db.session.query(Job).all()
        job.state, job.started_at, job.beat_at = "running", now(), now()
        db.session.commit()
    assert work_off(app, on=NEXT) == 0
    assert states(app) == [("2026-11-20", "running"), ("2026-11-21", "waiting")]
    assert night.calls == 0


def test_one_function_that_fails_stops_no_other(app: Flask, night: Walk) -> None:
    def broken(on: date, after: UUID | None) -> Batch:
        raise ZeroDivisionError

    service.nightly(app, "broken", broken)
    assert work_off(app, on=DAY) == 1
    assert sorted((job.kind, job.state) for job in jobs(app)) == [("broken", "waiting"), ("night-walk", "done")]
    assert walked(app) == [1] * BLOCKS


def test_a_name_is_taken_once(app: Flask, night: Walk) -> None:
    for name in ("night-walk", "", "a" * 25):
        with pytest.raises(ValueError, match="no name"):
            service.nightly(app, name, night)


def test_a_key_that_is_too_long_is_refused(app: Flask, night: Walk) -> None:
    with app.app_context(), pytest.raises(ValueError, match="40"):
        service.enqueue("walk", "a" * 41)


def test_the_rooms_register_their_nightly_work_and_all_of_it_runs(app: Flask) -> None:
    names = [name for name, each in service.kinds_of(app).items() if each.nightly]
    assert "visits-due" in names
    assert work_off(app, on=DAY) == len(names) + 1, "the clocks of referrals put one more job in"
    assert {(job.state, job.error) for job in jobs(app)} == {("done", None)}
