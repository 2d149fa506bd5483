"""Ledgers as offices keep them, made for tests, and the way of one through the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.jobs.worker import work_off
from registry.ledgers.xlsx import book
from tests.client import Attached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.client import Client, Page

HEADINGS = ("序号", "姓名", "性别", "出生日期", "身份证号", "现住址", "监护人", "与儿童关系", "联系电话", "治安责任人")
ADDRESS = "常州市天宁区雕庄街道示例1社区3幢2单元602室"


def row(number: int, name: str, birth: str = "2018-06-14", **changed: str) -> list[str]:
    """One line of a ledger, in order; what a test says of a column stands there instead."""
    told = {
        "序号": str(number),
        "姓名": name,
        "性别": "女",
        "出生日期": birth,
        "身份证号": "",
        "现住址": ADDRESS,
        "监护人": "陈建国",
        "与儿童关系": "父亲",
        "联系电话": f"154000{number:05d}",
        "治安责任人": "周某某",
    }
    return list((told | changed).values())


def ledger(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, title: str = "流动儿童台账") -> bytes:
    """An xlsx file with a title, headings and rows."""
    with book() as (made, content):
        sheet = made.add_worksheet("登记")
        sheet.write_string(0, 0, title)
        for number, cells in enumerate([headings, *rows], start=1):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell)
    return content.getvalue()


def upload(browser: Client, content: bytes, name: str = "台账.xlsx", **answers: str) -> Page:
    """Send a file; the page that comes asks for its columns, or says why it cannot be read."""
    return browser.get("/ledgers/upload").submit({"file": Attached(content, name), **answers})


def confirm(page: Page, **columns: str) -> Page:
    """Confirm the columns as they were recognised; the page that comes shows how far the work is."""
    return page.submit(columns, status=200)


def imported(browser: Client, content: bytes, name: str = "台账.xlsx", **answers: str) -> Page:
    """Send a file, confirm its columns, let the worker do it, and return the page of what became of it."""
    page = confirm(upload(browser, content, name, **answers))
    work_off(browser.app)
    return browser.get(page.path)
