"""The handbook as one PDF: whole, its contents right, in the language asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from sop.handbook import handbook
from sop.handbook.parts import BETWEEN
from sop.version import in_force
from tests.documents import Document, check_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.client import Client


@pytest.fixture
def paper(client_as: Callable[..., Client], language: str) -> Document:
    answer = client_as("auditor").http.get(f"/handbook/print/{language}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="handbook-{language}.pdf"'
    return Document(answer.data)


def test_it_is_a_paper_as_all_others_are(paper: Document, language: str) -> None:
    check_document(paper, in_force(today()).handbook.title.in_language(language))
    assert {said for _kind, said, _alternative in paper.parts()} == {"zh-CN" if language == "zh" else "en"}


def test_it_holds_every_word_of_every_chapter(paper: Document, language: str) -> None:
    text = "".join(paper.text.split())
    missing = [
        piece
        for chapter in handbook(in_force(today()), language, today())
        for part in chapter.sections
        for said in part.said()
        for piece in said.split(BETWEEN)
        if len(piece) < 12 and "".join(piece.split()) not in text
    ]
    assert missing == []


def test_the_contents_name_the_page_on_which_each_chapter_begins(paper: Document, language: str) -> None:
    outline = [entry for entry in paper.reader.outline if not isinstance(entry, list)]
    chapters = handbook(in_force(today()), language, today())
    assert [entry["/Title"] for entry in outline] == [chapter.title for chapter in chapters]
    begins = [paper.reader.get_destination_page_number(entry) for entry in outline]
    front = "".join("".join(paper.pages[: begins[0]]).split())
    for entry, page in zip(outline, begins, strict=True):
        assert f"{''.join(str(entry['/Title']).split())}{page + 1}" in front
        assert "".join(str(entry["/Title"]).split()) in "".join(paper.pages[page].split())


def test_a_line_of_the_contents_leads_to_its_page(paper: Document) -> None:
    assert len(paper.reader.pages[0]["/Annots"]) > 20


def test_it_is_made_once_a_day(client_as: Callable[..., Client]) -> None:
    browser = client_as("auditor")
    first = browser.http.get("/handbook/print/zh.pdf").data
    assert browser.http.get("/handbook/print/zh.pdf").data == first
