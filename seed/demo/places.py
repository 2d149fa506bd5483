"""Where the demonstration plays: five cities, their communities and offices, and who serves what."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

FOLDER = Path(__file__).parent
TOWN, COUNTY = 9, 6
HOME_SHARE, HOME_LEAST, HOME_MOST, HALF = 0.075, 30, 2_000, 0.5


@dataclass(frozen=True)
class City:
    """A city of the demonstration: `share` of all children live in its `counties`.

    `home` is the community of its registrar.
    """

    name: str
    zh: str
    en: str
    stem: str
    side: str
    share: float
    counties: tuple[str, ...]
    home: str | None = None


@dataclass(frozen=True)
class Community:
    """A community or village with its invented code and its blocks (name in Chinese, in English)."""

    code: str
    zh: str
    en: str
    blocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OfficePlan:
    """An office to be made; `serves`: the services it answers for in its area."""

    kind: str
    zh: str
    en: str
    area: str
    side: str | None = None
    serves: tuple[str, ...] = ()


# 1,400 of 2,000 children live in three districts of Changzhou; two further receiving and two sending cities.
CITIES = (
    City(
        "changzhou",
        "常州市",
        "Changzhou",
        "3204",
        "receiving",
        0.70,
        ("320402", "320404", "320412"),
        "采菱社区",
    ),
    City("zhongshan", "中山市", "Zhongshan", "4420", "receiving", 0.08, ("442000",)),
    City("tianjin", "天津市", "Tianjin", "12", "receiving", 0.08, ("120104", "120114")),
    City("suqian", "宿迁市", "Suqian", "3213", "sending", 0.08, ("321322",), "柳园村"),
    City("meizhou", "梅州市", "Meizhou", "4414", "sending", 0.06, ("441424", "441481")),
)


@cache
def communities(city: City) -> tuple[Community, ...]:
    """Return the communities of a city, in the order of their codes."""
    blocks = defaultdict(list)
    for row in _rows("blocks.csv"):
        blocks[row["community"]].append((row["name_zh"], row["name_en"]))
    return tuple(
        Community(row["code"], row["name_zh"], row["name_en"], tuple(blocks[row["code"]]))
        for row in _rows("communities.csv")
        if row["code"].startswith(city.stem)
    )


def home_of(city: City) -> Community:
    """Return the community whose registrar has an account."""
    places = communities(city)
    return next((place for place in places if place.zh == city.home), places[0])


@dataclass(frozen=True)
class Residence:
    """Where families of a city live: `home_share` of them where somebody signs in, the others evenly elsewhere."""

    home: Community | None
    home_share: float
    others: tuple[Community, ...]

    def drawn(self, random: Random) -> Community:
        """Draw the community of a family."""
        if self.home is not None and (not self.others or random.random() < self.home_share):
            return self.home
        return random.choice(self.others)


def residence(city: City, children: int, inside: str = "", outside: str | None = None) -> Residence:
    """Spread so many children over a city: `inside` a prefix of area codes, and `outside` of another one.

    The registrar who signs in has a day's work even of few children, and of many not more than fit one community.
    """
    home = home_of(city)
    places = [
        place
        for place in communities(city)
        if place.code.startswith(city.counties)
        and place.code.startswith(inside)
        and not (outside and place.code.startswith(outside))
    ]
    others = tuple(place for place in places if place != home)
    share = min(HALF, max(HOME_LEAST, min(HOME_SHARE * children, HOME_MOST)) / max(children, 1))
    return Residence(home if home in places else None, share, others)


def offices(city: City, names: Callable[[str], tuple[str, str]]) -> Iterator[OfficePlan]:
    """Plan the offices of a city; `names` gives a division's Chinese and English name by its 12-digit code."""
    places = communities(city)
    for place in places:
        kind = "village" if city.side == "sending" else "community"
        yield OfficePlan(kind, place.zh, place.en, place.code, city.side)
    for town in sorted({place.code[:TOWN] for place in places}):
        zh, en = names(town + "000")
        yield from _town_offices(zh, en, town + "000")
    for county in sorted({place.code[:COUNTY] for place in places}):
        area = county + "000000"
        zh, en = names(area)
        yield from _county_offices(zh, en, area)
    area = city.stem.ljust(12, "0")
    yield OfficePlan("government", f"{city.zh}人民政府", f"{city.en} Municipal Government", area)
    yield OfficePlan("administration", f"{city.zh}登记系统管理处", f"{city.en} Registry Administration", area)
    yield OfficePlan("audit", f"{city.zh}数据安全审计处", f"{city.en} Data Protection Audit", area)


def _town_offices(zh: str, en: str, area: str) -> Iterator[OfficePlan]:
    yield OfficePlan("township", f"{zh}未成年人保护工作站", f"{en} Minors Protection Station", area)
    yield OfficePlan("clinic", f"{zh}接种门诊", f"{en} Vaccination Clinic", area, serves=("vaccination",))
    yield OfficePlan("police", f"{zh}派出所", f"{en} Police Station", area, serves=("identity",))
    centre = ("community_centre", "non_formal_education")
    yield OfficePlan("community_centre", f"{zh}儿童之家", f"{en} Children's Centre", area, serves=centre)


def _county_offices(zh: str, en: str, area: str) -> Iterator[OfficePlan]:
    yield OfficePlan("education", f"{zh}教育局", f"{en} Education Bureau", area, serves=("education",))
    yield OfficePlan("civil_affairs", f"{zh}民政局", f"{en} Civil Affairs Bureau", area, serves=("social_assistance",))
    health = ("birth_certificate", "health_check")
    yield OfficePlan("health", f"{zh}卫生健康局", f"{en} Health Bureau", area, serves=health)
    insurance = ("medical_insurance",)
    yield OfficePlan("insurance", f"{zh}医疗保障局", f"{en} Medical Insurance Bureau", area, serves=insurance)
    federation = f"{zh}残疾人联合会", f"{en} Disabled Persons' Federation"
    yield OfficePlan("disability", *federation, area, serves=("disability",))
    yield OfficePlan("legal_aid", f"{zh}法律援助中心", f"{en} Legal Aid Centre", area, serves=("legal_aid",))


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
