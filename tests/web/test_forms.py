"""The error summary names the person and leads to the faulty field."""

from bs4 import BeautifulSoup
from flask import render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField
from wtforms.validators import InputRequired

from registry.web.fields import DateParts, Text
from registry.web.forms import ErrorItem, PartForm, RegistryForm

MACROS = '{% from "web/forms.html" import error_summary, text_field, date_field %}'
SUMMARY_AND_FIELDS = """{{ error_summary(form) }}{{ text_field(form.address) }}
{% for child in form.children %}
{{ text_field(child.form.name) }}{{ date_field(child.form.born) }}{% endfor %}"""


class Child(PartForm):
    name = Text("Name", [InputRequired("Enter the name")])
    born = DateParts("Born", allow_month=True, messages={"month": "Enter the month of birth"})

    def person(self, number: int) -> str:
        return f"Child {number}"


class Family(RegistryForm):
    address = Text("Address", [InputRequired("Enter the address")])
    children = FieldList(FormField(Child), min_entries=2)


def family() -> Family:
    sent = {"children-0-name": "甲", "children-1-name": "乙", "children-1-born-year": "2019"}
    form = Family(MultiDict(sent), meta={"csrf": False})
    form.validate()
    return form


def test_each_error_names_its_person_and_its_box(english):
    assert family().error_items() == [
        ErrorItem("Enter the address", "#address"),
        ErrorItem("Child 2: Enter the month of birth", "#children-1-born-month"),
    ]


def test_every_link_of_the_summary_leads_to_a_field_tied_to_its_error(english):
    form = family()
    page = BeautifulSoup(render_template_string(MACROS + SUMMARY_AND_FIELDS, form=form), "html5lib")
    assert page.h2.text.strip() == "There are 2 things to correct"
    links = page.select(".govuk-error-summary a")
    assert len(links) == 2
    for link in links:
        assert page.select_one(link["href"])["aria-invalid"] == "true"
    described = page.select_one("#address")["aria-describedby"]
    assert "Enter the address" in page.find(id=described).text


def test_one_error_is_counted_as_one(english):
    text = render_template_string(MACROS + '{{ error_summary([{"text": "Wrong", "href": "#x"}]) }}')
    assert "There is 1 thing to correct" in text


def test_a_form_without_errors_shows_no_summary(english):
    assert render_template_string(MACROS + "{{ error_summary([]) }}").strip() == ""
