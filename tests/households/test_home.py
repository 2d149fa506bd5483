"""The registrar's day, and the notice that everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from registry.audit.models import AuditEvent
from registry.database import db
from tests.households.conftest import Intake, child, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def test_the_day_begins_with_registering_finding_and_three_figures(
    client_as: Callable[..., Client], make: Factory, language: str
) -> None:
    office = make.office()
    make.child()
    page = client_as(make.user(office=office), language=language).get("/today")
    assert page.h1 == {"zh": "今日", "en": "Today"}[language]
    assert page.select("a[href='/households/new']")
    assert page.select("form[action='/children/search']")
    assert [figure.get_text() for figure in page.select(".app-figures__number")] == ["1", "0", "0"]


def test_answers_of_offices_are_news_to_bring_and_the_look_is_recorded(
    client_as: Callable[..., Client], make: Factory, app: Flask
) -> None:
    office = make.office()
    bureau = make.office("education")
    officer = make.viewer("officer", user=make.user("officer", office=bureau))
    referral = make.referral(make.child(), bureau, from_office=office)
    with app.app_context():
        from registry.clock import today
        from registry.referrals import service

        service.accept(officer, referral.id, 1, today())
        service.answer(officer, referral.id, 2, service.Answer(outcome="11"), today())
        db.session.commit()
    page = client_as(make.user(office=office)).get("/today")
    assert "陈雨桐" in page.select(".app-news")[0].get_text()
    assert "公办学校就读" in page.text
    with app.app_context():
        listed = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        assert {each.details["list"] for each in listed} == {"news"}


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
    one = statements(app, lambda: intake.client.get(result.path))
    again = Intake(intake.client)
    again.to_summary(*(without_number(place, name=f"李思{place}") for place in range(4)))
    result = again.finish()
    assert statements(app, lambda: intake.client.get(result.path)) == one


def statements(app: Flask, act: Callable[[], object]) -> int:
    seen: list[str] = []

    def listen(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)
