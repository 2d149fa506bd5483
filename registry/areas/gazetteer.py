"""The names of divisions as addresses are looked up in: of the reference tables, and of this installation."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from registry.areas.addresses import Gazetteer
from registry.areas.cache import cache
from registry.areas.models import Area
from registry.areas.naming import COMMUNITY
from registry.database import db
from seed.reference.spelling import bare_name

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVINCE, COUNTY = 1, 3
OF_PEOPLES: Final = re.compile("(?:壮族|回族|维吾尔)$")
OF_A_COMMUNITY: Final = re.compile("(?:社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会)$")


def gazetteer() -> Gazetteer:
    """Return the index of the reference tables and of the communities in the database, kept by the process.

    One short query tells whether communities have come meanwhile.
    """
    kept = cache()
    counted = select(func.count(), func.max(Area.code)).where(Area.level == COMMUNITY)
    number, last = db.session.execute(counted).one()
    if kept.gazetteer is None or kept.gazetteer[0] != (number, last):
        rows = db.session.execute(select(Area.code, Area.name_zh).where(Area.level == COMMUNITY))
        kept.gazetteer = (number, last), _with_communities((code, name) for code, name in rows)
    return kept.gazetteer[1]


def from_reference() -> Gazetteer:
    """Return the index of the reference tables and of the demonstration's communities, for use without a database."""
    return _with_communities((row["code"], row["name_zh"]) for row in _rows("seed.demo", "communities.csv"))


def _with_communities(communities: Iterator[tuple[str, str]]) -> Gazetteer:
    rows = ((code, COMMUNITY, name, stem_of(name, COMMUNITY)) for code, name in communities)
    return Gazetteer(rows, {}, base=_reference())


@functools.cache
def _reference() -> Gazetteer:
    """Return provinces to towns, in force and former; they change only with a release."""
    successors = {row["old_code"]: row["new_code"] for row in _rows("seed.reference", "division_changes.csv")}
    return Gazetteer([*_divisions(successors), *_zones()], successors)


def _divisions(successors: dict[str, str]) -> Iterator[tuple[str, int, str, str]]:
    for row in _rows("seed.reference", "divisions.csv"):
        if not row["valid_to"] or row["code"] in successors:  # else nobody knows what it became
            level = int(row["level"])
            yield row["code"], level, row["name_zh"], stem_of(row["name_zh"], level)


def _zones() -> Iterator[tuple[str, int, str, str]]:
    """Give the development zones that are one with a district: people write either name."""
    for row in _rows("seed.reference", "zones.csv"):
        yield row["code"], COUNTY, row["name_zh"], row["name_zh"]


def stem_of(name: str, level: int) -> str:
    """Return a division's name without the word for its kind: 湖塘 of 湖塘镇, 玉林 of 玉林市."""
    if level == COMMUNITY:
        return OF_A_COMMUNITY.sub("", name) if OF_A_COMMUNITY.search(name) else bare_name(name, level)
    bare = bare_name(name, level)
    return OF_PEOPLES.sub("", bare) if level == PROVINCE else bare


def _rows(package: str, name: str) -> Iterator[dict[str, str]]:
    with files(package).joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
