"""A ledger whose column of names has no heading: the page asks which it is, a command has nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.jobs.worker import work_off
from registry.ledgers.alone import read_alone
from registry.ledgers.at_once import import_now
from registry.ledgers.comparing.reading import read_roster
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import Ledger
from sop.version import in_force
from tests.factories import COMMUNITY
from tests.ledgers.books import written
from tests.ledgers.uploading import HEADINGS, confirm, ledger, row, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

    SignIn = Callable[..., Client]

NAMELESS = [HEADINGS[0], "", *HEADINGS[2:]]
TWO = [row(1, "陈小雨"), row(2, "陈小雪", 出生日期="2020-01-05")]
CONTENT = ledger(*TWO, headings=NAMELESS)
NAMES = "column-0-1"


def taken(page: Page) -> dict[str, str]:
    return {name: value for name, value in page.values() if name.startswith("column-")}


def number_of(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_page_asks_which_column_is_the_name_and_remembers_it(app: Flask, client_as: SignIn, language: str) -> None:
    browser = client_as("registrar", language=language)
    page = upload(browser, CONTENT)
    assert taken(page)[NAMES] == ""
    assert page.select(".app-notice--warn"), "that no column holds the name is said before anything is sent"
    confirm(page.submit(status=422), **{NAMES: "name"})
    work_off(app)
    assert number_of(app, Child) == 2
    assert taken(upload(browser, CONTENT))[NAMES] == "name"


def test_a_sheet_without_the_heading_is_asked_about_beside_others_that_have_it(client_as: SignIn) -> None:
    content = written({"三井": [HEADINGS, *TWO], "雕庄": [NAMELESS, row(1, "周小一", 联系电话="15400000009")]})
    page = upload(client_as("registrar"), content)
    assert (taken(page)[NAMES], taken(page)["column-1-1"]) == ("name", "")


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_command_refuses_it(app: Flask, make: Factory, *, dry_run: bool) -> None:
    with app.app_context(), pytest.raises(NoHeaderError):
        import_now(make.viewer("registrar"), COMMUNITY, CONTENT, "台账.xlsx", today(), dry_run=dry_run)
    assert number_of(app, Ledger) == 0


def test_it_is_refused_when_it_is_read_alone_or_to_be_compared() -> None:
    sop = in_force(today())
    with pytest.raises(NoHeaderError):
        read_alone(CONTENT, "台账.xlsx", today(), sop, with_values=False)
    with pytest.raises(NoHeaderError):
        read_roster(CONTENT, "名单.xlsx", sop.ledgers)


def test_a_command_reads_the_other_sheets(app: Flask, make: Factory) -> None:
    content = written({"雕庄": [NAMELESS, row(1, "周小一")], "三井": [HEADINGS, *TWO]})
    rows = read_alone(content, "台账.xlsx", today(), in_force(today()), with_values=False)
    assert [(each.sheet, each.row) for each in rows] == [("三井", 2), ("三井", 3)]
    with app.app_context():
        done = import_now(make.viewer("registrar"), COMMUNITY, content, "台账.xlsx", today())
    assert [(each.sheet, each.row) for each in done.rows] == [(1, 2), (1, 3)]
    assert number_of(app, Child) == 2
