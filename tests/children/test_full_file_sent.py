"""Answers of the full file as they are sent and kept: changed, faulty, twice, in the other language, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Change, Child, ChildAnswer, HouseholdAnswer
from registry.database import db
from registry.vault.evening import without_filling
from tests.children.test_full_file import HEALTH, asked_on, page_of
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def answer_of(app: Flask, child: Child, key: str) -> Any:
    with app.app_context():
        rows = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == child.id)).all()
        opened: list[Any] = [row.value.open(OPENER) for row in rows]
        return next((values[key] for values in opened if key in values), None)


def bare(value: Any) -> Any:
    """Open a value of a history, without what makes it as long as any other."""
    opened = value.open(OPENER)
    return without_filling(opened) if opened else None


def test_what_was_answered_can_be_changed_and_the_history_keeps_what_it_was(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(certificate="none")
    browser = client_as("registrar")
    page_of(browser, child, "health").submit(HEALTH)
    page = page_of(browser, child, "health", "answers")
    assert ("health", "healthy") in page.values()
    changed = page.submit({"health": "ill"})
    assert asked_on(changed) == {"disease"}
    changed.submit({"disease": "哮喘"})
    with app.app_context():
        rows = db.session.scalars(select(Change).where(Change.subject == "answer").order_by(Change.id)).all()
        told = [(bare(row.before), bare(row.after)) for row in rows if row.field == "sensitive"]
        assert told[-2:] == [({"health": "healthy"}, {"health": "ill"}), (None, {"disease": "哮喘"})]
        assert {row.user_id for row in rows} != {None}


def test_an_answer_is_replaced_by_an_answer_and_never_by_nothing(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    page_of(browser, child, "school").submit({"school_name": "采菱小学"})
    page = page_of(browser, child, "school", "answers").submit({"school_name": ""}, status=422)
    assert set(page.errors) == {"school_name"}
    page.submit({"school_name": "", "school_name_answer": "unknown"}, status=200)
    assert "school_name" in asked_on(page_of(browser, child, "school"))  # what nobody knows is asked again


@pytest.mark.parametrize(
    ("section", "typed", "field"),
    [
        ("contact", {"committee_phone": "12345"}, "committee_phone"),
        ("school", {"student_number": "学籍1"}, "student_number"),
        ("school", {"grade_class": "二" * 21}, "grade_class"),
        ("health", {"aid": ["none", "medical"]}, "aid"),
    ],
)
def test_what_cannot_be_comes_back_with_everything_typed(
    make: Factory, client_as: Callable[..., Client], language: str, section: str, typed: dict[str, Any], field: str
) -> None:
    child = make.child()
    page = page_of(client_as("registrar", language=language), child, section)
    answer = page.submit(typed, status=422)
    assert set(answer.errors) == {field}
    sent = {name: [value for key, value in answer.values() if key == name] for name in typed}
    assert sent == {name: sorted(given) if isinstance(given, list) else [given] for name, given in typed.items()}


def test_a_code_that_is_not_offered_is_refused(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = page_of(client_as("registrar"), child, "health")
    pairs = [pair for pair in page.values() if pair[0] != "insurance"]
    answer = page.client.post(page.path, [*pairs, ("insurance", "moon")], status=422)
    assert set(answer.errors) == {"insurance-here"}


def test_a_second_click_changes_nothing(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = page_of(client_as("registrar"), child, "health")
    for _click in range(2):
        page.submit(HEALTH)
    with app.app_context():
        fields = db.session.scalars(select(Change.field).where(Change.child_id == child.id)).all()
        assert sorted(fields) == ["insurance", "sensitive", "sensitive"]


def test_the_language_is_switched_with_everything_typed_kept(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    page = page_of(browser, child, "contact")
    browser.language = "en"
    english = page.submit({"committee_contact": "王秀芳"}, button=("_language", "en"), status=200)
    assert ("committee_contact", "王秀芳") in english.values()
    assert english.h1 == "Contact"
    assert answer_of(app, child, "committee_contact") is None


def test_the_names_of_stored_rows_say_nothing_of_health(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page_of(client_as("registrar"), child, "health").submit(HEALTH | {"health": "ill"}).submit({"disease": "哮喘"})
    assert answer_of(app, child, "disease") == "哮喘"
    with app.app_context():
        rows = db.session.scalars(select(ChildAnswer.question).where(ChildAnswer.child_id == child.id)).all()
        assert set(rows) == {"sensitive", "insurance"}
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_changed")).all()
        assert {str(event.details) for event in events} == {"{'field': 'answers', 'before': None}"}


def test_the_size_of_what_is_stored_tells_no_illness_from_health(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    well, ill = make.child(), make.child()
    browser = client_as("registrar")
    page_of(browser, well, "health").submit(HEALTH | {"aid": ["medical"]})
    page_of(browser, ill, "health").submit(HEALTH | {"health": "ill"}).submit({"disease": "系统性红斑狼疮" * 8})
    with app.app_context():
        changed = select(Change.after_sealed).where(Change.field == "sensitive")
        rows = [
            select(table.value_sealed).where(table.question == "sensitive") for table in (ChildAnswer, HouseholdAnswer)
        ]
        sealed = [value for statement in (changed, *rows) for value in db.session.scalars(statement)]
    assert len(sealed) == 9
    assert len({len(value) for value in sealed}) == 1


def test_a_section_takes_the_same_number_of_statements_however_many_answers_there_are(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    child = make.child(household=home)
    for _other in range(2):
        make.child(household=home)
    browser = client_as("registrar")
    page = page_of(browser, child, "health")
    with statements(app) as before:
        page_of(browser, child, "health")
    page.submit(HEALTH)
    for _other in range(3):
        make.child(household=home)
    with statements(app) as after:
        page_of(browser, child, "health", "answers")
    assert len(after) == len(before)


def test_no_address_of_these_pages_holds_more_than_ids_and_sections(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = page_of(client_as("registrar"), child, "contact").submit({"committee_contact": "王秀芳"})
    assert page.path == f"/children/{child.id}"
    assert COMMUNITY not in page.path
    assert "王秀芳" not in str(page.soup.title)
