"""The nightly round of doses: what time moves, written only where it changed, whatever ended it half-way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children import merging
from registry.children.models import Child
from registry.database import db
from registry.doses import service, states
from registry.doses.models import CourseState, Immunisation
from registry.doses.service import Entry
from registry.jobs.worker import work_off
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from tests.doses.clinic import BCG, BORN, HEPB, ON, SECOND, Clinic, courses, doses, put, reckon, state
from tests.statements import statements

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

DUE_FROM = date(2024, 4, 1)  # the second dose of hepatitis B of who was born on 1 March


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of both tables of states, as it stands."""
    with app.app_context():
        return {
            model.__tablename__: [tuple(row) for row in db.session.execute(select(model.__table__).order_by(model.id))]
            for model in (Immunisation, CourseState)
        }


@pytest.mark.database
def test_the_round_reckons_every_child_in_batches_and_twice_changes_nothing(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHILDREN_AT_ONCE", 2)
    recorded = [make.child(birth=BORN) for _ in range(3)]
    without = [make.child(birth=BORN) for _ in range(2)]
    for child in recorded:
        put(app, make, child, [HEPB, BCG])
    work_off(app)
    assert {state(app, child)[0] for child in recorded} == {"overdue"}
    assert {state(app, child) for child in without} == {("not_recorded", None)}
    after = rows(app)
    assert reckon(app, service_day(app)) == 0
    assert rows(app) == after


def service_day(app: Flask) -> date:
    with app.app_context():
        return db.session.scalars(select(Immunisation.reckoned_on)).first() or ON


def test_time_alone_moves_a_child_from_not_yet_to_due_to_overdue(app: Flask, make: Factory) -> None:
    child = make.child(birth=BORN)
    put(app, make, child, [HEPB, BCG])
    seen = []
    for day in (DUE_FROM - timedelta(days=1), DUE_FROM):
        reckon(app, day)
        seen.append((state(app, child), courses(app, child)["HepB"]))
    assert seen == [
        (("not_yet", "2024-04"), ("not_yet", 2, "2024-04")),
        (("due", "2024-04"), ("due", 2, "2024-04")),
    ]
    reckon(app, ON)
    assert state(app, child) == ("overdue", "2024-04")


def test_a_missed_night_loses_nothing(app: Flask, make: Factory) -> None:
    slept, woke = make.child(birth=BORN), make.child(birth=BORN)
    for child in (slept, woke):
        put(app, make, child, [HEPB, BCG])
    reckon(app, DUE_FROM - timedelta(days=1))
    reckon(app, ON)
    late = courses(app, slept)
    reckon(app, DUE_FROM)
    reckon(app, ON)
    assert courses(app, slept) == late == courses(app, woke)


def test_killed_between_two_batches_the_rest_is_reckoned_from_there(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHILDREN_AT_ONCE", 2)
    all_of_them = [make.child(birth=BORN) for _ in range(5)]
    for child in all_of_them:
        put(app, make, child, [HEPB])
    with app.app_context():
        first = service.reckon(ON, None)
        db.session.commit()
        assert (first.done, first.after) == (2, all_of_them[1].id)
        service.reckon(ON, first.after)
        db.session.rollback()  # killed here
    with app.app_context():
        assert len(db.session.scalars(select(Immunisation).where(Immunisation.state == "overdue")).all()) == 2
    assert reckon(app) == 3, "those that were done are not written again"
    assert {state(app, child)[0] for child in all_of_them} == {"overdue"}


@pytest.mark.database
def test_only_rows_that_changed_are_written(app: Flask, make: Factory) -> None:
    still, moved = make.child(birth=BORN), make.child(birth=BORN)
    for child in (still, moved):
        put(app, make, child, [HEPB])
    reckon(app)
    before = rows(app)
    put(app, make, moved, [BCG._replace(source="clinic")])
    with statements(app) as sent:
        assert reckon(app) == 1
    assert [sql.split()[0] for sql in sent if not sql.startswith(("SELECT", "WITH", "BEGIN"))] == ["DELETE"]
    after = rows(app)
    assert after["immunisation"] == before["immunisation"]
    gone = set(before["course_state"]) - set(after["course_state"])
    assert [row[:2] for row in gone] == [(moved.id, "BCG")]
    assert set(after["course_state"]) < set(before["course_state"])


@pytest.mark.database
def test_the_number_of_statements_of_a_batch_does_not_depend_on_how_many_children(app: Flask, make: Factory) -> None:
    def sent_by_a_round(day: date) -> int:
        with statements(app) as sent:
            reckon(app, day)
        return len(sent)

    def more(number: int) -> None:
        for _ in range(number):
            put(app, make, make.child(birth=BORN), [HEPB, BCG])

    more(1)
    made, moved, still = sent_by_a_round(DUE_FROM - timedelta(days=1)), sent_by_a_round(ON), sent_by_a_round(ON)
    with app.app_context():
        db.session.query(CourseState).delete()
        db.session.query(Immunisation).update({"state": "not_recorded", "due_month": None})
        db.session.commit()
    more(6)
    assert sent_by_a_round(DUE_FROM - timedelta(days=1)) == made
    assert sent_by_a_round(ON) == moved
    assert sent_by_a_round(ON) == still
    assert still < moved <= 11


@pytest.mark.parametrize("status", ["deceased", "aged_out"])
def test_who_died_or_grew_up_keeps_its_row_and_is_not_reckoned(app: Flask, make: Factory, status: str) -> None:
    child = make.child(birth=BORN)
    put(app, make, child, [HEPB, BCG])
    reckon(app, DUE_FROM)
    before = rows(app)
    with app.app_context():
        db.session.get_one(Child, child.id).status = status
        db.session.commit()
    assert reckon(app, ON) == 0
    assert rows(app) == before


def test_a_protected_file_is_reckoned_like_the_others(app: Flask, make: Factory) -> None:
    child = make.child(birth=BORN, protected=True)
    put(app, make, child, [HEPB])
    reckon(app)
    assert state(app, child) == ("overdue", "2024-04")


def test_nothing_is_opened_but_birth_dates_and_days_of_doses_that_count(app: Flask, make: Factory) -> None:
    child = make.child(birth=BORN)
    put(app, make, child, [HEPB, BCG._replace(source="guardian")])
    with opened_fields() as opened:
        reckon(app)
    assert sorted({field for field, _row in opened}) == ["child.birth_date", "dose.day"]
    assert len(opened) == 2


@pytest.mark.database
def test_doses_of_merged_files_count_for_the_kept_one_and_no_more_when_it_is_undone(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    kept, other, third = (make.child(birth=BORN, number=None) for _ in range(3))
    for child, given in ((kept, HEPB), (other, SECOND), (third, BCG)):
        put(app, make, child, [given, HEPB])
    supervisor = make.viewer("supervisor")
    with app.app_context():
        merging.merge(supervisor, third.id, other.id)
        merging.merge(supervisor, other.id, kept.id)
        db.session.commit()
    reckon(app)
    assert courses(app, kept)["HepB"][1] == 3
    assert "BCG" not in courses(app, kept)
    clinic.refer(third)
    assert [dose.vaccine for dose in clinic.record(kept).doses].count("HepB") == 2, "the same dose is shown once"
    third_hepb = Entry("HepB", date(2024, 9, 1), "clinic")
    assert clinic.enter(third, third_hepb, SECOND).new == (third_hepb,)
    assert "HepB" not in courses(app, kept), "complete"
    with app.app_context():
        merging.part(supervisor, other.id, "registered")
        db.session.commit()
    reckon(app)
    assert courses(app, kept)["HepB"][1] == 2
    assert "HepB" not in courses(app, other)
    assert {dose.child_id for dose in doses(app)} == {kept.id, other.id, third.id}, "no row was moved"


@pytest.mark.database
def test_a_row_that_somebody_else_made_meanwhile_is_taken_as_it_is(app: Flask, make: Factory) -> None:
    child = make.child(birth=BORN)
    with app.app_context():
        first = states.hold([child.id], ON)
        db.session.commit()
        assert states.hold([child.id, child.id], ON) == first


@pytest.mark.parametrize(
    ("certificate", "birth", "recorded"),
    [
        ("no_dose", BORN, True),
        ("none", BORN, False),
        ("none", BirthDate(2026, 10, 22), False),
        ("none", BirthDate(2026, 10, 23), True),
        *((answer, BirthDate(2026, 10, 23), False) for answer in ("seen", "unseen", "unknown", "refused")),
    ],
)
def test_nothing_is_claimed_of_a_child_of_whom_nothing_is_recorded(
    app: Flask, make: Factory, certificate: str, birth: BirthDate, recorded: bool
) -> None:
    child = make.child(birth=birth, certificate=certificate)
    reckon(app)
    assert (state(app, child)[0] != "not_recorded") is recorded
    assert bool(courses(app, child)) is recorded


def test_of_a_merged_file_nothing_is_said_beside_the_kept_one_after_the_next_round(app: Flask, make: Factory) -> None:
    kept, other = make.child(birth=BORN, number=None), make.child(birth=BORN, number=None)
    for child in (kept, other):
        put(app, make, child, [HEPB])
    reckon(app)
    with app.app_context():
        merging.merge(make.viewer("supervisor"), other.id, kept.id)
        db.session.commit()
    assert reckon(app) == 1, "the kept one stands as it stood"
    assert (state(app, other), courses(app, other)) == (("not_recorded", None), {})
    assert courses(app, kept)
    assert reckon(app) == 0


def test_files_that_are_merged_in_a_ring_are_read_once(app: Flask, make: Factory) -> None:
    one, other = make.child(birth=BORN), make.child(birth=BORN)
    with app.app_context():
        for child, into in ((one, other), (other, one)):
            db.session.get_one(Child, child.id).merged_into = into.id
        db.session.commit()
        assert set(merging.files_of([one.id])) == {one.id, other.id}
