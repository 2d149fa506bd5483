"""Maintainers' script, second part: the history of changed codes, with one successor for each."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seed.reference.spelling import bare_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MUNICIPALITIES = ("11", "12", "31", "50")
MOVED_PROVINCES = {("44", "46"), ("51", "50")}  # Hainan 1988, Chongqing 1997
NO_PROPER_NAME = frozenset((
    "郊区", "城区", "市区", "市中区", "矿区", "新区", "市郊区", "东城区", "西城区", "南城区", "北城区",
    "桥东区", "桥西区", "铁东区", "铁西区", "新华区", "鼓楼区", "和平区", "朝阳区", "东风区", "向阳区",
    "河西区", "太平区", "城北区", "东山区",
))  # fmt: skip
FIRST_ID_YEAR = 1984  # resident identity cards, and with them codes on paper, begin in 1984


@dataclass(frozen=True)
class Change:
    """One row of division_changes.csv: `old_code` was given up in `year` and is `new_code` since."""

    old_code: str
    new_code: str
    old_name: str
    new_name: str
    year: int


def read_changes(events: list[dict[str, Any]], names: dict[str, str], overrides: Path) -> list[Change]:
    """Return one change for each code that is no longer in force, sorted by code.

    `names`: codes in force with their names; `overrides`: our own corrections. The rules are in README.md.
    """
    latest: dict[str, Change] = {}
    reused = _last_use(events)
    for change, kind in sorted(_plausible(events), key=lambda pair: pair[0].year):
        gone = change.old_code not in names
        early = change.year < FIRST_ID_YEAR and reused.get(change.old_code, 0) >= FIRST_ID_YEAR
        if gone and not early and not _is_accident(change, kind):
            latest[change.old_code] = change
    latest.update(_read_overrides(overrides, names))
    _repair_swapped(latest, names)
    return [latest[code] for code in sorted(latest) if _ends(code, latest, names)]


def read_founding_years(events: list[dict[str, Any]], changes: list[Change]) -> dict[str, int]:
    """Return the year in which a code came into use, for codes younger than the first of these tables."""
    years: dict[str, int] = {}
    founded = [(_code(event["new"]), int(event["year"])) for event in events if event["type"] == "新设"]
    for code, year in [*((change.new_code, change.year) for change in changes), *founded]:
        if code and year >= FIRST_ID_YEAR:
            years[code] = min(years.get(code, year), year)
    return years


def read_former_prefectures(events: list[dict[str, Any]]) -> dict[str, str]:
    """Return the last name of each prefecture, by code, that stands above a county in the history."""
    names: dict[str, str] = {}
    for event in sorted(events, key=lambda event: int(event["year"])):
        for side in ("old", "new"):
            code, path = _code(event[side]), event[f"{side}_path"] or []
            if code[4:6] != "00" and len(path) == 3 and path[1] != path[0]:
                names[code[:4].ljust(12, "0")] = path[1]
    return names


def _plausible(events: list[dict[str, Any]]) -> Iterable[tuple[Change, str]]:
    for event in events:
        old, new = _code(event["old"]), _code(event["new"])
        if old and new and old != new:
            yield (
                Change(old, new, event["old"]["name"], event["new"]["name"], int(event["year"])),
                event["type"],
            )


def _code(side: dict[str, Any] | None) -> str:
    return str((side or {}).get("code") or "")


def _last_use(events: list[dict[str, Any]]) -> dict[str, int]:
    """Return the last year in which any event names a code: an early code named later was given out again."""
    last: dict[str, int] = {}
    for event in events:
        for side in (event["old"], event["new"]):
            last[_code(side)] = max(last.get(_code(side), 0), int(event["year"]))
    return last


def _is_accident(change: Change, kind: str) -> bool:
    """Say whether a pair comes from comparing lists by name, not from a decision about that place."""
    old, new = change.old_code, change.new_code
    other_province = old[:2] != new[:2] and (old[:2], new[:2]) not in MOVED_PROVINCES
    namesake = old[:4] != new[:4] and change.old_name == change.new_name and change.old_name in NO_PROPER_NAME
    whole_city = old[4:6] == "01" and old[2:4] <= "20" and old[:2] not in MUNICIPALITIES
    town_to_country = kind == "区划调整" and change.old_name.endswith("市") and change.new_name.endswith("县")
    return other_province or namesake or whole_city or town_to_country


def _read_overrides(path: Path, names: dict[str, str]) -> dict[str, Change]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Change(
                row["old_code"].ljust(12, "0"),
                row["new_code"].ljust(12, "0"),
                row["old_name"],
                row["new_name"],
                int(row["year"]),
            )
            for row in csv.DictReader(file)
        ]
    wrong = [row.old_code for row in rows if row.old_code in names]
    if wrong:
        raise ValueError(f"successors.csv gives successors to codes in force: {wrong}")
    return {row.old_code: row for row in rows}


def _repair_swapped(latest: dict[str, Change], names: dict[str, str]) -> None:
    """Point a change at the county that carries the name, where neighbours later exchanged their codes."""
    by_name: dict[tuple[str, str], list[str]] = {}
    for code, name in names.items():
        if code[4:6] != "00":
            for scope in (code[:4], code[:2]):
                by_name.setdefault((scope, _bare(name)), []).append(code)
    for old, change in latest.items():
        current = names.get(change.new_code)
        if current is None or change.new_code[4:6] == "00" or _bare(current) == _bare(change.new_name):
            continue
        for scope in (change.new_code[:4], change.new_code[:2]):
            same = by_name.get((scope, _bare(change.new_name)), [])
            if len(same) == 1:
                latest[old] = replace(change, new_code=same[0], new_name=names[same[0]])
                break


def _bare(name: str) -> str:
    return bare_name(name, 3)


def _ends(code: str, latest: dict[str, Change], names: dict[str, str]) -> bool:
    """Say whether following the changes from a code arrives at a code in force."""
    seen: set[str] = set()
    while code not in names:
        if code in seen or code not in latest:
            return False
        seen.add(code)
        code = latest[code].new_code
    return True
