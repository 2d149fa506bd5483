"""Pages of a comparison: for the supervisor, the communities concerned, and officials; the next county sees none."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.database import db
from registry.jobs.worker import work_off
from registry.ledgers.models import Ledger, LedgerRow
from tests.client import Attached
from tests.factories import id_number
from tests.ledgers.rosters import TOWN, pupil, roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

BIRTH = date(2019, 6, 14)
NUMBER = id_number("321322", BIRTH, 905)
ADDRESS = "常州市天宁区雕庄街道示例1社区3幢2单元602室"
NEXT_COUNTY = "320404001000"


def sent(browser: Client, content: bytes, **answers: str) -> Page:
    """Upload a list and let the worker do it; the page of what came of it."""
    page = browser.get("/ledgers/compare/upload").submit(
        {"file": Attached(content, "名册.xlsx"), **answers}, status=200
    )
    work_off(browser.app)
    return browser.get(page.path)


@pytest.fixture
def found(make: Factory, client_as: Callable[..., Client]) -> str:
    """The path of a comparison: one child on both, one only on the list, one only on the register."""
    make.child(number=NUMBER, name="陈雨桐")
    make.child(name="甲小乙")
    content = roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺", phone="15400009911", address=ADDRESS))
    return sent(client_as("supervisor", area=TOWN), content).path


def test_a_supervisor_sees_counts_by_reason_and_no_child(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    browser = client_as("supervisor", area=TOWN, language=language)
    page = sent(browser, roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺", address=ADDRESS)))
    assert {"zh": "身份证号一致", "en": "The same ID number"}[language] in page.text
    assert {"zh": "本辖区没有档案", "en": "No file in this area"}[language] in page.text
    assert "赵一诺" not in page.text
    assert "陈雨桐" not in page.text
    assert browser.get("/ledgers/compare/").select(".app-entry")


def test_the_community_sees_whom_only_the_list_has_and_notes_the_visit(
    app: Flask, client_as: Callable[..., Client], found: str, language: str
) -> None:
    browser = client_as("registrar", language=language)
    assert browser.get("/ledgers/").select('a[href="/ledgers/compare/here"]')
    (link,) = browser.get("/ledgers/compare/here").select(".app-entry a")
    page = browser.get(str(link["href"]))
    assert "赵一诺" in page.text
    assert ADDRESS in page.text
    assert "甲小乙" not in page.text
    ask = browser.get(f"{found}/children?tab=ask")
    assert "甲小乙" in ask.text
    assert "陈雨桐" not in ask.text
    form = 'form[action^="/ledgers/compare/rows/"]'
    action, pairs = str(page.form(form)["action"]), page.values(form)
    done = page.submit(form=form, status=200)
    assert "赵一诺" not in done.text
    assert browser.post(action, pairs, status=200).path == done.path  # a second tap
    with app.app_context():
        row = db.session.scalars(select(LedgerRow).where(LedgerRow.settled_at.is_not(None))).one()
        assert not row.read
        settled = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == "roster_row_settled")
        assert db.session.scalar(settled) == 1


def test_a_child_registered_since_is_shown_with_its_file(
    make: Factory, client_as: Callable[..., Client], found: str
) -> None:
    child = make.child(name="赵一诺", household=make.household(phone="15400009911"))
    page = client_as("registrar").get(f"{found}/children")
    assert page.select(f'a[href="/children/{child.id}"]')


def test_another_community_sees_neither_child(client_as: Callable[..., Client], make: Factory, found: str) -> None:
    browser = client_as("registrar", area=make.area("320402008902"))
    for tab in ("look-up", "ask"):
        page = browser.get(f"{found}/children?tab={tab}")
        assert "赵一诺" not in page.text
        assert "甲小乙" not in page.text


def test_the_next_county_finds_nothing_there(
    app: Flask, client_as: Callable[..., Client], make: Factory, found: str
) -> None:
    make.area("320404001901")
    supervisor = client_as("supervisor", area=NEXT_COUNTY)
    supervisor.get(found, status=404)
    supervisor.get(f"{found}/children", status=404)
    registrar = client_as("registrar", area="320404001901")
    registrar.get(f"{found}/children", status=404)
    with app.app_context():
        row = db.session.scalars(select(LedgerRow).where(LedgerRow.outcome == "absent")).one()
    page = registrar.get("/ledgers/compare/here")
    registrar.post(f"/ledgers/compare/rows/{row.id}", page.values("form"), status=404)
    official = client_as("official", area="320404000000")
    official.get(found.replace("compare/", "compare/counts/"), status=404)


@pytest.mark.parametrize("role", ["registrar", "officer", "protection_officer", "official", "administrator", "auditor"])
def test_only_supervisors_compare(client_as: Callable[..., Client], found: str, role: str) -> None:
    browser = client_as(role)
    for path in ("/ledgers/compare/", "/ledgers/compare/upload", found):
        browser.get(path, status=403)


def test_the_department_has_no_page_of_a_comparison(client_as: Callable[..., Client], found: str) -> None:
    officer = client_as("officer")
    for path in ("here", "counts", found.rpartition("/")[2] + "/children"):
        officer.get(f"/ledgers/compare/{path}", status=403)


def test_an_official_sees_no_small_count(
    make: Factory, client_as: Callable[..., Client], found: str, language: str
) -> None:
    official = client_as("official", area=TOWN, language=language)
    (link,) = official.get("/ledgers/compare/counts").select(".app-entry a")
    page = official.get(str(link["href"]))
    assert not re.search(r"\b[1-9]\b", " ".join(cell.get_text() for cell in page.select("td, .app-figures__number")))
    assert page.select(".app-hidden-cell")
    official.get(f"{found}/children", status=403)


def test_an_official_sees_counts_of_ten_and_more(make: Factory, client_as: Callable[..., Client]) -> None:
    make.area()
    supervisor = client_as("supervisor", area=TOWN)
    surnames = "赵钱孙李周吴郑王冯陈褚卫"
    path = sent(supervisor, roster(*(pupil(f"{name}一诺", address=ADDRESS) for name in surnames))).path
    page = client_as("official", area=TOWN).get(path.replace("compare/", "compare/counts/"))
    assert "12" in page.text


def test_faults_of_a_file_stand_at_its_field(client_as: Callable[..., Client], language: str) -> None:
    browser = client_as("supervisor", area=TOWN, language=language)
    page = browser.get("/ledgers/compare/upload").submit({"file": Attached(b"%PDF-1.4 no list", "a.pdf")}, status=422)
    assert list(page.errors) == ["file"]
    page = browser.get("/ledgers/compare/upload").submit({}, status=422)
    assert list(page.errors) == ["file"]
    nameless = "编号,班级\n1,一年级\n".encode()
    page = browser.get("/ledgers/compare/upload").submit({"file": Attached(nameless, "a.csv")}, status=422)
    assert list(page.errors) == ["file"]


def test_two_taps_are_one_comparison(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    make.area()
    browser = client_as("supervisor", area=TOWN)
    page = browser.get("/ledgers/compare/upload")
    content = roster(pupil("赵一诺"))
    paths = {page.submit({"file": Attached(content, "名册.xlsx")}, status=200).path for _tap in range(2)}
    assert len(paths) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Ledger)) == 1


def test_an_area_that_is_not_the_own_is_not_compared(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    make.area()
    browser = client_as("supervisor", area=TOWN)
    page = browser.get("/ledgers/compare/upload")
    pairs = [(name, value) for name, value in page.values() if name not in ("area", "file")]
    file = Attached(roster(pupil("赵一诺")), "名册.xlsx").sent()
    browser.post("/ledgers/compare/upload", [*pairs, ("area", NEXT_COUNTY), ("file", file)], status=422)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Ledger)) == 0
