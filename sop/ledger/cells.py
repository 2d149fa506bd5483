"""Cells of a spreadsheet as text, and text as it is compared."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

Cell = str | int | float | bool | date | datetime | None
Rows = Sequence[tuple[int, Sequence[Cell]]]

MOST_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number
UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
MARKED_AS_TEXT: Final = re.compile(r"^['‘’＇`´](?=[^'‘’＇`´\s])")
APOSTROPHES: Final = ("'", "‘", "’", "＇", "`", "´")
PUNCTUATION: Final = re.compile(r"""[\s:*,，。、;．.\-—–_·'’‘"“”!?/\\★☆■□●#~|()（）【】\[\]《》<>{}]+""")
BRACKETED: Final = re.compile(r"[(（【\[《<{][^)）】\]》>}]*[)）】\]》>}]?")
HAN: Final = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def text_of(cell: Cell) -> str:
    """Return a cell as text: trimmed, without marks that nobody sees and without what means "text": ' or =".

    Whole numbers are written without a point, days as 2016-12-18. A number of which a spreadsheet has lost digits is
    written with its exponent, so that nobody takes it for whole.
    """
    if isinstance(cell, str):
        text = (cell if cell.isascii() else UNSEEN.sub("", cell)).strip()
        if text.startswith('="'):
            text = text[2:].removesuffix('"').strip()  # how programs that write csv keep the digits of a number
        return MARKED_AS_TEXT.sub("", text).strip() if text.startswith(APOSTROPHES) else text
    if cell is None:
        return ""
    if isinstance(cell, float):
        return _written(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _written(number: float) -> str:
    if not math.isfinite(number):
        return ""
    if abs(number) >= MOST_EXACT:
        return f"{number:.14E}"
    return str(int(number)) if number == int(number) else repr(number)


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Return text as words are compared: no spaces, no punctuation, capitals and full-width forms made plain."""
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def plain(text: str) -> str:
    """Return text with full-width digits, letters and punctuation as their ordinary ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def unbracketed(text: str) -> str:
    """Return text without what stands in brackets; text that is all in brackets loses the brackets alone."""
    rest = BRACKETED.sub("", text).strip()
    return rest or re.sub(r"[()（）【】\[\]《》<>{}]", "", text).strip()
