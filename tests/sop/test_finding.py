"""Words are found in the handbook wherever they stand in it, and shown with what is near them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sop.handbook import handbook
from sop.handbook.finding import find
from sop.handbook.parts import Chapter, Paragraph, Section

if TYPE_CHECKING:
    from sop.version import Sop

ON = date(2026, 11, 22)


def test_words_are_found_whatever_their_size_and_width_and_only_together(sop: Sop) -> None:
    book = handbook(sop, "en", ON)
    assert [found.section.key for found in find(book, "WAITING  ｌｉｓｔ")] == ["education"]
    assert list(find(book, "waiting elephant")) == list(find(book, " ")) == []
    found = next(find(book, "landlord refuses"), None)
    assert found is None


def test_the_line_shown_says_the_word_and_is_cut_to_what_is_near(sop: Sop) -> None:
    for found in find(handbook(sop, "zh", ON), "学位"):
        assert len(found.line) <= 122
    assert any("学位" in found.line for found in find(handbook(sop, "zh", ON), "学位"))


def test_names_heads_and_marks_of_tables_are_found_too(sop: Sop) -> None:
    book = handbook(sop, "en", ON)
    assert ("immunisation", "doses") in {
        (each.chapter.key, each.section.key) for each in find(book, "Tetanus pertussis")
    }
    assert {each.section.key for each in find(book, "also enter")} == set(sop.services)
    assert "doses" in {each.section.key for each in find(book, "to check")}


def test_characters_that_fold_into_several_do_not_move_the_line_shown() -> None:
    words = f"{'㎏' * 60} landlord {'x' * 200}"
    chapter = Chapter("a", "A", (Section("b", "B", (Paragraph(words),)),))
    (found,) = find([chapter], "landlord")
    assert found.line.index("landlord") == 31
