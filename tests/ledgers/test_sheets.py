"""Spreadsheets are opened whatever program wrote them, and what is none, or too much, is said by a code."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from registry.ledgers.sheets import BookError, read_book
from tests.ledgers.biff import compound, xls

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).with_name("data")
HEADER, CHILD = ["姓名", "出生日期"], ["阿依古丽·吐尔逊", "2016-12-18"]


def book(write: Callable[[Any], object]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        write(made)
    return content.getvalue()


def rows_of(content: bytes, name: str = "ledger") -> list[tuple[int, list[object]]]:
    [sheet] = read_book(content, name)
    return [(number, list(cells)) for number, cells in sheet.rows]


def fault(content: bytes, name: str = "ledger.xlsx") -> str:
    with pytest.raises(BookError) as refused:
        read_book(content, name)
    return refused.value.code


def test_cells_of_an_xlsx_book_keep_their_kind_and_rows_their_number() -> None:
    def write(made: Any) -> None:
        sheet = made.add_worksheet("儿童")
        sheet.write_row(2, 1, ["001", 41449, 2.5, True])
        sheet.write_number(2, 5, 520524201306249070)
        sheet.write_datetime(4, 0, datetime(2013, 6, 24), made.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_datetime(4, 1, datetime(2013, 6, 24, 8, 30), made.add_format({"num_format": "yyyy/m/d hh:mm"}))
        sheet.write_number(4, 2, 41449, made.add_format({"num_format": "[h]:mm"}))
        sheet.write_datetime(4, 3, datetime(2013, 6, 24, 8, 30).time(), made.add_format({"num_format": "hh:mm"}))

    assert rows_of(book(write)) == [
        (3, [None, "001", 41449.0, 2.5, True, 5.205242013062491e17]),
        (5, [date(2013, 6, 24), datetime(2013, 6, 24, 8, 30), 41449.0, "08:30:00", None, None]),
    ]


def test_a_value_merged_over_several_rows_stands_in_each_and_a_title_across_does_not_spread() -> None:
    def write(made: Any) -> None:
        sheet = made.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "台账")
        sheet.write_row(1, 0, ["姓名", "监护人", "电话"])
        sheet.write_column(2, 0, ["甲", "乙", "丙"])
        sheet.merge_range(2, 1, 3, 1, "李某")
        sheet.merge_range(2, 2, 9, 2, "15412345678")  # beyond the last row

    assert [cells for _, cells in rows_of(book(write))] == [
        ["台账", None, None],
        ["姓名", "监护人", "电话"],
        ["甲", "李某", "15412345678"],
        ["乙", "李某", "15412345678"],
        ["丙", None, "15412345678"],
    ]


def test_a_formula_is_read_as_the_value_that_was_seen() -> None:
    def write(made: Any) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["姓名"])
        sheet.write_formula(0, 1, "=1+1", None, 2)

    assert rows_of(book(write)) == [(1, ["姓名", 2.0])]


def test_hidden_sheets_are_left_out_and_the_others_come_in_their_order() -> None:
    def write(made: Any) -> None:
        made.add_worksheet("三井").write_row(0, 0, HEADER)
        hidden = made.add_worksheet("选项")
        hidden.write_row(0, 0, ["男", "女"])
        hidden.hide()
        made.add_worksheet("雕庄").write_row(0, 0, HEADER)

    assert [sheet.name for sheet in read_book(book(write))] == ["三井", "雕庄"]


def test_a_book_of_the_old_kind_is_read_with_days_merges_and_rare_characters() -> None:
    content = xls(
        {
            "儿童": [["姓名", "出生", "监护人"], ["阿依古丽·吐尔逊", date(2020, 1, 2), "李某"], ["𠮷𠮷", 201306]],
            "二": [["x"]],
        },
        merged=[(1, 2, 2, 2)],
    )
    first, second = read_book(content, "old.xls")
    assert (first.name, [list(cells) for _, cells in first.rows]) == (
        "儿童",
        [["姓名", "出生", "监护人"], ["阿依古丽·吐尔逊", date(2020, 1, 2), "李某"], ["𠮷𠮷", 201306.0, "李某"]],
    )
    assert (second.name, second.rows) == ("二", [(1, ["x"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_file_is_read_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    lines = [["姓名", "出生日期", "地址"], ["𬱖𠮷", "2016.12.18", "三井街道"], ["阿依古丽·吐尔逊", "", "ABC"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    assert rows_of(content, "台账.csv") == [
        (1, lines[0]),
        (2, lines[1]),
        (3, ["阿依古丽·吐尔逊", None, "ABC"]),
    ]
    assert read_book(content, "台账.csv")[0].name == "台账"


def test_a_record_over_several_lines_has_the_number_of_its_first() -> None:
    text = '姓名,地址\n甲,"三井\n街道"\n\n乙,"说 ""好"""\r\n丙\n'
    assert rows_of(text.encode()) == [
        (1, ["姓名", "地址"]),
        (2, ["甲", "三井\n街道"]),
        (5, ["乙", '说 "好"']),
        (6, ["丙"]),
    ]


def test_a_mark_that_nobody_closed_swallows_no_rows() -> None:
    lines = ["姓名,地址,电话", '甲,",1', *(f"乙{number},三井,2" for number in range(60))]
    found = rows_of("\n".join(lines).encode())
    assert len(found) == len(lines)
    assert found[1] == (2, ["甲", "〃", "1"])
    assert found[-1] == (62, ["乙59", "三井", "2"])
    half = ["姓名,地址,电话", '甲,"三井,1', *(f"乙{number},三井,2" for number in range(60))]
    assert rows_of("\n".join(half).encode())[1] == (2, ["甲", '"三井', "1"])


def test_the_line_that_names_the_delimiter_is_no_row() -> None:
    assert rows_of("sep=;\r\n姓名;地址,号\r\n甲;乙,1\r\n".encode()) == [(2, ["姓名", "地址,号"]), (3, ["甲", "乙,1"])]


@pytest.mark.parametrize("content", [b"", b"\r\n \n", b"\xef\xbb\xbf", b",,,\n,,\n"])
def test_a_file_without_anything_is_called_empty(content: bytes) -> None:
    assert fault(content) == "empty"


def test_a_book_without_anything_is_called_empty() -> None:
    assert fault(book(lambda made: made.add_worksheet())) == "empty"


def zipped(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("_", "/"), text)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 \x00",
        b"\x89PNG\r\n\x1a\n\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"<html><table><tr><td>1</td></tr></table>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        b"\x00\x01\x02\x03" * 50,
        b"PK\x03\x04 no archive at all",
        zipped(word_document="<w/>"),
        zipped(**{"xl_workbook.xml": "<broken"}),
        compound({"WordDocument": b"words" * 2000}),
        bytes.fromhex("d0cf11e0a1b11ae1") + b"cut short",
    ],
)
def test_what_is_no_spreadsheet_is_refused_whatever_its_name(content: bytes) -> None:
    assert fault(content, "ledger.xlsx") == "kind"
    assert fault(content, "ledger.csv") == "kind"


def test_text_in_no_known_encoding_is_refused() -> None:
    assert fault("姓名,甲".encode("gb18030") + b"\xff\xff,\x80") == "encoding"


def test_a_password_is_noticed_in_books_of_both_kinds() -> None:
    assert fault(compound({"EncryptionInfo": b"\x04\x00", "EncryptedPackage": b"noise" * 2000})) == "password"
    assert fault(xls({"a": [HEADER, CHILD]}, locked=True)) == "password"


@pytest.mark.parametrize("odd", [15412345678, 320402201801010011, 1e300])
def test_a_number_of_more_hours_than_there_are_spoils_no_other_row(odd: float) -> None:
    def write(made: Any) -> None:
        hours, day = (made.add_format({"num_format": form}) for form in ("[h]:mm:ss", "yyyy-mm-dd"))
        sheet = made.add_worksheet()
        sheet.write_row(1, 0, ["姓名", "出生", "电话"])
        sheet.merge_range(2, 3, 4, 3, "李某")
        for row in (2, 3, 4):
            sheet.write_datetime(row, 1, datetime(2013, 6, 24), day)
            sheet.write_number(row, 2, odd if row == 3 else 7, hours)

    assert rows_of(book(write)) == [
        (2, ["姓名", "出生", "电话", None]),
        (3, [None, date(2013, 6, 24), 7.0, "李某"]),
        (4, [None, 41449.0, float(odd), "李某"]),  # the same day as a number, as it is known anywhere
        (5, [None, date(2013, 6, 24), 7.0, "李某"]),
    ]


def test_such_a_number_in_a_book_of_the_old_kind_makes_it_unreadable_and_not_too_big() -> None:
    plain = xls({"a": [["姓名", "电话"], ["甲", 15412345678]]})
    general, hours = (struct.pack("<HHHH", 0xE0, 20, 0, form) for form in (0, 46))
    assert rows_of(plain)[1] == (2, ["甲", 15412345678.0])
    assert fault(plain.replace(general, hours)) == "kind"


def test_the_sample_ledgers_are_read_whole() -> None:
    counts = {path.name: len(read_book(path.read_bytes(), path.name)[0].rows) for path in DATA.glob("*.[cx][sl]*")}
    assert counts == {
        "changzhou-migrant-children.xlsx": 1505,
        "shuyang-left-behind-children.xlsx": 606,
        "wujin-migrant-children.csv": 302,
    }
