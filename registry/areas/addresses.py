"""Where an address lies: the deepest division that its words tell, however people shorten them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.areas.codes import ancestors, county_of, level_of, prefix_of
from registry.areas.naming import COMMUNITY, COUNTY, TOWN, Division, short_may_end, written_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST: Final = 120  # characters of an address that are read
MOST_READINGS: Final = 2000  # of one address, before the rest are left aside
STEP: Final = 10  # weight of a character that a name explains, beside which a form is a detail
FORMER: Final = -2
SKIPPED: Final = -8  # a word was passed over
CONTRADICTED: Final = -25  # a county was found, and the name of another one follows
NEAR: Final = STEP  # the town of that name in the own county is meant
SEPARATORS: Final = re.compile(r"[\s,，.。·、\-—_/|:：;；()（）]+")
OPENING: Final = re.compile("(?:中华人民共和国|中国|地址|住址|户籍地?|现住地?|暂住地?|家住|原籍|住)[:：]?")
UNIT: Final = re.compile(
    "[\u4e00-\u9fff]{1,10}?(?:开发区|高新区|经开区|高新技术产业区|园区|新区|新城|示范区|度假区|保税区|风景区|管理区)"
    "(?:管委会|管理委员会)?|[\u4e00-\u9fff]{1,6}?[市县区旗州盟]|[(（][^)）]{0,20}[)）]"
)
ANOTHER_COUNTY: Final = re.compile("[\u4e00-\u9fff]{1,5}(?:县|旗|(?<![社小园校厂景片院库矿住宅城新])区)(?!道)")


class Located(NamedTuple):
    """Where an address lies: the 12-digit code and level (1 province to 5 community), and the words below it."""

    code: str
    level: int
    rest: str

    @property
    def county(self) -> str | None:
        """Return the six digits of its county, or of the city that has none; None where only more is known."""
        whole = self.level >= COUNTY
        return county_of(self.code)[:6] if whole else None


class Reading(NamedTuple):
    """One way to read an address: the divisions named in turn, where each name ends, how well they explain it."""

    chain: tuple[Division, ...]
    ends: tuple[int, ...]
    score: int

    @property
    def end(self) -> int:
        """Where the last name ends."""
        return self.ends[-1]

    @property
    def place(self) -> Division:
        """The deepest division named."""
        return self.chain[-1]


class Gazetteer:
    """An index of divisions by the first two characters of their names."""

    def __init__(
        self, rows: Iterable[tuple[str, int, str, str]], successors: Mapping[str, str], base: Gazetteer | None = None
    ) -> None:
        """Take rows of code, level, name and stem (the name without its kind), former ones too.

        `successors`: {former code: next code}; a row whose code ends nowhere must not be given. `base`: an index
        that this one adds to without copying it.
        """
        self._base = base
        self._index: dict[str, list[Division]] = defaultdict(list)
        for code, level, name, stem in rows:
            self._index[name[:2]].append(Division(code, level, name, stem, _end(code, successors)))
        self._index.default_factory = None

    def beginning(self, text: str, start: int) -> Iterator[Division]:
        """Give the divisions whose name may begin at a place of a text."""
        key = text[start : start + 2]
        yield from self._index.get(key, ())
        if self._base:
            yield from self._base.beginning(text, start)

    def locate(self, text: str | None, within: str | None = None) -> Located | None:
        """Return the deepest division that an address tells, or None where it tells none for certain.

        Province and city may be left out, the words for kinds as well, and former names are read as what they
        became. A name that several divisions have is the one nearest to `within`, a 12-digit code, else what was
        named above it, else nothing. A community's name alone counts only inside `within`.
        """
        words = re.sub(r"\s+", " ", (text or "").strip())[:LONGEST]
        readings = [one for one in self._readings(words) if _counts(one, within)]
        if not readings:
            return None
        judged = [(one.score + _judged(one, words, within), one) for one in readings]
        best = max(score for score, _ in judged)
        found = _only([one for score, one in judged if score == best], within)
        if found is None:
            return None
        place, end = found
        gap = SEPARATORS.match(words, end)
        return Located(place.current, level_of(place.current), words[gap.end() if gap else end :])

    def _readings(self, words: str) -> Iterator[Reading]:
        opening = OPENING.match(words)
        started = [Reading((), (start,), 0) for start in {0, opening.end() if opening else 0}]
        waiting, read = started, 0
        while waiting and read < MOST_READINGS:
            one = waiting.pop()
            read += 1
            further = list(self._further(words, one))
            waiting.extend(further)
            if one.chain and (further or self._may_end(words, one)):
                yield one

    def _may_end(self, words: str, one: Reading) -> bool:
        start = one.end - len(one.place.stem)
        if words[start : one.end] != one.place.stem or one.place.stem == one.place.name:
            return True
        return short_may_end(one.place, words, one.end, alone=len(one.chain) == 1)

    def _further(self, words: str, one: Reading) -> Iterator[Reading]:
        gap = SEPARATORS.match(words, one.end)
        start = gap.end() if gap else one.end
        yield from self._named(words, one, start)
        unit = UNIT.match(words, start)
        if unit and (not one.chain or one.place.level <= COUNTY):
            for each in self._named(words, one, unit.end()):
                if each.place.level <= TOWN and words.startswith(each.place.name, unit.end()):
                    yield each._replace(score=each.score + SKIPPED)

    def _named(self, words: str, one: Reading, start: int) -> Iterator[Reading]:
        for each in self.beginning(words, start):
            again = bool(one.chain) and each in one.chain  # 江苏省常州市常州市新北区
            if one.chain and not again and not each.inside(one.place):
                continue
            written = written_at(each, words, start)
            if written is None:
                continue
            if again:
                yield one._replace(ends=(*one.ends[:-1], written.end))
                continue
            explained = STEP * (written.end - start) + written.form + (FORMER if each.former else 0)
            ends = (*one.ends[: len(one.chain)], written.end)
            yield Reading((*one.chain, each), ends, one.score + explained)


def _end(code: str, successors: Mapping[str, str]) -> str:
    steps = 0
    while code in successors and steps <= len(successors):
        code, steps = successors[code], steps + 1
    return code


def _counts(one: Reading, within: str | None) -> bool:
    """Leave out what names alone cannot tell: a community's anywhere, 郊区 of any city of the past."""
    first = one.chain[0]
    if first.level == COMMUNITY:
        return within is not None and first.code.startswith(prefix_of(within)[:9])
    return not (first.former and len(first.name) <= len("郊区"))


def _judged(one: Reading, words: str, within: str | None) -> int:
    """Return what speaks for or against a reading beside the characters that it explains."""
    score = 0
    if one.place.level >= COUNTY and ANOTHER_COUNTY.match(words, one.end):
        score += CONTRADICTED
    first = one.chain[0]
    if within and first.level >= TOWN and first.current.startswith(prefix_of(within)[:6]):
        score += NEAR
    return score


def _only(readings: list[Reading], within: str | None) -> tuple[Division, int] | None:
    """Return the one division that equally good readings lead to, and where the words for it end."""
    best = _one_place(readings) or _widest(readings)
    if best is None and within:
        shared = [(_shared(one.place.current, within), one) for one in readings]
        most = max(count for count, _ in shared)
        best = _one_place([one for count, one in shared if count == most]) if most else None
    if best is not None:
        return best.place, best.end
    first = readings[0]
    agreed = [number for number, place in enumerate(first.chain) if all(place in one.chain for one in readings)]
    return (first.chain[agreed[-1]], first.ends[agreed[-1]]) if agreed else None


def _one_place(readings: list[Reading]) -> Reading | None:
    return readings[0] if len({one.place.current for one in readings}) == 1 else None


def _widest(readings: list[Reading]) -> Reading | None:
    """Return the reading whose place holds all the others': 吉林 is the province before it is its city."""
    first = min(readings, key=lambda one: one.place.level)
    own = prefix_of(first.place.current)
    return first if all(one.place.current.startswith(own) for one in readings) else None


def _shared(code: str, within: str) -> int:
    """Return how many levels two places have in common."""
    return len(set(ancestors(code)) & set(ancestors(within)))
