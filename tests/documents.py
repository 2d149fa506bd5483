"""Reads finished PDF documents as others do: their text, fonts, sizes, structure, and the QR codes on their pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pypdfium2
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterator

A4 = (595, 842)


class Document:
    """A PDF, opened by two readers that share no code."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self.root: Any = self.reader.trailer["/Root"]

    @property
    def pages(self) -> list[str]:
        """The text of each page, as the second reader (the one of a browser) copies it."""
        opened = pypdfium2.PdfDocument(self.data)
        try:
            return [page.get_textpage().get_text_bounded() for page in opened]
        finally:
            opened.close()

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def sizes(self) -> set[tuple[int, int]]:
        return {(round(page.mediabox.width), round(page.mediabox.height)) for page in self.reader.pages}

    def fonts(self) -> Iterator[Any]:
        """Every font of every page."""
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():
                yield font.get_object()

    def codes(self) -> list[list[str]]:
        """What the QR codes of each page say, read from its picture."""
        opened = pypdfium2.PdfDocument(self.data)
        try:
            pictures = [page.render(scale=3).to_pil() for page in opened]
        finally:
            opened.close()
        return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]

    def parts(self) -> list[tuple[str, str, str | None]]:
        """The parts of the structure in their order: kind, language, and what a picture says in words."""
        document = self.root["/StructTreeRoot"]["/K"].get_object()
        parts = [each.get_object() for each in document["/K"]]
        return [(part["/S"], part["/Lang"], part.get("/Alt")) for part in parts]


def check_document(document: Document, title: str) -> None:
    """Fail unless a document has what every paper of the registry has."""
    assert document.sizes == {A4}
    assert document.root["/Lang"] == "zh-CN"
    assert document.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.root["/MarkInfo"]["/Marked"]
    assert title in (document.reader.metadata or {})["/Title"]
    fonts = list(document.fonts())
    assert fonts
    for font in fonts:
        assert "NotoSansSC" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"], "the font is not embedded"
    for number, text in enumerate(document.pages, 1):
        assert f"Page {number} of {len(document.pages)}" in text
        assert f"第{number}页，共{len(document.pages)}页" in text
        assert "2026-11" in text
