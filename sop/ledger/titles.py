"""Which place a ledger is for, as its titles, the lines above its header and the names of its sheets say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import folded, unbracketed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sop.ledger.words import LedgerWords

COMMUNITIES, TOWNS = "places", "towns"  # the words by which their names end
LISTED: Final = re.compile(r"^(?:\d{1,3}[.、．\s]*|[一二三四五六七八九十]{1,3}[.、．\s]+)(?=\D)")
OF_A_SENTENCE: Final = re.compile(r"[,，。；;:：!！?？]")
OF_A_TITLE: Final = re.compile(r"[\s\-—_－/()（）【】]+|(?:\d{4}|[〇零○一二三四五六七八九]{4})年?度?")
NEXT_LABEL: Final = re.compile(r"\s{2,}|\s(?=[^\s:]{2,10}:)")
SHORTEST: Final = 2
LONGEST: Final = 40


def community_of(lines: Sequence[Sequence[str]], sheet: str, words: LedgerWords) -> str | None:
    """Return the community that the lines above a header name, the nearest first, else the name of the sheet.

    Where one of them names the town alone, it stands before the community; a town is better than nothing.
    """
    community, town = (_named(lines, sheet, words, kind) for kind in (COMMUNITIES, TOWNS))
    if community is None or town is None or any(word in community for word in words.lines[TOWNS]):
        return community or town
    return town + community


def place_in(text: str, words: LedgerWords, kind: str = COMMUNITIES) -> str | None:
    """Return the place that a line names which says no more than a title does, None where there is none.

    汤庄村2026年留守儿童花名册 names 汤庄村, 一、府琛社区 names 府琛社区; 各村留守儿童 names none.
    """
    rest = text
    for word in words.lines["titles"]:
        rest = rest.replace(word, " ")
    whole = _place(text, words, kind)
    if (whole and rest == text) or len(text) > LONGEST or OF_A_SENTENCE.search(text):
        return whole
    names = (*(_place(piece, words, kind) for piece in OF_A_TITLE.split(rest)), whole)
    return next((name for name in names if name and not name.endswith(words.lines["no_places"])), None)


def _named(lines: Sequence[Sequence[str]], sheet: str, words: LedgerWords, kind: str) -> str | None:
    for line in reversed(lines):
        for number, text in enumerate(line):
            if name := _labelled(text, line[number + 1 :], words, kind) or place_in(text, words, kind):
                return name
    return place_in(sheet, words, kind)


def _labelled(text: str, after: Sequence[str], words: LedgerWords, kind: str) -> str | None:
    """Return the place after a label: 社区：三井社区, in the same cell or the next one that holds anything."""
    label, _, rest = text.replace("：", ":").partition(":")
    if folded(unbracketed(label)) not in words.lines["place_labels"]:
        return None
    said = rest.strip() or next((cell for cell in after if cell), "")
    return _place(NEXT_LABEL.split(said)[0], words, kind)


def _place(text: str, words: LedgerWords, kind: str) -> str | None:
    """Return text that is nothing but the name of a place, without brackets and numbers before it."""
    name = LISTED.sub("", unbracketed(text)).strip()
    if not SHORTEST <= len(name) <= LONGEST or OF_A_SENTENCE.search(name):
        return None
    return name if folded(name).endswith(words.lines[kind]) and folded(name) not in words.headers else None
