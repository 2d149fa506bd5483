"""The header of a ledger is found by its words wherever it stands, and each column is known by many names."""

import json

import pytest

from sop.ledger.columns import Header, find_header
from sop.ledger.headings import field_of
from sop.ledger.reading import read_rows
from sop.version import Sop
from tests.sop.ledgers import header_of, read, sheet

NAMES = {
    "name": [
        "姓名",
        "儿童姓名",
        "孩子名字",
        "学生姓名",
        "姓  名",
        "*姓名",
        "儿童姓名（必填）",
        "1.姓名",
        "被监护人姓名",
        "孩子的姓名",
        "Name",
        "Child's name",
    ],
    "sex": ["性别", "性　别", "Sex", "Gender", "Sex (M/F)"],
    "birth": ["出生年月", "出生日期", "出生年月日", "生日", "出生时间", "出生日期\n(年/月/日)", "Date of birth", "DOB"],
    "id_number": [
        "身份证号",
        "身份证号码",
        "证件号",
        "公民身份证号码",
        "公民身份号码",
        "身份证号码（18位）",
        "ID number",
        "儿童身份证号",
    ],
    "address": [
        "暂住地址",
        "现住址",
        "居住地址",
        "现居住地",
        "家庭住址",
        "现居住地址（详细到门牌号）",
        "家庭详细住址",
        "Address",
    ],
    "origin": ["户籍地址", "户籍所在地（省市县）", "户口所在地", "户籍地详细地址", "来源地", "Hukou address"],
    "arrived": [
        "到达时间",
        "来常时间",
        "来津时间",
        "流入时间",
        "居住起始",
        "居住起始日期",
        "开始居住时间",
        "何时来本地居住",
    ],
    "registered": ["登记日期", "填报日期", "采集时间"],
    "guardian": ["监护人", "家长姓名", "暂住地监护人", "实际监护人", "监护人姓名", "委托照护人", "Guardian's name"],
    "father": ["父亲姓名", "Father's name"],
    "mother": ["母亲姓名", "妈妈姓名"],
    "relation": [
        "关系",
        "与儿童关系",
        "与监护人关系",
        "与户主关系",
        "监护人与儿童关系",
        "与被监护人关系",
        "Relationship to child",
    ],
    "phone": ["联系电话", "手机", "联系方式", "监护人电话", "父亲电话", "家长手机号", "联系电话1", "Telephone"],
    "school": ["在读学校", "就学情况", "是否入学", "入园入学", "是否入托入学", "在读学校及年级", "School"],
    "vaccinated": ["接种", "预防接种", "是否接种疫苗", "疫苗接种情况", "Vaccinated?"],
    "certificate": ["接种证", "有无预防接种证"],
    "away": ["父母外出情况", "留守类型"],
    "away_place": ["外出务工地点", "父母外出务工地点", "父亲外出务工地点"],
    "away_since": ["外出时间", "父母双方外出务工时间", "母亲外出时间"],
    "boarding": ["是否寄宿", "是否住校"],
    "guardianship": ["监护情况", "监护类型"],
    "community": ["社区", "所属社区", "村（社区）", "所在村"],
    "ignored": [
        "治安责任人",
        "暂住地治安责任人",
        "房东电话",
        "监护人身份证号",
        "监护人工作单位",
        "父亲身份证号",
        "网格员",
        "户口性质",
        "健康状况",
    ],
}
UNKNOWN = [
    "出生地",
    "出生医学证明编号",
    "居住证号",
    "学籍号",
    "班级",
    "接种单位",
    "预防接种证号",
    "家庭月收入",
    "",
    "＊",
    "★",
]


@pytest.mark.parametrize(
    ("field", "heading"), [(field, heading) for field, names in NAMES.items() for heading in names]
)
def test_a_column_is_known_by_many_names(sop: Sop, field: str, heading: str) -> None:
    assert field_of(heading, sop.ledgers) == field


@pytest.mark.parametrize("heading", UNKNOWN)
def test_a_column_that_is_something_else_is_not_guessed(sop: Sop, heading: str) -> None:
    assert field_of(heading, sop.ledgers) is None


SIMPLE = ["序号", "姓名", "性别", "出生日期", "联系电话"]


@pytest.mark.parametrize("above", [0, 1, 7, 29])
def test_a_header_is_found_wherever_it_stands_in_the_first_rows(sop: Sop, above: int) -> None:
    lines = [["某某街道流动儿童登记台账"] * 5, ["填报单位：（盖章）", "", "", "2026年11月"], [None] * 5]
    rows = sheet(*(lines[number % 3] for number in range(above)), SIMPLE, [1, "陈可", "男", "2016-1-2", "15400001111"])
    header = header_of(sop, rows)
    assert (header.first, header.last) == (above + 1, above + 1)
    assert [column.field for column in header.columns] == ["number", "name", "sex", "birth", "phone"]


def test_a_header_too_far_down_is_none(sop: Sop) -> None:
    assert find_header(sheet(*[["说明"]] * 31, SIMPLE), sop.ledgers) is None


@pytest.mark.parametrize(
    "rows",
    [
        [["填表说明"], ["1. 姓名须与户口簿一致，出生日期填公历。"], ["2. 联系电话填11位手机号。"]],
        [["姓名", "职务", "金额"], ["张三", "科员", 3]],
        [["项目", "人数"], ["男", 3], ["女", 4]],
        [],
        [[None, ""]],
    ],
)
def test_a_sheet_without_children_has_no_header(sop: Sop, rows: list[list[str]]) -> None:
    assert find_header(sheet(*rows), sop.ledgers) is None


NAMELESS = ["序号", "", "性别", "出生日期", "联系电话"]


@pytest.mark.parametrize("heading", ["", "宝贝"])
def test_a_header_without_the_name_is_found_where_a_column_may_hold_it(sop: Sop, heading: str) -> None:
    head = [*NAMELESS[:1], heading, *NAMELESS[2:]]
    rows = sheet(["台账"], head, [1, "陈可", "男", "2016-1-2", "15400001111"], [2, "买买提·吐尔逊", "男", "2017-1-2"])
    header = header_of(sop, rows)
    assert (header.first, [column.field for column in header.columns][:3]) == (2, ["number", None, "sex"])
    assert read(sop, rows) == [], "nobody is read before somebody has said which column is the name"
    (named, _) = read_rows(rows, header.with_fields({1: "name"}), sop.ledgers)
    assert named.values.name == "陈可"


@pytest.mark.parametrize(
    ("head", "first"),
    [
        (["序号", "", "性别", "出生日期"], [1, "陈可", "男", "2016-1-2"]),
        (["序号", "", "性别", "住址", "联系电话"], [1, "陈可", "男", "三井", "15400001111"]),
        (["监护人", "身份证号", "住址", "联系电话", "月收入"], ["陈大", "", "三井", "15400001111", "5000元以上不稳定"]),
        (["序号", "性别", "出生日期", "住址", "联系电话"], [1, "男", "2016-1-2", "三井", "15400001111"]),
    ],
)
def test_a_sheet_that_says_too_little_of_children_is_not_asked_about(
    sop: Sop, head: list[str], first: list[str | int]
) -> None:
    assert find_header(sheet(head, first), sop.ledgers) is None


def test_headings_with_the_name_come_before_others_without(sop: Sop) -> None:
    rows = sheet([*NAMELESS, "住址", "民族"], [1, "陈可"], SIMPLE, [1, "陈可", "男", "2016-1-2", "15400001111"])
    assert header_of(sop, rows).first == 3


UPPER = ["序号", "儿童基本信息", "", "", "", "现住址", "监护人信息", "", "", "", "备注"]
LOWER = ["", "姓名", "性别", "出生年月日", "身份证号码", "", "姓名", "与儿童关系", "身份证号码", "手机", ""]
FIELDS = ["number", "name", "sex", "birth", "id_number", "address", "guardian", "relation", "ignored", "phone", "note"]


def test_a_header_of_two_rows_is_read_with_the_headings_of_its_groups(sop: Sop) -> None:
    header = header_of(sop, sheet(["登记表"], UPPER, LOWER, [1, "陈可", "男", "2016-1-2"]))
    assert (header.first, header.last) == (2, 3)
    assert [column.field for column in header.columns] == FIELDS
    assert header.columns[6].text == "监护人信息 姓名"


def test_merged_headings_may_come_filled_as_well(sop: Sop) -> None:
    upper = ["序号", *["儿童基本信息"] * 4, "现住址", *["监护人信息"] * 4, "备注"]
    lower = ["序号", *LOWER[1:5], "现住址", *LOWER[6:10], "备注"]
    assert [column.field for column in header_of(sop, sheet(upper, lower)).columns] == FIELDS


def test_parents_and_dates_may_have_groups_of_columns(sop: Sop) -> None:
    upper = ["姓名", "出生日期", "", "", "父亲信息", "", "母亲信息", "", "户籍地址", "", ""]
    lower = ["", "年", "月", "日", "姓名", "电话", "姓名", "外出地点", "省", "县", "详细地址"]
    fields = [column.field for column in header_of(sop, sheet(upper, lower)).columns]
    assert fields[:8] == ["name", "birth_year", "birth_month", "birth_day", "father", "phone", "mother", "away_place"]
    assert fields[8:10] == ["origin", "origin"]


def test_a_title_over_all_columns_is_no_group(sop: Sop) -> None:
    rows = sheet(["三井社区流动儿童及监护人信息台账"] * 5, SIMPLE, [1, "陈可", "男", "2016-1-2", "15400001111"])
    assert (header_of(sop, rows).first, header_of(sop, rows).last) == (2, 2)


def test_two_languages_below_each_other_are_one_header(sop: Sop) -> None:
    header = header_of(
        sop, sheet(["姓名", "性别", "出生日期"], ["Name", "Sex", "Date of birth"], ["陈可", "男", "2016-1-2"])
    )
    assert [column.field for column in header.columns] == ["name", "sex", "birth"]


def test_a_second_column_of_a_field_is_left_to_be_confirmed(sop: Sop) -> None:
    header = header_of(sop, sheet(["姓名", "出生日期", "身份证号", "监护人", "姓名", "身份证号"]))
    assert [column.field for column in header.columns] == ["name", "birth", "id_number", "guardian", None, None]


@pytest.mark.parametrize(
    ("title", "headings", "side"),
    [
        ("农村留守儿童信息台账", ["姓名", "出生日期", "户籍地址"], "sending"),
        ("台账", ["姓名", "出生日期", "父母外出情况"], "sending"),
        ("台账", ["姓名", "出生日期", "来常时间", "父母外出情况"], "receiving"),
        ("流动儿童登记", ["姓名", "出生日期", "现住址"], "receiving"),
    ],
)
def test_the_side_is_told_by_title_and_columns(sop: Sop, title: str, headings: list[str], side: str) -> None:
    assert header_of(sop, sheet([title], headings)).side == side


@pytest.mark.parametrize(
    ("line", "title", "community"),
    [
        (["社区：三井社区"], "", "三井社区"),
        (["所属社区", "", "三井社区"], "Sheet1", "三井社区"),
        (["填报单位：三井街道三井社区居委会（盖章）"], "", "三井街道三井社区居委会"),
        (["台账"], "府琛社区", "府琛社区"),
        (["台账"], "2、府琛社区（32人）", "府琛社区"),
        (["填报单位：（盖章）"], "Sheet1", None),
        (["本社区共登记，见说明。社区"], "汇总", None),
    ],
)
def test_the_community_is_told_by_the_line_above_or_the_name_of_the_sheet(
    sop: Sop, line: list[str], title: str, community: str | None
) -> None:
    assert header_of(sop, sheet(line, SIMPLE), title).community == community


def test_columns_are_as_somebody_confirms_them(sop: Sop) -> None:
    header = header_of(sop, sheet(["姓名", "出生日期", "大名", "家里电话"]))
    confirmed = header.with_fields({2: "note", 1: None})
    assert [column.field for column in confirmed.columns] == ["name", None, "note", "phone"]
    assert confirmed.fields() == {"name", "note", "phone"}


def test_a_header_survives_being_kept(sop: Sop) -> None:
    header = header_of(sop, sheet(["社区：三井社区"], UPPER, LOWER))
    assert Header.of_plan(json.loads(json.dumps(header.as_plan()))) == header
