"""Deciding a pair: side by side, the same child or not, taken back, sent up; the second of two is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.matching import deciding
from registry.matching.models import Match
from registry.matching.service import raise_match
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.matching.test_pages import pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

NEXT_DOOR = COMMUNITY[:9] + "902"
CITY = COMMUNITY[:4] + "00000000"


@pytest.fixture
def two(make: Factory) -> tuple[Child, Child]:
    """Two files in two communities of one township, waiting for a decision."""
    one = make.child(name="陈雨桐", number="321322201906149071")
    other = make.child(name="陈雨彤", number="321322201906149098", birth=BirthDate(2019, 6, 14), area=NEXT_DOOR)
    pair(make, one, other)
    return one, other


def match_of(app: Flask) -> Match:
    with app.app_context():
        return db.session.scalars(select(Match)).one()


def child_of(app: Flask, child: Child) -> Child:
    with app.app_context():
        return db.session.get_one(Child, child.id)


def open_pair(browser: Client) -> Page:
    link = next(a["href"] for a in browser.get("/matches").select(".app-card__foot a"))
    return browser.get(link)


def test_both_files_stand_side_by_side_with_what_differs_and_no_whole_number(
    two: tuple[Child, Child], client_as: Callable[..., Client], language: str
) -> None:
    page = open_pair(client_as("supervisor", language=language))
    rows = {next(row.select_one("th").stripped_strings): row for row in page.select("tbody tr")}
    differing = {label for label, row in rows.items() if row.select(".app-tag--soon")}
    name, number, sex = {"zh": ("姓名", "公民身份号码", "性别"), "en": ("Name", "ID number", "Sex")}[language]
    assert {name, number} <= differing
    assert sex not in differing
    assert "2" in rows[number].get_text()
    assert "321322201906149071" not in str(page.soup)
    assert "陈雨彤" in page.text


@pytest.mark.database
def test_the_same_child_leaves_one_file_that_shows_both_and_an_address_that_leads_to_it(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    kept, merged = two
    browser = client_as("supervisor")
    page = open_pair(browser).submit({}, button=("decision", "same"), status=200)
    assert "已合并" in page.select(".app-notice--done")[0].get_text()
    assert browser.get(f"/children/{merged.id}").path == f"/children/{kept.id}"
    assert "陈雨彤" not in browser.get("/children/").text
    now_merged = child_of(app, merged)
    assert (now_merged.status, now_merged.merged_into) == ("merged", kept.id)
    file = browser.get(f"/children/{kept.id}")
    assert "示例2社区" in file.text
    assert "示例1社区" in file.text


def test_the_other_file_is_kept_where_it_is_chosen(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    one, other = two
    open_pair(client_as("supervisor")).submit({"kept": other.id, "reason": "papers"}, button=("decision", "same"))
    assert child_of(app, one).merged_into == other.id
    assert match_of(app).decision_reason == "papers"


@pytest.mark.database
def test_a_decision_is_taken_back_and_both_files_stand_for_themselves_again(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    browser = client_as("supervisor")
    open_pair(browser).submit({}, button=("decision", "same"))
    decided = browser.get("/matches?tab=decided")
    assert "陈雨彤" in decided.text
    decided.submit({}, form="form[action$='/undo']", status=200)
    assert [child_of(app, each).merged_into for each in two] == [None, None]
    assert {child_of(app, each).status for each in two} == {"registered"}
    assert browser.get(f"/children/{two[1].id}").path == f"/children/{two[1].id}"
    assert len(browser.get("/matches").select(".app-card")) == 1


def test_a_merged_child_gets_the_status_back_that_it_had(context: Flask, make: Factory) -> None:
    viewer, one, other = make.viewer("supervisor"), make.child(), make.child(status="left")
    raise_match(viewer, one.id, other.id, COMMUNITY)
    row = db.session.get_one(Child, other.id)
    row.status = "aged_out"
    db.session.flush()
    match = db.session.scalars(select(Match)).one()
    deciding.decide(viewer, match.id, 1, one.id, None, today())
    assert row.status == "merged"
    deciding.undo(viewer, match.id, 2)
    assert row.status == "aged_out"


def test_not_the_same_is_remembered(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask, make: Factory
) -> None:
    open_pair(client_as("supervisor")).submit({}, button=("decision", "not_same"))
    with app.app_context():
        raise_match(make.viewer(), two[1].id, two[0].id, COMMUNITY, "same_birth")
        db.session.commit()
    assert client_as("supervisor").get("/matches").select(".app-card") == []
    assert match_of(app).decision == "not_same"
    assert child_of(app, two[1]).merged_into is None


def test_the_second_to_decide_is_told_and_changes_nothing(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    first, second = open_pair(client_as("supervisor")), open_pair(client_as("supervisor"))
    first.submit({}, button=("decision", "not_same"))
    told = second.submit({}, button=("decision", "same"), status=200)
    assert "已有他人作出判定" in told.text
    assert child_of(app, two[1]).merged_into is None
    again = first.submit({}, button=("decision", "not_same"), status=200)
    assert "已有他人作出判定" in again.text


@pytest.mark.database
def test_two_supervisors_deciding_at_once_leave_one_decision(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    pages = [open_pair(client_as("supervisor")) for _ in range(2)]
    ready = threading.Barrier(2)

    def press(page: Page, kept: Child) -> None:
        token = dict(page.values())
        ready.wait()
        data = token | {"kept": str(kept.id), "decision": "same"}
        page.client.http.post(f"{page.path}/decision", data=data)

    workers = [threading.Thread(target=press, args=(page, kept)) for page, kept in zip(pages, two, strict=True)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    merged = [child_of(app, each).merged_into for each in two]
    assert sorted(each is None for each in merged) == [False, True]
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "match_decided")).all()
        assert len(events) == 1


def test_a_pair_whose_file_became_protected_or_was_merged_elsewhere_is_as_if_absent(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    browser = client_as("supervisor")
    page = open_pair(browser)
    with app.app_context():
        db.session.get_one(Child, two[1].id).protected = True
        db.session.commit()
    browser.get(page.path, status=404)
    token = dict(page.values())
    browser.post(f"{page.path}/decision", [*token.items(), ("decision", "same")], status=404)
    assert child_of(app, two[1]).merged_into is None


def test_a_supervisor_who_covers_one_file_only_sees_the_other_masked_and_sends_the_pair_up(
    make: Factory, client_as: Callable[..., Client], app: Flask
) -> None:
    own, other = make.child(name="陈雨桐"), make.child(name="陈雨彤", area=ELSEWHERE)
    pair(make, own, other)
    browser = client_as("supervisor")
    page = open_pair(browser)
    assert "陈雨彤" not in str(page.soup)
    assert not page.select("button[name=decision]")
    token = dict(page.values("form[action$='/send-up']"))
    refused = [*token.items(), ("decision", "same"), ("kept", str(own.id))]
    browser.post(f"{page.path}/decision", refused, status=404)
    page.submit({}, form="form[action$='/send-up']", status=200)
    assert browser.get("/matches").select(".app-card") == []
    above = client_as("supervisor", area=CITY)
    link = next(a["href"] for a in above.get("/matches?tab=sent_up").select(".app-card__foot a"))
    above.get(link).submit({}, button=("decision", "same"), status=200)
    assert child_of(app, other).merged_into == own.id


def test_pairs_of_other_areas_and_other_roles_are_refused(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    path = f"/matches/{match_of(app).id}"
    client_as("supervisor", area=ELSEWHERE[:9] + "000").get(path, status=404)
    for role in ("registrar", "official", "officer", "auditor", "administrator", "protection_officer"):
        client_as(role).get(path, status=403)


def test_a_decision_that_names_no_file_of_the_pair_is_refused(
    two: tuple[Child, Child], client_as: Callable[..., Client], make: Factory, app: Flask
) -> None:
    page = open_pair(client_as("supervisor"))
    token = dict(page.values())
    stranger = make.child()
    sent = token | {"kept": str(stranger.id), "decision": "same"}
    page.client.post(f"{page.path}/decision", list(sent.items()), status=400)
    sent = token | {"kept": "x", "decision": "same"}
    asked = page.client.post(f"{page.path}/decision", list(sent.items()), status=422)
    assert asked.errors == {"kept": "请选择保留哪份档案"}
    page.client.post(f"{page.path}/decision", [*token.items(), ("decision", "maybe")], status=422)
    assert match_of(app).decision is None


def test_pairs_of_the_merged_file_go_on_with_the_kept_one(context: Flask, make: Factory) -> None:
    viewer = make.viewer("supervisor")
    kept, merged, third = make.child(), make.child(), make.child()
    for other in (kept, third):
        raise_match(viewer, merged.id, other.id, COMMUNITY)
    first = db.session.scalars(select(Match).where(Match.other_child_id == kept.id)).one()
    deciding.decide(viewer, first.id, 1, kept.id, None, today())
    waiting = db.session.scalars(select(Match).where(Match.decision.is_(None), Match.child_id == kept.id)).one()
    assert waiting.other_child_id == third.id


def test_every_decision_is_recorded_with_both_children(
    two: tuple[Child, Child], client_as: Callable[..., Client], app: Flask
) -> None:
    open_pair(client_as("supervisor")).submit({}, button=("decision", "same"))
    with app.app_context():
        event: Any = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "match_decided")).one()
        assert event.details["decision"] == "same"
        assert {each.child_id for each in event.children} == {each.id for each in two}
