"""The place of a ledger is read from its title, the lines above its header and the names of its sheets."""

from typing import TYPE_CHECKING

import pytest

from sop.version import Sop
from tests.sop.ledgers import header_of, read, sheet

if TYPE_CHECKING:
    from sop.ledger.cells import Cell

HEAD = ["序号", "姓名", "性别", "出生日期", "联系电话"]


def place(sop: Sop, above: list[str], name: str = "Sheet1") -> str | None:
    return header_of(sop, sheet(above, HEAD), name).community


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("雕庄街道菱溪社区流动儿童花名册", "雕庄街道菱溪社区"),
        ("颜集镇汤庄村留守儿童花名册", "颜集镇汤庄村"),
        ("汤庄村委会2026年留守儿童花名册", "汤庄村委会"),
        ("2026年三井社区流动儿童台账", "三井社区"),
        ("二〇二六年度汤庄村农村留守儿童信息表", "汤庄村"),
        ("流动儿童登记表（三井社区）", "三井社区"),
        ("流动儿童登记表-汤庄村", "汤庄村"),
        ("单位：颜集镇汤庄村      填表日期：2026.11.1", "颜集镇汤庄村"),
        ("单位：汤庄村 填表日期：2026.11.1", "汤庄村"),
        ("村别：汤庄村", "汤庄村"),
        ("沭阳县颜集镇留守儿童花名册", "沭阳县颜集镇"),
        ("乡镇：颜集镇", "颜集镇"),
    ],
)
def test_a_title_names_the_place(sop: Sop, title: str, named: str) -> None:
    assert place(sop, [title]) == named


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("汤庄村2026", "汤庄村"),
        ("汤庄村留守儿童", "汤庄村"),
        ("01汤庄村", "汤庄村"),
        ("3.汤庄村（12人）", "汤庄村"),
        ("颜集镇", "颜集镇"),
        ("新农村", "新农村"),
    ],
)
def test_the_name_of_a_sheet_names_the_place(sop: Sop, name: str, named: str) -> None:
    assert place(sop, ["台账"], name) == named


@pytest.mark.parametrize(
    "title",
    [
        "农村留守儿童信息台账",
        "沭阳县农村留守儿童花名册",
        "各村留守儿童花名册",
        "本社区流动儿童台账",
        "城镇流动儿童登记表",
        "常州市流动儿童登记台账",
        "说明：本社区流动儿童由汤庄村填报，谢谢",
        "村别：",
    ],
)
def test_a_title_that_names_no_place_is_not_taken_for_one(sop: Sop, title: str) -> None:
    assert place(sop, [title]) is None


def test_the_town_of_the_title_stands_before_the_village_of_the_sheet(sop: Sop) -> None:
    assert place(sop, ["颜集镇留守儿童花名册"], "汤庄村") == "颜集镇汤庄村"
    assert place(sop, ["颜集镇汤庄村留守儿童花名册"], "汤庄村") == "颜集镇汤庄村"


def test_a_title_between_rows_stands_for_those_below(sop: Sop) -> None:
    child: list[Cell] = [1, "陈可", "男", "2016-1-2", "15400001111"]
    rows = sheet(["汤庄村留守儿童花名册"], HEAD, child, ["2026年柳园村留守儿童花名册"], child)
    assert [row.values.community for row in read(sop, rows)] == ["汤庄村", "柳园村"]
