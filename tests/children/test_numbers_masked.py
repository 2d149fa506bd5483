"""Numbers of documents and of pupils: masked where a section is opened to be changed, and kept where left empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children.answers import answers_of
from registry.children.queries import file_of
from registry.clock import today
from tests.children.test_full_file import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from sop.questions import Value
    from tests.client import Client, Page
    from tests.factories import Factory

PASSPORT, PUPIL = "E1234567", "G320402201906149019"


def known(app: Flask, make: Factory, child: Child, key: str) -> Value | None:
    viewer = make.viewer()
    with app.test_request_context():
        return answers_of(viewer, file_of(viewer, child.id), today()).values.get(key)


def with_passport(browser: Client, child: Child) -> Page:
    answers = {"other_document": PASSPORT, "other_document_kind": "03"}
    page_of(browser, child, "identity").submit(answers, status=200)
    return page_of(browser, child, "identity", "answers")


def test_a_pupils_number_is_masked_and_stays_where_the_field_is_left_empty(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child, browser = make.child(), client_as("registrar", language=language)
    page_of(browser, child, "school").submit({"student_number": PUPIL}, status=200)
    page = page_of(browser, child, "school", "answers")
    assert PUPIL not in str(page.soup)
    assert {"zh": "不填则保持不变", "en": "Left empty, it stays"}[language] in page.text
    page.submit({"school_name": "采菱小学"}, status=200)
    assert known(app, make, child, "student_number") == PUPIL


def test_a_document_left_empty_stays_and_its_kind_alone_can_be_put_right(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(number=None), client_as("registrar")
    page = with_passport(browser, child)
    assert PASSPORT not in str(page.soup)
    page.submit({}, status=200)
    assert known(app, make, child, "other_document") == {"kind": "03", "number": PASSPORT}
    page_of(browser, child, "identity", "answers").submit({"other_document_kind": "04"}, status=200)
    assert known(app, make, child, "other_document") == {"kind": "04", "number": PASSPORT}


def test_a_number_is_replaced_by_another_one_or_by_a_refusal(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, browser = make.child(number=None), client_as("registrar")
    with_passport(browser, child).submit({"other_document": "K7654321"}, status=200)
    assert known(app, make, child, "other_document") == {"kind": "03", "number": "K7654321"}
    page_of(browser, child, "identity", "answers").submit({"other_document_answer": "refused"}, status=200)
    assert known(app, make, child, "other_document") == {"withheld": "refused"}


def test_who_saves_second_sees_the_others_number_masked(make: Factory, client_as: Callable[..., Client]) -> None:
    child, browser = make.child(number=None), client_as("registrar")
    page = with_passport(browser, child)
    page_of(browser, child, "identity", "answers").submit({"other_document": "K7654321"}, status=200)
    met = page.submit({"other_document": "E7777777"}, status=409)
    assert "K7654321" not in str(met.soup)
    assert dict(met.values())["other_document"] == "E7777777"  # what was typed here is kept
