"""Files of other areas that a ledger meets: named in the audit for who uploaded it, and limited for an office a day."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import now, today
from registry.database import db
from registry.ledgers import limits, running
from registry.ledgers.at_once import Imported, Stored
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.report import Reported, Style, document
from registry.matching.models import Match
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import THERE, born, codes, count, imported, one, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

    SignIn = Callable[..., Client]

THIRD = "320481001901"
NAMES = ("赵一", "钱二", "孙三", "李四")


@pytest.fixture
def met_a_day() -> Iterator[Callable[[int], None]]:
    """Give a function that sets how many files elsewhere the ledgers of an office may meet in a day."""
    sop = in_force(today())
    before = sop.ledgers
    yield lambda number: object.__setattr__(sop, "ledgers", dataclasses.replace(before, met_a_day=number))
    object.__setattr__(sop, "ledgers", before)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)


def phone(name: str) -> str:
    return f"154000060{NAMES.index(name):02d}"


def rows(names: Sequence[str] = NAMES) -> list[list[str]]:
    return [row(name, 监护人=f"{name[0]}平", 联系电话=phone(name)) for name in names]


def on_file(make: Factory, names: Sequence[str] = NAMES, area: str = ELSEWHERE) -> list[Child]:
    birth = BirthDate.of(born(9))
    homes = [make.household(area, phone=phone(name)) for name in names]
    return [
        make.child(name=name, birth=birth, number=None, household=home) for name, home in zip(names, homes, strict=True)
    ]


def events(app: Flask, kind: str = "looked_up_elsewhere") -> list[AuditEvent]:
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id)).all()
        for event in found:
            assert event.children is not None  # loaded, to be read outside
        return list(found)


def named(event: AuditEvent) -> set[Any]:
    return {each.child_id for each in event.children}


@pytest.mark.database
@pytest.mark.parametrize("dry_run", [False, True])
def test_each_batch_names_for_its_uploader_the_children_whom_it_met_elsewhere(
    app: Flask, make: Factory, *, dry_run: bool
) -> None:
    viewer, children = make.viewer(), on_file(make, NAMES[:3])
    imported(app, viewer, *rows(), dry_run=dry_run)
    first, second = events(app)
    assert named(first) == {children[0].id, children[1].id}
    assert named(second) == {children[2].id}
    assert {event.user_id for event in (first, second)} == {viewer.user_id}
    assert first.details == {"by": "ledger", "purpose": "ledger"}
    assert count(app, LedgerRow) == (0 if dry_run else 4)


def test_who_meets_a_file_of_the_own_area_or_one_where_its_row_says_has_looked_up_nobody(
    app: Flask, make: Factory
) -> None:
    make.user(area=ELSEWHERE)
    on_file(make, NAMES[:1], COMMUNITY)  # certain
    on_file(make, NAMES[1:2])
    make.child(name=NAMES[2], birth=BirthDate.of(born(9)), number=None, household=make.household())
    there = row(NAMES[1], 现住址=THERE + "1幢", 监护人="钱平", 联系电话=phone(NAMES[1]))
    found = imported(app, make.viewer(), *rows(NAMES[:1]), there, *rows(NAMES[2:3]))
    assert [codes(each)[-1] for each in found.rows] == ["in_register", "passed_on", "supervisor"]
    assert events(app) == []


@pytest.mark.database
def test_at_the_limit_a_ledger_stops_and_so_does_every_other_of_the_office_for_the_day(
    app: Flask, make: Factory, met_a_day: Callable[[int], None]
) -> None:
    met_a_day(2)
    on_file(make)
    office = make.office()
    viewer, colleague = (make.viewer(user=make.user(office=office)) for _ in range(2))
    done = imported(app, viewer, *rows())
    assert (done.state, count(app, LedgerRow, LedgerRow.held.is_not(None))) == ("limited", 2)
    for who in (viewer, colleague):
        again = imported(app, who, row("王小明"))
        assert (again.state, [each.outcome for each in again.rows]) == ("limited", ["waiting"])
        assert imported(app, who, row("王小明"), dry_run=True) == Imported(None, "limited", [])
    assert imported(app, make.viewer(), row("王小明")).state == "done", "another office goes on"
    assert count(app, Ledger, Ledger.state == "limited", Ledger.ended_at.is_not(None)) == 3


def test_the_same_children_again_count_once_and_the_next_day_begins_anew(
    app: Flask, make: Factory, met_a_day: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    met_a_day(3)
    viewer, _children = make.viewer(), on_file(make)
    for _again in range(3):
        assert imported(app, viewer, *rows(NAMES[:2])).state == "done"
    assert imported(app, viewer, *rows(NAMES[2:])).state == "done"
    assert imported(app, viewer, row("王小明")).state == "limited"
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr(limits, "today", lambda: tomorrow)
    assert imported(app, viewer, row("王小明")).state == "done"


def test_a_dry_run_counts_and_stops_as_well(app: Flask, make: Factory, met_a_day: Callable[[int], None]) -> None:
    met_a_day(2)
    viewer, _children = make.viewer(), on_file(make)
    tried = imported(app, viewer, *rows(), dry_run=True)
    assert (tried.state, [codes(each)[-1] for each in tried.rows]) == ("limited", ["supervisor"] * 2)


@pytest.mark.database
def test_a_dry_run_that_comes_upon_a_protected_file_tells_its_protection_officer(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    (hidden,) = on_file(make, NAMES[:1])
    with app.app_context():
        db.session.execute(update(Child).where(Child.id == hidden.id).values(protected=True))
        db.session.commit()
    found = one(imported(app, viewer, *rows(NAMES[:1]), dry_run=True))
    assert (found.outcome, found.messages) == ("register", ())
    (event,) = events(app, "protected_file_met")
    assert (event.user_id, named(event), event.details) == (viewer.user_id, {hidden.id}, {"by": "registration"})
    assert (count(app, Child), count(app, Match)) == (1, 0)


def test_what_is_said_of_a_passed_on_row_is_the_same_wherever_its_child_has_a_file(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    on_file(make, NAMES[:1], THIRD)
    on_file(make, NAMES[1:2], ELSEWHERE)
    passed = [row(name, 现住址=THERE + "1幢", 监护人=f"{name[0]}平", 联系电话=phone(name)) for name in NAMES[:3]]
    found = imported(app, make.viewer(), *passed).rows
    assert count(app, LedgerRow, LedgerRow.held.is_not(None)) == 1
    report = document("台账.csv", [reported(each) for each in found], Style(in_force(today()), "zh", with_values=False))
    told = {json.dumps({**each, "row": 0}, ensure_ascii=False, sort_keys=True) for each in report["rows"]}
    assert len(told) == 1, told


def reported(stored: Stored) -> Reported:
    return Reported(stored.row, stored.outcome, stored.messages, str(stored.child_id) if stored.child_id else None)


def test_the_page_says_that_the_limit_stopped_it_and_tells_the_supervisor_of_the_area(
    app: Flask, make: Factory, client_as: SignIn, language: str, met_a_day: Callable[[int], None]
) -> None:
    met_a_day(2)
    on_file(make)
    office = make.office()
    user = make.user(office=office)
    done = imported(app, make.viewer(user=user), *rows())
    page = f"/ledgers/{done.ledger_id}"
    notice = f'.app-notice--late a[href="{page}"]'
    own = client_as(user, language=language)
    assert {"2", "4"} <= set(own.get(page).select(".app-notice--late")[0].get_text()), "so many rows of so many"
    assert not own.get("/ledgers/").select(notice), "the uploader is not told of files elsewhere"
    supervisor = client_as("supervisor", language=language)
    assert supervisor.get("/ledgers/").select(notice)
    supervisor.get(page)
    assert not client_as("supervisor", area=ELSEWHERE[:9] + "000").get("/ledgers/").select(notice)
    with app.app_context():
        db.session.execute(update(Ledger).values(ended_at=now() - timedelta(days=8)))
        db.session.commit()
    assert not supervisor.get("/ledgers/").select(notice)
