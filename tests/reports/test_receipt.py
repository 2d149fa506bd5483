"""The receipt of a family on a later day: to whom it is given first, and how each referral stands by then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.households.models import Guardian, Household
from tests.client import OPENER
from tests.documents import Document, check_document
from tests.factories import COMMUNITY
from tests.referrals import sending
from tests.referrals.sending import office_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from registry.children.models import Child
    from registry.households.models import Household as Home
    from tests.client import Client
    from tests.factories import Factory

STREET, PHONE = "3幢2单元602室", "15400008888"


@pytest.fixture
def home(app: Flask, make: Factory) -> Home:
    """A household that was registered a week ago."""
    made = make.household(phone=PHONE, address=STREET)
    with app.app_context():
        db.session.get_one(Household, made.id).registered_on = today() - timedelta(days=7)
        db.session.commit()
    return made


@pytest.fixture
def child(make: Factory, home: Home) -> Child:
    return make.child(household=home)


@pytest.fixture
def registrar(make: Factory) -> User:
    return make.user("registrar", office=make.office("community", COMMUNITY))


def mother(app: Flask) -> str:
    with app.app_context():
        return next(str(each.id) for each in db.session.scalars(select(Guardian)) if each.name.open(OPENER) == "周敏")


def receipt(browser: Client, home: Home, recipient: str) -> Document:
    page = browser.get(f"/papers/receipt/{home.id}")
    answer = browser.http.post(page.path, data=dict(page.values()) | {"recipient": recipient})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return Document(answer.data)


def test_on_a_later_day_it_is_asked_first_who_gets_the_receipt(
    client_as: Callable[..., Client], registrar: User, home: Home, child: Child, language: str
) -> None:
    assert child
    page = client_as(registrar, language=language).get(f"/papers/receipt/{home.id}")
    assert page.select("input[name=recipient]")
    errors = page.submit(status=422).errors
    assert [key.split("-")[0] for key in errors] == ["recipient"]


def test_a_later_receipt_tells_how_each_referral_stands_and_is_recorded(
    app: Flask, make: Factory, client_as: Callable[..., Client], registrar: User, home: Home, child: Child
) -> None:
    codes = ("education", "vaccination", "medical_insurance", "legal_aid")
    offices = {code: office_of(make, code) for code in codes}
    day, late = today() - timedelta(days=2), today() + timedelta(days=9)
    said = {
        "education": {"state": "accepted", "accepted_on": day},
        "vaccination": {"state": "appointed", "recall_on": late, "outcome": "03", "outcome_kind": "interim"},
        "medical_insurance": {"state": "closed", "closed_on": day, "outcome": "411", "outcome_kind": "solved"},
        "legal_aid": {"state": "closed", "closed_on": day, "outcome": "711", "outcome_kind": "solved"},
    }
    for code in codes:
        sent = sending.send(make, registrar, child.id, code)
        with app.app_context():
            row = db.session.get_one(type(sent), sent.id)
            for name, value in said[code].items():
                setattr(row, name, value)
            db.session.commit()
    document = receipt(client_as(registrar), home, mother(app))
    check_document(document, "登记回执 Receipt of registration")
    text = "".join(document.text.split())
    for each in (day, late, today()):
        assert f"{each.year}年{each.month}月{each.day}日" in text
    for words in ("Acceptedon", "Appointmenton", "Closedon", "已在本地参保", offices["education"].name_zh, STREET):
        assert words in text
    assert "aconfidentialservice" in text
    assert not {words for words in ("法律援助", "Legalaid", offices["legal_aid"].name_zh) if words in text}
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "paper_printed")).one()
        assert event.details == {"paper": "receipt"}
        assert [each.child_id for each in event.children] == [child.id]


def test_somebody_else_who_is_entitled_reads_nothing_of_where_the_family_is(
    make: Factory, client_as: Callable[..., Client], registrar: User, home: Home, child: Child
) -> None:
    office = office_of(make, "education")
    sending.send(make, registrar, child.id, "education")
    text = "".join(receipt(client_as(registrar), home, "somebody").text.split())
    assert "陈雨桐" in text
    assert not {words for words in ("8888", STREET, office.name_zh) if words in text}


def test_a_carer_of_one_child_reads_nothing_of_the_others(
    app: Flask, make: Factory, client_as: Callable[..., Client], registrar: User, home: Home, child: Child
) -> None:
    from registry.children.models import Guardianship

    assert child
    other = make.child(name="李晓", household=home)
    with app.app_context():
        father = Guardian(household_id=home.id, position=2, name="李建国", pinyin="Li Jianguo", lives_here=False)
        father.lives_here_answer = "no"
        db.session.add(father)
        db.session.flush()
        db.session.add(Guardianship(child_id=other.id, guardian_id=father.id, relation="51"))
        db.session.commit()
        key = str(father.id)
    text = receipt(client_as(registrar), home, key).text
    assert "李晓" in text
    assert "陈雨桐" not in text
