"""What becomes of a row: refused, a duplicate in the file, registered with or without a warning."""

from datetime import date

import pytest

from sop.identity import check_character
from sop.ledger.cells import Cell
from sop.ledger.judging import Judged
from sop.version import Sop
from tests.sop.ledgers import ON, codes, judged, outcomes, sheet

HEAD = ["姓名", "性别", "出生日期", "身份证号", "现住址", "到达时间", "监护人", "联系电话"]


def number(birth: str = "20160102", sequence: str = "901", division: str = "320412") -> str:
    body = division + birth + sequence
    return body + check_character(body)


def line(**cells: Cell) -> list[Cell]:
    usual = {
        "name": "陈可",
        "sex": "男",
        "birth": "2016-01-02",
        "id_number": "",
        "address": "三井街道1幢",
        "arrived": "2020-1-1",
    }
    row = {**usual, "guardian": "陈小娟", "phone": "15400001111", **cells}
    return [row[name] for name in ("name", "sex", "birth", "id_number", "address", "arrived", "guardian", "phone")]


def one(sop: Sop, on: date = ON, **cells: Cell) -> Judged:
    (row,) = judged(sop, sheet(HEAD, line(**cells)), on)
    return row


def test_a_row_in_order_is_registered_without_a_word(sop: Sop) -> None:
    row = one(sop, id_number=number())
    assert (row.outcome, codes(row), row.row.values.id_number, row.row.values.id_division) == (
        "register",
        [],
        number(),
        "320412",
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"birth": ""}, "birth_missing"),
        ({"birth": "不详"}, "birth_unreadable"),
        ({"birth": "农历2016年正月初二"}, "birth_lunar"),
        ({"birth": "2016"}, "birth_year"),
        ({"birth": "", "id_number": float(number())}, "birth_missing"),
        ({"birth": "", "id_number": number()[:17] + ("1" if number()[17] != "1" else "2")}, "birth_missing"),
        ({"birth": "2026-11-21"}, "birth_future"),
        ({"birth": "2010-11-20"}, "too_old"),
        ({"birth": "2010-11-20", "id_number": number("20161120")}, "too_old"),
        ({"birth": "", "id_number": number("19850102")}, "too_old"),
        ({"birth": "2010-10"}, "too_old"),
    ],
)
def test_a_row_that_nobody_could_register_is_refused(sop: Sop, cells: dict[str, Cell], code: str) -> None:
    row = one(sop, **cells)
    assert (row.outcome, codes(row)[0]) == ("refuse", code)


def test_on_the_sixteenth_birthday_registration_has_ended(sop: Sop) -> None:
    assert one(sop, birth="2010-11-21").outcome == "register"
    assert one(sop, on=date(2026, 11, 21), birth="2010-11-21").outcome == "refuse"
    assert one(sop, birth="2026-11-20", arrived="2026-11-20").outcome == "register"


@pytest.mark.parametrize("birth", ["", "不详", "农历正月初二", "2016", "约2016年", "1/2/2016", "2016-02-30"])
def test_a_sound_number_gives_the_birth_date_that_the_column_does_not(sop: Sop, birth: str) -> None:
    row = one(sop, birth=birth, id_number=number())
    assert (row.outcome, codes(row)) == ("register", ["birth_from_number"])
    assert row.row.values.birth is not None
    assert row.row.values.birth.iso == "2016-01-02"


@pytest.mark.parametrize("around", ["{}", " {} ", "{}\xa0", "{}\t", "'{}", "’{}", "\u200b{}", "`{}"])
def test_a_number_is_read_with_whatever_stands_around_it(sop: Sop, around: str) -> None:
    row = one(sop, id_number=around.format(number()))
    assert (row.row.values.id_number, codes(row)) == (number(), [])


def test_a_number_is_read_in_parts_small_letters_and_full_width(sop: Sop) -> None:
    with_x = next(each for each in (number(sequence=f"9{tail:02}") for tail in range(1, 99, 2)) if each.endswith("X"))
    parts = f"{with_x[:6]} {with_x[6:14]}-{with_x[14:]}"
    wide = with_x.translate({ord(each): ord(each) + 0xFEE0 for each in with_x})
    for typed in (with_x.lower(), parts, wide, with_x[:17] + "×", with_x[:17] + "Х"):
        assert one(sop, id_number=typed).row.values.id_number == with_x
    whole = next(
        each for each in (number(sequence=f"9{tail:02}") for tail in range(1, 99, 2)) if not each.endswith(("X", "0"))
    )
    assert one(sop, id_number=int(whole)).row.values.id_number == whole


@pytest.mark.parametrize("around", ['="{}"', "{}（未核实）", "身份证：{}", "身份证号: {} (户口簿)", "（{}）", "王五{}"])
def test_a_number_is_read_with_words_beside_it(sop: Sop, around: str) -> None:
    row = one(sop, id_number=around.format(number()))
    assert (row.row.values.id_number, codes(row)) == (number(), [])


def test_of_two_numbers_in_a_cell_none_is_taken(sop: Sop) -> None:
    row = one(sop, id_number=f"本人{number()}，父亲{number('19850102')}")
    assert (row.row.values.id_number, codes(row)) == (None, ["id_characters"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (float(number()), "id_damaged"),
        ("5.20524E+17", "id_damaged"),
        ("5.20524201306249E+17", "id_damaged"),
        (number()[:15] + "000", "id_damaged"),
        (int(number()[:15] + "000"), "id_damaged"),
        ("320412160102901", "id_old"),
        (number()[:17], "id_length"),
        (number() + "1", "id_length"),
        ("32041220161302901X", "id_birth"),
        (number("20270102"), "id_birth"),
        ("3204**********9011", "id_masked"),
        ("护照E1234567", "id_characters"),
        (number("19850102"), "id_of_adult"),
        (number("20190617"), "id_of_another"),
    ],
)
def test_a_number_that_cannot_be_the_childs_is_not_kept_and_warns(sop: Sop, typed: Cell, code: str) -> None:
    row = one(sop, id_number=typed)
    assert (row.outcome, codes(row), row.row.values.id_number) == ("warn", [code], None)
    assert row.row.values.birth is not None
    assert row.row.values.birth.iso == "2016-01-02"


def test_a_wrong_check_digit_warns_and_changes_nothing_else(sop: Sop) -> None:
    wrong = number("20160103", "902")[:17] + ("1" if number("20160103", "902")[17] != "1" else "2")
    row = one(sop, id_number=wrong)
    assert (row.outcome, codes(row), row.row.values.id_number) == ("warn", ["check_digit"], wrong)
    assert (row.row.values.sex, row.row.values.birth and row.row.values.birth.iso) == ("1", "2016-01-02")


@pytest.mark.parametrize("typed", ["", "无", "未办", "暂无", "/", "-", "正在办理", None])
def test_no_number_is_no_fault(sop: Sop, typed: Cell) -> None:
    assert codes(one(sop, id_number=typed)) == []


@pytest.mark.parametrize("typed", ["2016-01-03", "2016-02-01", "2015-01-02"])
def test_of_two_birth_dates_that_nearly_agree_that_of_the_number_is_kept(sop: Sop, typed: str) -> None:
    row = one(sop, birth=typed, id_number=number())
    assert (row.outcome, codes(row), row.messages[0].proposal) == ("warn", ["birth_differs"], "2016-01-02")
    assert row.row.values.birth is not None
    assert row.row.values.birth.iso == "2016-01-02"


def test_a_month_is_completed_by_the_number_or_warns(sop: Sop) -> None:
    completed = one(sop, birth="2016-01", id_number=number())
    assert (codes(completed), completed.row.values.birth and completed.row.values.birth.iso) == ([], "2016-01-02")
    alone = one(sop, birth="2016.1")
    assert (alone.outcome, codes(alone), alone.row.values.birth and alone.row.values.birth.iso) == (
        "warn",
        ["birth_month"],
        "2016-01",
    )


@pytest.mark.parametrize(
    ("sex", "sequence", "kept", "said"),
    [
        ("女", "901", "1", ["sex_differs"]),
        ("", "902", "2", ["sex_from_number"]),
        ("?", "902", "2", ["sex_from_number"]),
        ("公", "902", "2", ["sex_unreadable"]),
        ("", "", None, ["sex_missing"]),
        ("公", "", None, ["sex_unreadable"]),
    ],
)
def test_a_sound_number_tells_the_sex(sop: Sop, sex: str, sequence: str, kept: str | None, said: list[str]) -> None:
    row = one(sop, sex=sex, id_number=number(sequence=sequence) if sequence else "")
    assert (row.row.values.sex, codes(row)) == (kept, said)
    assert row.outcome == ("register" if said == ["sex_from_number"] else "warn")


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("去年", None, ["arrived_unreadable"]),
        ("不记得", None, ["arrived_unreadable"]),
        ("2019年左右", None, ["arrived_unreadable"]),
        ("2015-12-31", None, ["arrived_before_birth"]),
        ("2026-12-01", None, ["arrived_future"]),
        ("2016年1月", "2016-01", []),
        ("2016-01-02", "2016-01-02", []),
        ("出生", "2016-01-02", []),
        ("", None, []),
        ("/", None, []),
    ],
)
def test_an_arrival_that_cannot_be_warns(sop: Sop, typed: str, kept: str | None, said: list[str]) -> None:
    row = one(sop, arrived=typed)
    assert (row.row.values.arrived and row.row.values.arrived.iso, codes(row)) == (kept, said)
    assert row.outcome == ("warn" if said else "register")


def test_all_is_said_of_a_row_and_the_worst_first(sop: Sop) -> None:
    row = one(sop, name="", birth="2027-01-01", phone="1540", arrived="去年")
    assert codes(row) == ["name_missing", "birth_future", "arrived_unreadable", "phone_short"]


def pair(sop: Sop, first: dict[str, Cell], second: dict[str, Cell]) -> Judged:
    return judged(sop, sheet(HEAD, line(**first), line(**second)))[1]


OTHER_HOME: dict[str, Cell] = {"address": "雕庄街道9幢", "guardian": "李强", "phone": "15400002222"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"id_number": number()}, {"id_number": " " + number() + "\xa0"}),
        ({"id_number": number()}, {"id_number": number(), **OTHER_HOME}),
        ({"id_number": number()}, {"id_number": ""}),
        ({"id_number": number()}, {"id_number": float(number())}),
        ({"id_number": number()}, {"id_number": number(), "birth": "2016-01-03"}),
        ({"id_number": number()}, {"id_number": number()[:17] + ("1" if number()[17] != "1" else "2")}),
        ({}, {"name": "陈 可", "birth": "2016年1月2日", "phone": "", "address": ""}),
        ({}, {"phone": "15400002222", "address": "雕庄街道9幢"}),
        ({}, {"birth": "2016.1"}),
        ({"phone": "1540"}, {"phone": "1540"}),
    ],
)
def test_the_same_child_again_is_a_duplicate(sop: Sop, first: dict[str, Cell], second: dict[str, Cell]) -> None:
    row = pair(sop, first, second)
    assert (row.outcome, codes(row)[0], row.messages[0].params["row"]) == ("duplicate", "in_file", 2)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({}, {"name": "陈然"}, []),
        ({}, {"name": "陈然", "birth": "2018-3-4"}, []),
        ({"id_number": number()}, {"name": "陈然", "id_number": number(sequence="903")}, []),
        ({}, {"sex": "女"}, []),
        ({}, {"birth": "2016-01-03"}, []),
        ({"id_number": float(number())}, {"name": "陈然", "id_number": float(number())}, ["id_damaged"]),
        ({"id_number": number()}, {"name": "陈然", "id_number": number()}, ["id_twice"]),
        ({"id_number": number()}, {"id_number": number(sequence="903")}, ["same_name"]),
        ({}, OTHER_HOME, ["same_name"]),
    ],
)
def test_siblings_twins_and_namesakes_are_no_duplicates(
    sop: Sop, first: dict[str, Cell], second: dict[str, Cell], said: list[str]
) -> None:
    row = pair(sop, first, second)
    assert (row.outcome, codes(row)) == ("warn" if said else "register", said)


def test_a_row_that_is_refused_makes_no_duplicate_of_its_repetition(sop: Sop) -> None:
    rows = judged(sop, sheet(HEAD, line(birth=""), line(), line(), line()))
    assert list(outcomes(rows).values()) == ["refuse", "register", "duplicate", "duplicate"]
    assert [each.messages[0].params["row"] for each in rows[2:]] == [3, 3]


def test_rows_are_judged_as_they_come(sop: Sop) -> None:
    """A ledger of any length is read row by row; nothing waits for its end."""
    found = judged(sop, sheet(HEAD, *(line(name=name, id_number="") for name in ("陈可", "陈然", "陈雨"))))
    assert [each.row.row for each in found] == [2, 3, 4]
