"""The full file behind the quick form: what is asked of whom, what is never asked again, what refusing costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Change, Child, Episode, HouseholdAnswer, Schooling
from registry.clock import today
from registry.database import db
from registry.vault.service import find_children
from sop.questions import REFUSED
from sop.version import in_force
from tests.client import OPENER
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

HEALTH = {"health": "healthy", "insurance": "here", "aid": ["none"]}


def asked_on(page: Page) -> set[str]:
    """The questions on a page, by key."""
    return {name.removeprefix("seen-") for name, _value in page.values() if name.startswith("seen-")}


def page_of(browser: Client, child: Child, section: str, way: str = "questions") -> Page:
    return browser.get(f"/children/{child.id}/{way}/{section}")


def refusing(app: Flask, page: Page) -> dict[str, Any]:
    """Decline every question of a page."""
    with app.app_context():
        asked = [in_force(today()).questions.question(key) for key in asked_on(page)]
    names = {"choice": "{}", "multi": "{}"}
    return {names.get(question.kind, "{}_answer").format(question.key): REFUSED for question in asked}


def test_only_what_is_not_known_is_asked_section_by_section(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child(hukou="321322117000")
    browser = client_as("registrar")
    page = browser.get(f"/children/{child.id}/questions")
    assert page.path.endswith("/questions/identity")
    assert asked_on(page) == {"birth_certificate"}  # the ID number is known, so no other document is asked for
    page = page.submit({"birth_certificate": "seen"})
    assert page.path.endswith("/questions/residence")
    assert asked_on(page) == {"hukou_registered", "hukou_type", "residence_permit"}  # the township is known
    page = page.submit({})
    assert page.path.endswith("/questions/school")
    assert "school" not in asked_on(page)  # the quick form asked


def test_a_known_answer_is_never_asked_again_and_stands_on_the_file(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    browser = client_as("registrar", language=language)
    before = page_of(browser, child, "health")
    assert {"health", "insurance", "aid"} <= asked_on(before)
    before.submit(HEALTH)
    after = browser.get(f"/children/{child.id}/questions/health")
    assert not asked_on(after) & {"health", "insurance", "aid"} if after.select("form#form") else True
    said = {"zh": ("健康", "在本地参保"), "en": ("Healthy", "Insured here")}[language]
    file = browser.get(f"/children/{child.id}")
    assert all(words in file.text for words in said)


def test_every_question_may_be_declined_and_is_not_asked_again(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=None)
    browser = client_as("registrar")
    page = browser.get(f"/children/{child.id}/questions")
    for _section in in_force(today()).questions.sections:
        if page.select("form#form"):
            page = page.submit(refusing(app, page))
    assert page.path == f"/children/{child.id}"
    assert page.select(".app-todo a[href$=questions]") == []
    assert browser.get(f"/children/{child.id}/questions").path == f"/children/{child.id}"
    assert "拒答" in page.text


def test_declining_costs_nothing(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page = page_of(client_as("registrar"), child, "residence")
    page.submit(refusing(app, page), status=200)
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        assert episode.status == "active"
        assert episode.flags == child.episodes[0].flags
        assert db.session.get_one(Child, child.id).hukou.open(OPENER) == "321322000000"  # the county stays known


def test_an_answer_that_opens_a_question_is_followed_by_it(make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child(certificate="none")
    page = page_of(client_as("registrar"), child, "health").submit(HEALTH | {"health": "disabled"})
    assert page.path.endswith("/questions/health")
    assert asked_on(page) == {"disability_kind", "disability_grade"}
    page = page.submit({"disability_kind": "limbs"})
    assert page.path.endswith("/questions/contact")  # what was left open is not pressed for


def test_what_depends_on_an_answer_is_not_asked_before_it(make: Factory, client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    school = asked_on(page_of(browser, make.child(school="none"), "school"))
    assert school == {"not_in_school"}
    assert "student_number" in asked_on(page_of(browser, make.child(school="junior"), "school"))


def test_answers_that_the_file_keeps_itself_are_written_there(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(certificate="unseen")
    browser = client_as("registrar")
    page_of(browser, child, "health").submit(HEALTH | {"certificate": "seen"})
    page_of(browser, child, "school").submit({"school_kind": "private", "school_name": "采菱小学", "boarding": "no"})
    with app.app_context():
        kept = db.session.get_one(Child, child.id)
        (spell,) = db.session.scalars(select(Schooling).where(Schooling.child_id == child.id))
        assert kept.certificate == "seen"
        assert (spell.kind.open(OPENER), spell.school.open(OPENER)) == ("private", "采菱小学")
        told: Any = db.session.get_one(Episode, child.episodes[0].id).circumstances.open(OPENER)
        assert told["boarding"] == "no"
    file = browser.get(f"/children/{child.id}")
    assert "采菱小学" in file.text
    assert "看预防接种证" not in file.text


def test_the_township_of_the_hukou_settles_what_was_to_be_settled(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    town = "320402001000"
    child = make.child(hukou="320402000000", hukou_county="320402000000", flags=("provisional",))
    browser = client_as("registrar")
    page = page_of(browser, child, "residence")
    assert ("hukou_place-3", "320402000000") in page.values()  # the county is known, only the township is chosen
    page.submit({"hukou_registered": "yes"}, status=200)
    assert "hukou_place" in asked_on(page_of(browser, child, "residence"))  # left as it was, nothing is answered
    page_of(browser, child, "residence").submit({"hukou_place-4": town}, status=200)
    with app.app_context():
        kept = db.session.get_one(Child, child.id)
        assert kept.hukou.open(OPENER) == town
        assert "migrant_statistical" in db.session.get_one(Episode, child.episodes[0].id).flags
        changes = db.session.scalars(select(Change.field).where(Change.child_id == child.id)).all()
        assert set(changes) == {"hukou_registered", "hukou", "flags"}


def test_another_document_finds_the_child(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child(number=None)
    browser = client_as("registrar")
    page = page_of(browser, child, "identity").submit({"other_document": "e1234567"}, status=422)
    assert set(page.errors) == {"other_document"}
    page.submit({"other_document": "e 123-4567", "other_document_kind": "03"}, status=200)
    with app.app_context():
        assert find_children(db.session(), "document", "03", "E1234567") == [child.id]
    file = browser.get(f"/children/{child.id}")
    assert "E1234567" not in str(file.soup)  # masked, as every number
    page = page_of(browser, child, "identity", "answers")
    assert "E1234567" not in str(page.soup)
    assert page.submit({}).path == f"/children/{child.id}"  # left empty, it stays
    with app.app_context():
        assert find_children(db.session(), "document", "03", "E1234567") == [child.id]
    page_of(browser, child, "identity", "answers").submit({"other_document": "K7654321"}, status=200)
    with app.app_context():
        assert find_children(db.session(), "document", "03", "E1234567") == []
        assert find_children(db.session(), "document", "03", "K7654321") == [child.id]


def test_what_is_the_same_for_the_household_is_asked_once(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    one, other = make.child(household=home), make.child(household=home)
    browser = client_as("registrar")
    page_of(browser, one, "residence").submit({"residence_permit": "yes"})
    assert "residence_permit" not in asked_on(page_of(browser, other, "residence"))
    with app.app_context():
        (row,) = db.session.scalars(select(HouseholdAnswer))
        assert row.household_id == home.id
        told = db.session.scalars(select(Change.child_id).where(Change.field == "residence_permit")).all()
        assert set(told) == {one.id, other.id}  # the history of each


@pytest.mark.parametrize("way", ["questions", "questions/health", "answers/health"])
@pytest.mark.parametrize("values", [{"area": ELSEWHERE}, {"protected": True}])
def test_the_next_area_and_who_may_not_see_a_protected_file_get_nothing(
    make: Factory, client_as: Callable[..., Client], way: str, values: dict[str, Any]
) -> None:
    child, own = make.child(**values), make.child()
    browser = client_as("registrar")
    browser.get(f"/children/{child.id}/{way}", status=404)
    token = page_of(browser, own, "health").values()
    if way != "questions":
        browser.post(f"/children/{child.id}/{way}", token, status=404)


def test_a_section_that_is_not_there_is_not_there(make: Factory, client_as: Callable[..., Client]) -> None:
    client_as("registrar").get(f"/children/{make.child().id}/questions/moon", status=404)


def test_the_supervisor_of_the_township_may_answer_and_the_protection_officer_only_read(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(protected=True)
    officer = client_as("protection_officer")
    officer.get(f"/children/{child.id}/questions/health", status=403)
    assert officer.get(f"/children/{child.id}").select("a[href*=answers]") == []
    page_of(client_as("supervisor"), make.child(), "health").submit(HEALTH, status=200)


def test_opening_a_section_is_recorded(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    page_of(client_as("registrar"), child, "health")
    with app.app_context():
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened"))
        assert event.details == {"part": "answers"}
        assert [one.child_id for one in event.children] == [child.id]


def test_what_a_child_was_asked_elsewhere_comes_along_where_files_were_merged(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    kept, merged = make.child(), make.child()
    browser = client_as("registrar")
    page_of(browser, merged, "health").submit(HEALTH)
    with app.app_context():
        db.session.get_one(Child, merged.id).merged_into = kept.id
        db.session.commit()
    assert "insurance" not in asked_on(page_of(browser, kept, "health"))


def test_the_address_of_a_merged_file_leads_to_the_one_that_was_kept(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    kept = make.child()
    merged = make.child(merged_into=kept.id)
    assert client_as("registrar").get(f"/children/{merged.id}").path == f"/children/{kept.id}"
