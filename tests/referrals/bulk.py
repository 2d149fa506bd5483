"""What an officer does with the boxes of its list, and what became of the referrals."""

from __future__ import annotations

from sqlalchemy import select

from registry.database import db
from registry.referrals.models import Referral

FORM = "form.app-at-once"


def ticks(*referrals):
    return [each.seen.written() for each in referrals]


def states(browser):
    with browser.app.app_context():
        return {row.id: row.state for row in db.session.scalars(select(Referral))}


def look_at(browser, rows, act="accept", **typed):
    page = browser.get("/referrals/").submit({"pick": ticks(*rows)}, form=FORM, button=("act", act), status=200)
    return page.submit(typed, status=200) if typed else page
