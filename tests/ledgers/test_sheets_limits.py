"""A file that is too much, in whatever way, is refused before it takes the memory or the time of everybody."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from registry.ledgers import delimited, sheets
from tests.ledgers.biff import xls
from tests.ledgers.test_sheets import HEADER, book, fault, rows_of, zipped


def test_a_book_of_more_rows_or_cells_than_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table = [[str(number)] * 4 for number in range(10)]
    whole = book(lambda made: [made.add_worksheet().write_row(0, 0, row) for row in table])
    text = "\n".join(",".join(row) for row in table).encode()
    old = xls({"a": table})
    assert rows_of(text)[9] == (10, ["9"] * 4)
    for limit, least in (("ROWS", 9), ("CELLS", 39), ("LETTERS", 39), ("BYTES", 30)):
        with monkeypatch.context() as narrower:
            narrower.setattr(sheets, limit, least)
            assert [fault(content) for content in (whole, text, old)] == ["too_big"] * 3, limit


def test_a_text_file_of_more_rows_is_given_up_as_soon_as_there_are_too_many() -> None:
    content = b"1\n" * 2**20
    tracemalloc.start()
    with pytest.raises(delimited.TooManyError):
        delimited.records(content, sheets.ROWS, sheets.CELLS)
    _, reading = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert fault(content) == "too_big"
    _, waiting = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reading < 20 * len(content)  # its text in three shapes, and 20,000 rows
    assert waiting < 3 * len(content)  # nothing of it is read in the process that was asked


@pytest.mark.parametrize("line", [b'",', b"x,", b'"\n', b"x" * 200_000])
def test_a_text_file_without_an_end_is_too_big_however_it_is_read(line: bytes) -> None:
    assert fault(line * (2**22 // len(line))) == "too_big"


def test_a_text_that_is_small_as_a_file_and_huge_in_its_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words, many = "长" * 10_000, sheets.LETTERS // 10_000 + 1  # far less than its process may take
    told_often = book(lambda made: made.add_worksheet().write_column(0, 0, [words] * many))
    assert len(told_often) < 2**17
    assert fault(told_often) == "too_big"

    def write(made: Any) -> None:
        sheet = made.add_worksheet()
        sheet.write_column(0, 0, range(20))
        sheet.merge_range(0, 1, 19, 1, "长" * 10)

    assert rows_of(book(write))[19] == (20, [19.0, "长" * 10])
    monkeypatch.setattr(sheets, "LETTERS", 199)
    assert fault(book(write)) == "too_big"


def test_one_file_is_read_at_a_time_and_who_comes_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "WAITING", 0.01)
    with sheets.ONE_AT_A_TIME:
        assert fault(book(lambda made: made.add_worksheet().write_row(0, 0, HEADER))) == "busy"
        assert fault("姓名,出生日期\n".encode()) == "busy"
    assert fault(b"PK\x03\x04 no archive") == "kind"
    assert rows_of("姓名,出生日期\n".encode()) == [(1, HEADER)]


def test_two_cells_far_apart_do_not_fill_the_memory() -> None:
    def write(made: Any) -> None:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    assert fault(book(write)) == "too_big"
    assert fault(xls({"a": [["x"], *[[]] * 60_000, ["y"]]})) == "too_big"


def test_a_book_that_grows_out_of_proportion_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(**{"xl_workbook.xml": "<w/>", "xl_sharedStrings.xml": " " * (sheets.UNPACKED + 1)})
    assert len(bomb) < 2**20
    monkeypatch.setattr(sheets, "_unpacked", lambda _: pytest.fail("it was unpacked"))
    assert fault(bomb) == "too_big"


def test_a_book_that_needs_more_memory_than_it_is_given_ends_its_own_process_only() -> None:
    words, many = "长" * 30_000, sheets.ROWS - 1  # one text, told again and again: small as a file, huge as cells

    def write(made: Any) -> None:
        sheet = made.add_worksheet()
        for row in range(many):
            sheet.write_string(row, 0, words)

    assert fault(book(write)) == "too_big"
