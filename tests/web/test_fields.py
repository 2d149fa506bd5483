"""Fields read what people type, refuse what cannot be, and survive any post."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired

from registry.web.fields import DateParts, DateValue, Text, Tiles, clean


class Asked(Form):
    born = DateParts("Born", [InputRequired("Enter the date")], allow_month=True)
    seen = DateParts("Seen", messages={"day": "Enter the day it was seen"})
    school = Tiles("School", code_list="school")
    name = Text("Name", max_length=5)


class OnlyADay(Form):
    born = DateParts("Born", allow_month=True)


def asked(**sent: str) -> Asked:
    form = Asked(MultiDict({key.replace("_", "-"): value for key, value in sent.items()}))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        ("2019", "6", "14", (2019, 6, 14)),
        ("２０１９", "０６", "１４", (2019, 6, 14)),
        (" 2019年", "6月", "14日", (2019, 6, 14)),
        ("2019", "06", "", (2019, 6, None)),
        ("2020", "2", "29", (2020, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_type_it(english, year, month, day, expected):
    form = asked(born_year=year, born_month=month, born_day=day)
    assert form.born.data == DateValue(*expected)
    assert form.born.errors == []


@pytest.mark.parametrize(
    ("typed", "message", "box"),
    [
        (("", "", ""), "Enter the date", "year"),
        (("2019", "", ""), "Enter the month", "month"),
        (("", "6", "14"), "Enter the year", "year"),
        (("19", "6", "14"), "Write the year with four digits", "year"),
        (("1819", "6", "14"), "Check the year", "year"),
        (("2019", "13", "1"), "The month is a number from 1 to 12", "month"),
        (("2019", "2", "29"), "There is no such day: check the date", "day"),
        (("2019", "0", "1"), "The month is a number from 1 to 12", "month"),
        (("2019", "six", "1"), "Write the date in digits", "month"),
        (("2019", "6", "-1"), "Write the date in digits", "day"),
    ],
)
def test_what_cannot_be_a_day_is_refused_at_its_box(english, typed, message, box):
    form = asked(born_year=typed[0], born_month=typed[1], born_day=typed[2])
    assert form.born.data is None
    assert form.born.errors == [message]
    assert form.born.anchor == f"born-{box}"


def test_what_was_typed_stays_in_its_boxes(english):
    form = asked(born_year="2019", born_month="x", born_day="31")
    assert form.born.typed == {"year": "2019", "month": "x", "day": "31"}


def test_a_day_may_be_needed_and_says_so_in_its_own_words(english):
    form = asked(seen_year="2019", seen_month="6")
    assert form.seen.errors == ["Enter the day it was seen"]


def test_a_day_that_nobody_asks_for_may_be_left_out(english):
    form = asked()
    assert form.seen.data is None
    assert form.seen.errors == []


@pytest.mark.parametrize("opened_with", [date(2019, 6, 14), (2019, 6, 14), [2019, 6, 14]])
def test_a_form_opens_with_the_day_it_is_given(english, opened_with):
    form = Asked(data={"born": opened_with})
    assert form.born.data == DateValue(2019, 6, 14)
    assert form.born.typed == {"year": "2019", "month": "6", "day": "14"}


@given(
    st.dictionaries(
        st.sampled_from(["born-year", "born-month", "born-day"]), st.lists(st.text(max_size=20), max_size=3)
    )
)
def test_no_post_by_hand_breaks_a_day(sent):
    form = OnlyADay(MultiDict([(key, value) for key, values in sent.items() for value in values]))
    good = form.validate()
    assert good == (form.born.errors == [])
    assert form.born.data is None or date(*form.born.data[:2], form.born.data.day or 1)


def test_tiles_put_unknown_and_refused_last(spoken):
    field = Asked().school
    assert ("primary", "小学" if spoken == "zh" else "Primary school") in field.settled()
    assert [code for code, _ in field.unsettled()] == ["unknown", "refused"]
    assert field.anchor == f"school-{field.settled()[0][0]}"


def test_an_answer_that_is_not_offered_is_refused(english):
    assert asked(school="primary").school.errors == []
    assert asked(school="university").school.errors == ["Choose one of the answers"]


def test_no_answer_is_no_answer(english):
    form = asked(school="")
    assert form.school.data is None
    assert form.school.errors == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  李 思琪 ", "李 思琪"),
        ("\u5b66\u0000\u0007\u751f", "学生"),
        ("𬀩", "𬀩"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
    ],
)
def test_a_line_of_text_is_kept_clean_and_whole(typed, kept):
    assert clean(typed) == kept


def test_text_left_empty_is_none_and_too_long_is_refused(english):
    assert asked(name="   ").name.data is None
    assert asked(name="123456").name.errors == ["Write at most 5 characters"]
