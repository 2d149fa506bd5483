"""Lists tell of schooling in codes, in the words of the forms, and in one column or two."""

import pytest

from sop.schooling.told import ToldError, read_told
from sop.version import Sop


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("primary", "3", "in_school"), ("primary", 3, "in_school")),
        (("none", "", "not_in_school"), ("none", None, "not_in_school")),
        (("senior", "", "graduated"), ("senior", None, "graduated")),
        (("", "", ""), ("unknown", None, "unknown")),
        (("unknown", "", "unknown"), ("unknown", None, "unknown")),
        (("小学", "三年级", "在读"), ("primary", 3, "in_school")),
        (("初中", "初二", "在学"), ("junior", 8, "in_school")),
        (("初中", "１", "在校"), ("junior", 1, "in_school")),
        (("三年级", "", ""), ("primary", 3, "unknown")),
        (("采菱小学", "", ""), ("primary", None, "unknown")),
        (("幼儿园", "", ""), ("kindergarten", None, "unknown")),
        (("幼儿园", "大班", ""), ("kindergarten", None, "unknown")),
        (("未入学", "无", ""), ("none", None, "unknown")),
        (("", "大班", "幼儿园"), ("kindergarten", None, "unknown")),
        (("中职", "", ""), ("senior", None, "unknown")),
        (("未入园", "", ""), ("none", None, "unknown")),
        (("未入学", "", "未入学"), ("none", None, "not_in_school")),
        (("小学", "", "辍学"), ("primary", None, "dropout")),
        (("辍学", "", ""), ("unknown", None, "dropout")),
        (("不在学", "", ""), ("none", None, "unknown")),
        (("休学", "", ""), ("unknown", None, "suspended")),
        (("延缓入学(已批准)", "", ""), ("unknown", None, "delayed")),
        (("none", "", "延缓入学（已批准）"), ("none", None, "delayed")),
        (("特教", "", ""), ("unknown", None, "in_school")),
        (("", "", "送教上门"), ("unknown", None, "home_teaching")),
        (("已毕业未升学", "", ""), ("unknown", None, "graduated")),
        (("初中", "9", "已毕业未升学"), ("junior", 9, "graduated")),
        (("待核实", "", ""), ("unknown", None, "unknown")),
        (("", "", "待核实"), ("unknown", None, "unknown")),
        (("", "", "初中"), ("junior", None, "unknown")),
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
    assert read_told(sop, *cells) == told


@pytest.mark.parametrize(
    ("cells", "column"),
    [(("moon", "", ""), "stage"), (("primary", "13", ""), "grade"), (("primary", "3", "asleep"), "status")],
)
def test_a_cell_that_says_nothing_known_is_named_by_its_column(
    sop: Sop, cells: tuple[str, str, str], column: str
) -> None:
    with pytest.raises(ToldError) as caught:
        read_told(sop, *cells)
    assert caught.value.column == column


def test_every_answer_about_being_out_of_school_is_a_status(sop: Sop) -> None:
    statuses = {answer.code: read_told(sop, "none", "", answer.code).status for answer in sop.codes["not_in_school"]}
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
        assert read_told(sop, word, "", "") == ("none", None, "unknown")
        assert read_told(sop, "", "", word) == ("unknown", None, "not_in_school")
