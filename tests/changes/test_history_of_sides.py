"""After a child arrived, the history keeps with the side before what that side noted and where its family stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children.answers import record_answer
from registry.children.history import record_change
from registry.children.models import Episode
from registry.children.queries import file_of
from registry.clock import today
from registry.database import db
from registry.vault.sealed import opened_fields
from sop.version import in_force
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from registry.children.models import Child
    from tests.client import Client
    from tests.factories import Factory

STREET, PHONE, ADULT, TRIP, NOTE, CONTACT = "7组42号", "154 0000 6666", "周敏", "外婆家", "与邻居不和", "王主任"
PLACE = {"area": VILLAGE, "block": None, "address": STREET, "answer": "given"}


def written(app: Flask, viewer: Viewer, child: Child) -> None:
    """Write what a side writes of a child and its family; the household is whatever it has now."""
    with app.test_request_context():
        of = (viewer, child.id)
        home = child.episodes[0].household_id
        record_change(*of, "household", home, "address", None, PLACE, "papers", NOTE)
        record_change(*of, "guardian", home, "guardian_phone", None, PHONE.replace(" ", ""), "papers", NOTE)
        told = {"household": str(home), "guardians": [ADULT], **PLACE}
        record_change(*of, "episode", home, "household", told, None, "papers", NOTE)
        record_change(*of, "episode", home, "absence", None, {"from": "2026-07-01", "where": TRIP}, "papers", NOTE)
        record_change(*of, "child", child.id, "name", "陈语桐", "陈雨桐", "papers", NOTE)
        question = in_force(today()).questions.question("committee_contact")
        record_answer(viewer, file_of(viewer, child.id), question, CONTACT, today())
        db.session.commit()


def arrived(app: Flask, child: Child, area: str) -> None:
    with app.app_context():
        db.session.get_one(Episode, child.episodes[0].id).area_code = area
        db.session.commit()


def history(browser: Client, child: Child) -> str:
    return browser.get(f"/changes/{child.id}/history").text


FAMILY = (STREET, PHONE, ADULT, TRIP, CONTACT)


def test_who_keeps_the_file_now_reads_that_the_other_side_changed_something_and_not_what(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(area=VILLAGE)
    make.area(COMMUNITY)
    written(app, make.viewer(area=VILLAGE), child)
    arrived(app, child, COMMUNITY)
    for role in ("registrar", "supervisor"):
        browser = client_as(role, language=language)
        text = history(browser, child)
        assert not {words for words in (*FAMILY, NOTE) if words in text}
        assert "陈语桐" in text  # of the child itself the history is whole
        assert text.count({"zh": "由原填写单位留存", "en": "Stays with the office that wrote it"}[language]) == 5


def test_of_a_sensitive_answer_of_the_family_elsewhere_not_even_the_question_is_told(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, viewer = make.child(area=VILLAGE), make.viewer(area=VILLAGE)
    make.area(COMMUNITY)
    with app.test_request_context():
        record_answer(viewer, file_of(viewer, child.id), in_force(today()).questions.question("aid"), ["none"], today())
        db.session.commit()
    arrived(app, child, COMMUNITY)
    text = history(client_as("registrar", language="en"), child)
    assert "An answer of the full file" in text
    assert "Aid received" not in text


def test_what_stays_elsewhere_is_not_even_opened(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child(area=VILLAGE)
    make.area(COMMUNITY)
    written(app, make.viewer(area=VILLAGE), child)
    arrived(app, child, COMMUNITY)
    browser = client_as("registrar")
    with opened_fields() as opened:
        history(browser, child)
    fields = [field for field, _row in opened if field.startswith("child_change")]
    assert sorted(fields) == ["child_change.after", "child_change.before"]  # of the name, once


def test_the_own_side_reads_all_of_it(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child = make.child()
    written(app, make.viewer(), child)
    for browser in (client_as("registrar"), client_as("supervisor", area=COMMUNITY[:9] + "000")):
        text = history(browser, child)
        assert {words for words in (*FAMILY, NOTE, "陈语桐") if words in text} == {*FAMILY, NOTE, "陈语桐"}


def test_what_the_supervisor_of_the_township_wrote_the_registrar_reads(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    written(app, make.viewer("supervisor", area=COMMUNITY[:9] + "000"), child)
    text = history(client_as("registrar"), child)
    assert all(words in text for words in (*FAMILY, NOTE))


def test_the_protection_officer_reads_the_notes_and_not_where_a_family_elsewhere_stayed(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(area=VILLAGE)
    make.area(COMMUNITY)
    written(app, make.viewer(area=VILLAGE), child)
    arrived(app, child, COMMUNITY)
    with app.app_context():
        row = db.session.get_one(Episode, child.episodes[0].id).child
        row.protected = True
        db.session.commit()
    text = history(client_as("protection_officer"), child)
    assert NOTE in text
    assert not {words for words in FAMILY if words in text}
