"""Ledgers as lines of text, imported from end to end as the command does, and what is then in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from registry.clock import today
from registry.database import db
from registry.ledgers.at_once import import_now
from sop.identity import add_months
from tests.factories import COMMUNITY, id_number

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask

    from registry.access import Viewer
    from registry.ledgers.at_once import Imported, Stored

HEADINGS = (
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "户籍地址",
    "现住址",
    "到达时间",
    "监护人",
    "与儿童关系",
    "联系电话",
)
HERE = "常州市天宁区雕庄街道示例1社区"
THERE = "常州市钟楼区五星街道示例1社区"  # the same name in another district
FAMILY = {"监护人": "周敏", "与儿童关系": "母亲", "联系电话": "15400002671"}


def born(years: int, months: int = 3) -> date:
    """A day that many years and months ago."""
    return add_months(today(), -12 * years - months)


def number(years: int = 9, sequence: int = 902) -> str:
    """An invented ID number of a child of that age; even sequences are girls."""
    return id_number("321322", born(years), sequence)


def row(name: str, **changed: Any) -> list[str]:
    """A line about a girl of nine who came three years ago; what a test says of a column stands there instead."""
    told = {
        "姓名": name,
        "性别": "女",
        "出生日期": born(9).isoformat(),
        "身份证号": "",
        "户籍地址": "江苏省宿迁市沭阳县桑墟镇",
        "现住址": HERE + "3幢2单元602室",
        "到达时间": born(3).isoformat(),
        "监护人": "",
        "与儿童关系": "父亲",
        "联系电话": "",
    }
    assert changed.keys() <= told.keys()
    return [str(cell) for cell in (told | changed).values()]


def stayed(name: str, **changed: Any) -> list[str]:
    """A line about a boy of nine whose parents went to Shanghai two years ago, under `STAYED`."""
    told = {
        "姓名": name,
        "性别": "男",
        "出生日期": born(9).isoformat(),
        "户籍地址": "沭阳县潼阳镇示例1社区7组",
        "父母外出情况": "父母双方外出",
        "外出务工地点": "上海市",
        "外出时间": born(2).isoformat(),
        "实际监护人": "马泽",
        "与儿童关系": "祖父",
    }
    assert changed.keys() <= told.keys()
    return [str(cell) for cell in (told | changed).values()]


STAYED = (
    "姓名",
    "性别",
    "出生日期",
    "户籍地址",
    "父母外出情况",
    "外出务工地点",
    "外出时间",
    "实际监护人",
    "与儿童关系",
)


def text(*rows: list[str], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A ledger in a text file: the headings, then these lines."""
    return "\n".join(",".join(cells) for cells in [list(headings), *rows]).encode()


def imported(
    app: Flask,
    viewer: Viewer,
    *rows: list[str],
    area: str = COMMUNITY,
    headings: tuple[str, ...] = HEADINGS,
    dry_run: bool = False,
) -> Imported:
    """Import these lines and return what became of them."""
    with app.app_context():
        return import_now(viewer, area, text(*rows, headings=headings), "台账.csv", today(), dry_run=dry_run)


def one(found: Imported) -> Stored:
    """Return the only row."""
    (row_,) = found.rows
    return row_


def codes(stored: Stored) -> list[str]:
    """Return what is said of a row."""
    return [message.code for message in stored.messages]


def count(app: Flask, model: type[Any], *where: Any) -> int:
    """Return how many rows a table has."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
