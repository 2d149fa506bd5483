"""Rows of a ledger stand alone: one that cannot be stored stops no other, and a child without a name is known again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from registry.children import same
from registry.children.models import Child
from registry.database import db
from registry.households.models import Household
from registry.ledgers import queries, running
from registry.ledgers.models import LedgerRow
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, HERE, THERE, born, codes, count, imported, number, one, row

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

pytestmark = pytest.mark.database
TOWN = COMMUNITY[:9] + "000"
BABY = "未取名"
OTHERS = {"监护人": "何平", "与儿童关系": "母亲", "联系电话": "15400002672"}


@pytest.mark.parametrize("told", [FAMILY, {"监护人": "周敏"}, {"联系电话": "15400002671"}, {}])
def test_a_child_without_a_name_is_known_again(app: Flask, make: Factory, told: dict[str, Any]) -> None:
    viewer = make.viewer()
    first = one(imported(app, viewer, row(BABY, **told)))
    assert first.outcome == "warn"
    for dry_run in (True, False):
        again = one(imported(app, viewer, row(BABY, **told), dry_run=dry_run))
        assert (again.outcome, codes(again)[-1], again.child_id) == ("duplicate", "in_register", first.child_id)
    assert count(app, Child) == 1


def test_a_child_of_whom_nothing_is_told_but_its_birth_is_known_again(app: Flask, make: Factory) -> None:
    viewer, bare = make.viewer(), row(BABY, 现住址="")
    imported(app, viewer, bare)
    assert codes(one(imported(app, viewer, bare)))[-1] == "in_register"
    assert count(app, Child) == 1


def test_twins_without_a_name_are_two_children_however_often_they_come(app: Flask, make: Factory) -> None:
    viewer, twins = make.viewer(), [row(BABY, **FAMILY), row(BABY, **FAMILY)]
    first = imported(app, viewer, *twins)
    assert len({each.child_id for each in first.rows}) == 2
    again = imported(app, viewer, *twins)
    assert [each.outcome for each in again.rows] == ["duplicate", "duplicate"]
    assert {each.child_id for each in again.rows} == {each.child_id for each in first.rows}
    assert (count(app, Child), count(app, Household)) == (2, 1)


def test_twins_are_two_also_when_the_work_on_them_falls_into_two_batches(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    twins = [row(BABY, **FAMILY), row("王一", **OTHERS), row(BABY, **FAMILY)]
    for _time in range(2):
        imported(app, make.viewer(), *twins)
    assert count(app, Child) == 3


@pytest.mark.parametrize(
    "other", [{"性别": "男"}, {"出生日期": born(8).isoformat()}, {"现住址": HERE + "9幢"} | OTHERS]
)
def test_another_child_without_a_name_is_another_child(app: Flask, make: Factory, other: dict[str, Any]) -> None:
    viewer = make.viewer()
    imported(app, viewer, row(BABY, **FAMILY))
    assert one(imported(app, viewer, row(BABY, **FAMILY | other))).child_id is not None
    assert count(app, Child) == 2


def test_a_child_who_has_got_its_name_since_may_be_a_twin_so_that_somebody_decides(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    imported(app, viewer, row("周一", **FAMILY))
    found = one(imported(app, viewer, row(BABY, **FAMILY)))
    assert (found.outcome, codes(found)[-1]) == ("warn", "supervisor")
    assert count(app, Child) == 1


def test_a_protected_child_without_a_name_is_as_if_it_were_not_there(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    first = one(imported(app, viewer, row(BABY, **FAMILY)))
    with app.app_context():
        db.session.execute(update(Child).where(Child.id == first.child_id).values(protected=True))
        db.session.commit()
    again = one(imported(app, viewer, row(BABY, **FAMILY)))
    assert (again.outcome, codes(again)) == (first.outcome, codes(first))
    assert count(app, Child) == 2


def test_passed_on_twice_a_child_without_a_name_is_one_file(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    viewer, away = make.viewer(), row(BABY, 现住址=THERE + "1幢", **FAMILY)
    first, again = (one(imported(app, viewer, away)) for _time in range(2))
    assert (again.outcome, codes(again), again.child_id) == (first.outcome, codes(first), None)
    assert count(app, Child) == 1


def test_two_files_with_a_child_without_a_name_at_once_make_one_file(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers = [make.viewer(), make.viewer()]
    of_one_birth, looked = same.of_one_birth, threading.Barrier(2, timeout=1)

    def look_then_wait(*told: Any) -> Any:
        """Let both look before either writes; where one has to wait for the other, they do not meet."""
        found = of_one_birth(*told)
        with suppress(threading.BrokenBarrierError):
            looked.wait()
        return found

    monkeypatch.setattr(same, "of_one_birth", look_then_wait)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda viewer: one(imported(app, viewer, row(BABY, **FAMILY))), viewers))
    assert sorted(each.outcome for each in found) == ["duplicate", "warn"]
    assert count(app, Child) == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_same_child_below_counts_where_the_row_above_could_not_be_stored(
    app: Flask, make: Factory, dry_run: bool
) -> None:
    viewer = make.viewer("supervisor")
    make.area()
    girl = {"身份证号": number()} | FAMILY
    rows = [row("李思琪", 现住址=each, **girl) for each in ("武进区", HERE + "1幢", "天宁区", HERE + "2幢")]
    found = imported(app, viewer, *rows, row("王小明", **OTHERS), area=TOWN, dry_run=dry_run)
    assert [each.outcome for each in found.rows] == ["refuse", "register", "duplicate", "duplicate", "register"]
    assert codes(found.rows[0]) == ["place_unknown"]
    for each in found.rows[2:4]:
        assert each.messages[0].params == {"row": 3}, "the row that was stored is named, not the refused one"
    assert count(app, Child) == (0 if dry_run else 2)
    if not dry_run:
        with app.app_context():
            (ledger,) = queries.ledgers_of(viewer).rows
            assert (ledger.state, ledger.rows_done, ledger.rows_total) == ("done", 5, 5)
            assert set(db.session.scalars(select(LedgerRow.read_sealed))) == {None}


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_two_rows_that_cannot_be_stored_each_is_refused(app: Flask, make: Factory, dry_run: bool) -> None:
    rows = [row("李思琪", 现住址="武进区", **FAMILY), row("李思琪", 现住址="武进区", **FAMILY)]
    found = imported(app, make.viewer("supervisor"), *rows, area=TOWN, dry_run=dry_run)
    assert [codes(each) for each in found.rows] == [["place_unknown"], ["place_unknown"]]
