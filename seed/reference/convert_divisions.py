"""Maintainers' script: makes divisions.csv and division_changes.csv from the folder of the sources.

    python -m seed.reference.convert_divisions FOLDER

FOLDER holds divisions_v1.json, townships_v1.json, historical_changes_v1.json and streets.json; README.md says
where they come from and by which rules they are read.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from registry.areas.codes import parent_of
from seed.reference.convert_changes import Change, read_changes, read_former_prefectures, read_founding_years
from seed.reference.spelling import romanise

HERE = Path(__file__).parent
ABOLISHED_MARK = "（"  # the source writes 某某镇（撤销）
TOWN_KINDS = ("街道", "镇", "乡", "苏木")
DIRECT = "直辖县级行政区划"
STAND_INS = {"市辖区": "Districts", "县": "Counties", f"省{DIRECT}": "Counties under the province"}
STAND_INS[f"自治区{DIRECT}"] = "Cities under the region"
MUNICIPALITIES = ("11", "12", "31", "50")
KINDS_EN = {
    "街道": "Subdistrict", "镇": "Town", "乡": "Township", "苏木": "Sumu",
    "市": "City", "区": "District", "县": "County", "旗": "Banner",
}  # fmt: skip


@dataclass(frozen=True)
class Division:
    """One row of divisions.csv; dates are ISO days or empty."""

    code: str
    level: int
    name_zh: str
    name_en: str = ""
    valid_from: str = ""
    valid_to: str = ""

    @property
    def parent(self) -> str:
        """The code one level up, empty for a province."""
        return parent_of(self.code) or ""


def read_divisions(folder: Path) -> dict[str, Division]:
    """Return the divisions in force, by code, without romanised names and dates."""
    found: dict[str, Division] = {}
    provinces = _load(folder / "divisions_v1.json")["provinces"]
    for province, below in provinces.items():
        _add(found, below["code"], 1, province)
        for city, counties in below["cities"].items():
            if city:
                _add(found, counties["code"], 2, city)
            for county, code in counties["counties"].items():
                _add(found, code, 3, county)
    for county in _load(folder / "townships_v1.json").values():
        for town, code in county["townships"].items():
            if ABOLISHED_MARK not in town:
                _add(found, code, 4, town)
    _add_missing_towns(found, _load(folder / "streets.json"))
    _add_stand_ins(found)
    return found


def _add_missing_towns(found: dict[str, Division], streets: list[dict[str, str]]) -> None:
    """Take the towns of counties and of cities without counties that the first source leaves empty."""
    filled = {code[:6] for code, row in found.items() if row.level == 4}
    for street in streets:
        code, name = street["code"].ljust(12, "0"), street["name"]
        upper = {code[:6].ljust(12, "0"), code[:4].ljust(12, "0")}
        known = code[:6].ljust(12, "0") in found or code[:6] == "620201"
        if code[:6] not in filled and known and upper & found.keys() and name.endswith(TOWN_KINDS):
            _add(found, code, 4, name)


def _add_stand_ins(found: dict[str, Division]) -> None:
    """Give a row to every code that the scheme needs on the way up and that is no real division."""
    for row in list(found.values()):
        parent = row.parent
        if parent and parent not in found:
            province = parent[:2]
            if province in MUNICIPALITIES or row.level == 4:
                name = "县" if parent[2:4] == "02" and row.level == 3 else "市辖区"
            else:
                name = ("自治区" if province == "65" else "省") + DIRECT
            _add(found, parent, row.level - 1, name)


def abolished(changes: list[Change], known: dict[str, Division]) -> list[Division]:
    """Return the counties and prefectures that are no more but whose codes live on in documents."""
    rows = []
    for change in changes:
        if change.old_code in known:
            continue
        level = 2 if change.old_code[4:6] == "00" else 3
        rows.append(Division(change.old_code, level, change.old_name, valid_to=f"{change.year}-12-31"))
    return rows


def with_ancestors(rows: list[Division], known: dict[str, Division], former: dict[str, str]) -> list[Division]:
    """Add a closed row for each abolished prefecture that only the codes of its counties speak of.

    `former`: names of former prefectures by code, read from the paths in the history.
    """
    have = known.keys() | {row.code for row in rows}
    last: dict[str, str] = {}
    for row in rows:
        if row.parent not in have:
            last[row.parent] = max(last.get(row.parent, ""), row.valid_to)
    return rows + [Division(code, 2, _former_name(code, former), valid_to=to) for code, to in last.items()]


def _former_name(code: str, former: dict[str, str]) -> str:
    return f"省{DIRECT}" if code[2:4] == "90" else former.get(code, "市辖区")


def finish(rows: list[Division], founded: dict[str, int]) -> list[Division]:
    """Add romanised names and first days, and tell namesakes under one parent apart by their kind."""
    done = [
        replace(
            row,
            name_en=row.name_en or STAND_INS.get(row.name_zh) or romanise(row.name_zh, row.level, row.code),
            valid_from=f"{founded[row.code]}-01-01" if row.code in founded else "",
        )
        for row in rows
    ]
    twins = Counter((row.parent, row.name_en) for row in done if not row.valid_to)
    return sorted(
        (_with_kind(row) if twins[row.parent, row.name_en] > 1 else row for row in done),
        key=lambda row: row.code,
    )


def _with_kind(row: Division) -> Division:
    kind = next((english for chinese, english in KINDS_EN.items() if row.name_zh.endswith(chinese)), "")
    return replace(row, name_en=f"{row.name_en} {kind}".strip())


def write(path: Path, header: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Write a CSV file with line feeds and no byte order mark."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _load(path: Path) -> Any:  # noqa: ANN401
    return json.loads(path.read_text(encoding="utf-8"))


def _add(found: dict[str, Division], code: str, level: int, name: str) -> None:
    found[code] = Division(code, level, name)


def main(folder: Path) -> None:
    """Convert and report the numbers of rows."""
    known = read_divisions(folder)
    names = {code: row.name_zh for code, row in known.items() if row.level < 4}
    events = _load(folder / "historical_changes_v1.json")["events"]
    changes = read_changes(events, names, HERE / "successors.csv")
    rows = list(known.values()) + with_ancestors(abolished(changes, known), known, read_former_prefectures(events))
    divisions = finish(rows, read_founding_years(events, changes))
    write(HERE / "divisions.csv", [f.name for f in fields(Division)], [astuple(row) for row in divisions])
    write(HERE / "division_changes.csv", [f.name for f in fields(Change)], [astuple(row) for row in changes])
    print(Counter((row.level, bool(row.valid_to)) for row in divisions), len(changes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
