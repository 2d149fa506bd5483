"""How long a ledger is kept: the name of its file, the rows that nobody decides on, the marks of a month, and whose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.households.models import OutsideTally
from registry.ledgers import hits, keeping, queries, service
from registry.ledgers.errors import StaleVersionError
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.records import messages_of
from sop.identity import BirthDate
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE
from tests.ledgers.importing import FAMILY, STAYED, THERE, born, count, imported, number, row, stayed, text
from tests.ledgers.rosters import TOWN, compared, pupil, roster

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

pytestmark = pytest.mark.database
GIRL = "李思琪"


def swept(app: Flask, days: int) -> None:
    """Let the nightly round of so many days later go over all ledgers, and over the rows that wait."""
    with app.app_context():
        on = today() + timedelta(days=days)
        keeping.sweep(on, None)
        keeping.sweep_undecided(on, None)
        db.session.commit()


def decide_days() -> int:
    return in_force(today()).ledgers.decide_days


def keep_days() -> int:
    return in_force(today()).ledgers.keep_days


def test_the_name_of_the_file_goes_with_the_file(app: Flask, make: Factory) -> None:
    imported(app, make.viewer(), row(GIRL, **FAMILY))
    for days, is_kept in ((keep_days(), True), (keep_days() + 1, False)):
        swept(app, days)
        with app.app_context():
            assert (db.session.scalars(select(Ledger)).one().name_sealed is not None) is is_kept


def test_of_a_file_thrown_away_unread_its_name_is_not_kept_either(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    with app.app_context():
        ledger = service.upload(viewer, COMMUNITY, text(row(GIRL)), "李思琪.csv", today())
        service.stop(viewer, ledger.id, 1)
        db.session.commit()
        assert (ledger.state, ledger.content_sealed, ledger.name_sealed) == ("stopped", None, None)


def test_the_days_of_ledgers_are_not_those_of_comparisons(app: Flask, make: Factory) -> None:
    make.area()
    supervisor = make.viewer("supervisor", area=TOWN)
    made = compared(app, supervisor, roster(pupil("赵一诺")))[0]
    swept(app, keep_days() + 10)
    with app.app_context():
        kept = db.session.get_one(Ledger, made)
        assert db.session.scalars(select(LedgerRow)).one().read_sealed is not None
        assert kept.plan_sealed is not None
        assert not db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "ledger_ended")).all()


def waits(app: Flask, make: Factory, *, passed_on: bool = False) -> LedgerRow:
    """A row that waits: beside an own file of somebody alike, or passed on, beside one in a third area."""
    place = "320481001901" if passed_on else COMMUNITY
    told: dict[str, str] = {"身份证号": number(), "现住址": THERE + "1幢"} if passed_on else {}
    household = make.household(place, phone="15400009999")
    make.child(household=household, name=GIRL, birth=BirthDate.of(born(9)), number=number() if passed_on else None)
    imported(app, make.viewer(), row(GIRL, **FAMILY | {"监护人": "何平"} | told))
    with app.app_context():
        return db.session.scalars(select(LedgerRow).where(LedgerRow.held.is_not(None))).one()


def test_a_row_that_nobody_decides_on_is_let_go_and_is_to_be_imported_again(app: Flask, make: Factory) -> None:
    waits(app, make)
    supervisor = make.viewer("supervisor")
    swept(app, decide_days())
    with app.test_request_context():
        assert queries.number_held(supervisor) == 1, "to its last day it can be decided on"
        assert db.session.scalars(select(LedgerRow)).one().read_sealed is not None
    swept(app, decide_days() + 1)
    with app.test_request_context():
        assert queries.number_held(supervisor) == 0
        gone = db.session.scalars(select(LedgerRow)).one()
        assert (gone.outcome, gone.read_sealed, gone.settled_by) == ("refuse", None, None)
        assert [message.code for message in messages_of(gone, OPENER)] == ["undecided"]
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "ledger_row_settled")).one()
        assert event.details["decision"] == "undecided"
        with pytest.raises(StaleVersionError):
            hits.settle(supervisor, gone.id, "another", today())


def test_that_a_row_passed_on_waited_is_not_told_when_it_is_let_go(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    assert waits(app, make, passed_on=True).area_code == ELSEWHERE
    swept(app, keep_days() + 1)
    swept(app, decide_days() + 1)
    with app.app_context():
        gone = db.session.scalars(select(LedgerRow)).one()
        assert (gone.outcome, gone.read_sealed, gone.messages_sealed) == ("warn", None, None)
        assert gone.settled_at is not None


def test_a_decision_after_the_days_of_the_ledger_leaves_nothing_of_the_row(app: Flask, make: Factory) -> None:
    held, supervisor = waits(app, make), make.viewer("supervisor")
    swept(app, keep_days() + 1)
    with app.app_context():
        assert db.session.scalars(select(LedgerRow)).one().messages_sealed is not None, "what it was said to wait for"
        hits.settle(supervisor, held.id, "same", today())
        db.session.commit()
        done = db.session.scalars(select(LedgerRow)).one()
        assert (done.typed_sealed, done.read_sealed, done.messages_sealed) == (None, None, None)


def marks(app: Flask) -> int:
    return count(app, LedgerRow, LedgerRow.tallied.is_not(None))


def next_month(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


def outsider(app: Flask, viewer: Viewer) -> None:
    """Import a child outside every definition: its parents work in the same county."""
    imported(app, viewer, stayed("马强", 外出务工地点="沭阳县"), area=VILLAGE, headings=STAYED)


def test_the_mark_of_a_child_who_is_not_kept_ends_with_its_month(app: Flask, make: Factory) -> None:
    viewer = make.viewer(area=VILLAGE)
    outsider(app, viewer)
    swept(app, 0)
    outsider(app, viewer)
    assert marks(app) == 2
    swept(app, (next_month(today()) - today()).days)
    assert marks(app) == 0
    with app.app_context():
        assert db.session.scalars(select(OutsideTally)).one().children == 1


def test_a_ledger_of_an_earlier_month_that_came_in_this_month_is_still_known(app: Flask, make: Factory) -> None:
    outsider(app, make.viewer(area=VILLAGE))
    with app.app_context():
        db.session.execute(update(Ledger).values(judged_on=today().replace(day=1) - timedelta(days=1)))
        db.session.commit()
    swept(app, 0)
    assert marks(app) == 1
