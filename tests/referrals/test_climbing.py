"""The clocks of the night: what is overdue climbs on the day that the procedure names, to the nearest supervisor."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from registry.areas.models import Office
from registry.clock import today
from registry.database import db
from registry.jobs.service import kinds_of
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue import climbing, messages
from registry.referrals.steps import advance
from sop.referral import SUPERVISOR, Move, Side, add_working_days, climbs_on
from sop.version import in_force, use_overlay
from tests.factories import COMMUNITY
from tests.referrals.overdue import (
    CITY,
    COUNTY,
    NEXT_TOWN,
    TOWN,
    confidential_one,
    late_by,
    night,
    overdue,
    stands,
    supervisor,
)
from tests.statements import count_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from registry.children.models import Child
    from tests.factories import Factory

pytestmark = pytest.mark.database
FIRST, SECOND = in_force(today()).referrals.climb_days
DUE = date(2026, 12, 30)  # a Wednesday: between it and the first Thursday of 2027 lies the new year
OVERLAY = Path(__file__).parents[1] / "sop" / "calendar_2027"


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


@pytest.fixture
def child(make: Factory) -> Child:
    return make.child()


@pytest.fixture
def next_year(app: Flask) -> Iterator[None]:
    """The year 2027, entered as local rules."""
    use_overlay(OVERLAY)
    yield
    use_overlay(None)


@pytest.mark.parametrize(
    ("days", "height"),
    [(1, 0), (FIRST - 1, 0), (FIRST, 1), (FIRST + SECOND - 1, 1), (FIRST + SECOND, 2), (FIRST + SECOND + 30, 2)],
)
def test_it_climbs_on_the_working_day_that_the_procedure_names(
    make: Factory, child: Child, office: Office, days: int, height: int
) -> None:
    supervisor(make, TOWN), supervisor(make, COUNTY)
    referral = overdue(make, child, office, late_by(days))
    assert night(make.app) == (height > 0)
    assert stands(make.app, referral) == (height, (None, TOWN, COUNTY)[height])


def test_what_is_due_today_or_has_ended_stays(make: Factory, office: Office) -> None:
    supervisor(make)
    rows = [
        overdue(make, make.child(), office, today()),
        overdue(make, make.child(), office, late_by(40), state="closed"),
        overdue(make, make.child(), office, late_by(40), state="returned"),
        overdue(make, make.child(), office, late_by(40), state="draft"),
    ]
    assert night(make.app) == 0
    assert [stands(make.app, row) for row in rows] == [(0, None)] * 4


@pytest.mark.parametrize(
    ("areas", "first", "second"),
    [
        ((TOWN, COUNTY, CITY), TOWN, COUNTY),
        ((TOWN, CITY), TOWN, CITY),
        ((COUNTY, CITY), COUNTY, CITY),
        ((TOWN,), TOWN, TOWN),
        ((CITY,), CITY, CITY),
        ((COMMUNITY, COUNTY), COUNTY, COUNTY),  # a community's supervisor is no step
        ((NEXT_TOWN, CITY[:2] + "0000000000"), None, None),  # nor is the next town's, nor a province's
        ((), None, None),
    ],
)
def test_it_climbs_to_the_nearest_supervisor_and_then_to_the_next_above(
    make: Factory, child: Child, office: Office, areas: tuple[str, ...], first: str | None, second: str | None
) -> None:
    for area in areas:
        supervisor(make, area)
    referral = overdue(make, child, office, late_by(FIRST))
    night(make.app)
    assert stands(make.app, referral) == (1, first)
    night(make.app, add_working_days(working_calendar(), today(), SECOND))
    assert stands(make.app, referral) == (2, second)


def test_an_account_out_of_use_and_a_closed_office_supervise_nothing(
    make: Factory, child: Child, office: Office
) -> None:
    supervisor(make, TOWN, active=False)
    closed = make.office("government", COUNTY)
    make.user("supervisor", office=closed)
    supervisor(make, CITY)
    with make.app.app_context():
        db.session.execute(update(Office).where(Office.id == closed.id).values(closed_on=today()))
        db.session.commit()
    referral = overdue(make, child, office, late_by(FIRST))
    night(make.app)
    assert stands(make.app, referral) == (1, CITY)


def test_a_new_supervisor_is_taken_account_of_and_nothing_climbs_down(
    make: Factory, child: Child, office: Office
) -> None:
    referral = overdue(make, child, office, late_by(FIRST), climbed=2)
    night(make.app)
    assert stands(make.app, referral) == (2, None)
    supervisor(make, COUNTY)
    night(make.app)
    assert stands(make.app, referral) == (2, COUNTY)


def test_a_night_twice_changes_nothing_and_a_missed_one_loses_nothing(
    make: Factory, child: Child, office: Office
) -> None:
    supervisor(make, TOWN), supervisor(make, COUNTY)
    referral = overdue(make, child, office, late_by(FIRST + SECOND))  # no night was since its limit
    assert (night(make.app), night(make.app)) == (1, 0)
    assert stands(make.app, referral) == (2, COUNTY)


def test_a_night_that_ends_half_way_goes_on_where_it_was(
    make: Factory, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(climbing, "BATCH", 2)
    supervisor(make)
    rows = [overdue(make, make.child(), office, late_by(FIRST)) for _ in range(5)]
    with make.app.app_context():
        first = climbing.climb(today(), None)
        db.session.commit()
    with make.app.app_context():
        lost = climbing.climb(today(), first.after)
        db.session.rollback()  # killed before it was written
    with make.app.app_context():
        assert climbing.climb(today(), first.after) == lost
        db.session.commit()
        last = climbing.climb(today(), lost.after)
        db.session.commit()
    assert (first.done, lost.done, last.done, last.after) == (2, 2, 1, None)
    assert {stands(make.app, row) for row in rows} == {(1, TOWN)}


def test_a_move_begins_anew(make: Factory, child: Child, office: Office) -> None:
    supervisor(make)
    referral = overdue(make, child, office, late_by(FIRST))
    night(make.app)
    with make.app.app_context():
        row = db.session.get_one(Referral, referral.id)
        row.answer_by = today() + timedelta(days=30)
        advance(row, Move.ACCEPT, Side.RECEIVER, today())
        db.session.commit()
    assert stands(make.app, referral) == (0, None)
    assert night(make.app) == 0


def test_an_interim_answer_does_not_stop_it(make: Factory, child: Child, office: Office) -> None:
    supervisor(make)
    referral = overdue(make, child, office, late_by(FIRST), state="accepted", outcome_kind="interim")
    night(make.app)
    assert stands(make.app, referral) == (1, TOWN)


def test_confidential_ones_climb_too_and_are_not_opened_for_it(make: Factory, child: Child) -> None:
    supervisor(make)
    referral = confidential_one(make, child, make.office("disability", COUNTY), late_by(FIRST))
    night(make.app)
    assert stands(make.app, referral) == (1, TOWN)


def test_the_version_of_the_row_is_not_changed_so_that_nobody_is_told_of_a_change(
    make: Factory, child: Child, office: Office
) -> None:
    supervisor(make)
    referral = overdue(make, child, office, late_by(FIRST))
    night(make.app)
    with make.app.app_context():
        assert db.session.get_one(Referral, referral.id).version == referral.version


def test_over_the_new_year_weekends_alone_are_off_while_its_year_is_missing(
    make: Factory, child: Child, office: Office
) -> None:
    assert _climbs(make, child, office) == date(2027, 1, 6)


def test_over_the_new_year_the_holidays_count_once_its_year_is_entered(
    make: Factory, child: Child, office: Office, next_year: None
) -> None:
    assert _climbs(make, child, office) == date(2027, 1, 7)


def _climbs(make: Factory, child: Child, office: Office) -> date:
    """Return the first night after which it has climbed."""
    supervisor(make)
    referral = overdue(make, child, office, DUE)
    nights = (DUE + timedelta(days=number) for number in range(30))
    first = next(on for on in nights if night(make.app, on))
    assert stands(make.app, referral) == (1, TOWN)
    assert first == climbs_on(in_force(DUE).services["education"], DUE, SUPERVISOR, working_calendar())
    return first


def test_a_batch_takes_no_more_statements_for_more_referrals(make: Factory, office: Office) -> None:
    supervisor(make)

    def for_rows(number: int) -> int:
        for _ in range(number):
            overdue(make, make.child(), office, late_by(FIRST))
        return count_statements(make.app, lambda: (climbing.climb(today(), None), db.session.commit()))

    for_rows(1)
    assert for_rows(1) == for_rows(8)


def test_it_is_work_of_the_night(app: Flask) -> None:
    kinds = kinds_of(app)
    assert {name: kinds[name].nightly for name in (climbing.CLOCKS, messages.MESSAGES, messages.ONE)} == {
        "referral-clocks": True,
        "referral-messages": False,
        "referral-message": False,
    }
