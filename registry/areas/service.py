"""Writing places: the reference tables of divisions and their former codes."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from registry.areas.codes import parent_of
from registry.areas.models import Area, AreaChange
from registry.database import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

REFERENCE = "seed.reference"
ROWS_A_STATEMENT = 5000


def load_reference(session: Session) -> None:
    """Bring the tables of divisions and of changed codes to the state of the reference files.

    Rows that are missing are added, rows that differ are corrected, and nothing is removed; a second call
    changes nothing. Communities are an installation's own and are left alone. The caller commits.
    """
    _load_areas(session)
    _load_changes(session)


def _load_areas(session: Session) -> None:
    columns = (
        Area.code,
        Area.level,
        Area.parent_code,
        Area.name_zh,
        Area.name_en,
        Area.valid_from,
        Area.valid_to,
    )
    present = {row.code: tuple(row) for row in session.execute(select(*columns))}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in map(_area, _rows("divisions.csv")):
        if row["code"] not in present:
            new.append(row)
        elif present[row["code"]] != tuple(row.values()):
            changed.append(row)
    _insert(session, Area, new)
    if changed:
        session.execute(update(Area), changed)


def _area(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "level": int(row["level"]),
        "parent_code": parent_of(row["code"]),
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
    }


def _load_changes(session: Session) -> None:
    present = {tuple(row) for row in session.execute(select(AreaChange.old_code, AreaChange.new_code))}
    rows = [{**row, "id": uuid7(), "year": int(row["year"])} for row in _rows("division_changes.csv")]
    _insert(session, AreaChange, [r for r in rows if (r["old_code"], r["new_code"]) not in present])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(REFERENCE).joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        session.connection().execute(insert(model), rows[start : start + ROWS_A_STATEMENT])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
