"""The picker of a division: without a script it is posted and comes back one step further."""

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from wtforms import Form

from registry.areas.forms import AreaField

CHANGZHOU = {"place-1": "320000000000", "place-2": "320400000000"}
ZHONGSHAN = {"place-1": "440000000000", "place-2": "442000000000"}
TIANJIN = {"place-1": "120000000000", "place-2": "120104000000"}


class Picking(Form):
    place = AreaField("Home")


class PickingCity(Form):
    place = AreaField("Went to", at_least=2, deepest=2)


@pytest.fixture
def picker(app):
    """Return a function that sends values to a picker and returns its field, inside a request."""

    def send(values=None, *, form=Picking, data=None, judge=False):
        field = form(MultiDict(values) if values is not None else None, data=data and {"place": data})["place"]
        field.good = field.validate(None) if judge else None
        return field

    with app.test_request_context("/"):
        yield send


def labels(field):
    return [str(step.label) for step in field.steps]


def chosen(field):
    return [step.chosen for step in field.steps]


def test_nothing_chosen_offers_the_provinces_only(picker):
    field = picker()
    assert len(field.steps) == 1
    assert len(field.steps[0].options) == 34


def test_a_value_is_shown_along_its_path_with_the_next_step_open(picker):
    field = picker(data="320402000000")
    assert chosen(field) == ["320000000000", "320400000000", "320402000000", ""]


def test_the_button_opens_the_next_step_without_judging(picker):
    field = picker({**CHANGZHOU, "place-open": "1"})
    assert field.asked
    assert field.data == "320400000000"
    assert "天宁区" in dict(field.steps[2].options).values()


def test_a_changed_province_drops_what_was_chosen_below_the_old_one(picker):
    field = picker({**CHANGZHOU, "place-1": "440000000000"})
    assert field.data == "440000000000"


def test_an_answer_that_ends_too_high_is_sent_back(picker):
    field = picker(CHANGZHOU, judge=True)
    assert not field.good
    assert len(field.errors) == 1


def test_a_county_is_enough_and_a_city_without_counties_too(picker):
    assert picker({**CHANGZHOU, "place-3": "320402000000"}, judge=True).good
    assert picker(ZHONGSHAN, judge=True).good
    assert picker(TIANJIN, judge=True).good
    assert picker(TIANJIN).data == "120104000000"


def test_no_finer_step_is_offered_than_is_asked_for(picker):
    field = picker(CHANGZHOU, form=PickingCity, judge=True)
    assert field.good
    assert len(field.steps) == 2


def test_one_place_of_a_typed_name_is_taken(picker):
    field = picker({"place-typed": "沭阳县", "place-find": "1"})
    assert field.data == "321322000000"
    assert field.typed == ""
    assert len(field.steps) == 4


def test_several_places_of_a_typed_name_are_offered_with_what_lies_above(picker):
    field = picker({"place-typed": "朝阳区", "place-find": "1"})
    assert field.data is None
    assert ("110105000000", "北京市朝阳区") in field.found


def test_choosing_among_the_places_found_settles_it(picker):
    field = picker({"place-typed": "朝阳区", "place-found": "110105000000"}, judge=True)
    assert field.good
    assert field.data == "110105000000"


def test_a_name_that_is_no_place_keeps_what_was_typed_and_says_so(picker):
    field = picker({"place-typed": "没有这里", "place-find": "1"})
    assert field.typed == "没有这里"
    assert field.errors
    judged = picker({"place-typed": "没有这里"}, judge=True)
    assert not judged.good
    assert judged.errors


@pytest.mark.parametrize(
    "values",
    [
        {"place-1": "999999999999"},
        {"place-1": "nonsense"},
        {"place-found": "999999999999"},
        {"place-found": "320402008901"},
    ],
)
def test_what_was_never_offered_is_refused(picker, values):
    field = picker(values, judge=True)
    assert not field.good


def test_a_form_that_says_nothing_of_the_place_keeps_its_value(picker):
    assert picker({"other": "1"}, data="320402000000").data == "320402000000"


def test_every_control_has_its_label_and_errors_are_tied_to_the_group(picker):
    page = BeautifulSoup(picker({"place-typed": "朝阳区", "place-1": "320000000000"}, judge=True)(), "html5lib")
    controls = page.select("input, select")
    assert {control["name"] for control in controls} >= {"place-typed", "place-found", "place-1"}
    for control in controls:
        assert page.select(f'label[for="{control["id"]}"]'), control["name"]
    assert page.select_one("fieldset")["aria-describedby"] == "place-error"
    assert page.select_one("#place-error")


def test_the_tree_is_never_in_the_page(picker):
    assert picker(data="320402000000")().count("<option") < 120


def test_scripts_are_told_the_next_step_and_only_names(client_as):
    browser = client_as("registrar")
    answer = browser.http.get("/areas/120000000000/children").get_json()
    assert {"code": "120104000000", "level": 3, "name": "南开区"} in answer["children"]
    assert answer["label"]
    assert {key for child in answer["children"] for key in child} == {"code", "level", "name"}


def test_nobody_is_told_without_signing_in(client):
    assert client.http.get("/areas/120000000000/children").status_code == 302


def test_an_odd_code_is_not_found(client_as):
    assert client_as("registrar").http.get("/areas/12/children").status_code == 404
