"""News on the page of the day, which is held at doors: of a confidential service it says that an answer came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.clock import today
from registry.database import db
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from tests.referrals import sending
from tests.referrals.sending import office_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from tests.client import Client
    from tests.factories import Factory

SAYING = ("法律援助", "Legal aid", "已提供法律咨询", "Legal advice given")


@pytest.fixture
def answered(app: Flask, make: Factory, registrar: User) -> Callable[[str, str], tuple[Any, Any, Any]]:
    """Return a function: an office of a service has answered about a child whose family does not know it."""

    def answer(code: str, outcome: str) -> tuple[Any, Any, Any]:
        office, child = office_of(make, code), make.child()
        sent = sending.send(make, registrar, child.id, code)
        with app.app_context():
            row = db.session.get_one(Referral, sent.id)
            row.state, row.closed_on = "closed", today()
            row.outcome, row.outcome_kind = outcome, "solved"
            db.session.commit()
        return sent, office, child

    return answer


def test_news_of_a_confidential_service_names_neither_it_nor_its_office_nor_what_came_of_it(
    client_as: Callable[..., Client], registrar: User, answered: Callable[..., Any], language: str
) -> None:
    referral, office, child = answered("legal_aid", "711")
    browser = client_as(registrar, language=language)
    home = child.episodes[0].household_id
    with opened_fields() as opened:
        pages = [browser.get("/today"), browser.get(f"/visits/{home}")]
    for page in pages:
        said = page.text
        assert not {words for words in (*SAYING, office.name_zh, office.name_en) if words in said}
    assert "referral.outcome" not in {field for field, _row in opened}
    (link,) = pages[0].select(f".app-news a[href='/referrals/sent/{referral.id}']")
    assert link
    assert "711" not in pages[0].text
    page = browser.get(f"/referrals/sent/{referral.id}")
    assert {"zh": "已提供法律咨询", "en": "Legal advice given"}[language] in page.text


def test_news_of_any_other_service_says_what_came_of_it(
    client_as: Callable[..., Client], registrar: User, answered: Callable[..., Any]
) -> None:
    _referral, office, _child = answered("medical_insurance", "411")
    (news,) = client_as(registrar).get("/today").select(".app-news__item")
    assert "已在本地参保" in news.text
    assert office.name_zh in news.text
