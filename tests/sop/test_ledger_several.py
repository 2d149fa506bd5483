"""Children who look like one, rows that hold two, ledgers of several sheets: nobody is dropped without a word."""

import itertools

import pytest

from sop.identity import check_character
from sop.ledger.cells import Cell
from sop.ledger.columns import Header
from sop.ledger.judging import Judged, judge
from sop.ledger.messages import Message
from sop.ledger.reading import read_rows
from sop.version import Sop, SopError
from tests.sop.ledgers import ON, codes, header_of, judged, read, sheet

HEAD = ["姓名", "性别", "出生日期", "身份证号", "现住址", "监护人", "联系电话"]
BABY = ["未取名", "女", "2026-10-4", "", "三井街道1幢", "陈小娟", "15400001111"]
NUMBER = "32041220261004902" + check_character("32041220261004902")


@pytest.mark.parametrize("name", ["未取名", "陈小娟之女", "无名氏"])
def test_twins_without_names_are_two_children(sop: Sop, name: str) -> None:
    first, second = judged(sop, sheet(HEAD, [name, *BABY[1:]], [name, *BABY[1:]]))
    assert (first.outcome, codes(first)) == ("warn", ["name_placeholder"])
    assert (second.outcome, sorted(codes(second))) == ("warn", ["name_placeholder", "same_name"])


def test_children_without_names_of_different_homes_have_nothing_to_do_with_each_other(sop: Sop) -> None:
    other = [*BABY[:4], "雕庄街道9幢", "李强", "15400002222"]
    _, second = judged(sop, sheet(HEAD, BABY, other))
    assert codes(second) == ["name_placeholder"]


def test_a_child_without_a_name_is_known_by_its_number(sop: Sop) -> None:
    numbered = [*BABY[:3], NUMBER, *BABY[4:]]
    _, second = judged(sop, sheet(HEAD, numbered, numbered))
    assert second.outcome == "duplicate"


CHILD = ["陈可", "男", "2016-1-2", "", "三井街道1幢", "陈小娟", "15400001111"]


def on_sheets(sop: Sop, *names: str) -> list[Judged]:
    """Judge a ledger of sheets of which each holds the same child."""
    books = [(sheet(HEAD, CHILD), name) for name in names]
    rows = (read_rows(rows, header_of(sop, rows, name), sop.ledgers) for rows, name in books)
    return list(judge(itertools.chain(*rows), ON, sop))


def test_a_row_of_another_sheet_is_named_with_its_sheet(sop: Sop) -> None:
    _, second = on_sheets(sop, "采菱社区", "菱港社区")
    (message,) = second.messages
    assert message.params == {"row": 2, "sheet": "采菱社区"}
    assert message.reason("zh", sop.ledgers) == "与工作表“采菱社区”第2行是同一儿童，本行不再登记。"
    assert "row 2 of the sheet 采菱社区" in message.reason("en", sop.ledgers)


def test_a_row_of_the_same_sheet_is_named_without(sop: Sop) -> None:
    _, second = judged(sop, sheet(HEAD, CHILD, CHILD), title="采菱社区")
    assert second.messages[0].params == {"row": 2}
    assert second.messages[0].reason("zh", sop.ledgers) == "与第2行是同一儿童，本行不再登记。"


@pytest.mark.parametrize("code", ["in_file", "id_twice", "same_name"])
def test_whatever_names_a_row_can_name_its_sheet(sop: Sop, code: str) -> None:
    for language in ("zh", "en"):
        assert "三井 7" not in Message("name", code, {"row": 7}).reason(language, sop.ledgers)
        said = Message("name", code, {"row": 7, "sheet": "三井"}).reason(language, sop.ledgers)
        assert "三井" in said
        assert "7" in said
    with pytest.raises(SopError, match="needs row"):
        Message("name", code, {"sheet": "三井"}).reason("zh", sop.ledgers)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("张一、张二", "张一、张二"),
        ("李一\n李二", "李一、李二"),
        ("周一 周二", "周一、周二"),
        ("陈可/陈 然", "陈可、陈然"),
        ("张一和张二", "张一、张二"),
    ],
)
def test_two_children_in_one_cell_are_refused_in_words_that_help(sop: Sop, typed: str, names: str) -> None:
    (row,) = judged(sop, sheet(HEAD, [typed, *CHILD[1:]]))
    assert (row.outcome, codes(row), row.row.values.name) == ("refuse", ["name_several"], names)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("周 军", "周军"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("张和平", "张和平"),
        ("周军\n（小名豆豆）", "周军"),
        ("阿依古丽·\n吐尔逊", "阿依古丽·吐尔逊"),
        ("3、周军", "周军"),
        ("Anna\nMaria", "Anna Maria"),
    ],
)
def test_a_name_in_pieces_is_one_child(sop: Sop, typed: str, kept: str) -> None:
    (row,) = judged(sop, sheet(HEAD, [typed, *CHILD[1:]]))
    assert (row.row.values.name, codes(row)) == (kept, [])


TWO_ROWS: list[list[Cell]] = [
    ["户主", "儿童1", "", "", "儿童2", "", "", "联系电话"],
    ["", "姓名", "性别", "出生日期", "姓名", "性别", "出生日期", ""],
]
FLAT: list[Cell] = [
    "户主",
    "孩子1姓名",
    "孩子1性别",
    "孩子1出生日期",
    "孩子2姓名",
    "孩子2性别",
    "孩子2出生日期",
    "联系电话",
]
SECOND: list[Cell] = ["户主", "儿童姓名", "性别", "出生日期", "二孩姓名", "二孩性别", "二孩出生日期", "联系电话"]
BESIDE: list[Cell] = ["序号", "姓名", "性别", "出生日期", "姓名", "性别", "出生日期", "联系电话"]


@pytest.mark.parametrize("head", [TWO_ROWS, [FLAT], [SECOND], [BESIDE]])
def test_a_second_child_in_a_row_is_said(sop: Sop, head: list[list[Cell]]) -> None:
    two = ["李大", "李一", "男", "2015-3-4", "李二", "女", "2017-3-4", "15400001111"]
    one = ["王大", "王一", "男", "2015-3-4", "", "", "", "15400002222"]
    first, second = judged(sop, sheet(*head, two, one))
    assert (first.row.values.name, first.outcome) == ("李一", "warn")
    assert "second_child" in codes(first)
    assert (second.row.values.name, "second_child" in codes(second)) == ("王一", False)


def test_another_name_beside_a_child_is_not_taken_for_a_child(sop: Sop) -> None:
    rows = sheet(["姓名", "出生日期", "监护人", "姓名", "身份证号"], ["陈可", "2016-1-2", "陈大勇", "陈大勇", ""])
    (row,) = judged(sop, rows)
    assert codes(row) == []


def test_a_column_that_somebody_says_is_something_else_names_no_child(sop: Sop) -> None:
    rows = sheet(BESIDE, ["1", "李一", "男", "2015-3-4", "李二", "女", "2017-3-4", "15400001111"])
    header = header_of(sop, rows)
    assert header.others == (4,)
    (row,) = read_rows(rows, header.with_fields({4: "note"}), sop.ledgers)
    assert [fault.code for fault in row.faults] == []
    assert [fault.code for fault in read(sop, rows)[0].faults] == ["second_child"]
    assert Header.of_plan(header.as_plan()) == header
