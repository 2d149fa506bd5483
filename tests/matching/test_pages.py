"""Pairs of files: what a supervisor sees of them, and what only the protection officer is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.audit import service as audit
from registry.audit.models import AuditEvent
from registry.children.models import Child, Episode
from registry.clock import now
from registry.database import db
from registry.matching import queries
from registry.matching.models import Match
from registry.matching.service import raise_match
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE, id_number
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 907)


def pair(make: Factory, child: Child, other: Child, *, area: str = COMMUNITY, protected: bool = False) -> None:
    told: dict[str, Any] = {"reason": "same_number", "raised_at": now(), "protected": protected}
    make._saved(Match(child_id=child.id, other_child_id=other.id, area_code=area, **told))


@pytest.mark.database
def test_a_pair_shows_the_own_file_by_name_and_the_other_areas_masked(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    own, other = make.child(name="陈雨桐"), make.child(name="陈雨彤", pinyin="Chen Yutong", area=ELSEWHERE)
    pair(make, other, own, area=ELSEWHERE)
    page = client_as("supervisor", language=language).get("/matches")
    assert "陈雨桐" in page.text
    assert "陈雨彤" not in str(page.soup)
    assert "陈*" in page.text
    links = [link["href"] for link in page.select(".app-card p a")]
    assert links == [f"/children/{own.id}"]


def test_pairs_of_other_areas_merged_or_protected_are_not_in_the_queue(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    own = make.child(name="陈雨桐")
    pair(make, make.child(area=ELSEWHERE), make.child(area=VILLAGE), area=ELSEWHERE)
    pair(make, own, make.child(merged_into=own.id))
    pair(make, own, make.child(protected=True))  # became protected after the pair was raised
    pair(make, make.child(protected=True), own)
    pair(make, own, make.child(area=ELSEWHERE), protected=True)
    page = client_as("supervisor").get("/matches")
    assert page.select(".app-card") == []
    assert page.select(".app-empty")


def test_the_queue_opens_names_only_and_takes_the_same_number_of_statements_for_many(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    own = make.child()
    pair(make, own, make.child(area=ELSEWHERE))
    browser = client_as("supervisor")
    browser.get("/matches")
    with statements(app) as for_one, opened_fields() as opened:
        browser.get("/matches")
    assert {field for field, _row in opened} <= {"child.name", "user.name"}
    for _ in range(5):
        pair(make, own, make.child(area=ELSEWHERE))
    with statements(app) as for_six:
        assert len(browser.get("/matches").select(".app-card")) == 6
    assert len(for_six) == len(for_one)


@pytest.mark.database
def test_the_same_pair_is_raised_once_in_either_order(context: Flask, make: Factory) -> None:
    viewer, one, other = make.viewer(), make.child(), make.child()
    raise_match(viewer, one.id, other.id, COMMUNITY)
    raise_match(viewer, other.id, one.id, COMMUNITY)
    assert db.session.scalar(select(func.count()).select_from(Match)) == 1
    raised = select(AuditEvent).where(AuditEvent.kind == "match_raised")
    assert len(db.session.scalars(raised).all()) == 1


@pytest.mark.database
def test_the_protection_officer_sees_the_protected_files_of_the_own_county_and_who_met_them(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    named = make.user("registrar").id
    told: dict[str, Any] = {"protected": True, "protected_registrar_id": named}
    protected = make.child(name="王保密", pinyin="Wang Baomi", number=NUMBER, **told)
    make.child(name="李他县", area=ELSEWHERE, protected=True)
    make.child(name="赵公开")
    second = make.child(name="王保密", pinyin="Wang Baomi", area=ELSEWHERE)
    pair(make, second, protected, protected=True)
    browser = client_as("registrar")
    browser.get("/children/").submit({"term": NUMBER}, form="form.app-search", status=200)
    page = client_as("protection_officer", language=language).get("/protected-files")
    assert "王保密" in page.text
    assert "李他县" not in page.text
    assert "赵公开" not in page.text
    assert len(page.select(".app-entry")) == 1
    assert "王*" in page.text
    assert [link["href"] for link in page.select("main a")] == [f"/children/{protected.id}"]


def test_both_lists_of_protected_files_go_on_page_by_page_and_miss_nothing(
    make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 2)
    protected = make.child(protected=True)
    seconds = [make.child(name=name, area=ELSEWHERE) for name in ("钱一", "孙二", "李三", "周四", "吴五")]
    for second in seconds:
        pair(make, second, protected, protected=True)
    browser, path, shown = client_as("protection_officer"), "/protected-files", []
    while path:
        page = browser.get(path)
        shown.append([name for name in "钱孙李周吴" if f"{name}*" in page.text])
        following = page.select("a[rel=next]")
        path = following[0]["href"] if following else ""
    assert shown == [["周", "吴"], ["孙", "李"], ["钱"]]


def test_nobody_else_reaches_the_protected_files(client_as: Callable[..., Client]) -> None:
    for role in ("registrar", "supervisor", "official", "auditor"):
        client_as(role).get("/protected-files", status=403)


def test_a_match_with_a_protected_file_shows_nothing_to_the_supervisors_of_both_areas(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    pair(make, make.child(area=ELSEWHERE), make.child(protected=True), protected=True)
    for area in (COMMUNITY[:9] + "000", ELSEWHERE[:9] + "000"):
        assert client_as("supervisor", area=area).get("/matches").select(".app-card") == []


@pytest.mark.database
def test_a_protected_child_who_is_off_the_register_stays_listed_with_whoever_looked_for_it(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    """The one who left, nobody knows where, is the one who may be hunted."""
    gone = make.child(name="王保密", protected=True)
    with app.app_context():
        db.session.get_one(Episode, gone.episodes[0].id).status = "left"
        db.session.commit()
    with app.test_request_context():
        for by in ("look_up", "claim", "search", "registration"):
            audit.record("protected_file_met", viewer=make.viewer(area=ELSEWHERE), children=[gone.id], by=by)
        db.session.commit()
    page = client_as("protection_officer", language=language).get("/protected-files")
    assert f"/children/{gone.id}" in {link["href"] for link in page.select("main a")}
    said = [entry.get_text(" ", strip=True) for entry in page.select(".app-entry__line")]
    words = {
        "zh": ("登记了同一名儿童", "查找时查到", "跨地区查找", "外地认领"),
        "en": ("by registering the same child", "by searching", "from another area", "by claiming"),
    }[language]
    assert all(any(word in line for line in said) for word in words), said


def test_a_pair_with_a_child_who_died_waits_no_more(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    own, died = make.child(), make.child()
    pair(make, own, died)
    supervisor = client_as("supervisor")
    assert supervisor.get("/matches").select(".app-card")
    with app.app_context():
        db.session.get_one(Child, died.id).status = "deceased"
        db.session.commit()
    assert supervisor.get("/matches").select(".app-card") == []
