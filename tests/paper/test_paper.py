"""What every paper promises: characters that copy, lines that fit, parts that are read in order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pypdf
import pytest

from registry.paper.lettering import broken, size_to_fit, width_of
from registry.paper.pieces import Blank, Boxes, Group, Tick, arranged
from registry.paper.qr import qr_code
from registry.paper.sheet import LEFT, TOP, Imprint, Letters, Sheet
from sop.content import Text
from tests.documents import Document, check_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

RARE = "𬀩䶮㛃𫍣𠅤䴙"
TITLE = Text("试印", "Trial print")


@pytest.fixture
def sheet(app: Flask) -> Iterator[Sheet]:
    with app.test_request_context():
        yield Sheet(Imprint(TITLE, "2026-11", sample=True))


def test_rare_characters_of_names_are_copied_as_they_are_by_two_readers(sheet: Sheet) -> None:
    sheet.text((LEFT, TOP - 20), f"李{RARE}·阿卜杜", Letters(12))
    document = Document(sheet.pdf())
    assert f"李{RARE}·阿卜杜" in document.text
    assert f"李{RARE}·阿卜杜" in document.reader.pages[0].extract_text()


def test_more_characters_than_one_part_of_a_font_holds_are_copied_too(sheet: Sheet) -> None:
    many = [chr(0x4E00 + number) for number in range(600)]
    for row in range(20):
        sheet.text((LEFT, TOP - 20 - row * 14), "".join(many[row * 30 : row * 30 + 30]), Letters(9))
    document = Document(sheet.pdf())
    assert set(many) <= set(document.text)
    assert len(list(document.fonts())) > 2


def test_a_document_is_titled_tagged_and_says_its_language_version_and_pages(sheet: Sheet) -> None:
    sheet.text((LEFT, TOP - 20), "标题", Letters(16, bold=True), kind="H1")
    sheet.both((LEFT, TOP - 40), Text("姓名", "Name"), Letters(10))
    sheet.turn()
    sheet.picture(LEFT, TOP - 100, 80, qr_code("C321322227K4M2QXR"), "二维码 QR code")
    document = Document(sheet.pdf())
    check_document(document, "试印 Trial print")
    assert document.parts() == [
        ("/H1", "zh-CN", None),
        ("/P", "zh-CN", None),
        ("/P", "en", None),
        ("/Figure", "zh-CN", "二维码 QR code"),
    ]
    numbers = document.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert [len(entry) for entry in numbers[1::2]] == [3, 1]
    assert [page["/StructParents"] for page in document.reader.pages] == [0, 1]


def test_every_mark_on_a_page_is_a_part_or_decoration(sheet: Sheet) -> None:
    sheet.text((LEFT, TOP - 20), "文字", Letters(10))
    sheet.frame(LEFT, TOP - 60, 20, 20)
    sheet.line(LEFT, TOP - 70, LEFT + 50, TOP - 70, dashed=True)
    page = Document(sheet.pdf()).reader.pages[0]
    content = pypdf.generic.ContentStream(page["/Contents"].get_object(), page.pdf)
    depth, outside = 0, []
    for _operands, operator in content.operations:
        depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
        if depth == 0 and operator in {b"Tj", b"TJ", b"re", b"S", b"f", b"Do"}:
            outside.append(operator)
    assert (depth, outside) == (0, [])


@pytest.mark.parametrize("sample", [True, False])
def test_sample_data_says_so_on_every_page_and_real_data_does_not(app: Flask, sample: bool) -> None:
    with app.test_request_context():
        sheet = Sheet(Imprint(TITLE, "2026-11", sample))
        sheet.turn()
        pages = Document(sheet.pdf()).pages
    assert [("示例数据" in page, "Sample data" in page) for page in pages] == [(sample, sample)] * 2


def test_lines_keep_latin_words_whole_and_begin_with_no_closing_mark() -> None:
    text = "我们问孩子的姓名（Name of the child）、性别、出生日期，也问监护人的姓名、与孩子的关系和电话。" * 4
    for width in range(60, 400, 7):
        lines = broken(text, 9, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width_of(line, 9) <= width for line in lines)
        assert not any(line[0] in "，。、）" for line in lines)
        assert not any(line[-1] == "（" for line in lines)
        if width > 100:
            joined = "\n".join(lines)
            assert all(joined.count(word) == text.count(word) for word in ("Name", "child"))


def test_a_word_wider_than_a_line_is_broken_and_nothing_is_lost() -> None:
    lines = broken("A" * 200, 10, 100)
    assert "".join(lines) == "A" * 200
    assert all(width_of(line, 10) <= 100 for line in lines)
    assert broken("", 10, 100) == [""]


def test_long_names_are_written_smaller_but_never_illegibly() -> None:
    assert size_to_fit("陈雨桐", 12, 200) == 12
    long = "阿依古丽·买买提江·阿卜杜热合曼"
    assert width_of(long, size_to_fit(long, 12, 150)) <= 150.01
    assert size_to_fit("字" * 100, 12, 100) == 6


def test_pieces_of_an_answer_never_reach_over_its_cell() -> None:
    ticks = tuple(Tick(Text("没有上学" * repeat, "Not in school")) for repeat in range(1, 6))
    pieces = [*ticks, Blank(), Group(ticks[:2]), Boxes((6, 8, 4))]
    for line in arranged(pieces, 300):
        assert all(x + width <= 300.01 for _piece, x, width in line)
        ends = [(x, x + width) for _piece, x, width in line]
        assert all(end <= start for (_start, end), (start, _end) in itertools.pairwise(ends))
