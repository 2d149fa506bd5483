"""Long overdue: a dose that has been overdue for more days than the procedure allows is a plain fact of its child."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.database import db
from registry.doses.models import Immunisation
from sop.version import in_force
from tests.doses.clinic import BCG, BORN, HEPB, Clinic, put, reckon

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

DAYS = timedelta(days=in_force(date(2026, 11, 22)).referrals.overdue_dose_days)
ONE = timedelta(days=1)


def long_overdue(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalars(select(Immunisation.long_overdue)).one()


@pytest.mark.database
@pytest.mark.parametrize("days_before_first", [1, 0])
def test_it_is_long_overdue_from_the_day_on_which_it_has_been_overdue_for_so_long(
    app: Flask, make: Factory, days_before_first: int
) -> None:
    child = make.child(birth=BORN)
    put(app, make, child, [HEPB, BCG])
    first = _first_overdue(app)
    reckon(app, first + DAYS - days_before_first * ONE)
    assert long_overdue(app) is (days_before_first == 0)


def _first_overdue(app: Flask) -> date:
    """Return the first day on which any of its courses is overdue, found day by day."""
    day = BORN.latest
    while True:
        reckon(app, day)
        with app.app_context():
            if db.session.scalars(select(Immunisation.state)).one() == "overdue":
                return day
        day += 7 * ONE if day < date(2024, 4, 15) else ONE


def test_what_is_half_entered_is_never_long_overdue(app: Flask, make: Factory) -> None:
    clinic = Clinic(app, make)
    child = clinic.referred()
    clinic.enter(child, HEPB, BCG, whole=True)
    assert long_overdue(app)
    clinic.enter(child, BCG, whole=False)
    with app.app_context():
        db.session.scalars(select(Immunisation)).one().whole = False
        db.session.commit()
    reckon(app)
    assert not long_overdue(app)
