"""What the two sides of a referral do at their browsers: ask for a child, find the referral, work on it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from registry.clock import today
from registry.referrals.overdue.climbing import CLOCKS
from tests.browser import acts, acts_moves
from tests.browser.acts import SEND
from tests.documents import Document

if TYPE_CHECKING:
    from tests.browser.acts import Family
    from tests.browser.visitor import Visitor

DONE = ".app-notice--done"
NEWER = ".app-notice--warn"
FOLLOW = re.compile("/referrals/sent/[0-9a-f-]{36}")
LONG_AGO = timedelta(days=60)


@dataclass(frozen=True)
class Sent:
    """Where the two sides find a referral: paths of the sender's page and of the office's."""

    follow: str

    @property
    def at_office(self) -> str:
        return self.follow.replace("/sent/", "/")


def registered(registrar: Visitor, family: Family, *, refers: bool = True) -> None:
    """Register a family; its children are referred as is proposed, or not at all."""
    acts.register(registrar, family)
    for box in registrar.page.locator('input[name="referral"]').all():
        box.set_checked(refers, force=True)
    acts.send(registrar)


def ask(registrar: Visitor, name: str, service: str) -> Sent:
    """From the file of a child ask for a service as its family wishes, with whatever has to be declared for it."""
    acts_moves.open_found(registrar, name)
    registrar.press('main a[href*="/referrals/propose/"]')
    for box in registrar.page.locator(f'input[value="{service}"][type=checkbox], input[name$="-{service}"]').all():
        box.set_checked(True, force=True)
    registrar.press(SEND)
    return sent(registrar, name)


def sent(registrar: Visitor, name: str) -> Sent:
    """Return the newest referral that the file of a child leads to."""
    acts_moves.open_found(registrar, name)
    return all_sent(registrar)[-1]


def all_sent(registrar: Visitor) -> list[Sent]:
    """Return the referrals that an open file leads to, the oldest first."""
    links = registrar.page.locator('main a[href*="/referrals/sent/"]')
    found = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [Sent(path) for path in sorted(filter(FOLLOW.fullmatch, found))]  # ids begin with their instant


def open_waiting(officer: Visitor, name: str) -> None:
    """Open a child's referral from what waits to be accepted."""
    acts.open_listed(officer, "/referrals/?tab=waiting", name)


def accept(officer: Visitor) -> None:
    officer.press('form[action$="/accept"] button[type="submit"]')


def plain(visitor: Visitor) -> str:
    """Return what the page says, without the spaces by which numbers are grouped."""
    return re.sub(r"\s", "", visitor.main.inner_text())


def paper(visitor: Visitor, css: str) -> Document:
    """Fetch the paper that a link of the page leads to."""
    answer = visitor.read(str(visitor.page.locator(css).first.get_attribute("href")))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return Document(answer.body())


def let_climb(visitor: Visitor, referral: Sent) -> None:
    """Let all limits of a referral have passed long ago, and the night come that counts the days."""
    long_ago, key = today() - LONG_AGO, referral.follow.rsplit("/", 1)[-1].replace("-", "")
    with closing(sqlite3.connect(visitor.site.database, timeout=15)) as database, database:
        days = ", ".join(f"{column} = :day" for column in ("sent_on", "accept_by", "answer_by", "due_on"))
        database.execute(f"UPDATE referral SET {days} WHERE id = :id", {"day": f"{long_ago}", "id": key})
        database.execute("UPDATE job SET state = 'waiting', place = NULL WHERE kind = ?", (CLOCKS,))
    acts.let_work(visitor)
