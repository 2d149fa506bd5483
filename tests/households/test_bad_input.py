"""Only what cannot be is refused, at its field, in the worker's language, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from registry.clock import today
from tests.factories import id_number
from tests.households.conftest import born, child, family, number, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.households.conftest import Intake

SOON = today() + timedelta(days=2)  # also where midnight passes while the tests run
FUTURE = {"birth-year": SOON.year, "birth-month": SOON.month, "birth-day": SOON.day}
GROWN = {"birth-year": born(16).year, "birth-month": born(16).month, "birth-day": born(16).day}
REFUSED: list[Any] = [
    ("name", {"name": ""}, "孩子2：请填写姓名", "Child 2: Enter a name"),
    ("name", {"name": "？12"}, "孩子2：请填写姓名", "Child 2: Enter a name"),
    ("birth-year", {"birth-year": ""}, "孩子2：请填写出生年份", "Child 2: Enter the year of birth"),
    ("birth-month", {"birth-month": ""}, "孩子2：请填写出生月份", "Child 2: Enter the month of birth"),
    ("birth-month", {"birth-month": "13"}, "孩子2：月份应为1至12", "Child 2: The month is a number from 1 to 12"),
    ("birth-year", {"birth-year": "", "birth-month": ""}, "孩子2：请填写出生年月", "Child 2: Enter the year and month"),
    ("birth-year", FUTURE, "孩子2：出生日期晚于今天", "Child 2: The date of birth is in the future"),
    ("birth-year", GROWN, "孩子2：已满16周岁", "Child 2: Aged 16 or over"),
    (
        "id_number",
        {"id_number": number(17), "birth-year": "", "birth-month": ""},
        "孩子2：已满16周岁",
        "Child 2: Aged 16",
    ),
    (
        "id_number",
        {"id_number": id_number("321322", SOON, 905), "birth-year": "", "birth-month": ""},
        "孩子2：号码中的出生日期晚于今天",
        "Child 2: The ID number says a birth in the future",
    ),
]


@pytest.mark.parametrize(("field", "typed", "chinese", "english"), REFUSED)
def test_what_cannot_be_is_refused_at_its_field_and_keeps_everything_typed(
    field: str, typed: dict[str, Any], chinese: str, english: str, language: str, begin: Callable[..., Intake]
) -> None:
    intake = begin(language=language)
    intake.notice()
    intake.family()
    second = without_number(1, **({"name": "李思远"} | typed))
    page = intake.send(child(0) | second, faulty=True)

    assert page.errors.keys() == {f"children-1-{field}"}
    assert page.errors[f"children-1-{field}"].startswith(chinese if language == "zh" else english)
    assert page.select(f"[id='children-1-{field}']")
    kept = dict(page.values())
    lost = {name for name, value in (child(0) | second).items() if str(value) and kept.get(name) != str(value)}
    assert lost == set()


def test_a_child_of_16_is_told_where_to_turn(begin: Callable[..., Intake], language: str) -> None:
    intake = begin(language=language)
    intake.notice()
    intake.family()
    page = intake.send(without_number(0, **GROWN), faulty=True)
    assert ("派出所" if language == "zh" else "police station") in page.errors["children-0-birth-year"]


def test_no_child_at_all_is_asked_for(intake: Intake) -> None:
    intake.notice()
    intake.family()
    page = intake.send({}, faulty=True)
    assert set(page.errors) == {"children-0-name", "children-0-birth-year"}


def test_the_guardians_answer_and_the_form_must_be_chosen(begin: Callable[..., Intake], language: str) -> None:
    intake = begin(language=language)
    page = intake.send({}, faulty=True)
    assert list(page.errors) == ["answer-agrees"]
    assert (
        page.errors["answer-agrees"]
        == {"zh": "请选择监护人的答复", "en": "Choose what the guardian answered"}[language]
    )


def test_a_day_that_does_not_exist_is_refused_on_the_household_page(intake: Intake) -> None:
    intake.notice()
    page = intake.send(family(**{"arrived-month": 2, "arrived-day": 31}), faulty=True)
    assert list(page.errors) == ["arrived-day"]
    assert dict(page.values())["guardians-0-name"] == "李建国"


def test_the_same_child_twice_is_refused_and_said_which(begin: Callable[..., Intake], language: str) -> None:
    intake = begin(language=language)
    intake.notice()
    intake.family()
    intake.send(button=("add", "children"))
    page = intake.send(
        child(0) | child(1, id_number=number()) | child(2, name="李思远", id_number=number()), faulty=True
    )
    said = {"zh": "孩子2：与孩子1是同一个孩子", "en": "Child 2: This is the same child as child 1"}[language]
    assert page.errors == {"children-1-name": said}


def test_a_community_that_is_not_ones_own_is_refused_at_the_form(intake: Intake) -> None:
    intake.notice()
    page = intake.send({"area_code": "320402004999"}, faulty=True)
    assert page.errors == {"form": "请选择社区（村）"}


CONTRADICTED: list[Any] = [
    ({"address_answer": "refused"}, {}, "社区以下的住址"),
    ({"guardians-0-phone_answer": "refused"}, {}, "监护人1：电话"),
    ({"hukou_answer": "unknown"}, {}, "户籍地"),
    ({}, {"id_answer": "refused"}, "公民身份号码"),
]


@pytest.mark.parametrize(("household", "typed", "question"), CONTRADICTED)
def test_a_value_beside_a_refusal_is_kept_and_the_refusal_not_lost_without_a_word(
    household: dict[str, Any], typed: dict[str, Any], question: str, intake: Intake
) -> None:
    page = intake.to_summary(child(0, **typed), **household)
    said = [each.get_text() for each in page.select(".app-notice--warn") if "拒答" in each.get_text()]
    assert len(said) == 1
    assert question in said[0]


def test_an_arrival_to_come_is_warned_of_and_counts_as_not_known(intake: Intake) -> None:
    ahead = {"arrived-year": today().year + 1, "arrived-month": 1}
    page = intake.to_summary(child(0), **ahead)
    assert "到达日期晚于今天" in " ".join(each.get_text() for each in page.select(".app-notice--warn"))
    assert "到达时间不清楚" in page.text


WARNED: list[Any] = [
    ({"birth-year": 2018, "birth-month": 1, "birth-day": 2}, "出生日期与公民身份号码不一致"),
    ({"sex": "1"}, "性别与公民身份号码不一致"),
    ({"id_number": number()[:-1] + ("0" if number()[-1] != "0" else "1")}, "最后一位校验不符"),
    ({"id_number": number(county="990099")}, "前六位（990099）"),
    ({"id_number": number(county="320405")}, "前六位（320405）"),  # Qishuyan, abolished in 2015
]


@pytest.mark.parametrize(("typed", "warning"), WARNED)
def test_what_may_be_wrong_is_warned_of_and_let_pass(typed: dict[str, Any], warning: str, intake: Intake) -> None:
    page = intake.to_summary(child(0, **typed))
    assert warning in page.text
    assert intake.finish().path.endswith("/registered")


@pytest.mark.parametrize("typed", ["32132220170412902", "3213222017041290A3", "321322201704319021"])
def test_a_number_that_cannot_be_read_is_kept_as_typed_with_a_warning(typed: str, intake: Intake) -> None:
    page = intake.to_summary(without_number(0, id_number=typed))
    assert "可以照此保存" in page.text
    assert intake.finish().path.endswith("/registered")


@pytest.mark.parametrize("phone", ["123", "没有", "1540000267"])
def test_a_phone_that_cannot_be_one_is_warned_of_and_kept(phone: str, intake: Intake) -> None:
    page = intake.to_summary(child(0), **{"guardians-0-phone": phone})
    assert "监护人1的电话位数或写法不对" in page.text
    assert intake.finish().path.endswith("/registered")


@pytest.mark.parametrize("written", ["{} ", "{:lower}", "{:wide}", "{:spaced}"])
def test_numbers_are_read_however_they_were_typed(written: str, intake: Intake) -> None:
    plain = next(n for sequence in range(902, 990, 2) if (n := number(sequence=sequence)).endswith("X"))
    typed = {
        "{} ": plain + " ",
        "{:lower}": plain.lower(),
        "{:wide}": "".join(chr(ord(sign) + 0xFEE0) for sign in plain),
        "{:spaced}": f"{plain[:6]} {plain[6:14]} {plain[14:]}",
    }[written]
    assert "校验不符" not in intake.to_summary(child(0, id_number=typed)).text
    assert intake.finish().path.endswith("/registered")
