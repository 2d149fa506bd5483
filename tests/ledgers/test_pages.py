"""Pages of a ledger from the file to what became of its rows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.jobs.models import Job
from registry.jobs.worker import work_off
from registry.ledgers.models import Ledger
from registry.web.uploads import LARGEST_FILE, LARGEST_SENT
from tests.client import Attached, Client
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.uploading import HEADINGS, confirm, imported, ledger, row, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Page
    from tests.factories import Factory

    SignIn = Callable[..., Client]

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
TWO = ledger(row(1, "陈小雨"), row(2, "陈小雪", 出生日期="2020-01-05"))


def chosen(page: Page) -> dict[str, str]:
    """What each column is taken for, by the name of its list."""
    return {name: value for name, value in page.values() if name.startswith("column-")}


def number_of(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def tiles(page: Page) -> list[int]:
    """How many rows were registered, were there already, are to be looked at, were not registered."""
    return [int(each.get_text().replace(",", "")) for each in page.select(".app-figures__number")]


def test_what_was_recognised_is_shown_column_by_column_with_values(client_as: SignIn, language: str) -> None:
    page = upload(client_as("registrar", language=language), TWO)
    assert page.path.endswith("/columns")
    assert list(chosen(page).values()) == [
        *("number", "name", "sex", "birth", "id_number", "address", "guardian", "relation", "phone", ""),
    ]
    assert "陈小雨" in page.text
    assert "治安责任人" in page.select(".app-small")[0].get_text(), "what is left out is named"


def test_a_sheet_with_two_children_in_a_row_says_so_before_and_after(app: Flask, client_as: SignIn) -> None:
    headings = [*HEADINGS, "二孩姓名", "二孩出生日期"]
    browser = client_as("registrar", language="en")
    page = upload(browser, ledger([*row(1, "陈小雨"), "陈小雪", "2020-01-05"], headings=headings))
    assert "can name several children" in page.text
    page = confirm(page)
    work_off(app)
    page = browser.get(f"{page.path}?tab=warn")
    assert tiles(page) == [0, 0, 1, 0]
    assert "names another child as well" in page.text
    assert "can name several children" not in upload(browser, TWO).text


def test_nothing_is_registered_before_the_columns_are_confirmed(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    upload(browser, TWO)
    work_off(app)
    assert number_of(app, Child) == 0


def test_a_ledger_goes_from_its_file_to_the_four_outcomes(app: Flask, client_as: SignIn, language: str) -> None:
    twice = row(3, "陈小雨", 联系电话="15400000001")
    browser = client_as("registrar", language=language)
    page = imported(browser, ledger(row(1, "陈小雨"), row(2, ""), twice, row(4, "陈大伟", 联系电话="1540000")))
    assert tiles(page) == [1, 1, 1, 1]
    assert number_of(app, Child) == 2
    assert re.search(r"4", page.select(".app-outcomes tbody th")[0].get_text()), "the row as the spreadsheet counts it"
    for tab, names in (("register", "陈小雨"), ("warn", "陈大伟")):
        rows = browser.get(f"{page.path}?tab={tab}").select(".app-outcomes tbody tr")
        assert len(rows) == 1
        link = rows[0].select("a")[0]
        assert names in link.get_text()
        browser.get(link["href"])


def test_while_it_is_worked_through_the_page_says_how_far_and_may_be_left(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    page = confirm(upload(browser, TWO))
    assert page.select("progress")
    assert page.select("noscript meta[http-equiv=refresh]"), "without scripts the page loads itself again"
    assert browser.get("/ledgers/").select(f'a[href="{page.path}"]')
    work_off(app)
    assert not browser.get(page.path).select("progress")


def test_two_taps_on_confirm_start_one_job(app: Flask, client_as: SignIn) -> None:
    page = upload(client_as("registrar"), TWO)
    confirm(page)
    confirm(page)
    with app.app_context():
        assert len(db.session.scalars(select(Job).where(Job.kind == "ledger-import")).all()) == 1
    work_off(app)
    assert number_of(app, Child) == 2


def test_the_same_file_again_doubles_nobody(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    imported(browser, TWO)
    assert tiles(imported(browser, TWO)) == [0, 2, 0, 0]
    assert number_of(app, Child) == 2


def test_it_is_stopped_and_says_so(app: Flask, client_as: SignIn, language: str) -> None:
    browser = client_as("registrar", language=language)
    page = confirm(upload(browser, TWO))
    stopped = page.submit(form='form[action$="/stop"]', status=200)
    assert stopped.select('.app-notice--warn a[href="/ledgers/upload"]')
    work_off(app)
    assert number_of(app, Child) == 0


def test_a_file_whose_columns_are_wrong_is_thrown_away_unread(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    page = upload(browser, TWO).submit(form="form#discard", status=200)
    assert page.path == "/ledgers/"
    with app.app_context():
        left = db.session.scalars(select(Ledger)).one()
        assert left.state == "stopped"
        assert not left.content


def test_a_stale_page_cannot_stop_or_confirm(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    page = upload(browser, TWO)
    page.submit(form="form#discard", status=200)
    confirm(page)
    work_off(app)
    assert number_of(app, Child) == 0


def test_headings_of_its_own_are_asked_for_once(app: Flask, client_as: SignIn) -> None:
    own = [*HEADINGS[:1], "宝贝", *HEADINGS[2:-1], "大人"]
    browser = client_as("registrar")
    without = upload(browser, ledger(row(1, "陈小雨"), headings=[*HEADINGS[:1], "姓名", *HEADINGS[2:-1], "大人"]))
    key = list(chosen(without))[-1]
    assert chosen(without)[key] == ""
    confirm(without, **{key: "note"})
    again = upload(browser, ledger(row(1, "陈小雪"), headings=[*HEADINGS[:1], "姓名", *HEADINGS[2:-1], "大人"]))
    assert chosen(again)[key] == "note"
    assert again.select(".app-notice--done")
    asked = upload(browser, ledger(row(1, "陈小雨"), headings=own))
    assert (asked.status, chosen(asked)["column-0-1"]) == (200, ""), "nothing says who the child is"


@pytest.mark.parametrize(
    ("taken", "message"),
    [
        ({"column-0-1": ""}, {"zh": "姓名", "en": "the name"}),
        ({"column-0-3": "", "column-0-4": ""}, {"zh": "出生日期", "en": "date of birth"}),
        ({"column-0-6": "name"}, {"zh": "两列", "en": "Two columns"}),
    ],
)
def test_columns_without_which_nobody_can_be_registered_are_asked_for(
    app: Flask, client_as: SignIn, taken: dict[str, str], message: dict[str, str]
) -> None:
    page = upload(client_as("registrar", language="en"), TWO)
    faulty = page.submit(taken, status=422)
    assert any(message["en"] in words for words in faulty.errors.values()), faulty.errors
    assert chosen(faulty) == chosen(page) | taken, "everything chosen is kept"
    assert number_of(app, Job) == 0


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"%PDF-1.7 no ledger", "台账.pdf", "no spreadsheet"),
        (b"PK\x03\x04 broken", "台账.xlsx", "no spreadsheet"),
        (ENCRYPTED, "台账.xlsx", "password"),
        (b"\xef\xbb\xbf \r\n", "台账.csv", "nothing in the file"),
        (b"", "台账.csv", "Choose the file"),
        (bytes(LARGEST_FILE + 1), "台账.xlsx", "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    app: Flask, client_as: SignIn, content: bytes, name: str, message: str
) -> None:
    page = upload(client_as("registrar", language="en"), content, name)
    assert page.status == 422
    assert message in page.errors["file"]
    assert number_of(app, Ledger) == 0


def test_only_a_page_that_takes_a_file_takes_more_than_a_form(app: Flask, client_as: SignIn) -> None:
    browser = client_as("registrar")
    assert upload(browser, bytes(LARGEST_SENT), "台账.xlsx").status == 413
    page = browser.get("/password")
    assert page.client.post("/password", [*page.values(), ("more", "x" * 2**21)]).status == 413
    nobody = Client(app)
    token = str(nobody.get("/sign-in").select("input[name=csrf_token]")[0]["value"])
    sent = [("csrf_token", token), ("file", Attached(bytes(2**21), "台账.xlsx").sent())]
    assert nobody.post("/ledgers/upload", sent).status == 413, "of strangers nothing large is read"


def test_a_file_without_headings_is_told_what_was_found_in_it(client_as: SignIn, language: str) -> None:
    page = upload(client_as("registrar", language=language), "食堂采购,数量\n大米,20\n".encode(), "采购.csv")
    assert page.status == 422
    assert "file" in page.errors
    assert "大米" in page.select(".app-outside")[0].get_text()


def test_ages_are_not_reckoned_on_a_day_to_come(client_as: SignIn) -> None:
    day = today() + timedelta(days=1)
    page = upload(
        client_as("registrar"), TWO, **{"on-year": str(day.year), "on-month": str(day.month), "on-day": str(day.day)}
    )
    assert page.status == 422
    assert list(page.errors) == ["on-year"]


def test_a_supervisor_says_for_which_community_it_is(app: Flask, make: Factory, client_as: SignIn) -> None:
    make.area()
    browser = client_as("supervisor")
    offered = [each["value"] for each in browser.get("/ledgers/upload").select("select#area option")]
    assert offered == [COMMUNITY[:9] + "000", COMMUNITY]
    nowhere = ledger(row(1, "陈小雨", 现住址=""))
    assert tiles(imported(browser, nowhere, area=COMMUNITY)) == [1, 0, 0, 0]


def test_another_area_is_not_accepted_as_the_place(app: Flask, make: Factory, client_as: SignIn) -> None:
    make.area(ELSEWHERE)
    page = client_as("registrar").get("/ledgers/upload")
    pairs = [(name, value) for name, value in page.values() if name not in ("area", "file")]
    sent = page.client.post("/ledgers/upload", [*pairs, ("area", ELSEWHERE), ("file", Attached(TWO, "a.xlsx").sent())])
    assert sent.status == 422
    assert number_of(app, Ledger) == 0


def test_nobody_else_sees_a_ledger_whatever_the_address(make: Factory, client_as: SignIn) -> None:
    path = imported(client_as("registrar"), ledger(row(1, ""))).path
    others = [client_as("registrar", area=ELSEWHERE), client_as("supervisor", area=ELSEWHERE[:9] + "000")]
    for other in others:
        for page in (path, f"{path}/columns", f"{path}/rows-to-mend"):
            other.get(page, status=404)
        token = str(other.get("/password").select("input[name=csrf_token]")[0]["value"])
        assert other.post(f"{path}/stop", [("csrf_token", token), ("version", "2")]).status == 404
    client_as("supervisor").get(path, status=200)


def test_what_was_opened_is_recorded_without_anything_personal(app: Flask, client_as: SignIn) -> None:
    page = imported(client_as("registrar"), ledger(row(1, "陈小雨"), row(2, "")), name="陈小雨.xlsx")
    assert "陈小雨" not in (page.soup.title.get_text() if page.soup.title else "")
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert {"ledger_uploaded", "ledger_opened", "ledger_confirmed", "children_listed"} <= {
            each.kind for each in events
        }
        assert "陈" not in str([each.details for each in events])
