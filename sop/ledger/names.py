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
CHINESE: Final = re.compile(rf"[{HAN}]{{2,4}}")
BETWEEN_CHILDREN: Final = re.compile(r"[、,，;；/|\n\r]+")
PERHAPS_BETWEEN: Final = re.compile(r"[\s和与及]+")  # spaces only align, and 和 is a part of names
SEVERAL: Final = re.compile(rf"{BETWEEN_CHILDREN.pattern}|{PERHAPS_BETWEEN.pattern}")
LONGEST_PERHAPS: Final = 3
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


def names_of_several(text: str, words: LedgerWords) -> list[str]:
    """Return the names in a cell for one child that holds those of several, each below or beside the other; else none.

    With only a space or 和 between them they are several where they begin alike, as those of siblings do.
    """
    if not SEVERAL.search(text):
        return []
    cell = unbracketed(text)
    apart = [name for piece in BETWEEN_CHILDREN.split(cell) if (name := read_name(piece, words))]
    apart = [name for name in apart if CHINESE.fullmatch(name)]
    if len(apart) > 1:
        return apart
    beside = PERHAPS_BETWEEN.split(cell)
    siblings = len(set(beside)) > 1 and len({piece[:1] for piece in beside}) == 1
    return beside if siblings and all(map(_is_short, beside)) else []


def _is_short(piece: str) -> bool:
    return len(piece) <= LONGEST_PERHAPS and CHINESE.fullmatch(piece) is not None


def _ordinary(name: str) -> str:
    """Return full-width letters as ordinary ones; rare characters of names stay as they were typed."""
    return "".join(plain(character) if "！" <= character <= "～" else character for character in name)
