"""No row of a ledger is lost and none is invented: what holds a child, and what stands for the row above."""

import pytest

from sop.ledger.cells import Cell
from sop.version import Sop
from tests.sop.ledgers import codes, judged, read, sheet

HEAD = ["序号", "姓名", "性别", "出生日期", "身份证号", "现住址", "监护人", "与儿童关系", "联系电话"]
HOME = ["三井街道府琛社区1幢", "陈小娟", "母亲", "15400001111"]
ONE: list[Cell] = [1, "陈可", "男", "2016-1-2", "", *HOME]


def line(**cells: Cell) -> list[Cell]:
    names = ("number", "name", "sex", "birth", "id_number", "address", "guardian", "relation", "phone")
    return [cells.get(name, default) for name, default in zip(names, ONE, strict=True)]


HEADS_OF_PARTS = [
    *(
        "2组",
        "东组",
        "已搬走",
        "新增儿童",
        "留守儿童",
        "一年级",
        "下半年",
        "（空白）",
        "续表",
        "续上页",
        "2025年",
        "男童",
    ),
    *("2号楼", "蓝天花园", "打印日期2026-11-01", "2026/11/1", "第三网格（李强负责）", "2026年新增", "李四"),
]


@pytest.mark.parametrize(
    "other",
    [
        [""] * 9,
        [None, "  ", "\u3000", "\xa0"],
        ["合计", "1人", "", "", "", "", "", "", ""],
        ["", "小计", 12, "", 3],
        ["本页合计：", "", "", "30人"],
        ["Total", 30],
        line(number="", name="合计", birth=""),
        ["共计30人"],
        ["填表人：陈芳", "", "审核人：李强", "", "", "单位负责人："],
        ["填表人", "陈芳", "", "2026-11-20", "", "联系人", "陈芳", "", "15400002222"],
        ["注：1.本表一式两份。"],
        ["", "说明：以上信息由监护人提供"],
        ["备注：无"],
        ["第1页 共3页"],
        ["例", "张三", "男", "2016-1-2", "320412201601029011", "某街道某社区", "张四", "父亲", "15400009999"],
        ["示例", "张三", "男", "2016-1-2"],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        ["（填写示例）", "（必填）", "（下拉选择）", "格式：2016-01-02", "", "（必填）", "", "", ""],
        HEAD,
        ["常州市流动儿童登记台账"],
        ["常州市流动儿童登记台账"] * 9,
        ["一、府琛社区"],
        ["", "府琛社区"],
        [17],
        [17, "", "", "", "", "", "", "", "15400003333"],
        ["√"],
        ["以上信息均已核实"],
        ["", "以上儿童均已核实，情况属实。"],
        *([word] for word in HEADS_OF_PARTS),
        *(["", word] for word in HEADS_OF_PARTS),
        *([word] * 9 for word in HEADS_OF_PARTS),
    ],
)
def test_a_line_without_a_child_is_none(sop: Sop, other: list[Cell]) -> None:
    rows = read(sop, sheet(HEAD, line(), other, line(number=2, name="陈然", birth="2018-3-4")))
    assert [(row.row, row.values.name) for row in rows] == [(2, "陈可"), (4, "陈然")]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (line(name=""), "name_missing"),
        (line(name="无"), "name_missing"),
        (line(name="同上"), "name_missing"),
        (line(name="", birth="不详"), "name_missing"),
        (line(name=None, birth=None, id_number=None), "name_missing"),
        (line(birth=""), "birth_missing"),
        (line(birth="不详"), "birth_unreadable"),
        (line(birth="农历2016年正月初二"), "birth_lunar"),
        (line(birth="2016年左右"), "birth_approximate"),
        ([5, "陈可"], "birth_missing"),
        (["", "陈可", "男"], "birth_missing"),
        (["", "陈可", "", "", "", "", "", "", "15400001111"], "birth_missing"),
    ],
)
def test_a_row_of_a_child_is_never_dropped_however_little_it_says(sop: Sop, cells: list[Cell], code: str) -> None:
    found = judged(sop, sheet(HEAD, line(name="陈然"), cells))
    assert [each.row.row for each in found] == [2, 3]
    assert (found[1].outcome, codes(found[1])[0]) == ("refuse", code)


MARKS = [
    "同上",
    "〃",
    "″",
    '"',
    "''",
    "”",
    "同前",
    "上同",
    "-〃-",
    "〃〃",
    "do.",
    "ditto",
    " 同 上 ",
    "（同上）",
    "↑",
    "Ditto",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_stands_for_the_row_above(sop: Sop, mark: str) -> None:
    second = [2, "陈然", "女", "2018-3-4", "", mark, mark, mark, mark]
    _, row = read(sop, sheet(HEAD, line(), second))
    assert (row.values.address, row.values.guardian, row.values.relation, row.values.phone) == (
        *HOME[:2],
        "52",
        HOME[3],
    )
    assert row.raw["address"] == HOME[0]
    assert not row.faults


def test_marks_reach_over_lines_between_and_rows_that_are_refused(sop: Sop) -> None:
    nameless = line(name="", guardian="陈大勇")
    last = line(name="陈然", address="同上", guardian="同上", relation="同上", phone="同上")
    rows = read(sop, sheet(HEAD, line(), nameless, HEAD, [""] * 9, ["小计", 2], last))
    assert (rows[-1].values.guardian, rows[-1].values.phone) == ("陈大勇", HOME[3])


def test_a_mark_makes_no_child_of_another(sop: Sop) -> None:
    """Name and ID number are each child's own; twins do share a birth date."""
    twin = [2, "陈然", "女", "同上", "同上", "同上", "同上", "同上", "同上"]
    first, second = judged(sop, sheet(HEAD, line(id_number="32041220160102901X"), twin))
    assert (second.outcome, second.row.values.id_number) == ("register", None)
    assert first.row.values.birth == second.row.values.birth


def test_a_mark_in_the_first_row_stands_for_nothing(sop: Sop) -> None:
    (row,) = read(sop, sheet(HEAD, line(address="同上", phone="〃")))
    assert (row.values.address, row.values.phone) == (None, None)


def test_merged_cells_saved_without_merging_are_taken_from_above(sop: Sop) -> None:
    _, row = judged(sop, sheet(HEAD, line(), line(name="陈然", address="", guardian="", phone=None)))
    assert (row.row.values.address, row.row.values.guardian, row.row.values.phone) == (HOME[0], HOME[1], HOME[3])
    assert (row.outcome, codes(row)) == ("register", ["taken_from_above"])


def test_one_empty_cell_is_not_taken_from_above(sop: Sop) -> None:
    _, row = judged(sop, sheet(HEAD, line(), line(name="陈然", phone="")))
    assert (row.row.values.phone, row.row.values.address) == (None, HOME[0])


def test_a_wrong_phone_is_said_where_it_was_typed(sop: Sop) -> None:
    wrong = line(phone="1540000111")
    found = judged(sop, sheet(HEAD, wrong, line(name="陈然", phone="同上"), line(name="陈雨", phone="1540000222")))
    assert [codes(each) for each in found] == [["phone_short"], ["phone_above"], ["phone_short"]]
    assert [each.outcome for each in found] == ["warn", "register", "warn"]


def test_lines_that_name_a_community_stand_for_the_rows_below(sop: Sop) -> None:
    rows = sheet(["社区：三井社区"], HEAD, line(), ["二、府琛社区"], line(name="陈然"), HEAD, line(name="陈雨"))
    assert [row.values.community for row in read(sop, rows)] == ["三井社区", "府琛社区", "府琛社区"]


def test_a_row_that_is_shorter_than_the_header_is_read(sop: Sop) -> None:
    (row,) = read(sop, sheet(HEAD, ONE[:4]))
    assert (row.values.name, row.values.phone) == ("陈可", None)


def test_columns_that_nobody_asks_for_leave_no_trace(sop: Sop) -> None:
    (row,) = read(sop, sheet([*HEAD, "治安责任人", "", "体重"], [*line(), "王五", "★", "31公斤"]))
    assert not {"王五", "★", "31公斤"} & set(row.raw.values())
    assert "ignored" not in row.raw


NAMES = [
    *(("周 军", "周军"), ("周\u3000\u3000军", "周军"), ("周军*", "周军"), ("★周军", "周军"), ("周军2", "周军")),
    *(("周军（小名豆豆）", "周军"), ("周军 小名：豆豆", "周军"), ("3、周军", "周军"), ("周军(女)", "周军")),
    *((f"阿依古丽{dot}吐尔逊", "阿依古丽·吐尔逊") for dot in "・•．.·‧∙⋅● "[:-1]),
    ("阿依古丽 · 吐尔逊", "阿依古丽·吐尔逊"),
    *(
        ("𬱖", "𬱖"),
        ("国𬱖", "国𬱖"),
        ("䶮 诺", "䶮诺"),
        ("Anna  Maria Rossi", "Anna Maria Rossi"),
        ("Ａｎｎａ", "Anna"),
    ),
]


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_a_name_is_kept_without_what_only_adorns_it(sop: Sop, typed: str, kept: str) -> None:
    (row,) = read(sop, sheet(HEAD, line(name=typed)))
    assert row.values.name == kept


def test_a_child_not_named_yet_is_registered_with_a_warning(sop: Sop) -> None:
    (row,) = judged(sop, sheet(HEAD, line(name="陈小娟之女")))
    assert (row.outcome, codes(row)) == ("warn", ["name_placeholder"])


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [
        *(
            (typed, "15472302218", None)
            for typed in ("15472302218", 15472302218.0, 15472302218, "154 7230 2218", "154-7230-2218")
        ),
        *(
            (typed, "15472302218", None)
            for typed in ("１５４７２３０２２１８", "+86 15472302218", "'15472302218", "015472302218")
        ),
        *(
            (typed, "15472302218", None)
            for typed in ("15472302218/15499998888", "15472302218、051985551234", "妈妈15472302218")
        ),
        *(
            (typed, "15472302218", None)
            for typed in ("1547230221/15472302218", "15472302218(母)", "15472302218 15499998888")
        ),
        ("0519-85551234", "051985551234", None),
        *((typed, None, "phone_short") for typed in ("1547230221", 1547230221.0, "85551234")),
        ("154723022188", None, "phone_long"),
        ("1.5472E+10", None, "phone_damaged"),
        ("号码不对", None, "phone_unreadable"),
        *((typed, None, None) for typed in ("", "无", "不详", "/", None)),
    ],
)
def test_a_phone_is_read_however_it_is_typed(sop: Sop, typed: Cell, kept: str | None, code: str | None) -> None:
    (row,) = judged(sop, sheet(HEAD, line(phone=typed)))
    assert (row.row.values.phone, codes(row)) == (kept, [code] if code else [])


RELATIONS = {
    "51": "父亲 父 爸爸 爸 父子 父女 生父 Father 父亲（户主）",
    "52": "母亲 母 妈妈 母子 母女 系其母亲 mother",
    "57": "继父 养父",
    "58": "继母 养母",
    "61": "爷爷 祖父 祖父（爷爷） 爷爷奶奶 爷爷、奶奶",
    "62": "奶奶 祖母",
    "63": "外公 姥爷 外祖父",
    "64": "外婆 姥姥 外祖母",
    "71": "哥哥",
    "75": "姐姐",
    "81": "伯父 伯伯 大伯",
    "83": "叔叔 叔父",
    "85": "舅舅",
    "88": "姨 姨妈 阿姨",
    "90": "姑姑 姑妈 姑母",
    "97": "其他亲属 亲戚 表叔",
    "99": "邻居 老师 非亲属",
}


@pytest.mark.parametrize(
    ("code", "word"), [(code, word) for code, words in RELATIONS.items() for word in words.split()]
)
def test_words_of_families_become_codes(sop: Sop, code: str, word: str) -> None:
    (row,) = judged(sop, sheet(HEAD, line(relation=word)))
    assert (row.row.values.relation, codes(row)) == (code, [])


@pytest.mark.parametrize(
    ("word", "outcome", "said"),
    [
        ("干爹", "warn", ["relation_unknown"]),
        ("儿子", "register", ["relation_unclear"]),
        ("父母", "register", ["relation_unclear"]),
        ("", "register", []),
    ],
)
def test_a_relation_that_is_not_told_is_left_open(sop: Sop, word: str, outcome: str, said: list[str]) -> None:
    (row,) = judged(sop, sheet(HEAD, line(relation=word)))
    assert (row.row.values.relation, row.outcome, codes(row)) == (None, outcome, said)


SEXES = {"1": ["男", "男 ", "男孩", "1", 1.0, "M", "♂", "Boy"], "2": ["女", "2", 2, "女童", "F", "female", "♀"]}


@pytest.mark.parametrize(("code", "cell"), [(code, cell) for code, cells in SEXES.items() for cell in cells])
def test_a_sex_is_read_however_it_is_typed(sop: Sop, code: str, cell: Cell) -> None:
    (row,) = judged(sop, sheet(HEAD, line(sex=cell)))
    assert (row.row.values.sex, codes(row)) == (code, [])
