"""The corrected copy of a ledger: refused rows with the reasons beside them; mended and sent again they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.jobs.worker import work_off
from registry.ledgers.refused import MendColumn, MendRow, MendSheet, corrected_copy
from registry.ledgers.sheets import Sheet, read_book
from registry.ledgers.xlsx import book, write_row
from tests.client import XLSX
from tests.ledgers.uploading import HEADINGS, imported, ledger, row, upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.client import Client, Page

ROWS = ledger(
    row(1, "陈小雨"),
    row(2, "", 身份证号="=HYPERLINK(1)"),
    row(3, "陈大伟", "1999-01-01"),
    row(4, "陈小晨", "不知道", 身份证号=""),
)


def fetched(page: Page) -> tuple[bytes, list[Sheet]]:
    answer = page.client.http.get(f"{page.path}/rows-to-mend")
    assert answer.mimetype == XLSX
    return answer.data, read_book(answer.data, None)


def rewritten(sheet: Sheet, changed: Mapping[tuple[int, int], str]) -> bytes:
    """What a spreadsheet program saves after somebody mended cells: {(row counted from 1, column from 0): text}."""
    with book() as (made, content):
        written = made.add_worksheet(sheet.name)
        for number, cells in sheet.rows:
            texts = [str(cell) if cell is not None else "" for cell in cells]
            for (at, column), text in changed.items():
                if at == number:
                    texts[column] = text
            write_row(written, number - 1, texts)
    return content.getvalue()


def test_it_holds_the_refused_rows_alone_with_reason_and_advice(
    client_as: Callable[..., Client], language: str
) -> None:
    page = imported(client_as("registrar", language=language), ROWS)
    _content, (sheet,) = fetched(page)
    _title, head, *rows = [list(cells) for _number, cells in sheet.rows]
    assert head[: len(HEADINGS) - 1] == list(HEADINGS[:-1]), "what is not asked for is not kept, and not given back"
    assert [cells[len(HEADINGS) - 1] for cells in rows] == ["4", "5", "6"], "the rows of the ledger"
    assert all(cells[len(HEADINGS)] and cells[len(HEADINGS) + 1] for cells in rows)
    assert rows[0][4] == "=HYPERLINK(1)", "a text that looks like a formula stays a text"


def test_mended_and_uploaded_again_the_rows_are_registered_without_asking(
    client_as: Callable[..., Client], language: str
) -> None:
    browser = client_as("registrar", language=language)
    _content, (sheet,) = fetched(imported(browser, ROWS))
    mended = rewritten(sheet, {(3, 1): "陈小冬", (3, 4): "", (5, 3): "2019年3月5日"})
    columns = [value for key, value in upload(browser, mended).values() if key.startswith("column-")]
    assert (
        columns
        == [*("number", "name", "sex", "birth", "id_number", "address", "guardian", "relation", "phone")] + [""] * 3
    ), "its reasons are left out"
    done = imported(browser, mended)
    assert [each.get_text() for each in done.select(".app-figures__number")] == ["2", "0", "0", "1"]


def test_a_heading_that_only_the_office_knows_needs_no_asking_in_the_copy(client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    own = [*HEADINGS[:8], "怎么找到人", "治安责任人"]
    page = upload(browser, ledger(row(1, ""), headings=own))
    key = next(name for name, _value in page.values() if name == "column-0-8")
    assert dict(page.values())[key] == ""
    page.submit({key: "phone"})
    work_off(browser.app)
    result = browser.get(browser.get("/ledgers/").select(".app-entry a")[0]["href"])
    content, _sheets = fetched(result)
    assert dict(upload(browser, content).values())[key] == "phone"


def test_without_a_refused_row_there_is_nothing_to_fetch(client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    page = imported(browser, ledger(row(1, "陈小雨")))
    assert not page.select('a[href$="/rows-to-mend"]')
    assert browser.get(f"{page.path}/rows-to-mend").path == page.path


def test_sheets_keep_names_that_a_spreadsheet_accepts(app: object, client_as: Callable[..., Client]) -> None:
    column, one = MendColumn("姓名", "name"), MendRow(2, {"name": "=1+1"}, ["a"], ["b"], frozenset({"name"}))
    names = ["三井/社区", "三井/社区", "", "一二三四五六七八九十" * 4]
    with client_as("registrar").app.test_request_context():
        content = corrected_copy([MendSheet(name, "台账", [column], [one]) for name in names])
    found = read_book(content, None)
    assert [sheet.name for sheet in found] == ["三井 社区", "三井 社区 2", "3", ("一二三四五六七八九十" * 4)[:31]]
    assert all(sheet.rows[2][1][0] == "=1+1" for sheet in found)


def test_children_who_stayed_behind_stay_that_in_the_copy(client_as: Callable[..., Client], language: str) -> None:
    browser = client_as("registrar", language=language)
    page = upload(browser, ledger(row(1, ""), title="花名册"))
    assert dict(page.values())["side-0"] == "receiving", "nothing in the file says so"
    page.submit({"side-0": "sending"})
    work_off(browser.app)
    result = browser.get(browser.get("/ledgers/").select(".app-entry a")[0]["href"])
    content, _sheets = fetched(result)
    assert dict(upload(browser, content).values())["side-0"] == "sending"
