"""Estimates and the rates reckoned from them: by whom, as of when, one in force, nothing given away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.coverage import rates, service
from registry.coverage.models import Estimate
from registry.coverage.service import Estimated
from registry.database import db
from registry.disclosure import tables
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

CITY, TIANNING, ZHONGLOU = "320400000000", "320402000000", "320404000000"


def estimated(**values: object) -> Estimated:
    told = {
        "area_code": CITY,
        "population": "migrant_monitoring",
        "low": 100,
        "high": 200,
        "source": "公安实有人口",
        "as_of": date(2026, 6, 1),
        "definition": "未满16周岁，跨县6个月以上",
    }
    return Estimated(**(told | values))


def record(app: Flask, make: Factory, **values: object) -> None:
    viewer = make.viewer("administrator")
    with app.app_context():
        service.record_estimate(viewer, estimated(**values))
        db.session.commit()


def kept(app: Flask) -> list[Estimate]:
    with app.app_context():
        return list(db.session.scalars(select(Estimate).order_by(Estimate.id)))


def fill(browser: Client, **other: str) -> Page:
    answers = {
        "population": "left_behind",
        "low": "１０６,000",
        "high": "128000",
        "source": "民政台账",
        "as_of-year": "2026",
        "as_of-month": "6",
        "as_of-day": "30",
        "definition": "未满16周岁，父母双方外出",
    }
    return browser.get("/coverage/estimates/new").submit(answers | other)


@pytest.mark.database
def test_an_estimate_is_recorded_with_source_day_and_definition_and_shown(
    app: Flask, client_as: Callable[..., Client], language: str
) -> None:
    browser = client_as("administrator", language=language)
    page = fill(browser)
    assert page.path == "/coverage/estimates"
    for words in ("106,000–128,000", "民政台账", "未满16周岁，父母双方外出"):
        assert words in page.text.replace(" ", "")
    [row] = kept(app)
    assert (row.area_code, row.population, row.low, row.high) == (CITY, "left_behind", 106_000, 128_000)
    assert (row.as_of, row.ended_at) == (date(2026, 6, 30), None)
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "estimate_set")).one()
        assert event.details == {"estimate": str(row.id)}


@pytest.mark.database
def test_a_newer_one_ends_the_older_and_both_stay_in_the_history(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    record(app, make)
    record(app, make, low=150, high=150, as_of=date(2026, 9, 1))
    record(app, make, area_code=TIANNING)
    old, new, other = kept(app)
    assert old.ended_at is not None
    assert new.ended_at is other.ended_at is None
    page = client_as("administrator").get(f"/coverage/estimates/history?area={CITY}&population=migrant_monitoring")
    assert [row.select("td")[0].get_text(strip=True) for row in page.select("tbody tr")] == ["150", "100–200"]


@pytest.mark.database
def test_the_same_estimate_sent_twice_is_recorded_once(app: Flask, client_as: Callable[..., Client]) -> None:
    browser = client_as("administrator")
    fill(browser)
    fill(browser)
    assert len(kept(app)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("low", "0"),
        ("low", "-5"),
        ("low", "many"),
        ("low", ""),
        ("low", "1e9"),
        ("high", "5"),
        ("high", "?"),
        ("source", " "),
        ("definition", ""),
        ("as_of-year", "2199"),
        ("as_of-month", "13"),
        ("population", "unaccompanied"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_everything_typed_is_kept(
    *, app: Flask, client_as: Callable[..., Client], language: str, field: str, value: str
) -> None:
    page = fill(client_as("administrator", language=language), **{field: value})
    assert page.status == 422
    assert [anchor.partition("-")[0] for anchor in page.errors] == [field.partition("-")[0]]
    sent = dict(page.values())
    if field != "population":
        assert sent[field] == value.strip()
    assert sent["source"] == ("" if field == "source" else "民政台账")
    assert kept(app) == []


def test_no_estimate_is_recorded_for_another_area(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    browser = client_as("administrator", area=TIANNING)
    page = fill(browser, **{"area-1": "320000000000", "area-2": CITY, "area-3": ZHONGLOU})
    assert list(page.errors) == ["area-typed"]
    browser.get(f"/coverage/estimates/history?area={ZHONGLOU}&population=left_behind", status=404)
    record(app, make, area_code=ZHONGLOU)
    assert "100–200" not in browser.get("/coverage/estimates").text


def test_the_overview_shows_registered_estimate_and_rate_with_source_and_day(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(tables, "THRESHOLD", 0)
    monkeypatch.setattr(rates, "protect", lambda table: tables.protect(table, 0))
    for _ in range(3):
        make.child()
    record(app, make, low=4, high=12)
    record(app, make, area_code=TIANNING, low=2, high=4)
    page = client_as("official", language=language).get("/coverage/")
    first = page.select("table")[0]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in first.select("tbody tr")]
    unknown = "未知" if language == "zh" else "Unknown"
    assert rows[0][1:4] == ["3", "4–12", "25.0%–75.0%"]
    assert "公安实有人口" in rows[0][4].replace(" ", "")
    assert ("2026年6月1日" if language == "zh" else "1 June 2026") in rows[0][4]
    assert [row[1:4] for row in rows[1:]] == [["3", "—", unknown], ["0", "—", unknown]]
    district = page.select("table")[1].select("tbody tr")[0].get_text(" ", strip=True)
    assert "75.0%–150.0%" in district
    assert page.select("table")[1].select(".app-tag--soon")


@pytest.mark.database
def test_a_count_that_is_protected_has_no_rate(app: Flask, make: Factory) -> None:
    official = make.viewer("official")
    for _ in range(3):
        make.child()
    record(app, make)
    with app.app_context():
        own, _below = rates.of_area(official)
    [covered] = [each for each in own if each.population == "migrant_monitoring"]
    assert covered.estimate is not None
    assert (covered.registered, covered.rate) == (None, None)


def test_a_hidden_count_is_said_to_be_hidden_and_its_rate_too(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    for _ in range(3):
        make.child()
    record(app, make)
    row = client_as("official").get("/coverage/").select("table")[0].select("tbody tr")[0]
    assert len(row.select(".app-hidden-cell")) == 2
    assert "%" not in row.get_text()


@pytest.mark.database
def test_each_child_counts_once_however_many_populations_it_belongs_to(app: Flask, make: Factory) -> None:
    official = make.viewer("official")
    make.child()
    make.child(flags=("migrant_statistical",))
    make.child(flags=("left_behind",), area=make.area(VILLAGE))
    make.child(flags=("provisional",))
    with app.app_context():
        from registry.coverage.queries import populations

        table = populations(official)
    assert dict(table.counts) == {
        (TIANNING, "migrant_monitoring+migrant_statistical"): 1,
        (TIANNING, "migrant_statistical"): 1,
        (TIANNING, ""): 1,
    }
    assert COMMUNITY.startswith(TIANNING[:6])


@pytest.mark.parametrize("role", ["registrar", "supervisor", "officer", "official", "auditor", "protection_officer"])
@pytest.mark.parametrize("page", ["", "/new", "/history"])
def test_only_administrators_record_estimates(client_as: Callable[..., Client], role: str, page: str) -> None:
    client_as(role).get(f"/coverage/estimates{page}", status=403)
