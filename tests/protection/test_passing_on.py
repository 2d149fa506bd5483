"""Passing a report of harm on: whom was told, once each, the sheet for them, and the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from registry.database import db
from registry.protection import reporting
from registry.protection.models import HarmReport
from registry.protection.service import StaleError
from tests.protection.acts import BODIES, SEEN, report, reports, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory


@pytest.mark.database
def test_each_body_is_noted_once_and_only_then_the_report_is_closed(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    path = report(reporter, make.child()).path
    close = path.replace("/after-visit/report", "/protection/reports") + "/close"
    token = [("csrf_token", dict(officer.get(path).values())["csrf_token"]), ("version", "1")]
    early = officer.post(close, token)
    assert early.status == 422
    assert "依法须告知三个部门" in early.text
    for body in BODIES:
        assert tell(officer, path, body).status == 200
    assert officer.get(path).submit(form="form[action$='/close']").status == 200
    assert reports(app)[0].closed_at is not None
    assert officer.get("/protection/reports").select(".app-card") == []
    assert officer.get("/protection/reports?closed=1").select(".app-card")
    page = reporter.get(path)
    assert "办结" in page.text
    assert "书面，值班民警签收" not in page.text, "how it was passed on is the officers' own"
    assert page.select("form#form") == []


def test_noting_whom_was_told_asks_for_what_is_missing_and_keeps_the_rest(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    officer, path = client_as("protection_officer"), report(client_as("registrar"), make.child()).path
    page = tell(officer, path, "education", way="", clock="25:70")
    assert page.status == 422
    assert set(page.errors) == {"way", "clock"}
    assert ("recipient", "education") in page.values()
    coming = {"day-year": str(today().year + 1), "day-month": "1", "day-day": "1"}
    assert set(tell(officer, path, "education", **coming).errors) == {"clock"}


@pytest.mark.database
def test_the_second_of_two_officers_is_told_and_nothing_is_noted_twice(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    one, other = client_as("protection_officer"), client_as("protection_officer")
    path = report(client_as("registrar"), make.child()).path
    page = other.get(path)
    tell(one, path, "education")
    late = page.submit({"recipient": "public_security", "way": "电话", "clock": "00:00"})
    assert late.status == 409
    assert "其他人刚刚更改了这份报告" in late.text
    assert dict(late.values())["way"] == "电话"
    assert late.submit().status == 200
    viewer = make.viewer("protection_officer")
    with app.app_context():
        kept = db.session.get_one(HarmReport, reports(app)[0].id)
        assert sorted(told.recipient for told in kept.told) == ["education", "public_security"]
        with pytest.raises(StaleError):
            reporting.tell(viewer, kept.id, kept.version, "education", kept.made_at, "再次")


@pytest.mark.database
def test_of_two_officers_in_the_same_instant_one_notes_whom_was_told(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    path = report(client_as("registrar"), make.child()).path
    pages = [client_as("protection_officer").get(path) for _ in range(2)]

    def save(page: Page) -> int:
        return page.submit({"recipient": "education", "way": "电话", "clock": "00:00"}).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, pages)) in ([200, 409], [200, 422])  # too late to choose it, or to save it
    with app.app_context():
        assert [told.recipient for told in db.session.get_one(HarmReport, reports(app)[0].id).told] == ["education"]


def test_the_sheet_to_print_names_the_three_bodies_and_the_law(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    path = report(client_as("registrar"), make.child(name="陈雨桐")).path
    officer = client_as("protection_officer", language=language)
    page = officer.get(path.replace("/after-visit/report", "/protection/reports") + "/sheet")
    assert "陈雨桐" in page.text
    assert SEEN in page.text
    assert "3幢2单元602室" in page.text, "whoever is told must know where to go"
    assert page.text.count("第十一条" if language == "zh" else "article 11") == 4
    assert page.select("tbody th")[0].get_text() == ("公安机关" if language == "zh" else "Public security")
