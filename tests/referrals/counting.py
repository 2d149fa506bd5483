"""Nights in which it is counted how offices perform, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from registry.clock import now, today
from registry.database import db
from registry.jobs.models import Job
from registry.referrals.performance import counting, totals

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask

    from registry.areas.models import Office
    from registry.referrals.performance.totals import Counted
    from tests.factories import Factory


def count(app: Flask, on: date | None = None) -> int:
    """Count as the nightly round does, batch by batch; return how many batches it took."""
    day, after, batches = on or today(), None, 0
    with app.app_context():
        while batches == 0 or after is not None:
            after = counting.perform(day, after).after
            db.session.commit()
            batches += 1
        done = {"kind": counting.JOB, "key": day.isoformat(), "state": "done", "run_after": now()}
        db.session.execute(delete(Job).where(Job.kind == counting.JOB))
        db.session.add(Job(**done))
        db.session.commit()
    return batches


def of_office(app: Flask, office: Office) -> list[Counted]:
    """Return the counts of an office, in order."""
    with app.app_context():
        return sorted(totals.of_office(office.id), key=lambda each: (each.service, each.area_code, each.month))


def closed(make: Factory, office: Office, *, solved: bool = True, **values: Any) -> None:
    """Make a referral that the office has closed: with a place in a public school, or because the guardian declined."""
    outcome = {"outcome": "11", "outcome_kind": "solved"} if solved else {"outcome": "44", "outcome_kind": "unsolved"}
    ended = {"state": "closed", "accepted_on": values.get("sent_on", today()), "closed_on": today()}
    make.referral(values.pop("child", None) or make.child(), office, **(ended | outcome | values))
