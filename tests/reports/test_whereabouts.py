"""Papers tell nobody where a child lives who does not live with it, nor by a sibling where a protected child lives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Child, Guardianship, Schooling
from registry.clock import today
from registry.database import db
from registry.households.models import Guardian, Household
from sop.card import grouped
from tests.client import OPENER
from tests.documents import Document
from tests.factories import COMMUNITY
from tests.reports.test_family import copy, guardian_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

PHONE, STREET, SCHOOL = "15400008888", "3幢2单元602室", "示例实验小学"
HIDDEN = ("8888", STREET, SCHOOL)


def with_school(app: Flask, child: Child) -> Child:
    with app.app_context():
        for spell in db.session.scalars(select(Schooling).where(Schooling.child_id == child.id)):
            spell.school = SCHOOL
        db.session.commit()
    return child


def receipt(browser: Client, household_id: UUID) -> str:
    answer = browser.http.get(f"/papers/receipt/{household_id}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return "".join(Document(answer.data).text.split())


@pytest.mark.parametrize("reader", ["named", "registrar", "supervisor"])
def test_papers_of_a_protected_childs_sibling_leave_out_where_they_live_and_how_to_reach_them(
    app: Flask, make: Factory, client_as: Callable[..., Client], reader: str
) -> None:
    user = make.user()
    home = make.household(phone=PHONE, address=STREET)
    protected = make.child(household=home, name="陈雨薇", protected=True, protected_registrar_id=user.id)
    sibling = with_school(app, make.child(household=home))
    make.referral(sibling, make.office("education", COMMUNITY[:6] + "000000"))
    browser = client_as(user if reader == "named" else reader)
    printed = "".join(copy(browser, sibling, str(guardian_named(app, "周敏"))).text.split())
    for text in (receipt(browser, home.id), printed):
        assert "陈雨桐" in text
        assert "周敏" in text
        assert not {words for words in (*HIDDEN, "陈雨薇", "天宁", "常州", "示例单位") if words in text}
    browser.get(f"/papers/file/{protected.id}", status=404)


def test_a_household_of_protected_children_alone_has_no_receipt(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    user, home = make.user(), make.household()
    make.child(household=home, protected=True, protected_registrar_id=user.id)
    for browser in (client_as(user), client_as("supervisor")):
        browser.get(f"/papers/receipt/{home.id}", status=404)


def test_a_protected_file_elsewhere_takes_nothing_from_the_papers_of_others(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    make.child(protected=True)
    home = make.household(phone=PHONE, address=STREET)
    with_school(app, make.child(household=home))
    text = receipt(client_as("registrar"), home.id)
    assert all(words in text for words in (PHONE, STREET, SCHOOL))


@pytest.mark.parametrize("recipient", ["father", "somebody"])
def test_who_does_not_live_with_a_child_reads_of_its_hukou_the_province_and_no_card_number(
    app: Flask, make: Factory, client_as: Callable[..., Client], recipient: str
) -> None:
    """A child left behind lives where its hukou is, and the number of a card names the county that gave it."""
    child = make.child(hukou="321322117000", card_number="C32132222ABCDEFGH")
    with app.app_context():
        card = grouped(db.session.get_one(Child, child.id).card_number.open(OPENER) or "").replace(" ", "")
        away = Guardian(household_id=child.episodes[0].household_id, position=2, name="李建国", lives_here=False)
        db.session.add(away)
        db.session.flush()
        db.session.add(Guardianship(child_id=child.id, guardian_id=away.id, relation="51"))
        db.session.commit()
    browser = client_as("registrar")
    who = str(guardian_named(app, "李建国")) if recipient == "father" else recipient
    elsewhere = "".join(copy(browser, child, who).text.split())
    at_home = "".join(copy(browser, child, str(guardian_named(app, "周敏"))).text.split())
    assert "江苏省" in elsewhere
    for told in (card, "宿迁", "沭阳", "Shuyang"):
        assert told in at_home
        assert told not in elsewhere


def test_a_receipt_is_printed_at_once_on_the_day_of_registration_alone_and_later_it_is_asked_who_gets_it(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    make.child(household=home)
    browser = client_as("registrar")
    receipt(browser, home.id)
    with app.app_context():
        db.session.get_one(Household, home.id).registered_on = today() - timedelta(days=1)
        db.session.commit()
    assert browser.get(f"/papers/receipt/{home.id}").select("input[name=recipient]")
