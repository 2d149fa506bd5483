"""The nightly count of how offices perform: right, sealed, the same when done twice, whole when killed half-way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.database import db, uuid7
from registry.jobs import service as jobs
from registry.jobs.worker import work_off
from registry.referrals import confidential
from registry.referrals.models import Performance, Referral
from registry.referrals.performance import counting, totals
from registry.vault.sealed import opened_fields
from sop.performance import total
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.counting import closed, count, of_office
from tests.statements import statements

if TYPE_CHECKING:
    from flask import Flask

    from registry.areas.models import Office
    from tests.factories import Factory

ON = date(2026, 11, 22)
COUNTY, TOWN = f"{COMMUNITY[:6]}000000", f"{COMMUNITY[:9]}000"
EARLY = {"sent_on": date(2026, 10, 9), "accept_by": date(2026, 10, 23), "answer_by": date(2026, 11, 20)}
LATE = {"sent_on": date(2026, 11, 2), "accept_by": date(2026, 11, 30), "answer_by": date(2026, 12, 30)}


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY)


def rows(app: Flask) -> list[tuple[Any, ...]]:
    """Everything that is kept but the ids, opened."""
    with app.app_context():
        found = db.session.scalars(select(Performance).order_by(Performance.office_id, Performance.service)).all()
        return sorted(
            (each.office_id.hex, each.service, each.area_code, each.month, repr(each.counts.open(totals.READER)))
            for each in found
        )


@pytest.mark.database
def test_referrals_are_counted_by_service_town_and_month(app: Flask, make: Factory, office: Office) -> None:
    make.referral(make.child(), office, **EARLY)
    make.referral(make.child(), office, **LATE, state="accepted", accepted_on=date(2026, 11, 3))
    closed(make, office, **EARLY, closed_on=date(2026, 11, 9))
    closed(make, office, **EARLY, closed_on=date(2026, 11, 10), solved=False)
    make.referral(make.child(), office, **LATE, state="returned")
    make.referral(make.child(), office, **LATE, state="withdrawn", closed_on=ON)
    make.referral(make.child(area=make.area(f"{COMMUNITY[:6]}001901")), office, service="vaccination", **LATE)
    make.referral(make.child(), make.office("education", ELSEWHERE), **LATE)
    count(app, ON)
    assert [(each.service, each.area_code, each.month, each.counts) for each in of_office(app, office)] == [
        ("education", TOWN, "2026-10", {"accepted": {"all": 2}, "became": {"overdue": 1, "solved": 1, "unsolved": 1}}),
        (
            "education",
            TOWN,
            "2026-11",
            {
                "accepted": {"all": 1},
                "became": {"open": 1, "returned": 1, "withdrawn": 1},
                "closed": {"solved": 1, "unsolved": 1},
                "days": {"22": 1, "23": 1},
                "now": {"open": 1, "overdue": 1},
                "outcomes": {"11": 1, "44": 1},
            },
        ),
        (
            "vaccination",
            f"{COMMUNITY[:6]}001000",
            "2026-11",
            {"became": {"open": 1}, "now": {"open": 1}},
        ),
    ]


@pytest.mark.database
def test_a_second_night_changes_nothing_and_another_day_replaces_all(app: Flask, make: Factory, office: Office) -> None:
    make.referral(make.child(), office, **LATE)
    closed(make, make.office("clinic", COUNTY), service="vaccination", **EARLY, closed_on=ON)
    count(app, ON)
    first = rows(app)
    count(app, ON)
    assert rows(app) == first
    count(app, date(2026, 12, 1))
    (line,) = (each for each in of_office(app, office) if each.month == "2026-12")
    assert line.counts == {"now": {"overdue": 1}}


@pytest.mark.database
def test_killed_half_way_nothing_is_lost_or_doubled(app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "OFFICES_AT_ONCE", 2)
    offices = [make.office("education", COUNTY) for _ in range(3)]
    for office in offices:
        make.referral(make.child(), office, **LATE)
    assert count(app, ON) > 2
    whole = rows(app)
    replace, calls = counting._replace, []

    def killed(*given: Any) -> None:
        replace(*given)
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(counting, "_replace", killed)
    with pytest.raises(KeyboardInterrupt):
        count(app, ON)
    with app.app_context():
        db.session.rollback()
    assert rows(app) == whole
    monkeypatch.setattr(counting, "_replace", replace)
    count(app, ON)
    assert rows(app) == whole


@pytest.mark.database
def test_the_nightly_round_counts(app: Flask, make: Factory, office: Office) -> None:
    make.referral(make.child(), office)
    app.extensions["jobs"] = {counting.JOB: jobs.kinds_of(app)[counting.JOB]}
    work_off(app, on=ON)
    with app.app_context():
        assert totals.counted_on() == ON
    assert [each.service for each in of_office(app, office)] == ["education"]


@pytest.mark.database
def test_confidential_services_are_counted_as_one_by_county_without_outcomes(app: Flask, make: Factory) -> None:
    federation = make.office("disability", COUNTY)
    for service in ("disability", "social_assistance"):
        closed(make, federation, service=service, **EARLY, closed_on=ON, outcome="311", outcome_kind="solved")
    make.referral(make.child(), federation, service="disability", **LATE)
    count(app, ON)
    lines = of_office(app, federation)
    assert {(each.service, each.area_code) for each in lines} == {("confidential", COUNTY)}
    performed = total(((each.month, each.counts) for each in lines), {"2026-10", "2026-11"})
    assert (performed.sent, performed.closed, performed.open_now) == (3, 2, 1)
    assert performed.of("outcomes") == {}


def test_a_row_of_confidential_counts_tells_nobody_whether_an_office_was_asked(app: Flask, make: Factory) -> None:
    asked, idle = make.office("disability", COUNTY), make.office("legal_aid", COUNTY)
    for _ in range(3):
        make.referral(make.child(), asked, service="disability", **LATE)
    count(app, ON)
    with app.app_context():
        found = db.session.scalars(select(Performance).where(Performance.service == "confidential")).all()
        plain = {each.office_id: (each.area_code, each.month, len(each.counts_sealed)) for each in found}
    assert plain[asked.id] == plain[idle.id]
    assert plain[asked.id][:2] == ("320400000000", "")


def test_an_office_keeps_no_row_of_what_is_over_thirteen_months_ago(app: Flask, make: Factory, office: Office) -> None:
    long_ago = {"sent_on": date(2025, 10, 31), "closed_on": date(2025, 10, 31)}
    just = {"sent_on": date(2025, 10, 31), "closed_on": date(2025, 11, 3)}
    closed(make, office, **EARLY | long_ago)
    closed(make, office, **EARLY | just)
    make.referral(make.child(), office, **EARLY | {"sent_on": date(2024, 1, 3)})
    count(app, ON)
    assert [each.month for each in of_office(app, office)] == ["2025-11", "2026-11"]
    assert of_office(app, office)[1].counts == {"now": {"overdue": 1}}


def test_an_office_that_closed_keeps_what_it_did(app: Flask, make: Factory, office: Office) -> None:
    closed(make, office, **EARLY, closed_on=date(2026, 10, 20))
    with app.app_context():
        db.session.merge(office).closed_on = ON
        db.session.commit()
    count(app, ON)
    assert of_office(app, office)


def test_drafts_count_nowhere(app: Flask, make: Factory, office: Office) -> None:
    make.referral(make.child(), office, state="draft", sent_on=None)
    count(app, ON)
    assert of_office(app, office) == []


@pytest.mark.database
def test_the_area_of_a_child_decides_who_sees_its_counts(app: Flask, make: Factory, office: Office) -> None:
    federation = make.office("disability", COUNTY)
    far = make.child(area=make.area(ELSEWHERE))
    for child in (make.child(), make.child(), far):
        make.referral(child, office, **LATE)
        make.referral(child, federation, service="disability", **LATE)
    count(app, ON)
    with app.app_context():
        found = {
            prefix: sorted((each.service, each.counts["became"]["open"]) for each in totals.of_area((prefix,)))
            for prefix in (COUNTY[:6], ELSEWHERE[:6], TOWN[:9], "3204", "32", "3213", "320402999")
        }
    both = [("confidential", 2), ("education", 2)]
    one = [("confidential", 1), ("education", 1)]
    assert found == {
        "320402": both,
        "320404": one,
        TOWN[:9]: [("education", 2)],
        "3204": sorted(both + one),
        "32": sorted(both + one),
        "3213": [],
        "320402999": [],
    }


def test_a_night_opens_outcomes_and_where_it_was_handed_on_and_no_child(
    app: Flask, make: Factory, office: Office
) -> None:
    closed(make, office, **EARLY, closed_on=ON)
    with opened_fields() as opened:
        count(app, ON)
    assert {field for field, _row in opened} == {"referral.outcome"}


def test_numbers_lie_in_no_plain_column(app: Flask, make: Factory, office: Office) -> None:
    closed(make, office, **EARLY, closed_on=ON, outcome="14")
    count(app, ON)
    with app.app_context():
        (row,) = db.session.scalars(select(Performance).where(Performance.month == "2026-11")).all()
        assert b"outcomes" not in row.counts_sealed
        assert row.counts.open(totals.READER)["outcomes"] == {"14": 1}


def test_a_batch_costs_the_same_statements_however_many_referrals(app: Flask, make: Factory, office: Office) -> None:
    def cost() -> int:
        with statements(app) as sent:
            count(app, ON)
        return len(sent)

    make.referral(make.child(), office, **LATE)
    count(app, ON)
    few = cost()
    for days in range(5):
        closed(make, office, **LATE, closed_on=ON - timedelta(days=days))
        make.referral(make.child(), make.office("clinic", COUNTY), service="vaccination", **LATE)
    assert cost() == few


@pytest.mark.database
def test_a_referral_of_an_office_is_found_by_either_of_its_marks(app: Flask, make: Factory, office: Office) -> None:
    make.referral(make.child(), office, service="disability", **LATE)
    count(app, ON)
    (line,) = of_office(app, office)
    assert line.service == "confidential"
    with app.app_context():
        assert confidential.is_at(db.session.scalars(select(Referral)).one(), office.id)
        assert not confidential.is_at(db.session.scalars(select(Referral)).one(), uuid7())
