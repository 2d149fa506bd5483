"""The list to take home: every paper in both languages with a box, on A4, and its print recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from sop.version import in_force
from tests.documents import A4, Document, check_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.admission.conftest import Families
    from tests.client import Client

NAME = "陈雨桐"


def printed(browser: Client, child: Any, query: str = "") -> Any:
    answer = browser.http.get(f"/admission/{child.id}/paper{query}")
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "changzhou_2024"), ("?stage=transfer", "national_transfer"), ("?stage=x", "changzhou_2024")],
)
def test_it_names_the_child_and_every_paper_with_issuer_form_and_time_in_both_languages(
    families: Families, client_as: Callable[..., Client], query: str, code: str, language: str
) -> None:
    answer = printed(client_as("registrar", language=language), families.child(1), query)
    document, sop = Document(answer.data), in_force(today())
    check_document(document, document.reader.metadata.title or "")
    text = "".join(document.text.split())
    asked = sop.documents.checklists[code]
    said = [asked.placement, asked.source, *asked.notes, *(each.name for each in asked.requirements)]
    said += [words for each in asked.papers for words in (each.name, each.issuer, each.valid) if words]
    said += [sop.codes["document_need"].text(each.need) for each in asked.requirements]
    for words in said:
        for tongue in ("zh", "en"):
            assert "".join(words.in_language(tongue).split()) in text
    assert NAME in text
    assert document.sizes == {A4}
    assert len(document.pages) <= 2


def test_the_list_of_an_admission_fits_on_one_page(families: Families, client_as: Callable[..., Client]) -> None:
    assert len(Document(printed(client_as("registrar"), families.child(1)).data).pages) == 1


def test_what_was_ticked_is_marked_on_it(families: Families, client_as: Callable[..., Client]) -> None:
    child, browser = families.child(1), client_as("registrar", language="en")
    before = Document(printed(browser, child).data).text
    browser.get(f"/admission/{child.id}").submit({"paper": ["hukou_book"]})
    after = Document(printed(browser, child).data).text
    assert "Household register (seen already)" in after
    assert "seen already" not in before


def test_its_file_names_nobody_is_kept_by_no_computer_and_is_recorded(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    answer = printed(client_as("supervisor"), families.child(1))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'inline; filename="papers-to-bring.pdf"'
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "paper_printed")).all()
        assert [(event.details, len(event.children)) for event in events] == [({"paper": "admission"}, 1)]
