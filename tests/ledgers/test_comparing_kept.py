"""A comparison that does not come to its end, or is replaced, leaves nothing of its children, nor the file's name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from registry.clock import today
from registry.database import db, uuid7
from registry.jobs.models import Job
from registry.ledgers.comparing import keeping, queries, running, service
from registry.ledgers.comparing.service import Sent
from registry.ledgers.models import Ledger, LedgerRow
from sop.version import in_force
from tests.ledgers.rosters import TOWN, compared, pupil, roster

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

pytestmark = pytest.mark.database
LIST = roster(pupil("赵一诺", phone="15400009901"), pupil("孙浩然"))


@pytest.fixture
def supervisor(make: Factory) -> Viewer:
    return make.viewer("supervisor", area=TOWN)


def half_way(app: Flask, supervisor: Viewer) -> UUID:
    """A comparison whose list is read, and whose children nobody has looked for yet."""
    with app.app_context():
        made = service.compare(supervisor, Sent(LIST, "三年级(2)班 王测丙.xlsx", "school", TOWN, today()), uuid7()).id
        db.session.commit()
        running.run_batch(made.hex, None)
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(LedgerRow)) == 2
    return made


def swept(app: Flask, days: int) -> int:
    with app.app_context():
        done = keeping.sweep(today() + timedelta(days=days), None).done
        db.session.commit()
    return done


def is_empty(app: Flask, ledger_id: UUID) -> bool:
    """Whether nothing of the children is kept, nor what the file was called."""
    with app.app_context():
        kept = db.session.get_one(Ledger, ledger_id)
        assert kept.ended_at is not None
        rows = db.session.scalar(select(func.count()).where(LedgerRow.ledger_id == ledger_id))
        return (kept.content_sealed, kept.plan_sealed, kept.name_sealed, rows) == (None, None, None, 0)


def test_one_whose_work_was_given_up_is_forgotten_the_same_night(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    made = half_way(app, supervisor)
    assert swept(app, 0) == 0, "while there is hope it goes on"
    with app.app_context():
        db.session.execute(update(Job).where(Job.key == made.hex).values(state="failed"))
        db.session.commit()
    assert swept(app, 0) == 1
    assert is_empty(app, made)
    with app.app_context():
        assert db.session.get_one(Ledger, made).state == "failed"
    assert swept(app, 0) == 0, "once"


def test_one_that_never_came_to_its_end_is_forgotten_after_the_days_of_the_others(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.area()
    made, days = half_way(app, supervisor), in_force(today()).rosters.keep_days
    assert swept(app, days) == 0
    assert swept(app, days + 1) == 1
    assert is_empty(app, made)


def test_who_may_not_compare_any_more_leaves_no_name_of_the_file(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    made = half_way(app, supervisor)
    with app.app_context():
        db.session.get_one(Ledger, made).user.active = False
        db.session.commit()
        running.run_batch(made.hex, made)
        db.session.commit()
    assert is_empty(app, made)


def test_of_one_that_was_replaced_neither_name_nor_counts_are_kept(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.area()
    first = compared(app, supervisor, LIST)[0]
    with app.app_context():
        db.session.get_one(Ledger, first).made_at -= timedelta(days=3)
        db.session.commit()
    second = compared(app, supervisor, LIST)[0]
    assert is_empty(app, first)
    with app.app_context():
        assert queries.totals(queries.counts_of(supervisor, db.session.get_one(Ledger, second))) == {"absent": 2}
