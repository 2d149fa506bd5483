"""What doses cost: judging those of one child by the schedule, and the nightly reckoning of all children."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from registry.clock import today
from registry.database import db
from registry.doses import service
from registry.doses.models import Immunisation
from seed.demo.doses import history
from sop.immunisation import assess
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Flask

HISTORIES = 2000
TYPICAL = range(15, 23)  # doses
OLDEST_DAYS = 5800  # under 16


def judging_microseconds() -> float:
    """Return the median of judging a typical history of 15 to 22 doses: invented ones, the same each time."""
    invented, on = Random("histories"), today()  # noqa: S311
    schedule, took = in_force(on).immunisation, []
    while len(took) < HISTORIES:
        born = on - timedelta(days=invented.randrange(OLDEST_DAYS))
        sex = invented.choice("12")
        given = history(invented, schedule, born, sex, on)
        if len(given) in TYPICAL:
            began = time.perf_counter()
            assess(schedule, born, sex, given, on)
            took.append(time.perf_counter() - began)
    return median(took) * 1_000_000


def reckoning_seconds(app: Flask) -> tuple[float, int]:
    """Do tomorrow's share of the nightly round, each batch committed; return its seconds, and how many children."""
    on, after, began = today() + timedelta(days=1), None, time.perf_counter()
    while True:
        with app.app_context():
            batch = service.reckon(on, after)
            db.session.commit()
        if batch.after is None:
            break
        after = batch.after
    seconds = time.perf_counter() - began
    with app.app_context():
        children = db.session.scalar(select(func.count()).select_from(Immunisation)) or 0
        db.session.rollback()
    return seconds, children
