"""How people write the name of a division: in full, with another word for its kind, or without that word."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final, NamedTuple

from registry.areas.codes import prefix_of

PREFECTURE, COUNTY, TOWN, COMMUNITY = 2, 3, 4, 5
SHORTEST_STEM: Final = 2  # 沛县 is never called 沛
PEOPLES: Final = "(?:[\u4e00-\u9fff]{1,12}族)?"
# The words for a kind, the longer before the shorter: towns become streets and counties districts, and people
# write the old word for years.
KINDS: Final = {
    1: re.compile("(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市"),
    2: re.compile(f"{PEOPLES}(?:自治州|州)|地区|市|盟"),
    3: re.compile(f"{PEOPLES}(?:自治县|自治旗)|新区|特区|林区|矿区|区|县|市|旗"),
    4: re.compile(f"街道办事处|街道办|街道|办事处|地区|{PEOPLES}乡|民族乡|苏木|镇|乡"),
    5: re.compile("社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|社区|村|居"),
}
MARKET: Final = re.compile("市(?=场)")  # 武进市场 is no city
ROAD: Final = re.compile(
    "[东西南北中]?(?:路|大道|大街|街(?!道)|巷|弄|小区|花园|花苑|新村|公寓|大厦|广场|商城|工业|机场|站|桥|医院|学校|小学"
    "|中学|大学|幼儿园|公司|厂|酒店|宾馆|市场|家园|苑|号)"
)
KIND_WORD: Final = re.compile("[省市区县旗州盟镇乡村]|街道|社区|地区")
SMALLER: Final = re.compile("[\u4e00-\u9fff]{1,6}?(?:村|社区|居委会|组|屯|队)")  # what may stand below a town
ZONE: Final = re.compile("[\u4e00-\u9fff]{0,10}?(?:开发区|高新区|经开区|产业区|工业园|园区)")
NUMBER: Final = re.compile("[0-9一二三四五六七八九十第]")


class Form(IntEnum):
    """How much of a name was written; the more, the surer."""

    SHORT = 0
    PROVINCE = 1  # a province's name is commonly short: 海南 is not the prefecture in Qinghai
    KIND = 2  # with another word for the kind: 湖塘街道 for 湖塘镇
    FULL = 4


class Division(NamedTuple):
    """A division as the index holds it: `current` is its code today, itself or what a former one has become."""

    code: str
    level: int
    name: str
    stem: str
    current: str

    @property
    def former(self) -> bool:
        """Say whether it is no longer in force."""
        return self.code != self.current

    def inside(self, other: Division) -> bool:
        """Say whether it lies below another one, by the codes of today or by those of its own time."""
        if self.level <= other.level:
            return False
        return self.code.startswith(prefix_of(other.code)) or self.current.startswith(prefix_of(other.current))


class Written(NamedTuple):
    """A name as it was found in a text: how, and where it ends."""

    form: Form
    end: int


def written_at(one: Division, text: str, start: int) -> Written | None:
    """Return how a division is named in a text from `start` on, or None where it is not."""
    if text.startswith(one.name, start):
        end = start + len(one.name)
        if not MARKET.match(text, end - 1):
            return Written(Form.FULL, end)
    if len(one.stem) < SHORTEST_STEM or not text.startswith(one.stem, start):
        return None
    end = start + len(one.stem)
    kind = KINDS[one.level].match(text, end)
    if kind and not MARKET.match(text, end):
        return Written(Form.KIND, kind.end())
    return Written(Form.SHORT if one.level > 1 else Form.PROVINCE, end)


def short_may_end(one: Division, text: str, end: int, *, alone: bool) -> bool:
    """Say whether a name without its kind stands for the division when no smaller name follows at `end`.

    常州人民路 is in Changzhou, 北京路 is a road anywhere, 城关12号 says little. `alone`: nothing stands above it.
    """
    if end >= len(text) or text[end] in " ,，、;；/|-—()（）":
        return True
    if one.level <= COUNTY and ZONE.match(text, end):
        return True
    if one.level <= PREFECTURE or (one.level == COUNTY and not alone):
        return not ROAD.match(text, end) and not KIND_WORD.match(text, end)
    if alone:
        return False
    below = one.level == TOWN and SMALLER.match(text, end) is not None
    return below or NUMBER.match(text, end) is not None
