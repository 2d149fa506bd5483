"""What is said of a row: a code with its level; the words, in both languages, are data."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import SopError, placeholders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Text
    from sop.ledger.words import LedgerWords
    from sop.reading import Table

REFUSE: Final = "refuse"
DUPLICATE: Final = "duplicate"
WARN: Final = "warn"
REGISTER: Final = "register"
OUTCOMES: Final = (REFUSE, DUPLICATE, WARN, REGISTER)  # the first that fits is that of the row

# Which outcome each message brings; one of level register is only said.
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("name_missing", "name_several"), REFUSE),
        **dict.fromkeys(("birth_missing", "birth_unreadable", "birth_lunar"), REFUSE),
        **dict.fromkeys(("birth_approximate", "birth_ambiguous", "birth_calendar", "birth_year"), REFUSE),
        **dict.fromkeys(("birth_future", "too_old"), REFUSE),
        **dict.fromkeys(("place_unknown", "no_office", "failed", "undecided"), REFUSE),
        **dict.fromkeys(("in_file", "in_register"), DUPLICATE),
        **dict.fromkeys(("name_placeholder", "second_child", "birth_month", "birth_differs"), WARN),
        **dict.fromkeys(("sex_missing", "sex_unreadable", "sex_differs"), WARN),
        **dict.fromkeys(("id_damaged", "check_digit", "id_length", "id_old", "id_characters", "id_masked"), WARN),
        **dict.fromkeys(("id_birth", "id_of_adult", "id_of_another", "id_twice", "same_name"), WARN),
        **dict.fromkeys(("phone_short", "phone_long", "phone_unreadable", "phone_damaged"), WARN),
        **dict.fromkeys(("arrived_unreadable", "arrived_before_birth", "arrived_future"), WARN),
        **dict.fromkeys(("away_unreadable", "away_future"), WARN),
        **dict.fromkeys(("relation_unknown", "guardian_missing"), WARN),
        **dict.fromkeys(("outside", "supervisor", "passed_on", "no_office_yet"), WARN),
        **dict.fromkeys(("birth_from_number", "sex_from_number", "relation_unclear", "taken_from_above"), REGISTER),
        **dict.fromkeys(("ethnic_unknown", "school_unknown", "certificate_unknown", "boarding_unknown"), REGISTER),
        **dict.fromkeys(("who_away_unknown", "registered_unreadable", "phone_above", "phone_of_parent"), REGISTER),
    }
)
# What the placeholders in its words stand for; codes not named here have none.
ELSEWHERE: Final = "sheet"  # given where the row that a message names stands in another sheet
GIVEN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("in_file", "id_twice", "same_name"), frozenset({"row"})),
        **dict.fromkeys(("birth_future", "birth_month", "birth_from_number"), frozenset({"day"})),
        **dict.fromkeys(("arrived_before_birth", "arrived_future", "away_future"), frozenset({"day"})),
        "too_old": frozenset({"day", "age"}),
        "birth_differs": frozenset({"typed", "number"}),
        "id_length": frozenset({"digits"}),
    }
)


@dataclass(frozen=True)
class Said:
    """The words of a code: why, and what to do, where there is something to do.

    `elsewhere`: why, where the row that it names stands in another sheet.
    """

    reason: Text
    advice: Text | None
    elsewhere: Text | None = None


@dataclass(frozen=True)
class Message:
    """Something to say of a field of a row. `proposal`: the value that might be meant, where one is known."""

    field: str
    code: str
    params: Mapping[str, int | str]
    proposal: str | None = None

    @property
    def level(self) -> str:
        """The outcome that this message brings: refuse, duplicate, warn, register."""
        return LEVELS[self.code]

    def text(self, language: str, words: LedgerWords) -> str:
        """Return reason and advice in `language` ("zh" or "en"); raises SopError where a placeholder is not filled."""
        advice = self.advice(language, words)
        between = "" if language == "zh" else " "
        return self.reason(language, words) + (between + advice if advice else "")

    def reason(self, language: str, words: LedgerWords) -> str:
        """Return why, in `language`."""
        said = words.said(self.code)
        reason = said.elsewhere if said.elsewhere and ELSEWHERE in self.params else said.reason
        template = reason.in_language(language)
        missing = placeholders(template) - self.params.keys()
        if missing:
            raise SopError(f"message {self.code!r} needs {', '.join(sorted(missing))}")
        return template.format(**self.params)

    def advice(self, language: str, words: LedgerWords) -> str:
        """Return what to do, in `language`; empty where there is nothing to do."""
        advice = words.said(self.code).advice
        return advice.in_language(language) if advice else ""


def read_messages(file: Table) -> Mapping[str, Said]:
    """Take the words of every code, noting those that are missing, unknown, or name what is not given."""
    messages = {}
    codes = file.table("messages")
    for code, table in codes.tables():
        others = (table.text(key) if key in table.values else None for key in ("advice", "elsewhere"))
        said = Said(table.text("text"), *others)
        messages[code] = said
        table.finish()
        _check(table, code, said)
    for code in sorted(LEVELS.keys() - messages.keys()):
        codes.fault(code, "is missing: the rules speak of it")
    for code in sorted(code for code, said in messages.items() if not said.elsewhere and "row" in GIVEN.get(code, ())):
        codes.fault(code, "needs words for a row elsewhere, in another sheet")
    return MappingProxyType(messages)


def _check(table: Table, code: str, said: Said) -> None:
    if code not in LEVELS:
        table.fault("-", "no rule says this")
    for name in sorted(_named(said.reason.zh) - GIVEN.get(code, frozenset())):
        table.fault("text", f"the rule gives no {{{name}}}")
    if said.elsewhere and _named(said.elsewhere.zh) != GIVEN.get(code, frozenset()) | {ELSEWHERE}:
        table.fault("elsewhere", "names the row and the {sheet}")
    if said.advice and _named(said.advice.zh):
        table.fault("advice", "is said as it stands: no placeholders")


def _named(template: str) -> frozenset[str]:
    try:
        return placeholders(template)
    except ValueError:
        return frozenset()  # noted already where the words were read
