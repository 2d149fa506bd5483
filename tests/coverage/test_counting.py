"""Counting for officials: ages by month, districts of either kind, results of referrals."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from registry.coverage import queries
from registry.coverage.queries import UNTOLD
from sop.identity import BirthDate
from sop.performance import KEPT, KEPT_AS, RESULTS, Referred, result_of
from sop.referral import State
from tests.factories import COMMUNITY, ELSEWHERE

ON = date(2026, 11, 22)
TIANNING, ZHONGLOU = "320402000000", "320404000000"


@pytest.mark.database
def test_children_are_counted_by_district_sex_and_band(app, make):
    official = make.viewer("official")
    make.child(birth=BirthDate(2019, 6, 14), sex="1")
    make.child(birth=BirthDate(2019, 7, 1), sex="1", protected=True)
    make.child(area=make.area(ELSEWHERE), birth=BirthDate(2024, 6, 1), sex="9")
    make.child(area=make.area("321322100901"), birth=BirthDate(2024, 6, 1))  # another city
    with app.app_context():
        table = queries.registered(official, ON)
    assert dict(table.counts) == {(TIANNING, "1", "6-11"): 2, (ZHONGLOU, UNTOLD, "0-2"): 1}
    assert len(table.dimensions[0].members) == 6


def test_a_birthday_counts_from_the_end_of_its_month_as_in_the_lists(app, make):
    official = make.viewer("official")
    make.child(birth=BirthDate(2023, ON.month, 1), sex="1")
    with app.app_context():
        before, after = (queries.registered(official, day) for day in (ON, date(2026, 11, 30)))
    assert [list(table.counts) for table in (before, after)] == [[(TIANNING, "1", "0-2")], [(TIANNING, "1", "3-5")]]


@pytest.mark.database
def test_referrals_are_counted_by_district_service_and_result(app, make):
    official = make.viewer("official")
    office = make.office("education", TIANNING)
    for values in (
        {"state": "sent"},
        {"state": "returned"},
        {"state": "accepted", "outcome": "41", "outcome_kind": "interim"},
        {"state": "closed", "outcome": "11", "outcome_kind": "solved"},
        {"state": "closed", "outcome": "44", "outcome_kind": "unsolved"},
        {"state": "withdrawn"},
        {"state": "draft"},
    ):
        make.referral(make.child(), office, **values)
    with app.app_context():
        table = queries.referrals(official, ON)
    assert dict(table.counts) == {
        (TIANNING, "education", "open"): 3,
        (TIANNING, "education", "solved"): 1,
        (TIANNING, "education", "unsolved"): 2,
    }


@pytest.mark.database
def test_both_pages_on_answers_mean_the_same_by_a_result(app, make):
    official, office = make.viewer("official"), make.office("education", TIANNING)
    found = Counter()
    for state in State:
        for kind in ("solved", "unsolved", None) if state is State.CLOSED else ("interim", None):
            row = make.referral(make.child(), office, state=state.value, outcome_kind=kind)
            if state is not State.DRAFT:
                dates = row.sent_on, row.accepted_on, row.closed_on, row.due_on
                found[KEPT_AS[result_of(Referred(row.state, *dates, kind, None), ON)]] += 1
    with app.app_context():
        table = queries.referrals(official, ON)
    assert {result: number for (_place, _service, result), number in table.counts.items()} == found
    assert set(KEPT_AS) == set(RESULTS)
    assert set(KEPT_AS.values()) == set(KEPT)


@pytest.mark.database
def test_confidential_services_are_counted_as_one(app, make, client_as, language):
    for service in ("disability", "legal_aid"):
        make.referral(make.child(), make.office(service, TIANNING), service=service)
    official = make.viewer("official")
    with app.app_context():
        table = queries.referrals(official, ON)
    assert dict(table.counts) == {(TIANNING, "confidential", "open"): 2}
    assert client_as("official", language=language).get("/coverage/").select("table")


@pytest.mark.parametrize(
    ("area", "community", "district"),
    [
        (TIANNING, COMMUNITY, f"{COMMUNITY[:9]}000"),  # a county's official sees its towns
        ("442000000000", "442000001901", "442000001000"),  # so does that of a city without counties
        ("120000000000", "120101001901", "120101000000"),  # a municipality has districts
    ],
)
def test_a_district_is_what_lies_below_the_officials_area(app, make, area, community, district):
    official = make.viewer("official", area=area)
    make.child(area=make.area(community), birth=BirthDate(2019, 6, 14), sex="2")
    with app.app_context():
        table = queries.registered(official, ON)
    assert dict(table.counts) == {(district, "2", "6-11"): 1}
    assert len(table.dimensions[0].members) > 1


@pytest.mark.database
def test_an_official_of_a_town_sees_its_communities(app, make):
    town = f"{COMMUNITY[:9]}000"
    official = make.viewer("official", area=town)
    neighbour = make.area(f"{COMMUNITY[:9]}902")
    child = make.child(birth=BirthDate(2019, 6, 14), sex="2")
    make.child(area=neighbour, birth=BirthDate(2019, 6, 14), sex="1")
    make.referral(child, make.office("education", TIANNING))
    with app.app_context():
        registered, referrals = queries.registered(official, ON), queries.referrals(official, ON)
    assert dict(registered.counts) == {(COMMUNITY, "2", "6-11"): 1, (neighbour, "1", "6-11"): 1}
    assert dict(referrals.counts) == {(COMMUNITY, "education", "open"): 1}
    assert registered.dimensions[0].members == (COMMUNITY, neighbour)


def test_what_was_registered_under_a_former_code_counts_with_its_successor(app, make):
    official = make.viewer("official")
    make.child(area=make.area("320405001901"), birth=BirthDate(2019, 6, 14), sex="2")  # Qishuyan, now Wujin
    with app.app_context():
        table = queries.registered(official, ON)
    assert dict(table.counts) == {("320412000000", "2", "6-11"): 1}
