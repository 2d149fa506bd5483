"""Offices: made, changed and closed inside the own area, never leaving anybody without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.areas import offices as reading
from registry.areas.models import Office, OfficeService
from registry.clock import today
from registry.database import db
from tests.client import Client
from tests.factories import AREAS, COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Page
    from tests.factories import Factory

Recorded = list[dict[str, object]]
CITY, TIANNING = "320400000000", "320402000000"


def office(app: Flask, office_id: UUID) -> Office:
    with app.app_context():
        found = db.session.get_one(Office, office_id)
        db.session.expunge_all()
        return found


def named(app: Flask, name: str) -> list[Office]:
    with app.app_context():
        return list(db.session.scalars(select(Office).where(Office.name_zh == name)))


def fill(browser: Client, **other: str) -> Page:
    answers = {
        "name_zh": "示例接种门诊",
        "name_en": "Example Clinic",
        "kind": "clinic",
        "area-3": TIANNING,
        "side": "none",
        "phone": "0519-8690 1234",
    }
    return browser.get("/administration/offices/new").submit(answers | other)


@pytest.mark.database
def test_an_office_is_made_and_listed_with_its_kind_area_and_phone(
    app: Flask, client_as: Callable[..., Client], recorded: Callable[[str], Recorded], language: str
) -> None:
    page = fill(client_as("administrator", language=language))
    assert page.path == "/administration/offices"
    assert "0519-8690 1234" in page.text
    [made] = named(app, "示例接种门诊")
    assert (made.kind, made.area_code, made.side, made.closed_on) == ("clinic", TIANNING, None, None)
    assert recorded("office_changed") == [{"office": str(made.id), "act": "made"}]


@pytest.mark.database
def test_the_same_office_sent_twice_is_made_once(app: Flask, client_as: Callable[..., Client]) -> None:
    browser = client_as("administrator")
    fill(browser)
    page = fill(browser)
    assert page.status == 422
    assert list(page.errors) == ["name_zh"]
    assert len(named(app, "示例接种门诊")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name_zh", " "), ("name_en", ""), ("kind", ""), ("kind", "casino"), ("phone", "call me"), ("phone", "1")],
)
def test_what_cannot_be_is_told_at_its_field_and_everything_typed_is_kept(
    app: Flask, client_as: Callable[..., Client], language: str, field: str, value: str
) -> None:
    page = fill(client_as("administrator", language=language), **{field: value})
    assert page.status == 422
    assert list(page.errors) == [field]
    kept = dict(page.values())
    assert kept["area-3"] == TIANNING
    assert (kept["name_zh"] == "示例接种门诊") == (field != "name_zh")
    assert not named(app, "示例接种门诊")


def test_no_office_is_made_in_another_area(app: Flask, client_as: Callable[..., Client]) -> None:
    page = fill(client_as("administrator", area=TIANNING), **{"area-3": ELSEWHERE[:6] + "000000"})
    assert list(page.errors) == ["area-typed"]
    assert not named(app, "示例接种门诊")


@pytest.mark.database
def test_another_area_of_an_office_signs_its_people_out(
    app: Flask, make: Factory, client_as: Callable[..., Client], recorded: Callable[[str], Recorded]
) -> None:
    user = make.user("auditor", area=TIANNING)
    there, browser = Client(app), client_as("administrator")
    there.sign_in(user)
    form = browser.get(f"/administration/offices/{user.office_id}")
    form.submit({"name_zh": "示例审计处"}, status=200)
    assert there.get("/audit/events").path == "/audit/events"
    form = browser.get(f"/administration/offices/{user.office_id}")
    form.submit({"area-3": ELSEWHERE[:6] + "000000"}, status=200)
    assert there.get("/audit/events").path == "/sign-in"
    assert office(app, user.office_id).area_code == ELSEWHERE[:6] + "000000"
    assert [event["act"] for event in recorded("office_changed")] == ["name_zh", "area_code"]


def test_a_kind_that_does_not_fit_the_people_or_the_services_is_refused(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    browser, user = client_as("administrator"), make.user("registrar")
    bureau = make.office("education", TIANNING, serves=(("education", TIANNING),))
    for office_id in (user.office_id, bureau.id):
        page = browser.get(f"/administration/offices/{office_id}").submit({"kind": "police"}, status=422)
        assert list(page.errors) == ["kind"]
    assert office(app, bureau.id).kind == "education"


def test_the_own_office_keeps_its_kind_and_area(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    user = make.user("administrator")
    browser = client_as(user)
    form = browser.get(f"/administration/offices/{user.office_id}")
    assert list(form.submit({"area-3": TIANNING}, status=422).errors) == ["area-typed"]
    form.submit({"name_en": "Registry Office"}, status=200)
    assert office(app, user.office_id).area_code == AREAS["administrator"]


@pytest.mark.database
def test_an_office_that_serves_is_closed_with_a_successor_which_takes_it_over(
    app: Flask, make: Factory, client_as: Callable[..., Client], recorded: Callable[[str], Recorded], language: str
) -> None:
    old = make.office("education", TIANNING, serves=(("education", TIANNING),))
    new, clinic = make.office("education", TIANNING), make.office("clinic", TIANNING)
    browser = client_as("administrator", language=language)
    form = browser.get(f"/administration/offices/{old.id}/close")
    offered = {choice["value"] for choice in form.select("#successor option")}
    assert str(new.id) in offered
    assert not {str(old.id), str(clinic.id)} & offered
    assert list(form.submit({"successor": ""}, status=422).errors) == ["successor"]
    form.submit({"successor": new.id}, status=200)
    assert office(app, old.id).closed_on == today()
    with app.app_context():
        assert db.session.scalar(select(OfficeService.office_id)) == new.id
    assert recorded("office_changed") == [{"office": str(old.id), "act": "closed"}]
    assert recorded("service_assigned") == [{"office": str(new.id), "service": "education", "area": TIANNING}]


def test_an_office_with_people_is_not_closed_and_says_why(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    forged: Callable[..., int],
) -> None:
    user, successor = make.user("registrar"), make.office()
    browser = client_as("administrator")
    path = f"/administration/offices/{user.office_id}/close"
    page = browser.get(path)
    assert page.select(".app-notice--late")
    assert forged(browser, path, successor=str(successor.id)) == 422
    assert office(app, user.office_id).closed_on is None


def test_an_office_that_follows_referrals_is_not_closed_without_a_successor_and_says_so(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    forged: Callable[..., int],
    language: str,
) -> None:
    bureau, sender, next_door = make.office("education", TIANNING), make.office(), make.office("community", ELSEWHERE)
    make.referral(make.child(), bureau, from_office=sender)
    browser = client_as("administrator", language=language)
    path = f"/administration/offices/{sender.id}/close"
    page = browser.get(path)
    followed = {"zh": "由本单位跟进的转介", "en": "Referrals that it follows"}[language]
    facts = zip(page.select(".app-facts dt"), page.select(".app-facts dd"), strict=True)
    assert [value.get_text() for label, value in facts if label.get_text() == followed] == ["1"]
    assert page.select("#successor")
    assert "陈" not in page.text
    assert list(page.submit({"successor": ""}, status=422).errors) == ["successor"]
    for other in (bureau, next_door):
        assert forged(browser, path, successor=str(other.id)) == 422
    assert office(app, sender.id).closed_on is None


def test_a_closed_office_can_be_looked_at_and_not_changed(
    app: Flask, make: Factory, client_as: Callable[..., Client], forged: Callable[..., int]
) -> None:
    closed = make.office("clinic", TIANNING)
    browser = client_as("administrator")
    browser.get(f"/administration/offices/{closed.id}/close").submit(status=200)
    assert not browser.get(f"/administration/offices/{closed.id}").select("form#form")
    assert forged(browser, f"/administration/offices/{closed.id}/close") == 302
    assert closed.name_zh in browser.get("/administration/offices?closed=1").text
    assert closed.name_zh not in browser.get("/administration/offices").text


@pytest.mark.database
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_second_administrator_who_changes_an_office_sees_both_and_chooses_field_by_field(
    *,
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], Recorded],
    language: str,
    choice: str,
) -> None:
    found = make.office("clinic", TIANNING)
    path = f"/administration/offices/{found.id}"
    page = client_as("administrator", language=language).get(path)
    first = {"name_zh": "青龙门诊", "phone": "0519-11111"}
    client_as("administrator").get(path).submit(first, status=200)
    page = page.submit({"name_zh": "红梅门诊", "phone": "0519-11111", "side": "sending"}, status=409)
    offered = {str(each["name"]): "" for each in page.select("input[name^=choose-]")}
    assert list(offered) == ["choose-name_zh", "choose-side"]
    assert ("青龙门诊" in page.text, dict(page.values())["name_zh"]) == (True, "红梅门诊")
    assert office(app, found.id).name_zh == "青龙门诊"
    for name in offered:
        offered[name] = str(page.select(f"input[name={name}][value^={choice}]")[0]["value"])
    page.submit(offered, status=200)
    now = office(app, found.id)
    mine = choice == "mine"
    assert (now.name_zh, now.side) == (("红梅门诊", "sending") if mine else ("青龙门诊", "receiving"))
    assert now.phone == "0519-11111"
    acts = [event["act"] for event in recorded("office_changed")]
    assert acts == ["name_zh", "phone", *(["name_zh", "side"] if mine else [])]


def test_a_choice_made_for_another_version_of_an_office_is_asked_again(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    found = make.office("clinic", TIANNING)
    path = f"/administration/offices/{found.id}"
    page, first = client_as("administrator").get(path), client_as("administrator")
    first.get(path).submit({"phone": "0519-11111"}, status=200)
    page = page.submit({"phone": "0519-22222"}, status=409)
    first.get(path).submit({"phone": "0519-33333"}, status=200)
    chosen = str(page.select("input[name=choose-phone][value^=mine]")[0]["value"])
    assert "0519-33333" in page.submit({"choose-phone": chosen}, status=409).text
    assert office(app, found.id).phone == "0519-33333"


@pytest.mark.parametrize("page", ["", "/close"])
def test_an_office_of_another_area_is_as_if_absent(
    make: Factory, client_as: Callable[..., Client], forged: Callable[..., int], page: str
) -> None:
    other = make.office(area=VILLAGE)
    browser = client_as("administrator")
    browser.get(f"/administration/offices/{other.id}{page}", status=404)
    assert forged(browser, f"/administration/offices/{other.id}{page}") == 404
    assert other.name_zh not in browser.get("/administration/offices").text


def test_a_long_list_comes_in_pages_and_costs_the_same_statements(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event

    monkeypatch.setattr(reading, "ON_A_PAGE", 2)
    browser = client_as("administrator")
    for _ in range(4):
        make.office(area=COMMUNITY)
    names, path, counts = [], "/administration/offices", []
    while path:
        statements: list[str] = []
        heard = lambda *about, kept=statements: kept.append(about[2])  # noqa: E731
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", heard)
        page = browser.get(path)
        event.remove(engine, "before_cursor_execute", heard)
        counts.append(len(statements))
        names += [cell.get_text() for cell in page.select("tbody th a")]
        links = page.select("a[rel=next]")
        path = links[0]["href"] if links else ""
    assert len(names) == len(set(names)) == 5
    assert max(counts) - min(counts) <= 1  # the page after another looks for where it begins
