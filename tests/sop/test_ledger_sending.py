"""What only ledgers of left-behind children say, and words about school and vaccination."""

import pytest

from sop.version import Sop
from tests.sop.ledgers import codes, judged, sheet

HEAD = ["姓名", "出生日期", "户籍地址", "父母外出情况", "外出务工地点", "外出时间", "是否寄宿", "监护情况"]


@pytest.mark.parametrize(
    ("typed", "who", "can_care"),
    [
        ("父母双方外出", "both", None),
        ("父母均外出务工", "both", None),
        ("父亲外出，母亲无监护能力", "father", "no"),
        ("母亲外出，父亲无监护能力", "mother", "no"),
        ("父外出", "father", None),
        ("未外出", "neither", None),
        ("一方外出", "unknown", None),
        ("", None, None),
    ],
)
def test_who_is_away_and_whether_the_other_can_care(
    sop: Sop, typed: str, who: str | None, can_care: str | None
) -> None:
    row = ["马小强", "2017-8-5", "沭阳县桑墟镇北场村7组", typed, "上海市", "2024年6月", "是", "一般"]
    (found,) = judged(sop, sheet(HEAD, row))
    values = found.row.values
    assert (values.who_away, values.other_parent_can_care, found.outcome) == (who, can_care, "register")
    assert values.away_since is not None
    assert (values.away_since.iso, values.away_place, values.boarding) == ("2024-06", "上海市", "yes")
    assert values.address == values.origin == "沭阳县桑墟镇北场村7组"


def test_columns_for_each_parent_say_who_is_away(sop: Sop) -> None:
    head = ["姓名", "出生日期", "父亲是否外出", "母亲是否外出"]
    rows = [
        ["马小强", "2017-8-5", *gone] for gone in (["是", "否"], ["否", "是"], ["是", "是"], ["否", "否"], ["", ""])
    ]
    found = judged(sop, sheet(head, *rows))
    assert [each.row.values.who_away for each in found[:4]] == ["father", "mother", "both", "neither"]


def test_an_unreadable_day_of_leaving_warns(sop: Sop) -> None:
    row = ["马小强", "2017-8-5", "沭阳县", "父母双方外出", "上海", "去年", "否", "一般"]
    (found,) = judged(sop, sheet(HEAD, row))
    assert (found.outcome, codes(found)) == ("warn", ["away_unreadable"])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["幼儿园", ""], "kindergarten"),
        (["小学", ""], "primary"),
        (["三年级", ""], "primary"),
        (["局前街小学", ""], "primary"),
        (["市第二初级中学", ""], "junior"),
        (["职业技术学校", ""], "senior"),
        (["否", ""], "none"),
        (["未入学", ""], "none"),
        (["是", ""], "primary"),
        (["是", "阳光幼儿园"], "kindergarten"),
        (["实验学校", ""], "primary"),
        (["不详", ""], "unknown"),
        (["", ""], None),
    ],
)
def test_words_about_school_become_codes_with_the_age_where_they_tell_no_more(
    sop: Sop, cells: list[str], code: str | None
) -> None:
    (found,) = judged(sop, sheet(["姓名", "出生日期", "是否入学", "学校名称"], ["马小强", "2017-8-5", *cells]))
    assert (found.row.values.school, codes(found)) == (code, [])


@pytest.mark.parametrize(
    ("birth", "code"), [("2022-1-1", "kindergarten"), ("2012-1-1", "junior"), ("2010-12-1", "senior")]
)
def test_the_age_tells_in_which_school_a_child_is(sop: Sop, birth: str, code: str) -> None:
    (found,) = judged(sop, sheet(["姓名", "出生日期", "是否入学"], ["马小强", birth, "是"]))
    assert found.row.values.school == code


@pytest.mark.parametrize(
    ("heading", "typed", "code"),
    [
        ("是否接种疫苗", "是", "unseen"),
        ("是否接种疫苗", "部分", "unseen"),
        ("是否接种疫苗", "否", "no_dose"),
        ("是否接种疫苗", "不详", "unknown"),
        ("有无接种证", "有", "unseen"),
        ("有无接种证", "无", "none"),
        ("是否接种疫苗", "", None),
    ],
)
def test_words_about_vaccination_become_codes(sop: Sop, heading: str, typed: str, code: str | None) -> None:
    (found,) = judged(sop, sheet(["姓名", "出生日期", heading], ["马小强", "2017-8-5", typed]))
    assert (found.row.values.certificate, codes(found)) == (code, [])


@pytest.mark.parametrize(
    ("typed", "code"),
    [("汉", "01"), ("汉族", "01"), ("布依", "09"), ("土家族", "15"), ("Han", "01"), ("某族", "unknown")],
)
def test_ethnic_groups_become_codes(sop: Sop, typed: str, code: str) -> None:
    (found,) = judged(sop, sheet(["姓名", "出生日期", "民族"], ["马小强", "2017-8-5", typed]))
    assert (found.row.values.ethnic, found.outcome) == (code, "register")
