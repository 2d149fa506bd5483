"""Names as people type them into spreadsheets: spaces that only align, marks, pet names, serial numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.identity import normalise_name
from sop.ledger.cells import HAN, UNSEEN, folded, plain, unbracketed

if TYPE_CHECKING:
    from sop.ledger.words import LedgerWords

DOTS: Final = re.compile(rf"(?<=[{HAN}])\s*[·•∙⋅․‧・･.．﹒●᛫ꞏ˙。﹒‥]\s*(?=[{HAN}])")
BETWEEN_HAN: Final = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")
BEFORE: Final = re.compile(r"^[\s\d*＊★☆√✓▲△●○■□#、.．)）-]+")
AFTER: Final = re.compile(r"[\s\d*＊★☆√✓▲△●○■□#、,，.．。-]+$")
PET_NAME: Final = re.compile(r"(?:小名|乳名|曾用名|又名|别名)[:：]?.*$")
OF_A_NAME: Final = re.compile(rf"[{HAN}A-Za-zÀ-ɏ][{HAN}A-Za-zÀ-ɏ·.'’\- ]*")
BETWEEN_NAMES: Final = re.compile(r"[、/,;\s]+")
LONGEST: Final = 40


def read_name(text: str, words: LedgerWords) -> str | None:
    """Return a name as it is kept, or None where the cell holds none.

    Spaces between Chinese characters fall away, those between Latin words are one; every kind of middle dot is the
    same; pet names, brackets, marks in the margin and numbers before and after are no part of a name.
    """
    if not text:
        return None
    name = unbracketed(UNSEEN.sub("", text))
    if words.is_nothing(name):
        return None
    name = AFTER.sub("", BEFORE.sub("", PET_NAME.sub("", name)))
    name = BETWEEN_HAN.sub("", DOTS.sub("·", _ordinary(name)))
    name = normalise_name(name)
    if not OF_A_NAME.fullmatch(name) or len(name) > LONGEST or folded(name) in words.headers:
        return None
    return name


def first_name(text: str, words: LedgerWords) -> str | None:
    """Return the first name in a cell that may hold several: 陈大勇、王芳, 父：陈大勇 母：王芳."""
    whole = read_name(text, words)
    if whole or not text:
        return whole
    pieces = (piece.rpartition(":")[2] for piece in BETWEEN_NAMES.split(plain(text)))
    return next((name for piece in pieces if (name := read_name(piece, words))), None)


def _ordinary(name: str) -> str:
    """Return full-width letters as ordinary ones; rare characters of names stay as they were typed."""
    return "".join(plain(character) if "！" <= character <= "～" else character for character in name)
