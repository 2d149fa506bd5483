"""A small world, and a walk over every page that a role reaches in it by links."""

from __future__ import annotations

import itertools
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select, text

from registry.accounts.models import User
from registry.database import db
from registry.jobs.worker import work_off
from tests.client import Attached, Client
from tests.households.conftest import Intake, child, number
from tests.ledgers.rosters import pupil, roster
from tests.ledgers.uploading import imported, ledger, row, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Table

    from tests.client import Page

ROLES = ("registrar", "supervisor", "education", "clinic", "protection", "official", "administrator", "auditor")
PEOPLE = (*(f"changzhou-{role}" for role in ROLES), "suqian-registrar")
OF_EACH_KIND = 2  # pages of one view with the same questions in the address
NUMBERS = itertools.count(1)  # a name for each layout
READING_WRITES = {"audit_event", "audit_event_child"}


@dataclass(frozen=True)
class World:
    """A demonstration with few children, and the password of its accounts."""

    app: Flask
    password: str

    def browser(self, username: str, language: str) -> Client:
        """Sign somebody in."""
        browser = Client(self.app, language)
        browser.sign_in(username, self.password)
        return browser

    def usernames(self) -> set[str]:
        """Return all user names."""
        with self.app.app_context():
            return set(db.session.scalars(select(User.username)))

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all rows of all tables but the audit's; of sessions all but the instant of the last page."""
        with self.app.app_context():
            tables = [table for table in db.metadata.sorted_tables if table.name not in READING_WRITES]
            return {table.name: _rows(table) for table in tables}


def _rows(table: Table) -> list[tuple[object, ...]]:
    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "seen_at")
    return sorted((tuple(row) for row in db.session.execute(text(f'SELECT {columns} FROM "{table.name}"'))), key=repr)


def work(world: World, language: str) -> Page:
    """Do what makes pages that lie behind a form: intakes, sent and not, ledgers, a search; its page is returned."""
    Intake(world.browser("suqian-registrar", language)).notice(side="sending")
    browser = world.browser("changzhou-registrar", language)
    intake = Intake(browser)
    intake.to_summary(child(id_number=number(sequence={"zh": 904, "en": 906}[language])))
    intake.finish()
    Intake(browser).to_summary(child(name="李思远"))
    _import(browser)
    _compare(world.browser("changzhou-supervisor", language))
    _lay_out(browser, language)
    return browser.get("/children/").submit({"term": "李"}, form="form[action$='/children/search']", status=200)


def _import(browser: Client) -> None:
    """Import a ledger whose rows end in every way, and leave another one with its columns to be confirmed."""
    home = {"现住址": "常州市天宁区雕庄街道采菱社区3幢2单元602室"}
    girl, unnamed = row(1, "李小禾", **home), row(2, "", **home)
    rows = (girl, girl, unnamed, row(3, "李小麦", **home | {"联系电话": "1"}))
    imported(browser, ledger(*rows), name="台账")
    upload(browser, ledger(*rows), name="台账")


def _compare(browser: Client) -> None:
    """Compare a school's list with the register; none of its pupils is on it."""
    answers = {"file": Attached(roster(pupil("李小禾"), pupil("李小麦")), "list.xlsx"), "department": "school"}
    browser.get("/ledgers/compare/upload").submit(answers, status=200)
    work_off(browser.app)


def _lay_out(browser: Client, language: str) -> None:
    """Set up columns for the lists that the office takes out."""
    page = browser.get("/ledgers/layouts/new")
    page.submit({"name": str(next(NUMBERS))}, button="保存方案" if language == "zh" else "Save the columns", status=200)


def crawl(app: Flask, browser: Client, start: str = "/") -> Iterator[Page]:
    """Yield every page that links lead to from here, a few of each kind; each is inspected as it is fetched."""
    router = app.url_map.bind("localhost")
    seen, kinds, waiting = {start}, Counter(), deque([start])
    while waiting:
        page = browser.get(waiting.popleft())
        yield page
        for link in page.select("a[href]"):
            address = urlsplit(link["href"])
            path = address.path + (f"?{address.query}" if address.query else "")
            if not address.path.startswith("/") or path in seen:
                continue
            seen.add(path)
            questions = tuple(sorted(part.partition("=")[0] for part in address.query.split("&")))
            kind = (router.match(address.path, method="GET")[0], questions)
            kinds[kind] += 1
            if kinds[kind] <= OF_EACH_KIND:
                waiting.append(path)
