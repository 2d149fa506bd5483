"""Doses of the demonstration: plausible histories of one child in eight, and states as a night would reckon them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.children.models import Child
from registry.database import db
from registry.doses import service
from registry.doses.models import CourseState, Dose, Immunisation
from registry.jobs.service import Reader
from seed.demo.doses import history
from seed.demo.load import fill
from sop.immunisation import assess
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Flask

    from sop.immunisation import Given

DAY = date(2026, 11, 20)
SCHEDULE = in_force(DAY).immunisation
CHILDREN = 600
DAYS = Reader(frozenset({"dose.day", "child.birth_date"}))


@pytest.mark.database
def test_one_child_in_eight_has_doses_and_all_stand_as_a_night_would_reckon_them(context: Flask) -> None:
    fill(CHILDREN, 2009, DAY, "a password of nobody")
    on_file = db.session.scalar(select(func.count()).where(Child.status == "registered")) or 0
    recorded = db.session.scalar(select(func.count(Dose.child_id.distinct()))) or 0
    assert 0.09 < recorded / on_file < 0.16
    states = Counter(db.session.scalars(select(Immunisation.state)))
    assert sum(states.values()) == on_file
    assert set(states) >= {"not_recorded", "partly", "complete", "not_yet", "due", "overdue"}
    assert 0.05 < states["partly"] / recorded < 0.3, "about one in six of those recorded"
    assert db.session.scalar(select(func.count()).select_from(CourseState))
    assert service.reckon(DAY, None).done == 0
    assert db.session.scalar(select(func.count()).select_from(Immunisation)) == on_file


def test_they_were_entered_by_the_clinic_of_the_area_after_they_were_given(context: Flask) -> None:
    fill(CHILDREN, 2009, DAY, "a password of nobody")
    rows = db.session.scalars(select(Dose)).all()
    assert {dose.source for dose in rows} == {"certificate", "clinic"}
    for dose in rows:
        day, birth = dose.day.open(DAYS), dose.child.birth_date.open(DAYS)
        assert day is not None
        assert birth is not None
        assert birth.earliest <= day <= dose.entered_at.date() <= DAY
        assert dose.child.registered_at <= dose.entered_at
        assert dose.child.certificate == "seen"


def histories() -> list[tuple[date, str, list[Given]]]:
    random = Random("histories")  # noqa: S311
    drawn = [(DAY - timedelta(days=random.randrange(5800)), random.choice("12")) for _ in range(800)]
    return [(born, sex, history(random, SCHEDULE, born, sex, DAY)) for born, sex in drawn]


def test_histories_are_mostly_on_time_some_late_or_missing_and_a_few_doses_invalid() -> None:
    states, invalid, doses = Counter[str](), 0, 0
    for born, sex, given in histories():
        found = assess(SCHEDULE, born, sex, given, DAY)
        statuses = {each.status for each in found.courses.values()}
        states["overdue" if "overdue" in statuses else "on time"] += 1
        invalid += sum(each.reason is not None for each in found.doses)
        doses += len(given)
    assert 0.1 < states["overdue"] / states.total() < 0.35
    assert 0.002 < invalid / doses < 0.03


def test_the_same_draw_makes_the_same_histories_and_none_has_a_dose_of_the_future() -> None:
    assert histories() == histories()
    assert all(born <= dose.on <= DAY for born, _sex, given in histories() for dose in given)
