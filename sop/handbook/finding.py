"""Finds words in a handbook."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sop.handbook.parts import Chapter, Section

BEFORE, AFTER = 30, 90  # characters shown around the first word found
CUT: Final = "…"
REMEMBERED: Final = 1 << 13  # characters: more than the book and its readers use


class Found(NamedTuple):
    """A section in which all the words stand, and the line that says the first of them, cut to what is near it."""

    chapter: Chapter
    section: Section
    line: str


def find(chapters: Sequence[Chapter], typed: str) -> Iterator[Found]:
    """Yield the sections that hold every word typed, in the order of the book; nothing for blank.

    Small and capital letters, full-width and half-width ones are the same.
    """
    words = _folded(typed).split()
    if not words:
        return
    for chapter in chapters:
        for section in chapter.sections:
            lines = [chapter.title, *section.said()]
            whole = "\n".join(_folded(line) for line in lines)
            if all(word in whole for word in words):
                yield Found(chapter, section, _nearest(lines[1:], words))


def _nearest(lines: Sequence[str], words: Sequence[str]) -> str:
    """Return the first line below the title that says one of the words, else the first line there is."""
    below = lines[1:] or lines
    saying = ((line, _place(line, word)) for word in words for line in below)
    line, place = next(((line, place) for line, place in saying if place >= 0), (below[0], 0))
    start, end = max(place - BEFORE, 0), place + AFTER
    return f"{CUT if start else ''}{line[start:end].strip()}{CUT if end < len(line) else ''}"


def _place(line: str, word: str) -> int:
    """Return at which character of a line a folded word begins, or -1; some characters fold into several."""
    place = _folded(line).find(word)
    ends = accumulate(len(_folded_one(character)) for character in line)
    return place if place < 0 else sum(end <= place for end in ends)


def _folded(text: str) -> str:
    return "".join(map(_folded_one, text))


@lru_cache(maxsize=REMEMBERED)
def _folded_one(character: str) -> str:
    return unicodedata.normalize("NFKC", character).casefold()
