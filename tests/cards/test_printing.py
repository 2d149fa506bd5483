"""Printing cards: whose, what stands on them, and that each print is counted once and recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.areas.models import Area
from registry.areas.queries import full_names_of
from registry.audit.models import AuditEvent, AuditEventChild
from registry.cards.models import CardPrint
from registry.cards.paper import AREA, AREA_SMALL, TEXT_WIDTH
from registry.children import card_numbers
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.paper.lettering import broken
from sop.card import grouped, read_card_number
from tests.client import OPENER
from tests.documents import A4, Document, check_document
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

NAME, RARE_NAME = "陈雨桐", "李𬀩䶮"


def number_of(app: Flask, child_id: UUID) -> str:
    with app.app_context():
        return db.session.get_one(Child, child_id).card_number.open(OPENER) or ""


def print_page(browser: Client, *children: Child) -> Page:
    return browser.get("/cards/print?" + "&".join(f"child={child.id}" for child in children))


def send(page: Page, answers: dict[str, Any] | None = None) -> Any:
    """Send the page as a browser does; returns the answer itself, which is a document."""
    pairs = [pair for pair in page.values() if pair[0] not in (answers or {})]
    pairs += [(name, value) for name, values in (answers or {}).items() for value in values]
    action = str(page.form()["action"])
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return page.client.http.post(action, data=data)


def prints(app: Flask) -> list[tuple[UUID, int, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(CardPrint).order_by(CardPrint.child_id, CardPrint.issue))
        return [(row.child_id, row.issue, row.named) for row in rows]


def recorded(app: Flask, kind: str) -> list[tuple[dict[str, Any], set[UUID]]]:
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind)).all()
        touched = select(AuditEventChild.child_id)
        return [
            (dict(event.details), set(db.session.scalars(touched.where(AuditEventChild.event_id == event.id))))
            for event in events
        ]


def test_a_card_shows_title_number_area_and_code_and_no_name_unless_it_is_wished(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(name=NAME)
    page = print_page(client_as("registrar"), child)
    answer = send(page)
    document, number = Document(answer.data), number_of(app, child.id)
    check_document(document, "儿童服务卡")
    assert read_card_number(number)[1:7] == COMMUNITY[:6]
    for words in ("儿童服务卡", "Child service card", grouped(number), "江苏省常州市天宁区", "Tianning, Changzhou"):
        assert words in document.text
    assert document.codes() == [[number]]
    assert NAME not in document.text
    assert prints(app) == [(child.id, 1, False)]


def test_the_name_stands_on_the_card_of_the_child_whose_guardian_wishes_it_and_on_no_other(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    wished, silent = make.child(name=RARE_NAME), make.child(name=NAME)
    answer = send(print_page(client_as("registrar"), wished, silent), {"named": [str(wished.id)]})
    text = Document(answer.data).text
    assert (RARE_NAME in text, NAME in text) == (True, False)
    assert set(prints(app)) == {(wished.id, 1, True), (silent.id, 1, False)}
    assert sorted(recorded(app, "card_printed"), key=str) == sorted(
        [({"named": 0}, {silent.id}), ({"named": 1}, {wished.id})], key=str
    )


def test_eight_cards_fit_on_a_page_and_the_ninth_begins_another(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    children = [make.child(household=home) for _each in range(9)]
    page = client_as("registrar").get(f"/cards/print?household={home.id}")
    document = Document(send(page).data)
    assert document.sizes == {A4}
    assert [len(codes) for codes in document.codes()] == [8, 1]
    found = {code for codes in document.codes() for code in codes}
    assert found == {number_of(app, child.id) for child in children}


def test_what_is_answered_names_nobody_and_is_kept_by_no_computer(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    answer = send(print_page(client_as("registrar"), make.child(name=NAME)))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'inline; filename="cards.pdf"'


def test_a_double_click_prints_once_and_printing_again_counts_on(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    page = print_page(browser, child)
    first, second = send(page), send(page)
    assert "Issue 1" in Document(first.data).text
    assert "Issue 1" in Document(second.data).text
    assert prints(app) == [(child.id, 1, False)]
    assert "Issue 2" in Document(send(print_page(browser, child)).data).text
    assert prints(app) == [(child.id, 1, False), (child.id, 2, False)]
    assert recorded(app, "card_printed") == [({"named": 0}, {child.id})] * 3  # each time that it left the house


def test_the_page_of_somebody_else_sent_again_is_a_print_of_ones_own(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = print_page(client_as("registrar"), child)
    send(page)
    other = print_page(client_as("supervisor"), child)
    answer = send(other, {"once": [dict(page.values())["once"]]})
    assert "Issue 2" in Document(answer.data).text
    assert prints(app) == [(child.id, 1, False), (child.id, 2, False)]


def test_the_number_stays_the_same_on_every_print_and_a_file_without_one_gets_it(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("supervisor")
    assert number_of(app, child.id) == ""
    first = Document(send(print_page(browser, child)).data).codes()
    second = Document(send(print_page(browser, child)).data).codes()
    assert first == second == [[number_of(app, child.id)]]


def test_nothing_ticked_or_somebody_who_was_not_on_the_page_is_refused(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, other = make.child(), make.child()
    browser = client_as("registrar")
    page = print_page(browser, child)
    refused = page.submit({"child": None}, status=422)
    assert refused.errors == {"child-1": "请至少选择一名儿童"}
    assert send(page, {"child": [str(other.id)]}).status_code == 422
    assert send(page, {"once": ["no id"]}).status_code == 422
    assert prints(app) == []


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_a_child_of_another_area_or_a_protected_one_is_as_absent(
    app: Flask, make: Factory, client_as: Callable[..., Client], role: str
) -> None:
    browser, home = client_as(role), make.household(ELSEWHERE)
    inside = make.child()
    for child in (make.child(household=home, area=ELSEWHERE), make.child(protected=True)):
        browser.get(f"/cards/print?child={child.id}", status=404)
        browser.get(f"/cards/print?child={inside.id}&child={child.id}", status=404)
    browser.get(f"/cards/print?household={home.id}", status=404)
    browser.get("/cards/print", status=404)
    assert any(details["why"] == "scope" for details, _children in recorded(app, "refused"))


@pytest.mark.parametrize("role", ["officer", "protection_officer", "official", "administrator", "auditor"])
def test_other_roles_print_no_cards(make: Factory, client_as: Callable[..., Client], role: str) -> None:
    client_as(role).get(f"/cards/print?child={make.child().id}", status=403)


@pytest.mark.parametrize(("values", "why"), [({"status": "withdrawn"}, "withdrawn"), ({}, "deceased")])
def test_who_is_not_on_the_register_gets_no_card(
    app: Flask, make: Factory, client_as: Callable[..., Client], values: dict[str, str], why: str
) -> None:
    child = make.child(**values)
    if why == "deceased":
        with app.app_context():
            db.session.get_one(Child, child.id).status = why
            db.session.commit()
    page = print_page(client_as("registrar"), child)
    assert "这些儿童不能打印一卡通" in page.text
    assert not page.select("form#form")


def test_the_page_names_the_children_in_both_languages_and_asks_for_the_name_with_an_empty_box(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    page = print_page(client_as("registrar", language=language), make.child(name=NAME))
    assert NAME in page.text
    assert page.h1 == {"zh": "打印一卡通", "en": "Print cards"}[language]
    assert [box.has_attr("checked") for box in page.select("input[type=checkbox]")] == [True, False]


def test_a_childs_file_shows_its_number_and_leads_to_printing(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(), client_as("registrar")
    send(print_page(browser, child))
    page = browser.get(f"/children/{child.id}")
    assert grouped(number_of(app, child.id)) in page.text
    assert page.select(f"a[href='/cards/print?child={child.id}']")


def test_a_list_leads_to_printing_the_cards_of_the_children_on_it(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    children = {make.child().id for _each in range(3)}
    browser = client_as("registrar")
    (link,) = browser.get("/children/").select("a[href^='/cards/print?']")
    page = browser.get(str(link["href"]))
    assert {box["value"] for box in page.select("input[name=child]")} == {str(child) for child in children}
    assert re.fullmatch(r"/cards/print\?(child=[0-9a-f-]{36}&?)+", str(link["href"]))


@pytest.mark.database
def test_two_who_opened_the_page_together_print_with_different_issue_numbers(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browsers = [client_as("registrar"), client_as("supervisor")]
    pages = [print_page(browser, child) for browser in browsers]
    assert [send(page).status_code for page in pages] == [200, 200]
    assert [issue for _child, issue, _named in prints(app)] == [1, 2]
    with app.app_context():
        viewer = make.viewer()
        assert [each.id for each in card_numbers.holders(viewer, [child.id], lock=True)] == [child.id]
        assert card_numbers.number_for(db.session.get_one(Child, child.id), viewer, today())
        db.session.rollback()


def test_the_name_of_every_county_has_room_on_a_card(context: Flask) -> None:
    counties = db.session.scalars(select(Area.code).where(Area.level == 3, Area.valid_to.is_(None))).all()
    for tongue, size in (("zh", AREA), ("en", AREA_SMALL)):
        names = full_names_of(counties, tongue)
        wide = [name for name in names.values() if len(broken(name, size, TEXT_WIDTH)) > 2]
        assert wide == []
    assert len(counties) > 2500
