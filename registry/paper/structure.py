"""The structure of a PDF: what is heading, paragraph or picture, in which language, in which order it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TAGS: Final = {"zh": "zh-CN", "en": "en"}


class Structure:
    """Collects the parts of a document while its pages are drawn.

    The library draws pages but knows no structure: the operators around each part are written into the page,
    the tree of parts is added to the document at its end. Anything that is no part is decoration ("artifact").
    """

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.document = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Document")})
        self.parts: list[PDFObjectReference] = []
        self.pages: list[list[PDFObjectReference]] = [[]]

    def begin(self, kind: str, language: str, alternative: str | None) -> None:
        """Begin a part of this page: P, H1, H2, Figure. `alternative`: what a picture says, in words."""
        page, document = self.pages[-1], self.canvas._doc  # noqa: SLF001 -- the library offers no other way in
        part: dict[str, Any] = {
            "Type": PDFName("StructElem"),
            "S": PDFName(kind),
            "P": document.Reference(self.document),
            "Pg": document.thisPageRef(),
            "K": len(page),
            "Lang": PDFString(TAGS[language]),
        }
        if alternative:
            part["Alt"] = PDFString(alternative)
        self._write(f"/{kind} <</MCID {len(page)}>> BDC")
        reference = document.Reference(PDFDictionary(part))
        page.append(reference)
        self.parts.append(reference)

    def begin_decoration(self) -> None:
        """Begin what is no part: lines, boxes, head and foot of a page."""
        self._write("/Artifact BMC")

    def end(self) -> None:
        """End a part or a decoration."""
        self._write("EMC")

    def turn_page(self) -> None:
        """End the page, and say in it which of the parts are its own."""
        self.canvas.showPage()
        page = self.canvas._doc.Pages.pages[-1]  # noqa: SLF001 -- see above
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self.pages) - 1
        page.Tabs = PDFName("S")
        self.pages.append([])

    def close(self) -> None:
        """Add the tree of parts to the document, once its last page has been turned."""
        document = self.canvas._doc  # noqa: SLF001 -- see above
        owners = [entry for number, page in enumerate(self.pages[:-1]) for entry in (number, PDFArray(page))]
        root = PDFDictionary(
            {
                "Type": PDFName("StructTreeRoot"),
                "K": document.Reference(self.document),
                "ParentTree": document.Reference(PDFDictionary({"Nums": PDFArray(owners)})),
                "ParentTreeNextKey": len(self.pages) - 1,
            }
        )
        self.document.dict |= {"P": document.Reference(root), "K": PDFArray(self.parts)}
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _write(self, operators: str) -> None:
        self.canvas._code.append(operators)  # noqa: SLF001 -- see above
