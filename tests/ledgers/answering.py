"""What a service office does with its list: takes it out, fills it in, brings it back, applies it."""

from __future__ import annotations

from datetime import timedelta

from registry.clock import today
from registry.database import db
from registry.referrals.models import Referral
from sop.version import in_force
from tests.client import Attached
from tests.ledgers.books import download
from tests.referrals.sending import BEGINS

FAR = today() + timedelta(days=60)
# Outcomes that say that a place in a school was found.
PLACED = {each.code for each in in_force(today()).services["education"].outcomes if "begins" in each.takes}
PATH, LIST = "/ledgers/answers", "form[action$='/answers/list']"


def heading(column, language="zh"):
    return in_force(today()).downloads.answers[column].in_language(language)


def take(browser):
    return download(browser.get(PATH), form=LIST).data


def bring(browser, content, name="answers.xlsx", status=200):
    return browser.get(PATH).submit({"file": Attached(content, name)}, status=status)


def apply(page, status=200):
    return page.submit({}, form="form[action$=apply]", status=status)


def answer(*rows, language="zh", **columns):
    """Return answers by row and heading; with a place in a school the first day there that it needs."""
    if columns.get("outcome", "").split(" ")[0] in PLACED:
        columns = {"begins": BEGINS.isoformat(), **columns}
    return {row: {heading(name, language): value for name, value in columns.items()} for row in rows}


def states(app, *referrals):
    with app.app_context():
        return [db.session.get_one(Referral, each.id).state for each in referrals]


def cell(book, name, row, column, language="zh"):
    rows = book[name]
    return rows[row][rows[0].index(heading(column, language))]
