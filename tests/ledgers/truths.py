"""The ledgers of street offices and villages with the truth about each row, and what was read set beside it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.ledgers.sheets import read_book, sheets_with_children
from sop.ledger.judging import judge
from sop.ledger.reading import read_rows
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.ledger.judging import Judged
    from sop.ledger.values import Values

DATA: Final = Path(__file__).parent / "data"
FILES: Final = (
    "changzhou-migrant-children.xlsx",
    "shuyang-left-behind-children.xlsx",
    "wujin-migrant-children.csv",
)
ON: Final = date(2026, 11, 20)
SEX: Final = {"男": "1", "女": "2"}
# Which values a fault damaged: nobody can read them from the file.
DAMAGED: Final[Mapping[str, tuple[str, ...]]] = {
    "no name": ("name",),
    "no birth date": ("birth",),
    "birth date unreadable": ("birth",),
    "born in the future": ("birth",),
    "id number lost its last digits": ("id_number",),
    "check digit wrong": ("id_number",),
    "phone number too short": ("phone",),
    "arrival date unreadable": ("arrived",),
    "date of leaving unreadable": ("away_since",),
}

Truth = dict[str, Any]


@cache
def truth_of(file: str) -> Mapping[int, Truth]:
    """Return the truth about each row of a file, by the row."""
    told = json.loads((DATA / file).with_suffix(".truth.json").read_text(encoding="utf-8"))
    return {row["row"]: row for row in told["rows"]}


def read_file(file: str) -> Mapping[int, Judged]:
    """Read and judge a file as it lies there, by the row."""
    sop = load("2026-11")
    ((sheet, header),) = sheets_with_children(read_book((DATA / file).read_bytes(), file), sop.ledgers)
    return {each.row.row: each for each in judge(read_rows(sheet.rows, header, sop.ledgers), ON, sop)}


def expected(truth: Truth) -> Mapping[str, str | None]:
    """Return the values that a row should give, but for those that its faults damaged."""
    damaged = {name for fault in truth["faults"] for name in DAMAGED.get(fault, ())}
    same = (
        "name",
        "birth",
        "id_number",
        "phone",
        "relation",
        "guardian",
        "address",
        "arrived",
        "registered",
        "away_since",
    )
    values = {name: truth.get(name) or None for name in same} | {"sex": SEX[truth["sex"]]}
    return {name: value for name, value in values.items() if name not in damaged}


def given(values: Values) -> Mapping[str, str | None]:
    """Return the values that were read, as the truth writes them."""
    days = ("birth", "arrived", "registered", "away_since")
    plain = ("name", "id_number", "phone", "relation", "guardian", "address", "sex")
    iso = {name: day.iso if (day := getattr(values, name)) else None for name in days}
    return iso | {name: getattr(values, name) for name in plain}


@dataclass
class Tally:
    """How often each outcome was given for each that is right, and how many values were right."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)

    def count(self, pairs: Iterable[tuple[Truth, Judged]]) -> None:
        """Count rows, each with its truth."""
        for truth, row in pairs:
            self.outcomes[truth["outcome"], row.outcome] += 1
            read = given(row.row.values)
            for name, value in expected(truth).items():
                if read[name] == value:
                    self.right += 1
                else:
                    self.wrong.append((row.row.row, name))

    def recall(self, outcome: str) -> float:
        """Return which part of the rows of an outcome was found."""
        all_of_it = sum(number for (right, _), number in self.outcomes.items() if right == outcome)
        return self.outcomes[outcome, outcome] / all_of_it

    def precision(self, outcome: str) -> float:
        """Return which part of the rows that were given an outcome has it."""
        given_it = sum(number for (_, said), number in self.outcomes.items() if said == outcome)
        return self.outcomes[outcome, outcome] / given_it

    def stored_in_error(self) -> int:
        """Return how many rows were registered that should be refused."""
        return sum(self.outcomes["refuse", outcome] for outcome in ("warn", "register"))
