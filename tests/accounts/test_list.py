"""Many accounts from a list: read as people have it, faults row by row, nothing lost, nobody made twice."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.accounts import bulk
from registry.accounts.bulk import UnreadableListError
from registry.accounts.models import User
from registry.clock import today
from registry.database import db
from tests.client import Client
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.audit.models import AuditEvent
    from tests.client import Page
    from tests.factories import Factory

HEADING = "姓名\t用户名\t角色\t单位"
MAKE = ("act", "make")


def usernames(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(User.username)))


def send(browser: Client, text: str, button: tuple[str, str] = ("act", "check")) -> Page:
    page = browser.get("/accounts/list")
    token = dict(page.values())["csrf_token"]
    return browser.post("/accounts/list", [("csrf_token", token), ("rows", text), button])


def upload(browser: Client, data: bytes) -> Page:
    token = dict(browser.get("/accounts/list").values())["csrf_token"]
    form = {"csrf_token": token, "rows": "", "act": "check", "file": (io.BytesIO(data), "people.csv")}
    return browser._page(browser.http.post("/accounts/list", data=form, content_type="multipart/form-data"), None)


@pytest.mark.database
def test_a_right_list_is_previewed_then_made_with_passwords_that_work_once(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    language: str,
) -> None:
    office = make.office()
    text = f"{HEADING}\n孙桂兰\tsun-guilan\t登记员\t{office.name_zh}\n李强\tli.qiang\tregistrar\t{office.name_en}"
    browser = client_as("administrator", language=language)
    before = usernames(app)
    page = send(browser, text)
    assert page.status == 200
    assert usernames(app) == before
    page = page.submit(button=MAKE, status=200)
    assert usernames(app) - before == {"sun-guilan", "li.qiang"}
    for row in page.select("tbody tr"):
        username, password = row.select("td")[0].get_text(strip=True), row.select("strong")[0].get_text()
        assert Client(app).sign_in(username, password).path == "/password"
    assert len(recorded("account_made")) == 2
    assert not page.select("form#form")


def test_the_right_rows_are_made_and_the_wrong_ones_stay_to_be_corrected(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    office, taken = make.office(), make.user("auditor")
    text = (
        f"孙桂兰\tsun-guilan\t登记员\t{office.name_zh}\n"
        f"李强\t{taken.username}\t登记员\t{office.name_zh}\n"
        f"赵敏\tzhao-min\t皇帝\t{office.name_zh}"
    )
    browser, before = client_as("administrator"), usernames(app)
    page = send(browser, text).submit(button=MAKE, status=200)
    assert usernames(app) - before == {"sun-guilan"}
    left = dict(page.values())["rows"]
    assert "孙桂兰" not in left
    assert "李强" in left
    corrected = left.replace("皇帝", "登记员").replace(taken.username, "li-qiang")
    page = page.submit({"rows": corrected}, button=("act", "check"), status=200)
    assert usernames(app) - before == {"sun-guilan"}
    page.submit(button=MAKE, status=200)
    assert usernames(app) - before == {"sun-guilan", "zhao-min", "li-qiang"}


def test_a_list_sent_twice_makes_nobody_twice(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    office, browser = make.office(), client_as("administrator")
    text = f"孙桂兰\tsun-guilan\t登记员\t{office.name_zh}"
    send(browser, text, MAKE)
    before = usernames(app)
    page = send(browser, text, MAKE)
    assert page.status == 422
    assert text in dict(page.values())["rows"]
    assert usernames(app) == before


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("孙桂兰,sun-guilan,登记员", ("columns",)),
        (",sun-guilan,登记员,{office}", ("no_name",)),
        ("{long},sun-guilan,登记员,{office}", ("name",)),
        ("孙桂兰,15400001234,登记员,{office}", ("username",)),
        ("孙桂兰,{taken},登记员,{office}", ("taken",)),
        ("孙桂兰,twin,登记员,{office}\n李强,TWIN,登记员,{office}", ("twice",)),
        ("孙桂兰,sun-guilan,皇帝,{office}", ("role",)),
        ("孙桂兰,sun-guilan,登记员,{elsewhere}", ("office",)),
        ("孙桂兰,sun-guilan,登记员,{police}", ("fit",)),
        (",x,皇帝,nowhere", ("no_name", "username", "role", "office")),
    ],
)
def test_every_fault_of_a_row_is_named(app: Flask, make: Factory, row: str, faults: tuple[str, ...]) -> None:
    names = {
        "office": make.office().name_zh,
        "elsewhere": make.office(area=VILLAGE).name_zh,
        "police": make.office("police").name_zh,
        "taken": make.user("auditor").username,
        "long": "孙" * 41,
    }
    viewer = make.viewer("administrator")
    with app.app_context():
        rows = bulk.check(viewer, bulk.split(row.format(**names)), today())
    assert {each.faults for each in rows} == {faults}


def test_faults_stand_on_the_page_row_by_row_and_what_was_pasted_is_kept(
    make: Factory, client_as: Callable[..., Client], language: str, said: Callable[..., str]
) -> None:
    text = f"孙桂兰\tsun-guilan\t皇帝\t{make.office().name_zh}"
    page = send(client_as("administrator", language=language), text)
    assert page.status == 422
    assert dict(page.values())["rows"].strip() == text
    assert said(language, "there is no such role") in page.select("tbody tr")[0].get_text()
    assert not [button for button in page.select("button[name=act]") if button["value"] == "make"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(
    make: Factory, client_as: Callable[..., Client], encoding: str
) -> None:
    text = f"姓名,用户名,角色,单位\r\n孙桂兰,sun-guilan,登记员,{make.office().name_zh}\r\n"
    page = upload(client_as("administrator"), text.encode(encoding))
    assert page.status == 200
    assert "孙桂兰" in page.select("tbody tr")[0].get_text()


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\x03\x04rest", "workbook"), (b"\x00\x01\x02", "text"), (b"\xff\xff\xff", "text"), (b"", "empty")],
)
def test_a_file_that_is_no_list_is_told(client_as: Callable[..., Client], data: bytes, why: str) -> None:
    with pytest.raises(UnreadableListError) as refused:
        bulk.split(bulk.text_of(data))
    assert refused.value.why == why
    page = upload(client_as("administrator"), data)
    assert page.status == 422
    assert list(page.errors) == ["rows"]


def test_a_list_has_at_most_a_hundred_rows() -> None:
    row = "孙桂兰,sun,登记员,示例单位\n"
    assert len(bulk.split(row * 100)) == 100
    with pytest.raises(UnreadableListError):
        bulk.split(row * 101)


@pytest.mark.parametrize("mark", [",", "\t", "，"])
def test_columns_are_apart_by_tabs_or_commas_and_quotes_hold_them(mark: str) -> None:
    assert bulk.split(mark.join(("孙桂兰", "sun", "登记员", '"甲, 乙"'))) == [("孙桂兰", "sun", "登记员", "甲, 乙")]


def test_checking_takes_the_same_number_of_statements_however_long_the_list(app: Flask, make: Factory) -> None:
    from sqlalchemy import event

    viewer, office = make.viewer("administrator"), make.office(area=COMMUNITY)
    counts = []
    for length in (1, 30):
        rows = [(f"孙{number}", f"sun-{number}", "登记员", office.name_zh) for number in range(length)]
        statements: list[str] = []
        with app.app_context():
            heard = lambda *about, kept=statements: kept.append(about[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", heard)
            bulk.check(viewer, rows, today())
            event.remove(db.engine, "before_cursor_execute", heard)
        counts.append(len(statements))
    assert counts[0] == counts[1]
