"""The empty ledger: filled in it is read without asking for its columns, and every word of its lists is understood."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from registry.clock import today
from registry.ledgers.sheets import read_book, sheets_with_children
from registry.ledgers.template import EMPTY_LEDGERS, FIRST, NOT_OFFERED, empty_ledger
from registry.ledgers.xlsx import book, write_row
from sop.ledger.reading import read_rows
from sop.version import in_force
from tests.client import XLSX
from tests.ledgers.uploading import ADDRESS, imported, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from sop.empty_ledger import EmptyColumn
    from tests.client import Client

SOP = in_force(today())
VALUE_OF = {"sex": "sex", "relation": "relation", "school": "school", "certificate": "certificate"}
VALUE_OF |= {"who_away": "who_away", "boarding": "boarding", "ethnic": "ethnic"}


def columns_of(name: str) -> tuple[EmptyColumn, ...]:
    return SOP.empty_ledger.of_side(name.split("-", maxsplit=1)[0])


def filled(name: str, *rows: dict[str, str]) -> bytes:
    """The empty ledger with rows below its example, as a spreadsheet program saves it."""
    given = read_book(empty_ledger(name, today()), "empty.xlsx")[0]
    with book() as (made, content):
        sheet = made.add_worksheet(given.name)
        for number, cells in given.rows:
            write_row(sheet, number - 1, [str(cell) if cell else "" for cell in cells])
        for number, told in enumerate(rows, start=FIRST):
            write_row(sheet, number, [told.get(column.key, "") for column in columns_of(name)])
    return content.getvalue()


def read(content: bytes) -> list[Any]:
    (sheet, header), *others = sheets_with_children(read_book(content, "ledger.xlsx"), SOP.ledgers)
    assert not others, "the explanation is no sheet of children"
    return list(read_rows(sheet.rows, header, SOP.ledgers))


@pytest.mark.parametrize("name", EMPTY_LEDGERS)
def test_an_empty_ledger_holds_nobody_for_its_example_is_passed_over(name: str) -> None:
    assert read(empty_ledger(name, today())) == []


@pytest.mark.parametrize("name", EMPTY_LEDGERS)
def test_every_heading_is_recognised_and_the_side_is_told(name: str) -> None:
    ((_sheet, header),) = sheets_with_children(read_book(empty_ledger(name, today()), None), SOP.ledgers)
    assert [column.text for column in header.columns if column.field is None] == []
    assert header.side == name.split("-", maxsplit=1)[0]
    fields = [column.field for column in header.columns]
    assert len(fields) == len(set(fields)) == len(columns_of(name))


@pytest.mark.parametrize("name", EMPTY_LEDGERS)
def test_every_word_of_every_list_is_read_as_its_code(name: str) -> None:
    language = name.split("-")[1]
    for column in columns_of(name):
        if column.list is None:
            continue
        offered = [code for code in SOP.codes[column.list] if code.code not in NOT_OFFERED]
        child = {"name": "陈小雨", "birth": "2016-06-14", "guardian": "陈建国", "phone": "15400000001"}
        rows = read(filled(name, *(child | {column.key: each.text.in_language(language)} for each in offered)))
        understood = {
            each.text.in_language(language): getattr(row.values, VALUE_OF[column.list]) or "unknown"
            for each, row in zip(offered, rows, strict=True)
        }
        expected = {each.text.in_language(language): each.code for each in offered}
        assert understood == expected, column.key


@pytest.mark.parametrize("name", EMPTY_LEDGERS)
def test_cells_keep_digits_and_lists_lie_on_a_hidden_sheet(name: str) -> None:
    content = empty_ledger(name, today())
    hidden = [each.name for each in CalamineWorkbook.from_filelike(BytesIO(content)).sheets_metadata][2]
    assert hidden in {SOP.empty_ledger.said["lists"].zh, SOP.empty_ledger.said["lists"].en}
    assert [sheet.name for sheet in read_book(content, None)] == [
        SOP.empty_ledger.said[key].in_language(name.split("-")[1]) for key in ("rows", "explained")
    ]


@pytest.mark.parametrize("name", EMPTY_LEDGERS)
def test_the_empty_ledger_is_fetched_filled_in_and_imported(client_as: Callable[..., Client], name: str) -> None:
    browser = client_as("registrar")
    given = browser.http.get(f"/ledgers/empty/{name}.xlsx")
    assert given.mimetype == XLSX
    assert f'filename="ledger-{name}.xlsx"' in given.headers["Content-Disposition"]
    child = {"name": "陈小雨", "birth": "2016-06-14", "sex": "女", "address": ADDRESS, "home": ADDRESS}
    child |= {"guardian": "陈建国", "relation": "父亲", "phone": "15400000001", "away": "父母双方"}
    content = filled(name, child)
    page = upload(browser, content)
    assert [value for key, value in page.values() if key.startswith("column-")].count("") == 0
    done = imported(browser, content)
    assert sum(int(each.get_text()) for each in done.select(".app-figures__number")) == 1
    assert int(done.select(".app-figures__number")[3].get_text()) == 0, done.text


def test_there_is_no_other_empty_ledger(client_as: Callable[..., Client]) -> None:
    client_as("registrar").get("/ledgers/empty/children-zh.xlsx", status=404)
