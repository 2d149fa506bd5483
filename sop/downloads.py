"""Lists that leave the register as spreadsheets: limits, columns with their headings, and columns to be filled in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.reading import Table

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_OFFERED: Final = 20
MOST_DAYS: Final = 3660
FIELDS: Final = (
    *("number", "name", "pinyin", "sex", "birth", "age", "ethnic", "id_number", "card_number", "origin", "area"),
    *("community", "block", "address", "arrived", "guardian", "relation", "phone", "school", "school_name"),
    *("vaccinated", "flags", "away", "away_since", "away_place", "registered", "left", "status"),
)
FILLED_IN: Final = (
    *("outcome", "reason", "day", "school", "school_kind", "grade", "begins", "alternative", "dose"),
    "note",
)
ANSWER_COLUMNS: Final = ("key", "reference", "limit", "state", *FILLED_IN, "wrong")
ITEM: Final = "item."  # before the code of an item: the column of its result
# What templates put around a heading: a star or a note in brackets that it must be filled in, a colon behind it.
AROUND: Final = " *＊:：\n\r\t　"


@dataclass(frozen=True)
class ListField:
    """A column that a list may have: its heading, and other headings under which templates ask for it."""

    code: str
    heading: Text
    names: tuple[str, ...]


@dataclass(frozen=True)
class DownloadRules:
    """Limits of lists, the fields in the order of a list, headings of the columns of answers and their words.

    `most_rows` of children, `most_rows_a_day` that one person takes out in all lists, `most_columns` of a layout,
    `most_referrals` of an office's list, `most_answers` of one upload, `offered_downloads` to begin from, which is
    forgotten after `keep_days`. `answers`: heading by column of ANSWER_COLUMNS, and of each item that is compared
    (ITEM and its code of the list `item`). `accept`: the choice that takes a referral on without an outcome.
    `dose_in_note` has the placeholder {dose}.
    """

    most_rows: int
    most_rows_a_day: int
    most_columns: int
    most_referrals: int
    most_answers: int
    offered_downloads: int
    keep_days: int
    fields: Mapping[str, ListField]
    answers: Mapping[str, Text]
    accept: Text
    dose_in_note: Text

    def field_of(self, heading: str) -> str | None:
        """Return the field that a template asks for under a heading, None where the register has none such."""
        wanted = folded(heading)
        for field in self.fields.values():
            if wanted in {folded(name) for name in (field.heading.zh, field.heading.en, *field.names)}:
                return field.code
        return None

    @property
    def filled_in(self) -> tuple[str, ...]:
        """The columns to be filled in, in their order: those of every service, and of each item."""
        items = (column for column in self.answers if column.startswith(ITEM))
        return (*FILLED_IN[:-1], *items, FILLED_IN[-1])

    def answer_column(self, heading: str) -> str | None:
        """Return the column of answers that a heading names in either language, None for any other."""
        wanted = folded(heading)
        for column, words in self.answers.items():
            if wanted in {folded(words.in_language(language)) for language in LANGUAGES}:
                return column
        return None


def folded(heading: str) -> str:
    """Return a heading as it is compared: without width, case, inner space and what templates put around it."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    bare = plain.replace("(必填)", "").replace("(选填)", "").strip(AROUND)
    return "".join(bare.split())


def read_downloads(file: Table, items: CodeList) -> DownloadRules:
    """Build the rules out of downloads.toml, noting every fault; `items` are those that an office may compare."""
    limited = ("most_rows", "most_rows_a_day", "most_referrals", "most_answers")
    limits = {key: file.number(key, MOST_ROWS) for key in limited}
    fields = {code: _field(code, table) for code, table in file.table("fields").tables()}
    answers = file.table("answers")
    rules = DownloadRules(
        **limits,
        most_columns=file.number("most_columns", MOST_COLUMNS),
        offered_downloads=file.number("offered_downloads", MOST_OFFERED),
        keep_days=file.number("keep_days", MOST_DAYS),
        fields=MappingProxyType(fields),
        answers=MappingProxyType(
            {**{column: answers.text(column) for column in ANSWER_COLUMNS}, **_of_items(answers.text("item"), items)}
        ),
        accept=answers.text("accept"),
        dose_in_note=answers.text("dose_in_note"),
    )
    answers.finish()
    file.finish()
    for code in FIELDS:
        if code not in fields:
            file.fault("fields", f"{code} is missing")
    for code in fields:
        if code not in FIELDS:
            file.fault("fields", f"{code!r} is no field of a list")
    _check_headings(file, rules)
    return rules


def _of_items(heading: Text, items: CodeList) -> dict[str, Text]:
    """Return the heading of each item's column; `heading` has the placeholder {item}."""
    named = {f"{ITEM}{each.code}": each.text for each in items}
    return {
        column: Text(heading.zh.format(item=name.zh), heading.en.format(item=name.en)) for column, name in named.items()
    }


def _field(code: str, table: Table) -> ListField:
    field = ListField(code, table.text("heading"), table.strings("names"))
    table.finish()
    return field


def _check_headings(file: Table, rules: DownloadRules) -> None:
    """A heading that two columns share could not be told apart when a file comes back."""
    told: dict[str, str] = {}
    for field in rules.fields.values():
        for name in {folded(name) for name in (field.heading.zh, field.heading.en, *field.names)}:
            if told.setdefault(name, field.code) != field.code:
                file.fault("fields", f"{name!r} stands for both {told[name]} and {field.code}")
    for language in LANGUAGES:
        words = [folded(text.in_language(language)) for text in rules.answers.values()]
        if len(set(words)) != len(words):
            file.fault("answers", f"two columns have the same heading ({language})")
