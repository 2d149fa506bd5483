"""A document that two files hold makes a pair for whoever decides, and shows nobody the other family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.database import db
from registry.matching.models import Match
from registry.vault.service import find_children
from tests.children.test_full_file import page_of
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.factories import Factory

KIND, NUMBER = "03", "E5400 7716"
UP = COMMUNITY[:9] + "000"


def told(browser: Client, child: Child, number: str = NUMBER, kind: str = KIND) -> Page:
    """Write a document into the full file of a child without an ID number."""
    page = page_of(browser, child, "identity", "answers")
    return page.submit({"other_document_kind": kind, "other_document": number}, status=200)


def pairs(app: Flask) -> list[Match]:
    with app.app_context():
        return list(db.session.scalars(select(Match)))


@pytest.mark.database
def test_the_same_document_on_a_file_elsewhere_makes_a_pair_that_the_worker_never_sees(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    there = make.child(number=None, area=ELSEWHERE, name="阿依古丽")
    here = make.child(number=None, name="阿衣古丽")
    told(client_as("registrar", area=ELSEWHERE), there)
    assert pairs(app) == []
    page = told(client_as("registrar", language=language), here, "e54007716")
    assert str(there.id) not in str(page.soup)
    assert "阿依古丽" not in page.text
    (pair,) = pairs(app)
    assert (set(pair.pair), pair.reason, pair.area_code) == ({there.id, here.id}, "same_document", COMMUNITY)
    words = {"zh": "证件相同", "en": "Same document"}[language]
    assert words in client_as("supervisor", area=UP, language=language).get("/matches").text
    with app.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind)))
        assert kinds.count("match_raised") == 1


def test_the_same_pair_comes_once_and_another_number_or_kind_makes_none(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    one, two = make.child(number=None), make.child(number=None)
    browser = client_as("registrar")
    told(browser, one)
    told(browser, two, "E54007717")
    told(browser, two, kind="04")
    assert pairs(app) == []
    told(browser, two)
    told(browser, one, "E54007717")
    told(browser, one)
    assert len(pairs(app)) == 1
    with app.app_context():
        assert find_children(db.session(), "document", KIND, "E54007717") == []


def test_a_protected_file_with_the_same_document_is_told_to_its_officer_alone(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    hidden, here = make.child(number=None), make.child(number=None)
    browser = client_as("registrar")
    told(browser, hidden)
    with app.app_context():
        db.session.get_one(type(hidden), hidden.id).protected = True
        db.session.commit()
    page = told(browser, here)
    assert str(hidden.id) not in str(page.soup)
    (pair,) = pairs(app)
    assert pair.protected
    with app.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind)))
        assert "protected_file_met" in kinds
        assert "match_raised" not in kinds
