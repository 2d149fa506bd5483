"""The handbook as one PDF: whole, its contents right, in the language asked for."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import pypdfium2
import pytest

from registry.clock import today
from sop.handbook.parts import BETWEEN
from sop.version import in_force
from tests.documents import Document, check_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from sop.handbook.parts import Chapter
    from tests.client import Client


FOOT: Final = 3  # lines at the foot of a page: title, version, sample data


def squeezed(text: str) -> str:
    return "".join(text.split())


def written(paper: Document) -> list[str]:
    """Return what stands on each page above its foot."""
    return ["".join(page.splitlines()[:-FOOT]) for page in paper.pages]


def overlapping(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two boxes (left, bottom, right, top) have more than a point of length in common both ways."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    return across > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 1


@pytest.fixture
def paper(client_as: Callable[..., Client], language: str) -> Document:
    answer = client_as("auditor").http.get(f"/handbook/print/{language}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="handbook-{language}.pdf"'
    return Document(answer.data)


def test_it_is_a_paper_as_all_others_are(paper: Document, language: str) -> None:
    check_document(paper, in_force(today()).handbook.title.in_language(language))
    assert {said for _kind, said, _alternative in paper.parts()} == {"zh-CN" if language == "zh" else "en"}


def test_it_holds_every_word_of_every_chapter(paper: Document, chapters: tuple[Chapter, ...]) -> None:
    text = "".join(squeezed(page) for page in written(paper))
    pieces = [
        piece
        for chapter in chapters
        for part in chapter.sections
        for said in part.said()
        for piece in said.split(BETWEEN)
    ]
    assert max(map(len, pieces)) > 80
    assert [piece for piece in pieces if squeezed(piece) not in text] == []


def test_words_of_facts_never_stand_over_each_other(paper: Document) -> None:
    opened = pypdfium2.PdfDocument(paper.data)
    try:
        for page in opened:
            text = page.get_textpage()
            boxes = [text.get_rect(number) for number in range(text.count_rects())]
            assert [pair for pair in combinations(boxes, 2) if overlapping(*pair)] == []
    finally:
        opened.close()


def test_every_part_of_a_step_stands_on_one_page(paper: Document, chapters: tuple[Chapter, ...]) -> None:
    pages = [squeezed(page) for page in paper.pages]
    (steps,) = (each for each in chapters if each.key == "steps")
    for part in steps.sections:
        said = [squeezed(piece) for line in part.said() for piece in line.split(BETWEEN)]
        assert any(all(piece in page for piece in said) for page in pages), part.title


def test_the_contents_name_the_page_on_which_each_chapter_begins(
    paper: Document, chapters: tuple[Chapter, ...]
) -> None:
    outline = [entry for entry in paper.reader.outline if not isinstance(entry, list)]
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
