"""The history of a file: complete, in words, opened only where the viewer may, numbers whole for a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children import history
from registry.children.history import record_change
from registry.database import db
from registry.vault.sealed import opened_fields
from tests.factories import ELSEWHERE, id_number
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client
    from tests.factories import Factory

OLD, NEW = (id_number("321322", date(2019, 6, 14), number) for number in (925, 927))
SPELL = {"stage": "primary", "kind": "public", "school": "采菱小学"}
PLACE = {"area": "320402008000", "block": "3幢", "address": "602室", "answer": "given"}


def changed(app: Flask, make: Factory, child: Child, *values: tuple[str, object, object]) -> None:
    viewer = make.viewer()
    with app.app_context():
        for field, before, after in values:
            record_change(viewer, child.id, "child", child.id, field, before, after, "papers", "户口簿")  # type: ignore[arg-type]
        db.session.commit()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("sex", "2", "1"), {"zh": ("女", "男"), "en": ("Female", "Male")}),
        (("hukou", "321322000000", "refused"), {"zh": ("沭阳", "拒答"), "en": ("Shuyang", "Declined")}),
        (("arrived", "2026-03", "2026-03-14"), {"zh": ("2026年3月14日",), "en": ("14 March 2026",)}),
        (("status", "active", "left"), {"zh": ("在册", "已离开"), "en": ("Active", "Left")}),
        (
            ("flags", ["provisional"], ["left_behind"]),
            {"zh": ("待满6个月", "留守"), "en": ("Provisional", "Left behind")},
        ),
        (("guardian_phone", "15400001111", "unknown"), {"zh": ("154 0000 1111",), "en": ("Not known",)}),
        (("schooling", SPELL, None), {"zh": ("小学", "采菱小学", "公办"), "en": ("Primary", "Public")}),
        (("address", None, PLACE), {"zh": ("3幢", "602室"), "en": ("602室",)}),
        (("insurance", None, {"insurance": "unknown"}), {"zh": ("不清楚",), "en": ("Not known",)}),
        (("id_number", "later", "none"), {"zh": (), "en": ("To follow", "Has none")}),
    ],
)
def test_every_change_is_told_in_words(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    language: str,
    change: tuple[str, object, object],
    words: dict[str, tuple[str, ...]],
) -> None:
    child = make.child()
    changed(app, make, child, change)
    page = client_as("registrar", language=language).get(f"/changes/{child.id}/history")
    row = page.select("tbody tr")[0].get_text(" ")
    for part in (*words[language], "户口簿", {"zh": "按证件更正", "en": "As the papers say"}[language]):
        assert part in row


def test_the_newest_comes_first_with_who_when_and_why(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    changed(app, make, child, ("name", "甲", "乙"), ("name", "乙", "丙"))
    rows = client_as("registrar").get(f"/changes/{child.id}/history").select("tbody tr")
    assert "丙" in rows[0].get_text()
    assert "甲" in rows[1].get_text()
    assert "王秀芳" in rows[0].get_text()


def test_numbers_are_masked_until_somebody_says_why(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NEW)
    changed(app, make, child, ("id_number", OLD, NEW))
    page = client_as("registrar").get(f"/changes/{child.id}/history")
    assert OLD not in str(page.soup)
    assert NEW not in str(page.soup)
    form = f"form[action='/changes/{child.id}/history/numbers']"
    page.submit({"purpose": None}, form=form, status=422)
    page = page.submit({"purpose": "verify"}, form=form, status=200)
    assert OLD in page.text
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "field_revealed")).one()
        assert event.details == {"field": "child.id_number", "purpose": "verify"}


def test_the_reading_is_recorded_and_nothing_else_of_the_history_is_opened(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, other = make.child(), make.child()
    changed(app, make, child, ("name", "甲", "乙"))
    changed(app, make, other, ("name", "丙", "丁"))
    browser = client_as("registrar")
    with opened_fields() as opened:
        browser.get(f"/changes/{child.id}/history")
    assert {field for field, _row in opened if field.startswith("child_change")} == {
        "child_change.before",
        "child_change.after",
        "child_change.note",
    }
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened")).all()
        assert [event.details for event in events] == [{"part": "history"}]
        assert [row.child_id for row in events[0].children] == [child.id]


def test_a_longer_history_takes_no_more_queries(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    few, many = make.child(), make.child()
    changed(app, make, few, ("name", "甲", "乙"), ("hukou", "321322000000", "320402000000"))
    changed(
        app, make, many, *(("hukou", f"32132{n}000000", "321322000000") for n in (0, 1, 3, 4, 5)), ("name", "a", "b")
    )
    browser = client_as("registrar")
    counts = []
    for child in (few, many):
        with statements(app) as told:
            browser.get(f"/changes/{child.id}/history")
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_a_long_history_comes_in_pages(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "ON_A_PAGE", 2)
    child = make.child()
    changed(app, make, child, *(("name", str(n), str(n + 1)) for n in range(3)))
    page = client_as("registrar").get(f"/changes/{child.id}/history")
    assert len(page.select("tbody tr")) == 2
    page = page.client.get(str(page.select("a[rel=next]")[0]["href"]))
    assert len(page.select("tbody tr")) == 1


def test_the_history_of_a_merged_file_is_read_with_the_kept_one(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    kept = make.child()
    merged = make.child(merged_into=kept.id, status="active")
    changed(app, make, merged, ("name", "甲", "乙"))
    assert "甲" in client_as("registrar").get(f"/changes/{kept.id}/history").text


def test_a_file_elsewhere_or_protected_has_no_history_to_show(make: Factory, client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    browser.get(f"/changes/{make.child(area=ELSEWHERE).id}/history", status=404)
    browser.get(f"/changes/{make.child(protected=True).id}/history", status=404)


@pytest.mark.parametrize("role", ["officer", "official", "administrator", "auditor"])
def test_no_other_role_reads_it(make: Factory, client_as: Callable[..., Client], role: str) -> None:
    client_as(role).get(f"/changes/{make.child().id}/history", status=403)


def test_what_stayed_the_same_is_no_change(context: Flask, make: Factory) -> None:
    child, viewer = make.child(), make.viewer()
    record_change(viewer, child.id, "child", child.id, "sex", "1", "1", "papers")
    assert history.history_of(viewer, child.id).changes == []
