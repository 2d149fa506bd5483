"""Who cares for a child by its row, and that the phone is that person's."""

import pytest

from sop.version import Sop
from tests.sop.ledgers import codes, judged, read, sheet

FATHERS, MOTHERS, OWN = "15412340001", "15412340002", "15412340003"
HEAD = [
    "姓名",
    "性别",
    "出生日期",
    "父亲姓名",
    "父亲电话",
    "母亲姓名",
    "母亲电话",
    "实际照护人",
    "与儿童关系",
    "照护人电话",
]


@pytest.mark.parametrize(
    ("cells", "carer"),
    [
        (["张大", FATHERS, "李四", MOTHERS, "张老汉", "祖父", OWN], ("张老汉", "61", OWN)),
        (["张大", FATHERS, "李四", MOTHERS, "李四", "母亲", ""], ("李四", "52", MOTHERS)),
        (["张大", FATHERS, "李四", MOTHERS, "李四", "", ""], ("李四", "52", MOTHERS)),
        (["", FATHERS, "", MOTHERS, "李四", "母亲", ""], ("李四", "52", MOTHERS)),
        (["张大", FATHERS, "李四", MOTHERS, "", "", ""], ("张大", "51", FATHERS)),
        (["张大", "", "李四", MOTHERS, "", "", ""], ("李四", "52", MOTHERS)),
        (["张大", FATHERS, "李四", MOTHERS, "", "母亲", ""], ("李四", "52", MOTHERS)),
        (["张大", FATHERS, "李四", MOTHERS, "张老汉", "祖父", "1541234"], ("张老汉", "61", FATHERS)),
    ],
)
def test_a_phone_is_that_of_the_carer(sop: Sop, cells: list[str], carer: tuple[str, str, str]) -> None:
    (row,) = judged(sop, sheet(HEAD, ["张小一", "男", "2015-3-4", *cells]))
    values = row.row.values
    assert (values.guardian, values.relation, values.phone) == carer
    assert codes(row) == (["phone_of_parent"] if carer[2] == FATHERS and carer[1] == "61" else [])
    assert row.outcome == "register"


def test_a_phone_of_which_nobody_says_whose_it_is_comes_before_that_of_another(sop: Sop) -> None:
    upper = ["姓名", "性别", "出生日期", "监护人", "关系", "父亲", "", "联系电话"]
    lower = ["", "", "", "", "", "姓名", "电话", ""]
    (row,) = judged(sop, sheet(upper, lower, ["张小一", "男", "2015-3-4", "张老汉", "爷爷", "张大", FATHERS, OWN]))
    assert (row.row.values.guardian, row.row.values.phone, codes(row)) == ("张老汉", OWN, [])


def test_a_carer_without_a_phone_is_said_to_have_that_of_a_parent_and_so_for_each_child(sop: Sop) -> None:
    head = ["姓名", "性别", "出生日期", "住址", "监护人", "父亲电话"]
    one, two = (
        ["张小一", "男", "2015-3-4", "三井", "张老汉", FATHERS],
        ["张小二", "男", "2017-3-4", "同上", "同上", "同上"],
    )
    found = judged(sop, sheet(head, one, two))
    assert [(each.row.values.phone, codes(each)) for each in found] == [(FATHERS, ["phone_of_parent"])] * 2


def test_a_phone_that_cannot_be_read_is_said_whoever_has_it(sop: Sop) -> None:
    (row,) = judged(sop, sheet(HEAD, ["张小一", "男", "2015-3-4", "", "1541", "", "", "张老汉", "祖父", ""]))
    assert (row.row.values.phone, row.outcome, codes(row)) == (None, "warn", ["phone_short"])


@pytest.mark.parametrize(
    ("cells", "guardian", "relation"),
    [
        (["", "陈大勇", "王芳", ""], "陈大勇", "51"),
        (["", "", "王芳", ""], "王芳", "52"),
        (["王芳", "陈大勇", "王芳", ""], "王芳", "52"),
        (["陈老太", "陈大勇", "王芳", "奶奶"], "陈老太", "62"),
        (["陈老太", "陈大勇", "王芳", "孙子"], "陈老太", None),
    ],
)
def test_parents_stand_in_for_a_guardian(sop: Sop, cells: list[str], guardian: str, relation: str | None) -> None:
    rows = sheet(["姓名", "出生日期", "监护人", "父亲姓名", "母亲姓名", "关系"], ["陈可", "2016-1-2", *cells])
    (row,) = read(sop, rows)
    assert (row.values.guardian, row.values.relation) == (guardian, relation)


def test_a_missing_guardian_is_said_only_where_a_ledger_asks_for_one(sop: Sop) -> None:
    (without,) = judged(sop, sheet(["姓名", "性别", "出生日期"], ["陈可", "男", "2016-1-2"]))
    assert without.outcome == "register"
    (asked,) = judged(sop, sheet(["姓名", "性别", "出生日期", "监护人"], ["陈可", "男", "2016-1-2", ""]))
    assert (asked.outcome, codes(asked)) == ("warn", ["guardian_missing"])
