"""What a version says of school: ages of entry, grades, and the words by which lists tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class EntryRule:
    """Age in years to be reached by the cut-off day for entering primary school that year."""

    age: int
    cut_off_month: int
    cut_off_day: int


class StatusWord(NamedTuple):
    """A folded word within a longer text, and the status it tells; whether the child ever was in the school named."""

    word: str
    status: str
    was_there: bool


@dataclass(frozen=True)
class SchoolingRules:
    """School entry, with what differs by area (keys are prefixes of area codes), the grades, and ages in years.

    `over_age_years`: above the age of a grade; `leaving_age`: from which being in no school has a name of its own;
    `graduates_from`: month from which a graduate is one of this summer; `statuses`, `stages`, `grades`: by their folded
    words, `status_words` those within longer texts, the first that fits counting.
    """

    entry: EntryRule
    areas: Mapping[str, EntryRule]
    year_starts_month: int
    year_starts_day: int
    primary_grades: int
    compulsory_grades: int
    senior_grades: int
    kindergarten_age: int
    over_age_years: int
    leaving_age: int
    graduates_from: int
    statuses: Mapping[str, str]
    status_words: tuple[StatusWord, ...]
    stages: Mapping[str, str]
    grades: Mapping[str, int]
