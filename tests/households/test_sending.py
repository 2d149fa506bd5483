"""Sending: one household however often it is pressed, one file for one child, referrals as ticked."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.database import db
from registry.households.models import Household, IntakeDraft, NoticeGiven
from registry.referrals.models import Referral
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.households.conftest import Intake, carried, child, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.factories import Factory


def how_many(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


@pytest.mark.database
def test_a_household_is_registered_with_its_children_notice_and_referrals(intake: Intake, app: Flask) -> None:
    page = intake.to_summary(child(0), without_number(1, name="李思远", school="none", certificate="no_dose"))
    assert "应读小学" in page.text
    assert "一剂疫苗也没种过" in page.text
    receipt = intake.finish()
    assert "已登记2个孩子" in receipt.text
    assert "就学" in receipt.text
    with app.app_context():
        household = db.session.scalars(select(Household)).one()
        assert [each.name.open(OPENER) for each in household.guardians] == ["李建国", "周敏"]
        assert household.area_code == COMMUNITY
        given = db.session.scalars(select(NoticeGiven)).one()
        assert (given.notice_version, given.language, given.answer) == ("2026-11", "zh", "agrees")
        services = set(db.session.scalars(select(Referral.service)))
        assert services == {"education", "vaccination"}
        relations = {each.relation for each in household.episodes[0].child.guardianships}
        assert relations == {"51", "52"}
    assert kinds(app).count("household_registered") == 1
    assert kinds(app).count("child_registered") == kinds(app).count("referral_sent") == 2


def test_only_what_is_ticked_is_sent(intake: Intake, app: Flask) -> None:
    intake.to_summary(without_number(0, school="none", certificate="none"))
    page = intake.finish(referral=["1-vaccination"])
    assert "就学" not in page.text
    assert how_many(app, Referral) == 1


def test_what_was_not_proposed_cannot_be_sent(intake: Intake, app: Flask) -> None:
    page = intake.to_summary(child(0))
    page.client.post(page.path, [*carried(page).items(), ("referral", "1-education")], status=200)
    assert how_many(app, Child) == 1
    assert how_many(app, Referral) == 0


def test_a_service_that_nobody_serves_here_is_said_and_stops_nothing(begin: Callable[..., Intake], app: Flask) -> None:
    intake = begin("registrar")
    page = intake.to_summary(without_number(0, certificate="none"))
    assert "还没有设定承办单位" in page.text
    intake.finish()
    assert (how_many(app, Child), how_many(app, Referral)) == (1, 0)


def test_what_was_declined_stays_declined_when_the_summary_comes_again(
    begin: Callable[..., Intake], app: Flask, make: Factory, offices: None
) -> None:
    office = make.office()
    again = begin(make.user(office=office))
    again.to_summary(child(0), without_number(1, name="李思远", school="none", certificate="none"))
    quicker = begin(make.user(office=office))
    quicker.to_summary(child(0))
    quicker.finish()
    page = again.finish(referral=["2-vaccination"])
    assert page.path.endswith("/summary")
    assert [value for name, value in page.values() if name == "referral"] == ["2-vaccination"]
    again.finish()
    with app.app_context():
        assert list(db.session.scalars(select(Referral.service))) == ["vaccination"]


def test_what_was_declined_stays_declined_when_the_child_moves_up(intake: Intake) -> None:
    summary = intake.to_summary(child(0), without_number(1, name="李思远", school="none", certificate="none"))
    intake.client.language = "en"
    intake.page = summary.submit({"referral": ["2-vaccination"]}, button=("_language", "en"))
    intake.page = intake.client.get(summary.path.replace("summary", "children"))
    intake.send({}, button=("remove", "0"))
    page = intake.send({})
    assert [value for name, value in page.values() if name == "referral"] == ["1-vaccination"]


def test_the_button_and_the_footnote_promise_no_more_than_there_is(intake: Intake) -> None:
    page = intake.to_summary(child(0))
    assert [button.get_text() for button in page.select("#form .app-button--primary")] == ["登记"]
    assert page.select(".app-footnote")


def test_pressing_twice_registers_once(intake: Intake, app: Flask) -> None:
    summary = intake.to_summary(child(0))
    first, second = summary.submit({}), summary.submit({})
    assert first.path == second.path
    assert first.path.endswith("/registered")
    assert how_many(app, Household) == how_many(app, Child) == 1


def test_pressing_twice_on_the_first_page_makes_one_draft(intake: Intake, app: Flask) -> None:
    first = intake.page.submit({"answer": "agrees"}, button=("continue", "1"))
    second = intake.page.submit({"answer": "agrees"}, button=("continue", "1"))
    assert first.path == second.path
    assert how_many(app, IntakeDraft) == 1


def test_pages_gone_back_to_after_sending_lead_to_the_result(intake: Intake, app: Flask) -> None:
    summary = intake.to_summary(child(0))
    result = intake.finish()
    for page in ("notice", "family", "children", "summary"):
        assert intake.client.get(summary.path.replace("summary", page)).path == result.path
    token = dict(summary.values())["csrf_token"]
    for page in ("notice", "family", "children"):
        path = summary.path.replace("summary", page)
        assert intake.client.post(path, [("csrf_token", token)], status=200).path == result.path
    assert how_many(app, Household) == 1


@pytest.mark.database
def test_both_clicks_at_once_register_one_household(intake: Intake, app: Flask) -> None:
    summary = intake.to_summary(child(0))
    statuses = at_once(app, intake, [summary.path, summary.path])
    assert statuses == [302, 302]
    assert how_many(app, Household) == how_many(app, Child) == 1


@pytest.mark.database
def test_two_workers_registering_one_child_in_the_same_second_make_one_file(
    begin: Callable[..., Intake], app: Flask, make: Factory, offices: None
) -> None:
    office = make.office()
    one, two = begin(make.user(office=office)), begin(make.user(office=office))
    paths = [each.to_summary(child(0)).path for each in (one, two)]
    ready = threading.Barrier(2)
    workers = [
        threading.Thread(target=press, args=(each, path, ready, []))
        for each, path in zip((one, two), paths, strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert how_many(app, Child) == how_many(app, Household) == 1
    results = [each.client.get(path) for each, path in zip((one, two), paths, strict=True)]
    results = [each if each.path.endswith("/registered") else each.submit({}, status=200) for each in results]
    assert sorted(bool(page.select(".app-notice--done")) for page in results) == [False, True]


def press(intake: Intake, path: str, ready: threading.Barrier, statuses: list[int]) -> None:
    """Send a summary as a browser does, at the same moment as somebody else."""
    hidden = carried(intake.page)
    ready.wait()
    statuses.append(intake.client.http.post(path, data=hidden).status_code)


def at_once(app: Flask, intake: Intake, paths: list[str]) -> list[int]:
    """Send the same page from two tabs of one browser at the same moment."""
    ready, statuses = threading.Barrier(len(paths)), []
    cookie = intake.client.http.get_cookie("registry")
    hidden = carried(intake.page)

    def tab(path: str) -> None:
        browser = app.test_client()
        browser.set_cookie("registry", cookie.value if cookie else "")
        ready.wait()
        statuses.append(browser.post(path, data=hidden).status_code)

    workers = [threading.Thread(target=tab, args=(path,)) for path in paths]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return statuses


def test_the_same_number_with_another_name_makes_two_files_to_compare(begin: Callable[..., Intake], app: Flask) -> None:
    for name in ("李思琪", "李思其"):
        intake = begin("registrar")
        intake.to_summary(child(0, name=name))
        assert intake.finish().path.endswith("/registered")
    assert how_many(app, Child) == 2
    assert "match_raised" in kinds(app)
