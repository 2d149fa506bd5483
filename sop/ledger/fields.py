"""The fields that a column of a ledger may hold."""

from __future__ import annotations

from typing import Final

IGNORED: Final = "ignored"  # recognised, and not asked for: never kept
FIELDS: Final = (
    *("number", "name", "sex", "ethnic", "birth", "birth_year", "birth_month", "birth_day", "id_number"),
    *("origin", "address", "arrived", "registered", "guardian", "father", "mother", "head", "relation", "phone"),
    *("school", "vaccinated", "certificate", "away", "father_away", "mother_away", "away_place", "away_since"),
    *("boarding", "guardianship", "community", "block", "note", IGNORED),
)
DAYS: Final = frozenset({"arrived", "registered", "away_since"})  # in one column, or in one each for year, month, day
# An address may be spread over several columns; of several phones, or words about school, the first that tells counts.
SPREAD: Final = frozenset({"address", "origin", "phone", "school", "note", IGNORED, *DAYS})
BESIDE: Final = " / "  # between what several columns say, but for the parts of an address
# What "as above" never stands for: it would make one child of two.
OWN: Final = frozenset({"number", "name", "id_number"})
# What children of one household have in common, written once in a merged cell.
SHARED: Final = ("address", "guardian", "phone")
