"""The work on a ledger goes on where it was ended, doubles nobody, and two of them at once make one file."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from registry.access import Role
from registry.accounts.models import Deputy, User
from registry.children import in_bulk
from registry.children.models import Child, Episode
from registry.clock import now, today
from registry.database import db
from registry.jobs.models import Job
from registry.jobs.worker import work_off
from registry.ledgers import keeping, planning, queries, running, service, storing
from registry.ledgers.errors import NoHeaderError, StaleVersionError
from registry.ledgers.models import ColumnMemory, Ledger, LedgerRow
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.ledgers.importing import FAMILY, HEADINGS, codes, count, imported, number, one, row, text

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

pytestmark = pytest.mark.database
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
ROWS = [row(name, 监护人=f"{name[0]}平", 联系电话=f"154000050{at:02d}") for at, name in enumerate(NAMES)]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)


def uploaded(app: Flask, viewer: Viewer, *rows: list[str]) -> UUID:
    with app.app_context():
        ledger = service.upload(viewer, COMMUNITY, text(*(rows or ROWS)), "台账.csv", today())
        db.session.commit()
        return ledger.id


def confirmed(app: Flask, viewer: Viewer, ledger_id: UUID, version: int = 1, **fields: str | None) -> None:
    """Confirm the columns; `fields` by heading where somebody chose another one."""
    chosen = {HEADINGS.index(heading): field for heading, field in fields.items()}
    with app.app_context():
        service.confirm(viewer, ledger_id, [chosen], version)
        db.session.commit()


def ledger(app: Flask) -> Ledger:
    with app.app_context():
        return db.session.scalars(select(Ledger)).one()


def test_a_confirmed_ledger_is_done_by_the_worker(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    ledger_id = uploaded(app, viewer)
    assert ledger(app).state == "read"
    confirmed(app, viewer, ledger_id)
    work_off(app)
    done = ledger(app)
    assert (done.state, done.rows_total, done.rows_done, count(app, Child)) == ("done", 6, 6, 6)


def test_confirming_twice_starts_one_job(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    ledger_id = uploaded(app, viewer)
    for _tap in range(2):
        confirmed(app, viewer, ledger_id)
    assert count(app, Job, Job.kind == running.KIND) == 1


def test_who_confirms_what_somebody_else_has_stopped_is_told(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    ledger_id = uploaded(app, viewer)
    with app.app_context():
        service.stop(viewer, ledger_id, 1)
        db.session.commit()
    with pytest.raises(StaleVersionError):
        confirmed(app, viewer, ledger_id)
    assert ledger(app).content_sealed is None


def test_the_columns_that_an_office_confirmed_are_remembered_for_it_alone(app: Flask, make: Factory) -> None:
    viewer, stranger = make.viewer(), make.viewer()
    confirmed(app, viewer, uploaded(app, viewer), 到达时间=None)
    with app.app_context():
        plans = [
            planning.opened(service.upload(who, COMMUNITY, text(row("王小明")), None, today()), OPENER)
            for who in (viewer, stranger)
        ]
        fields = [{each["heading"]: each["field"] for each in plan["sheets"][0]["columns"]} for plan in plans]
        assert [plan["remembered"] for plan in plans] == [True, False]
        assert [each["到达时间"] for each in fields] == [None, "arrived"]
        kept = db.session.scalars(select(ColumnMemory)).one()
        assert "姓名" not in kept.header
        assert len(kept.header) == 32


def test_a_column_is_read_as_it_was_confirmed(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    confirmed(app, viewer, uploaded(app, viewer, row("李思琪", **FAMILY)), 到达时间=None)
    work_off(app)
    with app.app_context():
        assert db.session.scalars(select(Episode)).one().arrived_month is None


def test_a_file_without_headings_is_refused_and_says_what_was_looked_through(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    with app.app_context():
        with pytest.raises(NoHeaderError) as refused:
            service.upload(viewer, COMMUNITY, "甲,乙\n1,2".encode(), "表.csv", today())
        assert len(refused.value.sheets) == 1


def test_killed_half_way_the_work_goes_on_where_it_was(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = make.viewer()
    ledger_id = uploaded(app, viewer)
    confirmed(app, viewer, ledger_id)
    store, calls = storing.store, []

    def killed(*told: Any) -> Any:
        done = store(*told)
        calls.append(len(done))
        if len(calls) == 2:
            raise MemoryError  # the second batch is stored, and lost with its transaction
        return done

    monkeypatch.setattr(running, "store", killed)
    work_off(app)
    assert (count(app, Child), ledger(app).rows_done, ledger(app).state) == (2, 2, "running")
    with app.app_context():
        db.session.execute(update(Job).values(run_after=now()))
        db.session.commit()
    work_off(app)
    assert (count(app, Child), ledger(app).rows_done, ledger(app).state) == (6, 6, "done")
    assert calls == [2, 2, 2, 2]


def test_the_command_goes_on_with_a_file_whose_work_was_ended(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = make.viewer()
    store, calls = storing.store, []

    def killed(*told: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        return store(*told)

    monkeypatch.setattr(running, "store", killed)
    assert imported(app, viewer, *ROWS).state == "running"
    again = imported(app, viewer, *ROWS)
    assert (again.state, [each.outcome for each in again.rows]) == ("done", ["register"] * 6)
    assert (count(app, Ledger), count(app, Child)) == (1, 6)


def test_the_same_file_again_doubles_nobody(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    rows = [*ROWS, row("郑七"), row("冯八", 身份证号=number())]  # also those with neither phone nor number
    first = imported(app, viewer, *rows)
    again = imported(app, viewer, *rows)
    assert [each.outcome for each in again.rows] == ["duplicate"] * 8
    assert [each.child_id for each in again.rows] == [each.child_id for each in first.rows]
    assert {code for each in again.rows for code in codes(each)} >= {"in_register"}
    assert count(app, Child) == 8


def test_stopped_it_goes_no_further_and_the_same_file_again_does_the_rest(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    ledger_id = uploaded(app, viewer)
    confirmed(app, viewer, ledger_id)
    after = None
    for _batch in range(2):  # the rows are read, two are stored
        with app.app_context():
            after = running.run_batch(ledger_id.hex, after).after
            db.session.commit()
    with app.app_context():
        service.stop(viewer, ledger_id, ledger(app).version)
        db.session.commit()
    work_off(app)
    assert (ledger(app).state, count(app, Child)) == ("stopped", 2)
    rest = imported(app, viewer, *ROWS)
    assert [each.outcome for each in rest.rows] == ["duplicate"] * 2 + ["register"] * 4


def test_the_work_of_somebody_who_has_left_is_stopped(app: Flask, make: Factory) -> None:
    user = make.user()
    viewer = make.viewer(user=user)
    confirmed(app, viewer, uploaded(app, viewer))
    with app.app_context():
        db.session.execute(update(User).where(User.id == user.id).values(active=False))
        db.session.commit()
    work_off(app)
    assert (ledger(app).state, count(app, Child)) == ("stopped", 0)


def test_a_deputy_imports_as_whom_it_acts_for(app: Flask, make: Factory) -> None:
    away, deputy = make.user("supervisor"), make.user()
    with app.app_context():
        db.session.add(Deputy(user_id=away.id, deputy_id=deputy.id, from_on=today(), to_on=today(), made_by=away.id))
        db.session.commit()
    viewer = replace(make.viewer(user=away), user_id=deputy.id, acting_for=away.id)
    confirmed(app, viewer, uploaded(app, viewer))
    with app.app_context():
        found = running.uploader(db.session.scalars(select(Ledger)).one())
        assert found is not None
        assert (found.user_id, found.acting_for, found.role) == (deputy.id, away.id, Role.SUPERVISOR)
        assert found.area_code == viewer.area_code


def test_two_files_with_the_same_children_at_once_make_one_file_of_each(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers = [make.viewer(), make.viewer()]
    strangers, looked = in_bulk.strangers, threading.Barrier(2, timeout=1)

    def look_then_wait(*told: Any) -> Any:
        """Let both look before either writes; where one has to wait for the other, they do not meet."""
        found = strangers(*told)
        with suppress(threading.BrokenBarrierError):
            looked.wait()
        return found

    monkeypatch.setattr(in_bulk, "strangers", look_then_wait)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda viewer: imported(app, viewer, *ROWS), viewers))
    assert [each.state for each in found] == ["done", "done"]
    assert count(app, Child) == 6
    outcomes = sorted(each.outcome for done in found for each in done.rows)
    assert outcomes == ["duplicate"] * 6 + ["register"] * 6


def test_after_some_days_nothing_is_kept_of_a_ledger_but_what_became_of_its_rows(app: Flask, make: Factory) -> None:
    imported(app, make.viewer(), row("李思琪", **FAMILY), row(""))
    days = in_force(today()).ledgers.keep_days
    for passed, is_kept in ((days, True), (days + 1, False)):
        with app.app_context():
            keeping.sweep(today() + timedelta(days=passed), None)
            db.session.commit()
            found = db.session.scalars(select(Ledger)).one()
            rows = db.session.scalars(select(LedgerRow)).all()
            assert (found.content_sealed is not None, found.plan_sealed is not None) == (is_kept, is_kept)
            assert {each.typed_sealed is not None for each in rows} == {is_kept}
            assert queries.counts_of(found.id) == {"register": 1, "refuse": 1}


def test_what_a_supervisor_has_still_to_decide_outlives_the_file(app: Flask, make: Factory) -> None:
    girl = row("陈雨桐", 出生日期="2019-06-14", 监护人="何平")
    make.child(number=None)
    assert codes(one(imported(app, make.viewer(), girl)))[-1] == "supervisor"
    with app.app_context():
        keeping.sweep(today() + timedelta(days=400), None)
        db.session.commit()
        held = db.session.scalars(select(LedgerRow)).one()
        assert (held.typed_sealed, held.read_sealed is not None) == (None, True)


def test_a_file_that_nobody_confirmed_is_thrown_away(app: Flask, make: Factory) -> None:
    uploaded(app, make.viewer())
    with app.app_context():
        keeping.sweep(today() + timedelta(days=400), None)
        db.session.commit()
    assert (ledger(app).state, ledger(app).content_sealed) == ("stopped", None)
