"""When the next visit is due: by what counted, by who was seen, by what was judged; and each night anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.jobs.worker import work_off
from registry.visits import service
from sop.identity import add_months
from tests.visits.conftest import CALM, HIGH, RAISED

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory
    from tests.visits.conftest import Days


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [("seen", True), ("phoned", True), ("neighbour", False), ("nobody", False), ("declined", False)],
)
def test_only_what_counts_moves_the_day(days: Days, outcome: str, counts: bool) -> None:
    home = days.family(registered=40)
    before = days.due(home)
    assert before == today() - timedelta(days=25), "15 days after registration"
    days.visit(home, outcome)
    assert days.due(home) == (add_months(today(), 1) if counts else before)


def test_a_child_who_must_be_seen_is_not_visited_by_a_call(days: Days, make: Factory) -> None:
    home = make.household()
    child = days.child(home, 40)
    days.assess(child, HIGH)
    days.reckon()
    days.visit(home, "phoned")
    assert days.due(home) == today(), "judged today"
    days.visit(home, "seen", seen=[child.id])
    assert days.due(home) == add_months(today(), 1)


def test_one_child_seen_does_not_stand_for_its_brother_who_must_be_seen(days: Days, make: Factory) -> None:
    home = make.household()
    child, brother = days.child(home, 40), days.child(home, 40)
    days.assess(brother, RAISED)
    days.reckon()
    days.visit(home, "seen", seen=[child.id])
    assert days.due(home) == today(), "judged today"
    days.visit(home, "seen", seen=[brother.id])
    assert days.due(home) == add_months(today(), 1), "the other one, whom nobody judged, is visited monthly"


@pytest.mark.parametrize(("judged", "months"), [(CALM, 6), (RAISED, 3), (HIGH, 1)])
def test_how_often_follows_what_was_judged(days: Days, make: Factory, judged: tuple[str, str], months: int) -> None:
    home = make.household()
    days.assess(days.child(home), judged)
    days.visit(home)
    assert days.due(home) == add_months(today(), months)


def test_a_visit_before_the_last_one_moves_nothing_back(days: Days) -> None:
    home = days.family()
    days.visit(home)
    days.visit(home, days_ago=20)
    assert days.due(home) == add_months(today(), 1)


def test_the_night_reckons_anew_what_has_changed_and_writes_nothing_else(app: Flask, days: Days, make: Factory) -> None:
    home = make.household()
    days.assess(days.child(home), CALM)
    days.visit(home)
    assert days.reckon() == 0
    with app.app_context():
        db.session.get_one(Household, home.id).visit_due = today()
        db.session.commit()
    assert days.reckon() == 1
    assert days.due(home) == add_months(today(), 6)
    assert days.reckon() == 0


@pytest.mark.parametrize("status", ["left", "not_found"])
def test_where_nobody_is_left_nothing_is_due(days: Days, make: Factory, status: str) -> None:
    home = make.household(visit_due=today())
    days.child(home, status=status)
    days.reckon()
    assert days.due(home) is None


def test_a_protected_child_does_not_move_the_day_that_everybody_reads(days: Days, make: Factory) -> None:
    home = days.family(visited=0)
    hidden = days.child(home, 300, protected=True)
    days.reckon()
    assert days.due(home) == add_months(today(), 1), "a family that stays due would tell that there is somebody"
    assert hidden.protected


@pytest.mark.database
def test_the_nightly_round_fills_what_is_missing_in_small_batches(
    app: Flask, days: Days, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "HOUSEHOLDS_AT_ONCE", 2)
    homes = [make.household() for _ in range(5)]
    for home in homes:
        days.child(home, 10)
    work_off(app)
    assert {days.due(home) for home in homes} == {today() + timedelta(days=5)}
    with app.app_context():
        assert db.session.query(Household).filter(Household.visit_due.is_(None)).count() == 0
