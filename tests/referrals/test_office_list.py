"""An office's list: narrowed and in the order asked for, page by page, ordinary and confidential services merged."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from registry.children.merging import merge
from registry.clock import today
from registry.database import db
from registry.doses.models import CourseState
from registry.referrals import service
from registry.referrals.lists import office_list, pages, places
from registry.referrals.lists.office_filters import Filters
from registry.referrals.lists.office_list import Wanted
from registry.referrals.models import CONFIDENTIAL, Referral
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.statements import statements

COUNTY = f"{COMMUNITY[:6]}000000"
TOWN = f"{COMMUNITY[:9]}000"
NEIGHBOUR = "320402008902"  # a community of the same town
OTHER_TOWN = "320402004901"
ON = date(2026, 11, 20)  # a Friday; Monday to Wednesday are the three working days after it
SERVED = (("education", COUNTY), ("vaccination", COUNTY))


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=SERVED)


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def at_office(app, make, office):
    """Return a function: a referral of a new child at the office, accepted on a Monday, due a week later."""

    def refer(**values):
        child = make.child(area=values.pop("area", COMMUNITY), birth=values.pop("birth", BirthDate(2018, 3, 2)))
        days = {"sent_on": ON - timedelta(30), "accept_by": ON, "answer_by": ON + timedelta(30), "state": "accepted"}
        return make.referral(child, values.pop("office", office), **days | values)

    return refer


def found(officer, *, tab="open", sort="limit", **filters):
    return [each.id for each in office_list.inbox(officer, Wanted(tab, Filters(**filters), sort), ON).referrals]


@pytest.mark.database
def test_tabs_are_the_states_and_each_counts_what_it_shows(context, at_office, officer):
    made = {
        "waiting": at_office(state="sent", accept_by=ON + timedelta(3)),
        "in_progress": at_office(),
        "appointed": at_office(state="appointed"),
        "overdue": at_office(answer_by=ON - timedelta(1)),
        "ended": at_office(state="closed"),
    }
    at_office(state="draft")
    for tab in ("waiting", "appointed", "overdue", "ended"):
        assert found(officer, tab=tab) == [made[tab].id]
    assert found(officer, tab="in_progress") == [made["overdue"].id, made["in_progress"].id]
    assert found(officer)[:2] == [made["overdue"].id, made["waiting"].id]
    counts = {"open": 4, "overdue": 1, "waiting": 1, "in_progress": 2, "appointed": 1, "ended": 1}
    assert office_list.counts(officer, ON) == counts
    assert all(len(found(officer, tab=tab)) == number for tab, number in counts.items())


@pytest.mark.database
def test_of_very_many_it_counts_no_more_than_it_shows(context, at_office, officer, monkeypatch):
    monkeypatch.setattr(office_list, "COUNTED_AT_MOST", 2)
    for state in ("sent", "accepted", "accepted", "accepted", "closed"):
        at_office(state=state, accept_by=ON + timedelta(9))
    capped = {"open": 3, "overdue": 0, "waiting": 1, "in_progress": 3, "appointed": 0, "ended": 1}
    assert office_list.counts(officer, ON) == capped
    assert office_list.counts(officer, ON, Filters(service="education")) == capped


@pytest.mark.database
def test_it_is_narrowed_by_stage_grade_and_year_of_entry(context, at_office, officer):
    by_year = {year: at_office(entry_year=year).id for year in (2027, 2026, 2021, 2020, 2018, 2017)}
    assert found(officer, grade="kindergarten") == [by_year[2027]]
    assert found(officer, grade="primary") == [by_year[2026], by_year[2021]]
    assert found(officer, grade="junior") == [by_year[2020], by_year[2018]]
    assert found(officer, grade="1") == found(officer, entry=2026) == [by_year[2026]]
    assert found(officer, grade="9") == [by_year[2018]]


@pytest.mark.database
def test_it_is_narrowed_by_town_community_and_service_and_counted_so(context, at_office, officer):
    here, beside = at_office(), at_office(area=NEIGHBOUR, service="vaccination")
    there = at_office(area=OTHER_TOWN)
    assert found(officer, area=TOWN) == [here.id, beside.id]
    assert found(officer, area=NEIGHBOUR) == [beside.id]
    assert found(officer, area=TOWN, service="education") == [here.id]
    assert found(officer, service="education") == [here.id, there.id]
    assert office_list.counts(officer, ON, Filters(area=TOWN))["open"] == 2
    assert office_list.counts(officer, ON, Filters(area=OTHER_TOWN, service="vaccination"))["open"] == 0


@pytest.mark.database
@pytest.mark.parametrize(
    ("due", "only"),
    [
        (ON - timedelta(1), {"overdue"}),
        (ON, {"soon"}),
        (date(2026, 11, 25), {"soon"}),  # three working days ahead
        (date(2026, 11, 26), set()),
    ],
)
def test_overdue_and_due_soon_are_told_by_working_days(context, at_office, officer, due, only):
    at_office(answer_by=due)
    assert {which for which in ("overdue", "soon", "interim") if found(officer, only=which)} == only


def test_only_those_answered_for_the_time_being_are_found_as_such(context, at_office, officer):
    at_office()
    answered = at_office(outcome_kind="interim")
    assert found(officer, only="interim") == [answered.id]


@pytest.mark.database
def test_it_is_narrowed_by_the_vaccine_due_of_kept_and_merged_files(context, make, at_office, officer):
    due, merged, kept = at_office(service="vaccination"), at_office(service="vaccination"), make.child()
    at_office(service="vaccination")
    merge(make.viewer("supervisor"), merged.child_id, kept.id)
    for child_id, course, status in (
        (due.child_id, "polio", "overdue"),
        (due.child_id, "hepb", "not_yet"),
        (kept.id, "polio", "due"),
    ):
        db.session.add(CourseState(child_id=child_id, course=course, status=status))
    db.session.commit()
    more = MappingProxyType({"course": "polio"})
    assert found(officer, more=more) == [due.id, merged.id]
    assert office_list.counts(officer, ON, Filters(more=more))["open"] == 2
    assert found(officer, more=MappingProxyType({"course": "hepb"})) == []


@pytest.fixture
def civil_affairs(make):
    office = make.office("civil_affairs", COUNTY, serves=(("social_assistance", COUNTY), ("community_centre", COUNTY)))
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.mark.database
def test_confidential_ones_stand_between_the_ordinary_in_one_order(context, make, civil_affairs):
    registrar, children = make.viewer("registrar"), [make.child() for _ in range(3)]
    asked = ((9, "community_centre"), (6, "social_assistance"), (3, "community_centre"))
    sent = [
        service.send(registrar, child.id, code, (), COMMUNITY, ON - timedelta(days))
        for child, (days, code) in zip(children, asked, strict=True)
    ]
    db.session.commit()
    assert [each.service for each in sent] == ["community_centre", CONFIDENTIAL, "community_centre"]
    for sort in office_list.SORTS:
        ids = found(civil_affairs, sort=sort)
        assert sorted(ids) == sorted(each.id for each in sent)
    assert found(civil_affairs) == [each.id for each in sent]
    assert found(civil_affairs, service=CONFIDENTIAL) == [sent[1].id]
    assert places.towns_of(civil_affairs) == [TOWN]
    assert office_list.counts(civil_affairs, ON)["waiting"] == 3


ORDERS = {
    "limit": lambda each: (each.due_on, each.id),
    "sent": lambda each: (each.sent_on, each.id),
    "community": lambda each: (each.area_code, each.id),
    "grade": lambda each: (-each.entry_year, -each.id.int),
}


@pytest.mark.database
@pytest.mark.parametrize("sort", office_list.SORTS)
def test_every_order_holds_over_pages_whatever_comes_meanwhile(context, at_office, officer, monkeypatch, sort):
    monkeypatch.setattr(office_list, "PAGE", 2)
    monkeypatch.setattr(pages, "PAGE", 2)
    made = [
        at_office(
            answer_by=ON + timedelta(each * 7 % 5),
            sent_on=ON - timedelta(each * 3 % 4),
            entry_year=2020 + each * 5 % 3,
            area=(COMMUNITY, NEIGHBOUR, OTHER_TOWN)[each % 3],
        )
        for each in range(7)
    ]
    seen, after = [], None
    while not seen or after:
        page = office_list.inbox(officer, Wanted(sort=sort), ON, after)
        assert len(page.referrals) <= 2
        seen, after = seen + [each.id for each in page.referrals], page.after
        db.session.get_one(Referral, seen[0]).state = "closed"  # what was shown goes meanwhile
        db.session.get_one(Referral, seen[0]).due_on = None
        db.session.flush()
    assert seen == [each.id for each in sorted(made, key=ORDERS[sort])]


def test_what_has_ended_comes_newest_first_over_pages(context, at_office, officer, monkeypatch):
    monkeypatch.setattr(office_list, "PAGE", 2)
    monkeypatch.setattr(pages, "PAGE", 2)
    made = [at_office(state="closed") for _ in range(5)]
    seen, after = [], None
    while not seen or after:
        page = office_list.inbox(officer, Wanted("ended"), ON, after)
        seen, after = seen + [each.id for each in page.referrals], page.after
    assert seen == [each.id for each in reversed(made)]


@pytest.mark.parametrize("sort", office_list.SORTS)
def test_a_place_of_another_order_begins_at_the_beginning(context, at_office, officer, sort):
    made = at_office()
    page = office_list.inbox(officer, Wanted(sort=sort), ON, f"not a value.{made.id.hex}x")
    assert [each.id for each in page.referrals] == [made.id]


def test_what_another_office_has_a_protected_child_and_one_that_died_is_on_no_list(context, make, at_office, officer):
    other = make.office("education", COUNTY)
    at_office(office=other)
    for values in ({"protected": True}, {"child_status": "deceased"}):
        make.referral(make.child(**values), make.office("education", ELSEWHERE[:6] + "000000"), state="accepted")
        make.referral(make.child(**values), _office_of(officer), state="accepted")
    assert found(officer) == found(officer, area=TOWN) == []
    assert set(office_list.counts(officer, ON).values()) == {0}


def _office_of(viewer):
    return type("Its", (), {"id": viewer.office_id})


@pytest.mark.database
@pytest.mark.parametrize("query", ["", "?sort=grade&grade=primary", f"?area={TOWN}&only=interim&course=polio"])
def test_a_page_costs_the_same_statements_whatever_is_on_it(make, client_as, office, at_office, query):
    browser, costs = client_as(make.user("officer", office=office)), []
    for number in (1, 5):
        for _ in range(number):
            values = {"service": "vaccination", "entry_year": 2024, "outcome_kind": "interim"}
            polio = at_office(answer_by=today() + timedelta(30), **values)
            with browser.app.app_context():
                db.session.add(CourseState(child_id=polio.child_id, course="polio", status="due"))
                db.session.commit()
        with statements(browser.app) as sent:
            page = browser.get(f"/referrals/{query}")
        costs.append((len(page.select("tbody tr")), len(sent)))
    assert [rows for rows, _cost in costs] == [1, 6]
    assert costs[0][1] == costs[1][1]
