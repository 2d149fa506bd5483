"""Says what a version holds in one language: its words, its limits, days, lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sop.content import MONTHS
from sop.handbook.parts import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sop.content import CodeList, Sop, Text


@dataclass(frozen=True)
class Voice:
    """A version of the procedure, spoken in "zh" or "en"; `names`: of areas, by code, in that language."""

    sop: Sop
    language: str
    names: Mapping[str, str] = field(default_factory=dict)

    def text(self, text: Text) -> str:
        """Return words of the version as they stand."""
        return text.in_language(self.language)

    def filled(self, text: Text, **given: str | int) -> str:
        """Return words with the limits that they name, and what else is given, filled in."""
        return self.text(text).format(**self.limits, **given)

    def say(self, key: str, **given: str | int) -> str:
        """Return a sentence of the handbook, filled in."""
        return self.filled(self.sop.handbook.words[key], **given)

    def count(self, unit: str, number: int) -> str:
        """Return a number with its unit (day, working_day, month, time): 10个工作日, 1 month."""
        return self.say(unit if number == 1 else f"{unit}s", number=number)

    def day_of_year(self, month: int, day: int) -> str:
        """Return a day of any year: 8月31日, 31 August."""
        return f"{month}月{day}日" if self.language == "zh" else f"{day} {MONTHS[month - 1]}"

    def month_of_year(self, month: int) -> str:
        """Return a month of any year: 3月, March."""
        return f"{month}月" if self.language == "zh" else MONTHS[month - 1]

    def listed(self, items: Iterable[str]) -> str:
        """Return words in a row: 、 between them in Chinese, commas in English; "none" where there is none."""
        return ("、" if self.language == "zh" else ", ").join(items) or self.say("nothing")

    def phrases(self, items: Iterable[str]) -> str:
        """Return phrases in a row, which may hold commas of their own; only the first keeps its capital.

        "none" where there is none.
        """
        words = [self.inside(words) if place else words for place, words in enumerate(items)]
        return ("；" if self.language == "zh" else "; ").join(words) or self.say("nothing")

    def inside(self, words: str) -> str:
        """Return words as they stand inside a sentence or brackets: without a capital, unless it is one of letters."""
        return words if words[1:2].isupper() else words[:1].lower() + words[1:]

    def place(self, code: str) -> str:
        """Return the name of an area, or its code where no name is known."""
        return self.names.get(code, code)

    def codes(self, codes: CodeList) -> list[str]:
        """Return the words of a code list."""
        return [self.text(entry.text) for entry in codes]

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str | Cell]]) -> Table:
        """Return a table; `columns` are keys of sentences, a plain word in a row is a cell that is certain."""
        return Table(
            name,
            tuple(self.say(column) for column in columns),
            tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows),
            tuple(columns),
            self.say("unsure"),
        )

    @cached_property
    def limits(self) -> dict[str, int | str]:
        """The limits that a sentence may name: numbers, and a month in words."""
        sop = self.sop
        return {
            "age_below": sop.eligibility.age_below,
            "stay_months": sop.eligibility.stay_months,
            "draft_days": sop.intake.draft_days,
            "first_days": sop.visits.first_days,
            "ahead_days": sop.visits.ahead_days,
            "look_ups_a_day": sop.transfers.look_ups_a_day,
            "transfer_accept_days": sop.transfers.accept_days,
            "transfer_arrive_days": sop.transfers.arrive_days,
            "overdue_dose_days": sop.referrals.overdue_dose_days,
            "newly_arrived_days": sop.referrals.newly_arrived_days,
            "entrants_from": self.month_of_year(sop.referrals.entrants_from_month),
            "leaving_age": sop.schooling.leaving_age,
            "young_below": sop.referrals.young_below,
            **{f"visit_{level}": months for level, months in sop.visits.months.items()},
        }
