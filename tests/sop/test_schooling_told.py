"""Lists tell of schooling in codes, in the words of the forms, and in one column or two."""

from datetime import date

import pytest

from sop.identity import BirthDate
from sop.schooling.needs import schooling_needs
from sop.schooling.told import read_told
from sop.version import Sop


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("primary", "3", "in_school"), ("primary", 3, "in_school")),
        (("none", "", "not_in_school"), ("none", None, "not_in_school")),
        (("senior", "", "graduated"), ("senior", None, "graduated")),
        (("", "", ""), ("unknown", None, "")),
        (("unknown", "", "unknown"), ("unknown", None, "unknown")),
        (("小学", "三年级", "在读"), ("primary", 3, "in_school")),
        (("初中", "初二", "在学"), ("junior", 8, "in_school")),
        (("初中", "１", "在校"), ("junior", 1, "in_school")),
        (("三年级", "", ""), ("primary", 3, "")),
        (("采菱小学", "", ""), ("primary", None, "")),
        (("幼儿园", "", ""), ("kindergarten", None, "")),
        (("幼儿园", "大班", ""), ("kindergarten", None, "")),
        (("未入学", "无", ""), ("none", None, "")),
        (("", "大班", "幼儿园"), ("kindergarten", None, "")),
        (("中职", "", ""), ("senior", None, "")),
        (("未入园", "", ""), ("none", None, "")),
        (("未入学", "", "未入学"), ("none", None, "not_in_school")),
        (("小学", "", "辍学"), ("primary", None, "dropout")),
        (("辍学", "", ""), ("unknown", None, "dropout")),
        (("不在学", "", ""), ("none", None, "")),
        (("休学", "", ""), ("unknown", None, "suspended")),
        (("延缓入学(已批准)", "", ""), ("unknown", None, "delayed")),
        (("none", "", "延缓入学（已批准）"), ("none", None, "delayed")),
        (("特教", "", ""), ("unknown", None, "in_school")),
        (("", "", "送教上门"), ("unknown", None, "home_teaching")),
        (("已毕业未升学", "", ""), ("unknown", None, "graduated")),
        (("初中", "9", "已毕业未升学"), ("junior", 9, "graduated")),
        (("待核实", "", ""), ("unknown", None, "unknown")),
        (("", "", "待核实"), ("unknown", None, "unknown")),
        (("", "", "初中"), ("junior", None, "")),
        (("已入学", "", ""), ("unknown", None, "in_school")),
        (("none", "", "dropped_out"), ("none", None, "dropout")),
        (("none", "", "left_school"), ("none", None, "not_in_school")),
        (("none", "", "to_verify"), ("none", None, "unknown")),
        (("Primary", "Grade 4", "In school"), ("primary", 4, "in_school")),
    ],
)  # fmt: skip
def test_cells_are_read_as_an_official_means_them(
    sop: Sop, cells: tuple[str, str, str], told: tuple[str, int | None, str]
) -> None:
    assert read_told(sop, *cells).told == told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("未上小学", ("none", None, "not_in_school")),
        ("未入小学", ("none", None, "not_in_school")),
        ("待入小学", ("none", None, "not_in_school")),
        ("小学未毕业", ("primary", None, "not_in_school")),
        ("曾读小学", ("primary", None, "not_in_school")),
        ("小学，已退学", ("primary", None, "dropout")),
        ("初二辍学", ("junior", 8, "dropout")),
        ("小学休学", ("primary", None, "suspended")),
        ("小学毕业", ("primary", None, "graduated")),
        ("初中毕业(未升学)", ("junior", None, "graduated")),
        ("幼儿园毕业", ("kindergarten", None, "graduated")),
        ("小学4年级在读", ("primary", 4, "in_school")),
        ("小学毕业班", ("primary", None, "in_school")),
        ("小学，未辍学", ("primary", None, "in_school")),
        ("小学，申请延缓", ("primary", None, "unknown")),
        ("未央区实验小学", ("primary", None, "")),
        ("曾都区初级中学", ("junior", None, "")),
        ("lower_secondary", ("junior", None, "")),
        ("middle", ("junior", None, "")),
        ("junior_secondary", ("junior", None, "")),
        ("special", ("unknown", None, "in_school")),
        ("退学", ("unknown", None, "dropout")),
        ("转学", ("unknown", None, "unknown")),
        ("已批准延缓入学", ("unknown", None, "delayed")),
        ("九年一贯制", ("unknown", None, "in_school")),
        ("K", ("kindergarten", None, "")),
        ("preschool", ("kindergarten", None, "")),
        ("pre-school", ("kindergarten", None, "")),
        ("n/a", ("unknown", None, "")),
    ],
)
def test_stage_and_status_are_read_out_of_one_cell(sop: Sop, cell: str, told: tuple[str, int | None, str]) -> None:
    assert read_told(sop, cell, "", "") == (told, ())


@pytest.mark.parametrize(
    ("cell", "birth", "needs", "flags"),
    [
        ("待入小学", BirthDate(2020, 3, 1), "now", ()),
        ("小学，已退学", BirthDate(2014, 3, 1), "now", ("dropout",)),
        ("小学毕业", BirthDate(2014, 3, 1), "now", ()),
        ("初中毕业(未升学)", BirthDate(2011, 3, 1), "none", ("not_in_school_14_15",)),
        ("小学休学", BirthDate(2017, 3, 1), "none", ("suspended",)),
        ("幼儿园毕业", BirthDate(2020, 3, 1), "now", ()),
        ("幼儿园毕业", BirthDate(2021, 3, 1), "next_september", ("entrant_grade_1",)),
    ],
)
def test_a_cell_for_stage_and_status_is_answered_as_the_two_apart(
    sop: Sop, cell: str, birth: BirthDate, needs: str, flags: tuple[str, ...]
) -> None:
    told = read_told(sop, cell, "", "").told
    assert schooling_needs(sop, birth, *told, date(2026, 11, 22))[3:] == (needs, flags)


def test_grades_are_read_in_many_ways(sop: Sop) -> None:
    written = {
        "3.0": 3,
        "04": 4,
        "四": 4,
        "第四年级": 4,
        "四年级上": 4,
        "四年级(2)班": 4,
        "初1": 7,
        "P4": 4,
        "7": 7,
        "高一": 10,
    }
    assert {text: read_told(sop, "", text, "").told.grade for text in written} == written
    for text in ("K3", "大班", "中二班"):
        assert read_told(sop, "", text, "") == (("kindergarten", None, ""), ()), text


def test_statuses_are_read_in_many_ways(sop: Sop) -> None:
    written = {
        "in_school": "studying enrolled attending active in-school special",
        "not_in_school": "never_enrolled not_enrolled out_of_school left",
        "dropout": "退学 肄业 dropped_out drop-out",
        "delayed": "已批准延缓 delay_approved delayed_approved approved_delay",
        "unknown": "转学 待核实",
    }
    for status, words in written.items():
        for word in words.split():
            assert read_told(sop, "primary", "", word) == (("primary", None, status), ()), word


def test_what_cannot_be_read_is_unknown_and_named_by_its_column(sop: Sop) -> None:
    assert read_told(sop, "moon", "x", "asleep") == (("unknown", None, ""), ("stage", "grade", "status"))
    assert read_told(sop, "primary", "13", "") == (("primary", None, ""), ("grade",))
    assert read_told(sop, "kindergarten", "小苹果", "") == (("kindergarten", None, ""), ())


def test_every_answer_about_being_out_of_school_is_a_status(sop: Sop) -> None:
    statuses = {
        answer.code: read_told(sop, "none", "", answer.code).told.status for answer in sop.codes["not_in_school"]
    }
    assert statuses == {
        "not_entered": "not_in_school",
        "dropped_out": "dropout",
        "left_school": "not_in_school",
        "graduated": "graduated",
        "delayed": "delayed",
        "suspended": "suspended",
        "home_teaching": "home_teaching",
        "to_verify": "unknown",
        "unknown": "unknown",
        "refused": "unknown",
    }


def test_the_list_of_the_forms_is_read_in_either_column(sop: Sop) -> None:
    forms = "幼儿园 小学 初中 高中 中职 辍学 延缓入学(已批准) 特教 送教上门 休学 已毕业未升学 待核实"
    for word in forms.split():
        assert read_told(sop, word, "", "") == read_told(sop, "", "", word), word
    for word in ("未入园", "不在学"):  # as a stage no school; as a status also that nothing more is to be asked
        assert read_told(sop, word, "", "").told == ("none", None, "")
        assert read_told(sop, "", "", word).told == ("unknown", None, "not_in_school")
