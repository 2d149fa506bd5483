"""A ledger of a street office: uploaded, its columns confirmed, worked through, a refused row mended and sent again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from registry.ledgers.sheets import read_book
from registry.ledgers.xlsx import book, write_row
from tests.browser import acts
from tests.client import XLSX

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable, Sequence

    from tests.browser.visitor import Visitor

SAMPLE = Path(__file__).parents[1] / "ledgers" / "data" / "changzhou-migrant-children.xlsx"
ROWS = 1500
CONFIRM = "form#form button.app-button--primary"
NAMELESS = {"zh": "没有姓名", "en": "There is no name"}
HOME = "常州市天宁区雕庄街道采菱社区长虹路{}号2单元402室"
GIVEN = "晨昕沐泽宁远嘉禾"


def test_a_street_offices_ledger_is_imported_and_what_was_refused_is_mended(
    visit: Callable[..., Visitor], number: itertools.count[int]
) -> None:
    mine = next(number)
    supervisor = visit("changzhou-supervisor")
    supervisor.open("/ledgers/")
    supervisor.press('a[href="/ledgers/upload"]')
    supervisor.page.set_input_files("input[type=file]", SAMPLE)
    supervisor.press(CONFIRM)
    assert supervisor.path.endswith("/columns"), supervisor.main.inner_text()
    assert supervisor.page.locator(".app-mapping select").count() == 17
    supervisor.press(CONFIRM)
    assert supervisor.page.locator("progress").count() == 1
    _work(supervisor)
    assert sum(_tiles(supervisor)) == ROWS
    assert _tiles(supervisor)[3] > 0
    _look_at_every_outcome(supervisor)

    head, row = _nameless(_fetched(supervisor), supervisor.language)
    row[head.index("姓名")] = f"梁{GIVEN[mine % 8]}{GIVEN[mine // 8]}"
    row[head.index("身份证号")] = ""
    row[head.index("暂住地址")] = HOME.format(mine)
    supervisor.open("/ledgers/upload")
    mended = {"name": "mended.xlsx", "mimeType": XLSX, "buffer": _written(head, row)}
    supervisor.page.set_input_files("input[type=file]", files=[mended])
    supervisor.press(CONFIRM)
    supervisor.press(CONFIRM)
    _work(supervisor)
    registered, _there_already, to_look_at, refused = _tiles(supervisor)
    assert (registered + to_look_at, refused) == (1, 0), supervisor.main.inner_text()


def _work(visitor: Visitor) -> None:
    """Let the worker do it; the page, which nobody touches, follows and shows what became of the rows."""
    acts.let_work(visitor)
    visitor.page.locator(".app-figures").wait_for()
    visitor.page.wait_for_load_state("load")
    visitor.look()


def _tiles(visitor: Visitor) -> list[int]:
    """How many rows were registered, were there already, are to be looked at, were not registered."""
    return [int(each.replace(",", "")) for each in visitor.page.locator(".app-figures__number").all_inner_texts()]


def _look_at_every_outcome(visitor: Visitor) -> None:
    for place in range(4):
        visitor.press(f".app-tabs li:nth-child({place + 1}) a")
        assert visitor.page.locator(".app-outcomes tbody tr, .app-empty").count() >= 1


def _fetched(visitor: Visitor) -> bytes:
    with visitor.page.expect_download() as told:
        visitor.page.locator('a[href$="/rows-to-mend"]').click()
    assert told.value.suggested_filename == "rows-to-mend.xlsx"
    return Path(told.value.path()).read_bytes()


def _nameless(content: bytes, language: str) -> tuple[list[str], list[str]]:
    """Return the headings, and the first row of which only the name is missing."""
    _title, (_number, head), *rows = read_book(content)[0].rows
    texts = [[str(cell or "") for cell in cells] for _number, cells in rows]
    reasons = len(head) - 2
    found = (row for row in texts if row[reasons].startswith(NAMELESS[language]) and "\n" not in row[reasons])
    return [str(cell) for cell in head], next(found)


def _written(*rows: Sequence[str]) -> bytes:
    with book() as (made, content):
        sheet = made.add_worksheet()
        for number, cells in enumerate(rows):
            write_row(sheet, number, cells)
    return content.getvalue()
