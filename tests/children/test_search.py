"""Finding a child again: by number, phone or part of the name, in the own area and nowhere else."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.children.finding import Sought, TermError, read_term
from registry.children.models import Search
from registry.database import db
from registry.vault.service import index_child
from tests.factories import COMMUNITY, ELSEWHERE, id_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.settings import Settings
    from tests.client import Client, Page
    from tests.factories import Factory

TODAY = date(2026, 11, 22)
NUMBER = id_number("321322", date(2019, 6, 14), 905)
PHONE = "15400007755"
SEARCH = "form.app-search"


def look_for(browser: Client, term: str, status: int = 200) -> Page:
    return browser.get("/children/").submit({"term": term}, form=SEARCH, status=status)


def names(page: Page) -> list[str]:
    return [" ".join(cell.get_text().split()) for cell in page.select("tbody th")]


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        (NUMBER, Sought("id_number", NUMBER)),
        (f" {NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]} ", Sought("id_number", NUMBER)),
        ("154 0000 7755", Sought("phone", PHONE)),
        ("１５４００００７７５５", Sought("phone", PHONE)),
        ("c 321322 26 7k4m2qo v", Sought("card", "C321322267K4M2Q0V")),
        ("EA 1234-567", Sought("document", "EA1234567")),
        ("雨", Sought("name", "雨")),
        ("阿依古丽•买买提", Sought("name", "阿依古丽·买买提")),
        ("chen yu", Sought("name", "chen yu")),
    ],
)
def test_what_was_typed_decides_what_is_sought(typed: str, sought: Sought) -> None:
    assert read_term(typed, TODAY) == sought


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  ", "empty"),
        ("·?", "empty"),
        ("1540000", "phone"),
        ("321322201913400011", "number"),  # no such month
        ("C 321322 26 7K4M2Q0 W", "card"),
        ("321322203906140019", "number"),  # not born yet
        ("32132220190614X", "number"),
    ],
)
def test_what_can_be_no_number_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(TermError) as refused:
        read_term(typed, TODAY)
    assert refused.value.code == code


@pytest.mark.database
@pytest.mark.parametrize("term", [NUMBER, "154 0000 7755", "雨", "yutong"])
def test_a_child_of_the_own_community_is_found_again(
    make: Factory, client_as: Callable[..., Client], term: str
) -> None:
    child = make.child(household=make.household(phone=PHONE), number=NUMBER)
    make.child(name="王小明", household=make.household(), pinyin="Wang Xiaoming")
    page = look_for(client_as("registrar"), term)
    assert names(page) == ["陈雨桐"]
    assert f"/children/{child.id}" in str(page.select("tbody a")[0]["href"])


@pytest.mark.parametrize("term", ["阿依古丽 吐尔逊", "阿依古丽.吐", "丽吐尔", "ayiguli tu", "Ayiguli·Tu"])
def test_a_space_for_the_dot_of_a_name_finds_it_too(make: Factory, client_as: Callable[..., Client], term: str) -> None:
    make.child(name="阿依古丽·吐尔逊", pinyin="Ayiguli Tuerxun")
    assert names(look_for(client_as("registrar"), term)) == ["阿依古丽·吐尔逊"]


@pytest.mark.parametrize("term", [NUMBER, PHONE, "雨桐", "yutong"])
@pytest.mark.parametrize("hidden", ["elsewhere", "protected", "merged", "gone"])
def test_a_hidden_child_is_found_by_nothing_and_nothing_tells_that_it_exists(
    make: Factory, client_as: Callable[..., Client], term: str, hidden: str
) -> None:
    browser = client_as("registrar")
    nobody = look_for(browser, term)
    household = make.household(ELSEWHERE if hidden == "elsewhere" else COMMUNITY, phone=PHONE)
    values: dict[str, object] = {"number": NUMBER, "household": household}
    if hidden == "protected":
        values["protected"] = True
    elif hidden == "merged":
        values["merged_into"] = make.child(name="甲", pinyin="Jia", area=ELSEWHERE).id
    child = make.child(**values)
    if hidden == "gone":
        with make.app.app_context():
            from registry.children.models import Episode

            db.session.get_one(Episode, child.episodes[0].id).latest = False  # it is somewhere else now
            db.session.commit()
    page = look_for(browser, term)
    assert names(page) == []
    assert page.text == nobody.text


@pytest.mark.parametrize(("term", "told"), [(NUMBER, 1), (PHONE, 1), ("雨桐", 0)])
def test_the_protection_officer_is_told_of_an_exact_hit_on_a_protected_file(
    app: Flask, make: Factory, client_as: Callable[..., Client], term: str, told: int
) -> None:
    make.child(household=make.household(phone=PHONE), number=NUMBER, protected=True)
    look_for(client_as("registrar"), term)
    with app.app_context():
        met = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "protected_file_met")).all()
        assert [event.details for event in met] == [{"by": "search"}] * told


def test_a_search_is_recorded_without_what_was_looked_for(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    make.child(number=NUMBER)
    look_for(client_as("registrar"), NUMBER)
    with app.app_context():
        kinds = ("children_searched", "children_listed")
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind.in_(kinds)).order_by(AuditEvent.id)).all()
        assert [event.details for event in events] == [
            {"list": "files", "shown": 1},
            {"by": "id_number", "found": 1},
            {"list": "search", "shown": 1},
        ]


def test_what_was_looked_for_is_in_no_address_and_not_readable_in_the_database(
    settings: Settings, make: Factory, client_as: Callable[..., Client]
) -> None:
    page = look_for(client_as("registrar"), "稀有姓名")
    assert page.path.startswith("/children/search/")
    assert "稀有姓名" not in page.path
    assert "%" not in page.path
    place = Path(settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT count(*) FROM search").fetchone() == (1,)
    for file in place.parent.iterdir():
        assert "稀有姓名".encode() not in file.read_bytes()


def test_another_persons_search_is_not_shown(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    page = look_for(client_as("registrar"), "雨桐")
    client_as("registrar").get(page.path, status=404)
    with app.app_context():
        (refused,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused"))
        assert refused.details == {"endpoint": "children.found", "why": "scope"}


def test_in_too_wide_an_area_a_smaller_one_is_asked_for_first(
    make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.children.finding.NAMES_OPENED_AT_MOST", 2)
    neighbour = COMMUNITY[:9] + "902"
    for area in (COMMUNITY, COMMUNITY, neighbour):
        make.child(area=area)
    browser = client_as("supervisor")
    page = look_for(browser, "雨桐")
    assert names(page) == []
    options = [option["value"] for option in page.select("select[name=area] option")]
    assert neighbour in options
    assert names(browser.get(f"{page.path}?area={neighbour}")) == ["陈雨桐"]
    assert names(look_for(browser, "陈")) == []


def test_a_child_is_found_by_its_card_and_by_another_document(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    with make.app.app_context():
        index_child(db.session(), child.id, "card", "C321322267K4M2Q0V", exclusive=True)
        index_child(db.session(), child.id, "document", "03", "EA1234567")
        db.session.commit()
    browser = client_as("registrar")
    assert names(look_for(browser, "C 321322 26 7K4M2Q0 V")) == ["陈雨桐"]
    assert names(look_for(browser, "ea1234567")) == ["陈雨桐"]
    assert names(look_for(browser, "EA1234568")) == []


def test_many_hits_are_paged_and_the_pages_keep_what_was_looked_for(
    make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("registry.children.listing.ON_A_PAGE", 2)
    household = make.household()
    for _ in range(3):
        make.child(household=household, number=None)
    make.child(household=household, number=None, name="王小明", pinyin="Wang Xiaoming")
    browser = client_as("registrar", language=language)
    page = look_for(browser, "雨桐")
    assert len(names(page)) == 2
    assert "3" in page.text
    (following,) = page.select(".app-pagination a[rel=next]")
    second = browser.get(str(following["href"]))
    assert len(names(second)) == 1
    assert second.select("#term")[0]["value"] == "雨桐"


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("cyt", ["陈雨桐"]),
        ("CY", ["陈雨桐"]),
        ("yt", ["陈雨桐"]),
        ("chenyu", ["陈雨桐"]),
        ("sxx", ["单小雪"]),
        ("dxx", []),
    ],
)
def test_a_name_is_found_by_the_first_letters_of_its_syllables(
    make: Factory, client_as: Callable[..., Client], term: str, found: list[str]
) -> None:
    make.child()
    make.child(name="单小雪", pinyin="Shan Xiaoxue")
    assert names(look_for(client_as("registrar"), term)) == found


def test_a_search_can_be_narrowed_and_its_address_holds_codes_alone(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    household = make.household()
    make.child(household=household, number=None, name="陈雨桐", school="none")
    make.child(household=household, number=None, name="陈雨晴", school="primary")
    page = look_for(client_as("registrar"), "陈")
    assert len(names(page)) == 2
    narrowed = page.submit({"school": "none"}, form="form.app-filter")
    assert names(narrowed) == ["陈雨桐"]
    fields = {str(field["name"]) for field in page.select("form.app-filter [name]")}
    assert fields <= {"area", "block", "status", "todo", "flag", "age", "school", "certificate"}
    assert narrowed.select("#term")[0]["value"] == "陈"


def test_who_left_or_grew_up_is_found_by_name_and_a_child_who_died_only_when_asked_for(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    make.child(number=None, name="甲一", status="left")
    make.child(number=None, name="甲二", child_status="aged_out")
    make.child(number=None, name="甲三", child_status="deceased")
    browser = client_as("registrar")
    page = look_for(browser, "甲")
    assert sorted(names(page)) == ["甲一", "甲二"]
    assert names(browser.get(f"{page.path}?status=deceased")) == ["甲三"]
    assert names(browser.get("/children/")) == []
    assert names(browser.get("/children/?status=left")) == ["甲一"]
    assert names(browser.get("/children/?status=aged_out")) == ["甲二"]


def test_a_mistyped_number_is_told_at_its_field_and_kept(
    app: Flask, client_as: Callable[..., Client], language: str
) -> None:
    page = look_for(client_as("registrar", language=language), "1540000", status=422)
    assert list(page.errors) == ["term"]
    assert page.select("#term")[0]["value"] == "1540000"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Search)) == 0
