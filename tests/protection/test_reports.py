"""Reporting harm: phone first, write after; seen by the reporter and the county's protection officers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.accounts.models import User
from registry.areas.models import Office
from registry.clock import today
from registry.database import db
from tests.factories import COMMUNITY, ELSEWHERE
from tests.protection.acts import CALLED, DESCRIBED, SEEN, TOLD, form_of, report, reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

COUNTY = COMMUNITY[:6] + "000000"


def test_the_numbers_to_phone_come_before_the_form_and_are_links_with_real_people_only(
    app: Flask, client_as: Callable[..., Client], language: str
) -> None:
    browser = client_as("registrar", language=language)
    page = browser.get("/after-visit/report")
    assert (
        page.text.index("110") < page.text.index("12345") < page.text.index("看到或听到" if language == "zh" else "saw")
    )
    assert page.select("a[href^='tel:']") == []
    settings = app.extensions["settings"]
    app.extensions["settings"] = type(settings)(**vars(settings) | {"sample_data": False})
    real = browser.get("/after-visit/report")
    assert [link["href"] for link in real.select("a[href^='tel:']")] == ["tel:110", "tel:120", "tel:12345"]


@pytest.mark.parametrize("role", ["registrar", "supervisor", "protection_officer"])
def test_harm_to_a_child_on_file_is_reported_from_its_page_after_the_visit(
    app: Flask, make: Factory, client_as: Callable[..., Client], role: str, language: str
) -> None:
    child, browser = make.child(name="陈雨桐"), client_as(role, language=language)
    form = form_of(browser, child)
    assert "陈雨桐" in form.text
    assert str(child.id) not in form.path
    page = form.submit(TOLD)
    assert page.status == 200
    for words in ("陈雨桐", SEEN, CALLED):
        assert words in page.text
    assert str(child.id) not in page.path
    (kept,) = reports(app)
    assert kept.county == COUNTY


def test_a_child_without_a_file_is_described_in_words(app: Flask, client_as: Callable[..., Client]) -> None:
    page = report(client_as("registrar"))
    assert page.status == 200
    assert DESCRIBED in page.text
    (kept,) = reports(app)
    assert kept.county == COUNTY
    assert not kept.child


def test_what_is_missing_is_asked_for_and_everything_typed_is_kept(client_as: Callable[..., Client]) -> None:
    page = client_as("registrar").get("/after-visit/report").submit({"happened": SEEN, "phoned_how": CALLED})
    assert page.status == 422
    assert set(page.errors) == {"described", "urgency-now", "kinds-physical", "phoned-police"}
    kept = dict(page.values())
    assert SEEN in kept["happened"]
    assert kept["phoned_how"] == CALLED
    nobody_and_somebody = report(client_as("registrar"), phoned=["police", "nobody"])
    assert set(nobody_and_somebody.errors) == {"phoned-police"}
    late: dict[str, Any] = {"day-year": str(today().year + 1), "day-month": "1", "day-day": "1"}
    assert set(report(client_as("registrar"), **late).errors) == {"day-year"}
    assert set(report(client_as("registrar"), happened="长" * 2001).errors) == {"happened"}


def test_switching_the_language_keeps_what_was_typed_and_whom_it_is_about(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("registrar")
    page = form_of(browser, make.child(name="陈雨桐"))
    browser.language = "en"
    page = page.submit({"happened": SEEN}, button=("_language", "en"), status=200)
    assert "Chen Yutong" in page.text
    assert SEEN in dict(page.values())["happened"]


@pytest.mark.database
def test_a_double_click_makes_one_report(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    form = form_of(client_as("registrar"), make.child())
    assert form.submit(TOLD).path == form.submit(TOLD).path
    assert len(reports(app)) == 1


@pytest.mark.database
def test_the_id_of_somebody_elses_report_cannot_be_taken_over(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    mine = form_of(client_as("registrar"), make.child())
    mine.submit(TOLD)
    other = client_as("registrar").get("/after-visit/report")
    stolen = TOLD | {"described": DESCRIBED, "own_id": dict(mine.values())["own_id"]}
    assert other.submit(stolen).status == 404
    assert len(reports(app)) == 1


def test_a_child_out_of_reach_cannot_be_named_by_typing_its_id(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    for child in (make.child(area=ELSEWHERE), make.child(protected=True)):
        page = client_as("registrar").get("/after-visit/report")
        assert page.submit(TOLD | {"child": child.id}).status == 404
    assert reports(app) == []


def test_whoever_works_for_a_whole_city_says_which_county_is_meant(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    city = client_as("supervisor", area="320400000000")
    page = city.get("/after-visit/report")
    assert len(page.select("select[name=county] option")) > 1
    page.submit(TOLD | {"described": DESCRIBED, "county": "320404000000"})
    form_of(city, make.child()).submit(TOLD)
    assert [kept.county for kept in reports(app)] == ["320404000000", COUNTY]
    assert client_as("registrar").get("/after-visit/report").select("select[name=county]") == []


def test_the_reporter_reads_the_own_reports_again_and_no_other_persons(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    reporter = client_as("registrar")
    path = report(reporter, make.child()).path
    assert [link["href"] for link in reporter.get("/after-visit").select("main .app-entry a")] == [path]
    assert SEEN in reporter.get(path).text
    for colleague in (client_as("registrar"), client_as("supervisor"), client_as("supervisor", area="320400000000")):
        colleague.get(path, status=404)
        assert colleague.get("/after-visit").select("main .app-entry") == []
    for role in ("officer", "official", "administrator", "auditor"):
        client_as(role).get(path, status=403)
        client_as(role).get("/after-visit", status=403)


def test_the_protection_officers_of_the_county_and_of_the_city_above_see_it_the_next_countys_do_not(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    path = report(client_as("registrar"), make.child(name="陈雨桐")).path
    for area in (COUNTY, "320400000000"):
        officer = client_as("protection_officer", area=area)
        assert "陈雨桐" in officer.get("/protection/reports").text
        assert SEEN in officer.get(path).text
    stranger = client_as("protection_officer", area="320404000000")
    assert stranger.get("/protection/reports").select(".app-card") == []
    for address in (path, path.replace("/after-visit/report", "/protection/reports") + "/sheet"):
        stranger.get(address, status=404)
    for role in ("registrar", "supervisor"):
        client_as(role).get("/protection/reports", status=403)


def test_who_left_the_post_no_longer_sees_what_he_reported(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    user = make.user("registrar")
    browser = client_as(user)
    path = report(browser, make.child()).path
    there = make.office("community", ELSEWHERE)
    with app.app_context():
        db.session.get_one(User, user.id).office_id = there.id
        db.session.commit()
    browser.get(path, status=404)
    assert browser.get("/after-visit").select("main .app-entry") == []
    with app.app_context():
        db.session.get_one(User, user.id).active = False
        db.session.commit()
    assert browser.http.get(path).location.startswith("/sign-in")


def test_present_danger_without_a_call_to_the_police_says_phone_now(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    page = report(client_as("registrar"), make.child(), urgency="now", phoned=["nobody"])
    assert "请立即拨打110" in page.text
    called = report(client_as("registrar"), make.child(), urgency="now")
    assert "请立即拨打110" not in called.text
    assert client_as("protection_officer").get("/protection/reports").select(".app-card--late")


def test_no_title_and_no_address_of_a_reporters_page_speaks_of_harm(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("registrar")
    pages = [browser.get("/after-visit"), form_of(browser, make.child()), report(browser, make.child())]
    for page in pages:
        assert page.select("title")[0].get_text().startswith("走访之后")
        assert page.path.startswith("/after-visit")
        for word in ("harm", "protect", "danger", "police"):
            assert word not in page.path


def test_an_office_that_moved_within_the_county_keeps_the_report(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    """Another community of the same county is the same civil affairs bureau."""
    user = make.user("registrar")
    browser = client_as(user)
    path = report(browser, make.child()).path
    there = make.office("community", COMMUNITY[:9] + "905")
    with app.app_context():
        assert db.session.get_one(Office, there.id)
        db.session.get_one(User, user.id).office_id = there.id
        db.session.commit()
    assert SEEN in browser.get(path).text
