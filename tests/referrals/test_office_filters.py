"""What an office's list can be narrowed to: offered where it makes sense, read from the address as it is offered."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from registry.areas.queries import services_of
from registry.referrals.lists import office_filters, office_list
from registry.referrals.lists.office_filters import Filters
from registry.referrals.lists.office_list import Wanted
from tests.factories import COMMUNITY

COUNTY = f"{COMMUNITY[:6]}000000"
TOWN = f"{COMMUNITY[:9]}000"
OTHER_TOWN = "320402004901"
ON = date(2026, 11, 20)
SERVED = (("education", COUNTY), ("vaccination", COUNTY))
CODES = ["education", "vaccination"]


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=SERVED)


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def at_office(make, office):
    """Return a function: a referral of a new child of a place at the office."""

    def refer(area=COMMUNITY):
        return make.referral(make.child(area=area), office, sent_on=ON, accept_by=ON, answer_by=ON + timedelta(30))

    return refer


def test_what_may_be_chosen_names_confidential_services_together(app, make):
    office = make.office("township", COUNTY, serves=(("social_assistance", COUNTY), ("legal_aid", COUNTY)))
    plain = make.office("education", COUNTY, serves=SERVED)
    viewers = [make.viewer("officer", user=make.user("officer", office=each)) for each in (office, plain)]
    with app.test_request_context():
        both, ordinary = (office_filters.offered(Filters(), each, services_of(each.office_id), ON) for each in viewers)
        assert "service" not in {name for _label, name, _choices, _chosen in both}  # one choice is none
        choices = next(choices for _label, name, choices, _chosen in ordinary if name == "service")
    assert [code for code, _words in choices] == ["", "education", "vaccination"]


def test_a_filter_is_offered_where_the_office_answers_what_it_is_about(app, make, at_office, officer):
    at_office()
    at_office(area=OTHER_TOWN)
    other = make.viewer("officer", user=make.user("officer", office=make.office("police", COUNTY)))
    with app.test_request_context():
        names = {
            name: choices for _label, name, choices, _chosen in office_filters.offered(Filters(), officer, CODES, ON)
        }
        narrowed = {
            name: choices
            for _label, name, choices, _chosen in office_filters.offered(Filters(area=TOWN), officer, CODES, ON)
        }
        bare = [name for _label, name, _choices, _chosen in office_filters.offered(Filters(), other, [], ON)]
    assert set(names) == {"service", "grade", "entry", "course", "area", "only"}
    assert [code for code, _words in names["area"]] == ["", OTHER_TOWN[:9] + "000", TOWN]
    assert [code for code, _words in narrowed["area"]] == ["", OTHER_TOWN[:9] + "000", TOWN, COMMUNITY]
    assert bare == ["only"]


@pytest.mark.parametrize(
    "asked",
    [
        {"grade": "10", "entry": "1999", "service": "identity", "only": "strange", "course": "rabies", "area": "32"},
        {"tab": "nothing", "sort": "name", "area": "32040200890x"},
        {"tab": "ended", "area": TOWN, "grade": "1", "sort": "grade", "only": "soon"},
    ],
)
def test_what_is_not_offered_leaves_the_list_as_it_is(app, officer, asked):
    with app.test_request_context():
        wanted = office_list.read(asked, CODES, ON)
    assert wanted.filters == Filters()
    assert wanted.named == ({"tab": "ended"} if asked.get("tab") == "ended" else {})


def test_the_address_of_a_list_reads_back_as_the_same_list(app, officer):
    filters = Filters("education", "2", 2025, TOWN, "soon", MappingProxyType({"course": "polio"}))
    wanted = Wanted("waiting", filters, "grade")
    with app.test_request_context():
        assert office_list.read(wanted.named, CODES, ON) == wanted
