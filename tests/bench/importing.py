"""A ledger of invented children as a community would keep it, and how fast it is imported with all checks."""

from __future__ import annotations

import csv
import io
import time
from random import Random
from typing import TYPE_CHECKING

from registry.clock import today
from registry.database import db
from registry.ledgers.at_once import import_now
from seed.demo.people import Maker
from seed.demo.places import CITIES, residence
from sop.version import in_force
from tests.bench.prepare import viewer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from seed.demo.people import Family, Kid

ROWS = 1000
KEEPER = "changzhou-supervisor"
HEADER = (
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "户籍地址",
    "现居住地址",
    "来常时间",
    "是否就学",
    "监护人姓名",
    "与监护人关系",
    "联系电话",
)
SEXES = {"1": "男", "2": "女"}
RELATIONS = {"51": "父亲", "52": "母亲"}
ORIGINS = {
    "321322": "江苏省宿迁市沭阳县",
    "341225": "安徽省阜阳市阜南县",
    "411424": "河南省商丘市柘城县",
    "422802": "湖北省恩施州利川市",
    "500236": "重庆市奉节县",
    "511621": "四川省广安市岳池县",
    "520521": "贵州省毕节市大方县",
    "360781": "江西省瑞金市",
    "441424": "广东省梅州市五华县",
    "452226": "广西壮族自治区来宾县",
    "653121": "新疆维吾尔自治区喀什地区疏附县",
}
SCHOOLS = {
    "none": "未上学",
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "unknown": "",
    "refused": "",
}
PHONES = 90_000_000


def rows_a_second(app: Flask) -> tuple[float, dict[str, int]]:
    """Import an invented csv of a thousand rows as the supervisor of a township; rows a second, rows by outcome."""
    with app.app_context(), app.test_request_context():
        viewer = viewer_of(KEEPER)
        content = ledger(viewer.area_code, ROWS)
        began = time.perf_counter()
        found = import_now(viewer, viewer.area_code, content, None, today())
        seconds = time.perf_counter() - began
        outcomes: dict[str, int] = {}
        for row in found.rows:
            outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
        db.session.rollback()
    return len(found.rows) / seconds, outcomes


def ledger(area_code: str, rows: int) -> bytes:
    """Return a csv of families who moved into a township (12 digits), one child a row; UTF-8."""
    day = today()
    invented = Random(f"ledger {area_code}")  # noqa: S311 -- the same ledger each time
    maker = Maker(invented, in_force(day), day, PHONES, {})
    where = residence(CITIES[0], rows, inside=area_code.rstrip("0"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    number = 0
    while number < rows:
        family = maker.family(CITIES[0], where)
        for kid in family.kids[: rows - number]:
            number += 1
            writer.writerow([number, *_cells(family, kid)])
    return text.getvalue().encode("utf-8-sig")


def _cells(family: Family, kid: Kid) -> Iterator[str]:
    adult = next(each for each in family.adults if each.phone)
    yield kid.name
    yield SEXES[kid.sex]
    yield kid.birth.iso
    yield kid.id_number or ""
    yield ORIGINS.get((kid.hukou or "")[:6], "")
    yield f"{family.community.zh}{family.address}"
    yield family.arrived.iso if family.arrived else ""
    yield SCHOOLS[kid.school]
    yield adult.name or ""
    yield RELATIONS[adult.relation]
    yield adult.phone or ""
