"""Cards on paper: eight to an A4 page with marks to cut by, each with its number as text and as a QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.paper.lettering import broken, size_to_fit, width_of
from registry.paper.qr import qr_code
from registry.paper.said import both
from registry.paper.sheet import BRAND, ENGLISH, FAINT, HEIGHT, INK, MM, QUIET, WIDTH, Imprint, Letters, Sheet
from sop.card import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.cards.service import Card
    from sop.content import Text

WIDE, HIGH = 85.6 * MM, 54.0 * MM  # as bank cards (ISO/IEC 7810, ID-1)
COLUMNS, ROWS = 2, 4
ON_PAGE: Final = COLUMNS * ROWS
LEFT: Final = (WIDTH - COLUMNS * WIDE) / 2
TOP: Final = HEIGHT - 24 * MM
MARK: Final = 4 * MM
INSET: Final = 4 * MM
BAND: Final = 10 * MM
QR: Final = 26 * MM
TEXT_WIDTH: Final = WIDE - QR - INSET - 4 * MM
FOOT_WIDTH: Final = WIDE - 2 * INSET
LABEL, AREA, AREA_SMALL, SMALL = 6.4, 8.0, 6.4, 6.4
WHITE: Final = "#ffffff"


def cards_paper(cards: Sequence[Card], version: str, *, sample: bool) -> bytes:
    """Return cards as PDF, in their order: A4, two beside each other in four rows."""
    sheet = Sheet(Imprint(both(lambda: _("Child service cards")), version, sample))
    for number, card in enumerate(cards):
        place = number % ON_PAGE
        if number and not place:
            sheet.turn()
        row, column = divmod(place, COLUMNS)
        x, y = LEFT + column * WIDE, TOP - (row + 1) * HIGH
        _cut_marks(sheet, x, y)
        _card(sheet, x, y, card, sample=sample)
    return sheet.pdf()


def _cut_marks(sheet: Sheet, x: float, y: float) -> None:
    """Draw a faint border, and marks at the corners that lie outside of every card."""
    sheet.frame(x, y, WIDE, HIGH, ink=FAINT)
    right = LEFT + COLUMNS * WIDE
    for edge in (y, y + HIGH):
        sheet.line(LEFT - MARK - MM, edge, LEFT - MM, edge, ink=INK)
        sheet.line(right + MM, edge, right + MM + MARK, edge, ink=INK)
    for edge in (x, x + WIDE):
        sheet.line(edge, TOP + MM, edge, TOP + MM + MARK, ink=INK)


def _card(sheet: Sheet, x: float, y: float, card: Card, *, sample: bool) -> None:
    _band(sheet, x, y + HIGH - BAND, sample=sample)
    left, line = x + INSET, y + HIGH - BAND - 4 * MM
    if card.name:
        line = _fact(sheet, left, line, both(lambda: _("Name")), card.name, 12)
    line = _fact(sheet, left, line, both(lambda: _("Card number")), grouped(card.number), 12)
    _area(sheet, left, line, card.area)
    said = both(lambda: _("QR code: %(number)s", number=grouped(card.number)))
    place = x + WIDE - QR - 2 * MM, y + HIGH - BAND - QR - 1.5 * MM
    sheet.picture(*place, QR, qr_code(card.number), f"{said.zh} {said.en}")
    _foot(sheet, left, y + 5.4 * MM, card.issue)


def _band(sheet: Sheet, x: float, y: float, *, sample: bool) -> None:
    title, base = both(lambda: _("Child service card")), y + 3 * MM
    sheet.frame(x, y, WIDE, BAND, fill=BRAND, ink=BRAND)
    sheet.text((x + INSET, base), title.zh, Letters(13, WHITE, bold=True), kind="H2")
    behind = x + INSET + width_of(title.zh, 13) + 6
    sheet.text((behind, base), title.en, Letters(8.5, WHITE), language="en", kind="H2")
    if sample:
        words = both(lambda: _("Sample data")).zh
        sheet.text((x + WIDE - INSET - width_of(words, 8), base), words, Letters(8, WHITE))


def _fact(sheet: Sheet, x: float, y: float, label: Text, value: str, size: float) -> float:
    """Write a label and below it a value, smaller where it is long; returns where the next one goes."""
    sheet.both((x, y), label, Letters(LABEL, QUIET), gap=3)
    base = y - size
    sheet.text((x, base), value, Letters(size_to_fit(value, size, TEXT_WIDTH), bold=True))
    return base - 4 * MM


def _area(sheet: Sheet, x: float, y: float, area: Text) -> None:
    sheet.both((x, y), both(lambda: _("Issued in")), Letters(LABEL, QUIET), gap=3)
    y -= AREA + 2
    for language, words, size in (("zh", area.zh, AREA), ("en", area.en, AREA_SMALL)):
        for line in broken(words, size, TEXT_WIDTH):
            sheet.text((x, y), line, Letters(size), language=language)
            y -= size * 1.35


def _foot(sheet: Sheet, x: float, y: float, issue: int) -> None:
    lines = (
        both(lambda: _("Show it where you move: the file moves with the child.")),
        both(lambda: _("Not an identity document. Issue %(number)s", number=issue)),
    )
    for number, said in enumerate(lines):
        share = min(1.0, FOOT_WIDTH / (width_of(said.zh, SMALL) + 3 + width_of(said.en, SMALL * ENGLISH)))
        sheet.both((x, y - number * 3 * MM), said, Letters(SMALL * share, QUIET), gap=3)
