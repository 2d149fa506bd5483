"""Whole ledgers of other hands: two rows of headings, a sheet for each village, pages as they were printed."""

from datetime import date

from sop.identity import check_character
from sop.ledger.judging import judge
from sop.ledger.reading import read_rows
from sop.version import Sop
from tests.sop.ledgers import ON, codes, header_of, judged, sheet


def number(body: str) -> str:
    return body + check_character(body)


ROSE = number("52052420150624902")
LONG = number("34122520180301905")

STREET = sheet(
    ["某某街道流动儿童摸排登记表（2026年）", *[None] * 12],
    [None] * 13,
    ["填报单位：三井街道府琛社区居委会（盖章）", *[""] * 11, "填报日期：2026.11.18"],
    ["", "序号", "儿童基本信息", "", "", "", "", "居住起始", "监护人信息", "", "", "", "备注"],
    [
        "",
        "",
        "姓名",
        "性别",
        "出生日期",
        "公民身份号码",
        "现居住地址",
        "",
        "姓名",
        "与儿童关系",
        "手机号码",
        "身份证号码",
        "",
    ],
    [
        "★",
        1.0,
        "薛 萱",
        "女",
        "15.6.24",
        ROSE,
        "府琛社区聚湖路96号",
        "２０２１.９",
        "薛静",
        "母女",
        15400001111.0,
        "无",
        "",
    ],
    ["", 2.0, "薛航", "男", "２０１８年３月１日", "", "-〃-", "2021年9月", "-〃-", "-〃-", "-〃-", "", "双胞胎"],
    ["已搬走", 3.0, "薛帆", "男", "同上", "", "〃〃", "〃〃", "〃〃", "〃〃", "〃〃", "", "双胞胎"],
    ["", "", "小计", "3人", "", "", "", "", "", "", "", "", ""],
    ["", "序号", "儿童基本信息", "", "", "", "", "居住起始", "监护人信息", "", "", "", "备注"],
    [
        "",
        "",
        "姓名",
        "性别",
        "出生日期",
        "公民身份号码",
        "现居住地址",
        "",
        "姓名",
        "与儿童关系",
        "手机号码",
        "身份证号码",
        "",
    ],
    [
        "",
        4.0,
        "阿依努尔•买买提",
        "♀",
        43160.0,
        5.20524e17,
        "府琛社区人民路2号",
        "去年",
        "买买提",
        "爸爸",
        "154 0000 2222",
        "",
        "",
    ],
    ["", 5.0, "", "男", "2019-1-1", "", "府琛社区人民路3号", "2020-1", "王五", "叔叔", "15400003333", "", ""],
    [
        "",
        6.0,
        "薛萱",
        "女",
        "2015.06.24",
        "",
        "府琛社区聚湖路96号",
        "2021.9",
        "薛静",
        "母",
        "15400001111",
        "",
        "重复",
    ],
    ["", 7.0, "赵大", "男", "2010.11.20", "", "府琛社区人民路9号", "2020-1", "赵父", "父", "15400004444", "", ""],
    ["", "合计", "7人", *[""] * 10],
    ["", "填表人：陈芳", "", "审核人：李强", "", "", "联系电话：0519-85551234", *[""] * 6],
    ["", "注：★为重点关注。", *[""] * 11],
)

ENGLISH = sheet(
    ["Migrant children of Fuchen community"],
    [
        "No.",
        "Name of child",
        "Gender",
        "Date of birth",
        "ID No.",
        "Current address",
        "Arrived",
        "Guardian's name",
        "Relationship to child",
        "Telephone",
        "In school?",
    ],
    [
        1,
        "Anna Li",
        "F",
        "24 June 2015",
        ROSE.lower(),
        "Fuchen community 96",
        "Sep 2021",
        "Li Na",
        "Mother",
        "154-0000-1111",
        "Yes",
    ],
    [2, "Ben Li", "boy", "June 3, 2021", "n/a", "ditto", "ditto", "ditto", "ditto", "ditto", "kindergarten"],
    [
        3,
        "Cai Yun",
        "girl",
        "05/06/2015",
        "",
        "Fuchen community 97",
        "unknown",
        "Cai Bo",
        "maternal grandmother",
        "154000",
        "No",
    ],
    ["Total", 3],
    ["Prepared by: Chen Fang"],
)


def test_a_street_offices_ledger_with_groups_of_headings_and_marks_in_the_margin(sop: Sop) -> None:
    header = header_of(sop, STREET)
    assert (header.first, header.last, header.side, header.community) == (4, 5, "receiving", "三井街道府琛社区居委会")
    found = {each.row.row: each for each in judged(sop, STREET)}
    told = {6: "register", 7: "register", 8: "register", 12: "warn", 13: "refuse", 14: "duplicate", 15: "refuse"}
    assert {row: each.outcome for row, each in found.items()} == told
    assert codes(found[12]) == ["id_damaged", "arrived_unreadable"]
    rose, twin, nur = (found[row].row.values for row in (6, 8, 12))
    assert (rose.name, rose.sex, rose.id_number, rose.relation, rose.phone) == ("薛萱", "2", ROSE, "52", "15400001111")
    assert (rose.birth and rose.birth.iso, rose.arrived and rose.arrived.iso) == ("2015-06-24", "2021-09")
    assert (twin.birth and twin.birth.iso, twin.guardian, twin.address) == ("2018-03-01", "薛静", "府琛社区聚湖路96号")
    assert (nur.name, nur.birth and nur.birth.iso, nur.sex, nur.relation) == (
        "阿依努尔·买买提",
        "2018-03-01",
        "2",
        "51",
    )


def test_a_township_with_a_sheet_for_each_village(sop: Sop) -> None:
    first = sheet(
        ["条河村农村留守儿童花名册"] * 6,
        ["孩子名字", "生日", "父亲姓名", "母亲姓名", "父母外出情况", "监护人电话"],
        ["谢宇", "2018/3/1", "谢强", "李芳", "父母均外出务工", "15400001111"],
        ["谢然", "2020年5月", "谢强", "李芳", "父母均外出务工", "同上"],
    )
    second = sheet(
        ["村：", "北场村", "", "", "", ""],
        ["身份证号码", "学生姓名", "手机", "家长姓名", "与儿童关系", "外出时间", "户籍地址", "留守类型"],
        [f"'{LONG}", "于斌", "1540000222", "于奶奶", "姥姥", "2023", "桑墟镇北场村7组", "父亲外出，母亲无监护能力"],
        ["", "谢宇", "15400001111", "谢强", "父亲", "2023-1-1", "桑墟镇北场村8组", "父亲外出，母亲无监护能力"],
    )
    villages = [(first, "1.条河村"), (second, "北场村")]
    headers = [header_of(sop, rows, name) for rows, name in villages]
    assert [header.side for header in headers] == ["sending", "sending"]
    assert [header.community for header in headers] == ["条河村", "北场村"]
    both = (
        row for (rows, _), header in zip(villages, headers, strict=True) for row in read_rows(rows, header, sop.ledgers)
    )
    yu, ran, bin_, again = judge(both, ON, sop)
    assert (yu.outcome, yu.row.values.guardian, yu.row.values.relation) == ("register", "谢强", "51")
    assert (ran.outcome, codes(ran)) == ("warn", ["birth_month"])
    assert (bin_.outcome, codes(bin_)) == ("warn", ["phone_short", "away_unreadable", "birth_from_number"])
    assert bin_.row.values.birth is not None
    assert (bin_.row.values.birth.iso, bin_.row.values.relation, bin_.row.values.who_away) == (
        "2018-03-01",
        "64",
        "father",
    )
    assert (bin_.row.values.address, bin_.row.values.community) == ("桑墟镇北场村7组", "北场村")
    assert (again.outcome, codes(again)) == ("refuse", ["birth_missing"])


def test_an_english_ledger_with_the_same_rules(sop: Sop) -> None:
    anna, ben, cai = judged(sop, ENGLISH)
    assert [each.outcome for each in (anna, ben, cai)] == ["register", "register", "refuse"]
    assert (anna.row.values.birth and anna.row.values.birth.iso, anna.row.values.school) == ("2015-06-24", "primary")
    assert (ben.row.values.guardian, ben.row.values.relation, ben.row.values.school) == ("Li Na", "52", "kindergarten")
    assert codes(cai) == ["birth_ambiguous", "arrived_unreadable", "phone_short"]


def test_the_day_judged_from_decides_who_is_too_old_or_not_born_yet(sop: Sop) -> None:
    rows = sheet(["姓名", "性别", "出生日期"], ["陈可", "男", "2010-11-21"], ["陈然", "女", "2026-11-21"])
    assert [each.outcome for each in judged(sop, rows, date(2026, 11, 20))] == ["register", "refuse"]
    assert [each.outcome for each in judged(sop, rows, date(2026, 11, 21))] == ["refuse", "register"]
