"""The registrar's day, and the notice that everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.referrals import moving
from registry.referrals.answers import answering
from tests.households.conftest import Intake, child, without_number
from tests.referrals.sending import placed
from tests.statements import count_statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def test_the_day_begins_with_registering_finding_and_three_figures(
    client_as: Callable[..., Client], make: Factory, language: str
) -> None:
    office = make.office()
    make.child(household=make.household(visit_due=today()))
    page = client_as(make.user(office=office), language=language).get("/today")
    assert page.h1 == {"zh": "今日走访", "en": "Today's visits"}[language]
    assert page.select("a[href='/households/new']")
    assert page.select("form[action='/children/search']")
    assert [figure.get_text() for figure in page.select(".app-figures__number")] == ["1", "0", "0"]


def test_families_to_visit_stand_by_block_with_reason_phone_and_the_way_to_record(
    client_as: Callable[..., Client], make: Factory
) -> None:
    home = make.household(block_id=make.block(name="3幢").id, visit_due=today(), phone="15400005520")
    make.child(household=home)
    page = client_as("registrar").get("/today")
    (block,) = page.select(".app-block-name")
    assert block.get_text(strip=True) == "3幢"
    (card,) = page.select(".app-card")
    said = card.get_text(" ", strip=True)
    for words in ("周敏家", "2单元602室", "1个儿童", "还没有走访过", "154 0000 5520", "新登记"):
        assert words in said
    assert "3幢2单元" not in said, "the block stands above already"
    assert card.select(f"a[href='/visits/{home.id}']")
    assert page.select("a[href='/visits/round']")


def test_the_first_page_shows_the_most_pressing_families_and_leads_to_the_rest(
    client_as: Callable[..., Client], make: Factory
) -> None:
    for _ in range(8):
        make.child(household=make.household(visit_due=today()))
    page = client_as("registrar").get("/today")
    assert len(page.select(".app-card")) == 6
    assert "再看2户" in page.text


def test_files_that_were_sent_incomplete_are_work_to_do(client_as: Callable[..., Client], make: Factory) -> None:
    make.child(status="pending")
    page = client_as("registrar").get("/today")
    assert "1份档案待补全" in page.text
    assert page.select("a[href='/children/?status=pending']")


def test_without_anything_to_do_the_page_says_so(client_as: Callable[..., Client], language: str) -> None:
    page = client_as("registrar", language=language).get("/today")
    assert page.select(".app-empty")
    assert not page.select(".app-news")


def test_answers_of_offices_are_news_to_bring_and_the_look_is_recorded(
    client_as: Callable[..., Client], make: Factory, app: Flask
) -> None:
    office = make.office()
    bureau = make.office("education")
    officer = make.viewer("officer", user=make.user("officer", office=bureau))
    referral = make.referral(make.child(), bureau, from_office=office)
    with app.app_context():
        moving.accept(officer, referral.id, 1, today())
        answering.answer(officer, referral.id, 2, placed(school="采菱小学"), today())
        db.session.commit()
    page = client_as(make.user(office=office)).get("/today")
    news = page.select(".app-news")[0].get_text(" ", strip=True)
    for words in ("陈雨桐", "就学，公办学校就读，采菱小学", f"{today():%m-%d}"):
        assert words in news
    assert "好消息" in page.text
    with app.app_context():
        listed = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        assert {each.details["list"] for each in listed} == {"today"}


def test_the_first_page_asks_as_often_for_many_families_as_for_one(
    client_as: Callable[..., Client], make: Factory, app: Flask
) -> None:
    browser = client_as("registrar")
    make.child(household=make.household(visit_due=today(), block_id=make.block(name="1幢").id))
    one = count_statements(app, lambda: browser.get("/today"))
    for number in range(2, 6):
        make.child(household=make.household(visit_due=today(), block_id=make.block(name=f"{number}幢").id))
    assert count_statements(app, lambda: browser.get("/today")) == one


def test_the_notice_is_public_in_both_languages(client: Client, language: str) -> None:
    client = type(client)(client.app, language=language)
    page = client.get("/notice")
    assert {"zh": "让孩子上得了学", "en": "so that your child gets a school place"}[language] in page.text
    assert page.select("ul li")[0].get_text()


def test_the_promises_come_first_in_the_intake_too(intake: Intake) -> None:
    main = intake.page.select("main")[0].get_text()
    assert main.index("不会因为登记罚款") < main.index("我们问什么，为什么问")


@pytest.mark.parametrize("number", ["", "3213", "abc"])
def test_the_script_is_told_when_a_number_cannot_be_read(number: str, intake: Intake) -> None:
    said = asked(intake, number)
    assert ("fault" in said) == bool(number)
    assert "read" not in said


def test_the_script_is_told_what_a_number_says(intake: Intake) -> None:
    from tests.households.conftest import number

    assert "江苏省宿迁市沭阳县" in asked(intake, number())["read"]


def asked(intake: Intake, number: str) -> dict[str, str]:
    token = dict(intake.page.values())["csrf_token"]
    answer = intake.client.http.post("/households/read-number", data={"csrf_token": token, "number": number})
    assert answer.status_code == 200
    said: dict[str, str] = answer.get_json()
    return said


def test_the_number_of_statements_does_not_grow_with_the_children_shown(intake: Intake, app: Flask) -> None:
    intake.to_summary(child(0))
    result = intake.finish()
    one = count_statements(app, lambda: intake.client.get(result.path))
    again = Intake(intake.client)
    again.to_summary(*(without_number(place, name=f"李思{place}") for place in range(4)))
    result = again.finish()
    assert count_statements(app, lambda: intake.client.get(result.path)) == one
