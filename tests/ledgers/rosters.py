"""Lists of departments, made for tests, and a comparison from the file to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.areas.codes import full
from registry.clock import today
from registry.database import db
from registry.ledgers.comparing.at_once import compare_now
from registry.ledgers.comparing.queries import counts_of, totals
from registry.ledgers.comparing.service import Sent
from tests.ledgers.uploading import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer

HEADINGS = ("序号", "姓名", "性别", "出生日期", "身份证号", "家庭住址", "联系电话")
TOWN = "320402008000"


def pupil(name: str, birth: str = "2019-06-14", number: str = "", phone: str = "", address: str = "") -> list[str]:
    """One line of a school's list."""
    return ["1", name, "女", birth, number, address, phone]


def roster(*rows: Sequence[str]) -> bytes:
    """A school's list as an xlsx file."""
    return ledger(*rows, headings=HEADINGS, title="示例小学学生名册")


def compared(
    app: Flask, viewer: Viewer, content: bytes, *, area: str = TOWN, department: str = "school"
) -> tuple[UUID, list[str], dict[str, int]]:
    """Compare a list to the end: the comparison, the outcome of each row, and the counts by reason."""
    with app.app_context():
        made, rows = compare_now(viewer, Sent(content, "名册.xlsx", department, full(area), today()))
        counts = totals(counts_of(viewer, made))
        found = made.id, [row.outcome for row in rows], {code: number for code, number in counts.items() if number}
        db.session.rollback()
    return found
