"""Headings under headings, and headings that were once taken for something else."""

import pytest

from sop.ledger.cells import Cell
from sop.ledger.headings import field_of, field_under
from sop.version import Sop
from tests.sop.ledgers import codes, header_of, judged, sheet

NOT_BY_ITS_LOOKS = {
    "arrived": ["来社区时间", "来武进时间", "来苏时间", "到常日期", "来镇年月", "何时来常"],
    "origin": ["老家地址", "老家"],
    "address": ["现居所", "住处"],
    "name": ["儿童", "学生", "人员姓名"],
    "father": ["父名", "父"],
    "mother": ["母名", "母"],
    "guardian": ["第一监护人", "隔代监护人", "受委托监护人姓名"],
    "school": ["是否在幼儿园"],
    None: [
        *("在常居住年限", "与谁居住", "何时入学", "入学年月", "户口所在地派出所", "社区干部来访时间"),
        *("居住证到期时间", "报到日期", "居住面积"),
    ],
}


@pytest.mark.parametrize(
    ("field", "heading"), [(field, heading) for field, names in NOT_BY_ITS_LOOKS.items() for heading in names]
)
def test_a_heading_is_not_taken_for_what_a_part_of_it_says(sop: Sop, field: str | None, heading: str) -> None:
    assert field_of(heading, sop.ledgers) == field


@pytest.mark.parametrize(
    ("group", "heading", "field"),
    [
        ("父母外出情况", "父亲", "father_away"),
        ("父母外出情况", "母", "mother_away"),
        ("外出务工情况", "父", "father_away"),
        ("留守情况", "母亲", "mother_away"),
        ("外出务工情况", "地点", "away_place"),
        ("外出务工情况", "地址", "away_place"),
        ("外出务工情况", "时间", "away_since"),
        ("外出务工情况", "姓名", "ignored"),
        ("父母外出情况", "外出原因", None),
        ("父母外出情况", "家庭住址", "address"),
        ("父母外出情况", "联系电话", "phone"),
        ("父母情况", "父亲", "father"),
        ("父母姓名", "母", "mother"),
        ("家长电话", "父亲", "phone"),
        ("父母身份证号", "母亲", "ignored"),
        ("户籍地", "详细地址", "origin"),
        ("户籍地", "村", "origin"),
        ("户籍地", "现居住地址", "address"),
        ("现居住地", "详细地址", "address"),
        ("现居住地", "社区", "community"),
        ("现居住地", "房屋性质", None),
        ("是否入学", "否", None),
        ("家庭成员", "姓名", "ignored"),
        ("家庭成员", "身份证号", "ignored"),
        ("家庭成员", "父亲", "father"),
        ("家庭成员", "电话", "phone"),
        ("来常时间", "年", "arrived"),
        ("流入时间", "月", "arrived"),
        ("出生日期", "日", "birth_day"),
    ],
)
def test_the_heading_of_a_group_decides_what_those_below_it_leave_open(
    sop: Sop, group: str, heading: str, field: str | None
) -> None:
    assert field_under(group, heading, sop.ledgers) == field


@pytest.mark.parametrize(
    ("headings", "cells", "birth"),
    [
        (["出生年", "出生月", "出生日"], [2015, 3, 4], "2015-03-04"),
        (["出生年", "出生月", "出生日"], ["2015年", "3月", "4日"], "2015-03-04"),
        (["出生年份", "出生月份", "出生日期"], [2015.0, 3.0, 4.0], "2015-03-04"),
        (["年", "月", "日"], [2015, 3, 4], "2015-03-04"),
        (["出生日"], ["2015.3.4"], "2015-03-04"),
        (["出生年", "出生日期"], [2015, "2015-03-04"], "2015-03-04"),
        (["出生年", "出生月", "出生日"], [2015, 3, ""], "2015-03"),
    ],
)
def test_a_birth_date_is_read_out_of_its_parts(sop: Sop, headings: list[str], cells: list[Cell], birth: str) -> None:
    (row,) = judged(sop, sheet(["姓名", "性别", *headings, "电话"], ["张小明", "男", *cells, "15412340001"]))
    assert row.row.values.birth is not None
    assert row.row.values.birth.iso == birth
    assert row.outcome == ("register" if len(birth) == len("2015-03-04") else "warn")


def test_a_year_and_a_day_without_a_month_are_no_month(sop: Sop) -> None:
    (row,) = judged(sop, sheet(["姓名", "性别", "出生年", "出生月", "出生日"], ["张小明", "男", 2015, "", 4]))
    assert (row.outcome, codes(row)) == ("refuse", ["birth_year"])


def test_year_month_and_day_beside_a_birth_date_are_something_else(sop: Sop) -> None:
    header = header_of(sop, sheet(["姓名", "性别", "出生日期", "年", "月", "日"]))
    assert [column.field for column in header.columns] == ["name", "sex", "birth", None, None, None]


@pytest.mark.parametrize(
    ("cells", "arrived"), [((2020, 9), "2020-09"), (("2020年", "2月"), "2020-02"), (("2020.9.1", ""), "2020-09-01")]
)
def test_an_arrival_is_read_out_of_its_parts(sop: Sop, cells: tuple[Cell, Cell], arrived: str) -> None:
    upper, lower = ["姓名", "性别", "出生日期", "来常时间", ""], ["", "", "", "年", "月"]
    (row,) = judged(sop, sheet(upper, lower, ["张小明", "男", "2015-3-4", *cells]))
    assert (row.outcome, row.row.values.arrived.iso if row.row.values.arrived else None) == ("register", arrived)


def test_parts_of_a_place_under_one_heading_are_read_though_they_are_no_further_field(sop: Sop) -> None:
    upper, lower = ["姓名", "性别", "出生日期", "户籍地", "", ""], ["", "", "", "省", "市", "县"]
    (row,) = judged(sop, sheet(upper, lower, ["张小明", "男", "2015-3-4", "安徽省", "阜阳市", "颍上县"]))
    assert row.row.values.origin == "安徽省阜阳市颍上县"


def test_a_second_day_of_arrival_is_left_to_be_confirmed(sop: Sop) -> None:
    header = header_of(sop, sheet(["姓名", "出生日期", "来常时间", "入住时间"]))
    assert [column.field for column in header.columns] == ["name", "birth", "arrived", None]


@pytest.mark.parametrize(
    ("cells", "who"),
    [(("是", "否"), "father"), (("外出", "外出"), "both"), (("", "√"), "mother"), (("否", "否"), "neither")],
)
def test_who_is_away_is_nobody_s_name(sop: Sop, cells: tuple[str, str], who: str) -> None:
    upper, lower = ["姓名", "性别", "出生日期", "父母外出情况", "", "联系电话"], ["", "", "", "父亲", "母亲", ""]
    (row,) = judged(sop, sheet(upper, lower, ["张小一", "男", "2015-3-4", *cells, "15412340001"]))
    values = row.row.values
    assert (values.guardian, values.relation, values.who_away, row.outcome) == (None, None, who, "register")


@pytest.mark.parametrize("said", ["是", "外出", "√", "否", "在家"])
def test_a_word_that_answers_a_question_is_no_name_of_a_parent(sop: Sop, said: str) -> None:
    (row,) = judged(sop, sheet(["姓名", "性别", "出生日期", "父亲", "母亲"], ["张小一", "男", "2015-3-4", said, ""]))
    assert (row.row.values.guardian, row.row.values.relation, codes(row)) == (None, None, ["guardian_missing"])


def test_the_address_of_a_child_is_not_mixed_with_its_origin(sop: Sop) -> None:
    upper = ["姓名", "出生日期", "户籍地", "", "", "现居住地", "", "与谁居住", "在常居住年限"]
    lower = ["", "", "省", "县", "详细地址", "社区", "详细地址", "", ""]
    cells = ["张小一", "2015-3-4", "安徽省", "颍上县", "张庄村8号", "三井社区", "3幢5室", "父母", "5年"]
    (row,) = judged(sop, sheet(upper, lower, cells))
    values = row.row.values
    assert (values.origin, values.address, values.community) == ("安徽省颍上县张庄村8号", "3幢5室", "三井社区")
