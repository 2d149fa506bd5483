"""What becomes of a correction that was asked: the first page tells of it, and an arrival elsewhere ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.changes import queries, service
from registry.changes.models import Correction
from registry.children.correcting import held
from registry.children.models import Child
from registry.clock import now
from registry.database import db
from tests.children.test_episodes import arrive
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from tests.client import Client, Page
    from tests.factories import Factory

LINK = "main a[href='/changes/mine']"


def correction(make: Factory, who: User, state: str, days: int = 1, child: Child | None = None) -> None:
    """A correction that somebody asked for and that was decided so many days ago."""
    make._saved(
        Correction(
            child_id=(child or make.child()).id,
            reason="papers",
            asked_by=who.id,
            asked_office_id=who.office_id,
            asked_at=now() - timedelta(days=days + 1),
            state=state,
            decided_at=None if state == "asked" else now() - timedelta(days=days),
        )
    )


def said(page: Page) -> str:
    return " ".join(link.parent.parent.get_text(" ", strip=True) for link in page.select(LINK) if link.parent)


def test_the_first_page_tells_how_many_own_corrections_were_decided_lately(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    who, other = make.user(), make.user()
    browser = client_as(who, language=language)
    for state in ("asked", "withdrawn"):
        correction(make, who, state)
    correction(make, who, "refused", days=15)
    correction(make, other, "approved")
    assert said(browser.get("/today")) == ""
    for state in ("approved", "refused"):
        correction(make, who, state)
    words = {"zh": "您申请的更正中有2项已有结果", "en": "2 corrections that you asked for are decided"}[language]
    assert words in said(browser.get("/today"))


def test_telling_of_decisions_costs_the_same_however_many_there_are(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    who, child = make.user(), make.child()
    browser = client_as(who)
    correction(make, who, "approved", child=child)
    assert said(browser.get("/today"))
    with statements(app) as one:
        browser.get("/today")
    for _more in range(4):
        correction(make, who, "refused", child=child)
    with statements(app) as five:
        browser.get("/today")
    assert len(five) == len(one)


@pytest.mark.database
def test_a_correction_ends_when_the_child_arrives_elsewhere(context: Flask, make: Factory) -> None:
    viewer, child = make.viewer(), make.child()
    row = held(db.session.get_one(Child, child.id))
    asked = service.ask(viewer, row, {"name": "陈雨彤"}, "papers", "请看户口簿")
    arrive(viewer, make, child)
    assert db.session.scalars(select(Correction)).one().state == queries.WITHDRAWN
    assert db.session.get_one(Correction, asked.id).decided_at is not None
