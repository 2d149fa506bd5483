"""The round as a page and on paper, and what a child's file tells of visits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import render_template_string
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children import queries as children
from registry.clock import today
from registry.database import db
from registry.protection.models import RiskAssessment
from registry.visits.shown import visits_of
from sop.version import in_force
from tests.visits.conftest import HIGH

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from tests.client import Client
    from tests.factories import Factory
    from tests.visits.conftest import Days

WORDS = {
    "zh": ("走访单", "打印走访单", "须见到孩子", "没有变化"),
    "en": ("Round of visits", "Print the round", "Child must be seen", "Nothing has changed"),
}


def test_the_round_is_a_list_on_the_phone_and_a_sheet_with_boxes_on_paper(
    client_as: Callable[..., Client], registrar: User, days: Days, make: Factory, language: str
) -> None:
    home = make.household(block_id=make.block(name="3幢").id)
    days.assess(days.child(home), HIGH)
    page = client_as(registrar, language=language).get("/visits/round")
    title, printing, must, unchanged = WORDS[language]
    assert page.h1 == title
    assert printing in page.text
    assert len(page.select(".app-screen-only .app-card")) == 1
    assert page.select(f".app-card a[href='/visits/{home.id}']")
    (sheet,) = page.select(".app-paper table")
    said = sheet.get_text(" ")
    assert must not in said, "a sheet lies open at the door"
    assert unchanged in said
    assert len(sheet.select(".app-box")) == 1 + 4 + 1, "the child, four other ends, nothing has changed"
    assert page.select(".app-sample"), "what is printed says that it is sample data"
    assert page.select(".app-footer .app-print-only"), "and who printed it, and when"


def test_more_families_than_one_sheet_holds_are_counted_and_follow_later(
    client_as: Callable[..., Client], registrar: User, days: Days, make: Factory
) -> None:
    most = in_force(today()).visits.round_families
    for _ in range(most + 2):
        days.child(make.household(), 30)
    page = client_as(registrar).get("/visits/round")
    assert len(page.select(".app-screen-only .app-card")) == most
    assert f"共应访{most + 2}户，先列最急的{most}户" in page.text


def test_the_round_can_be_narrowed_to_a_block_and_a_strange_one_changes_nothing(
    client_as: Callable[..., Client], registrar: User, days: Days, make: Factory
) -> None:
    here, there = make.block(name="3幢"), make.block(name="7幢")
    days.family(block_id=here.id)
    days.family(block_id=there.id)
    browser = client_as(registrar)
    counts = {
        query: len(browser.get(f"/visits/round{query}").select(".app-screen-only .app-card"))
        for query in ("", f"?block={here.id}", "?block=", "?block=3", f"?block={registrar.id}")
    }
    assert list(counts.values()) == [2, 1, 2, 2, 2]


def test_an_empty_round_says_what_comes_next(client_as: Callable[..., Client], registrar: User, language: str) -> None:
    page = client_as(registrar, language=language).get("/visits/round")
    assert page.select(".app-empty")
    assert not page.select("table")


def test_the_look_at_the_round_is_recorded_once_with_its_children(
    app: Flask, client_as: Callable[..., Client], registrar: User, days: Days
) -> None:
    days.family(children=2)
    client_as(registrar).get("/visits/round")
    with app.app_context():
        looks = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        (event,) = (each for each in looks if each.details["list"] == "round")
        assert event.details["shown"] == 2
        assert len(event.children) == 2


def test_no_address_or_title_of_these_pages_names_anybody(
    client_as: Callable[..., Client], registrar: User, days: Days
) -> None:
    home = days.family()
    for address in ("/today", "/visits/round", f"/visits/{home.id}"):
        page = client_as(registrar).get(address)
        assert page.soup.title is not None
        assert "周" not in page.soup.title.get_text()


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_the_file_tells_the_last_visits_and_the_next_one(
    app: Flask, client_as: Callable[..., Client], days: Days, make: Factory, registrar: User, role: str
) -> None:
    home = make.household()
    child, brother = days.child(home), days.child(home)
    days.visit(home, days_ago=50, note="说下周回来")
    days.visit(home, days_ago=3, seen=[brother.id])
    viewer = days.viewer if role == "registrar" else make.viewer("supervisor")
    said = _part(app, child.id, viewer)
    assert "只见到家里其他孩子" in said
    assert ("说下周回来" in said) == (role == "registrar"), "notes stay with the office that wrote them"
    assert (f"/visits/{home.id}?visit=" in said) == (role == "registrar"), "what was recorded today can be put right"
    assert "下次走访不晚于" in said


def test_a_visit_that_is_late_and_a_child_who_must_be_seen_are_said_in_the_file(
    app: Flask, days: Days, make: Factory
) -> None:
    child = days.child(make.household(), 20)
    days.assess(child, HIGH)
    with app.app_context():
        db.session.query(RiskAssessment).update({"made_on": today() - timedelta(days=9)})
        db.session.commit()
    said = _part(app, child.id, days.viewer)
    assert "逾期5天" in said
    assert "须见到孩子" in said
    assert "还没有走访过" in said


def test_of_a_child_who_left_no_visit_is_due(app: Flask, days: Days, make: Factory) -> None:
    child = days.child(make.household(), status="left")
    said = _part(app, child.id, days.viewer)
    assert "下次走访" not in said
    assert "/visits/" not in said


def _part(app: Flask, child_id: object, viewer: object) -> str:
    """Render the part that the file page includes, as this viewer sees it."""
    from flask import g

    with app.test_request_context():
        g.viewer = viewer
        child = children.file_of(viewer, child_id)  # type: ignore[arg-type]
        assert visits_of(child).visits is not None
        return render_template_string('{% include "visits/_of_child.html" %}', child=child, viewer=viewer)


def test_days_are_counted_in_calendar_days(days: Days) -> None:
    home = days.family(registered=16)
    assert days.due(home) == today() - timedelta(days=1)
