"""The words of ledgers: what columns are called, what lines and cells say. All of it is data of a version."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import SopError
from sop.ledger.cells import folded
from sop.ledger.fields import FIELDS
from sop.ledger.messages import read_messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.ledger.messages import Said
    from sop.reading import Table

MOST_DAYS: Final = 365
MOST_MET: Final = 1000
LINES: Final = (
    *("nothing", "totals", "signatures", "notes", "examples", "hints"),
    *("places", "towns", "titles", "no_places", "place_labels", "since_birth"),
)
OWNERS: Final = ("guardian", "father", "mother", "family", "others")
OWNED: Final = ("relation", "phone", "away_place", "away_since", "away", "name")
# Of which list the codes are that cells of a kind stand for, and what else they may stand for.
KINDS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "sex": ("sex", frozenset()),
    "relation": ("relation", frozenset({"unclear"})),
    "school": ("school", frozenset({"attending"})),
    "vaccinated": ("certificate", frozenset()),
    "certificate": ("certificate", frozenset()),
    "away": ("who_away", frozenset()),
    "yes_no": ("yes_no", frozenset()),
}
UNSAID: Final = frozenset({"unknown", "refused"})
PARTS: Final[Mapping[str, str]] = {"school": "school", "away": "away", "cannot_care": "yes_no"}


@dataclass(frozen=True)
class Loose:
    """A column called by no known word is `field` where it holds one of `any`, one of `also`, none of `never`."""

    field: str
    any: tuple[str, ...]
    also: tuple[str, ...]
    never: tuple[str, ...]

    def fits(self, words: str) -> bool:
        """Tell whether the folded words of a column are of this kind."""
        if not any(word in words for word in self.any) or any(word in words for word in self.never):
            return False
        return not self.also or any(word in words for word in self.also)


@dataclass(frozen=True, eq=False)
class LedgerWords:
    """Words by what they mean; all of them folded, but for ditto marks and signs of a sending ledger."""

    headers: Mapping[str, str]
    loose: tuple[Loose, ...]
    owners: Mapping[str, tuple[str, ...]]
    owned: Mapping[str, tuple[str, ...]]
    child: tuple[str, ...]
    ditto: frozenset[str]
    sending: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, tuple[tuple[str, str], ...]]
    messages: Mapping[str, Said]
    keep_days: int
    decide_days: int
    met_a_day: int

    def said(self, code: str) -> Said:
        """Return the words of a message; raises SopError for a code that has none."""
        if code not in self.messages:
            raise SopError(f"ledgers have no message {code!r}")
        return self.messages[code]

    def code(self, kind: str, text: str) -> str | None:
        """Return the code that a cell of `kind` (sex, relation, school …) stands for, or None."""
        return self.values[kind].get(folded(text))

    def part(self, kind: str, text: str) -> str | None:
        """Return the code of the first word of `kind` that a longer text holds, or None."""
        words = folded(text)
        return next((code for word, code in self.parts[kind] if word in words), None)

    def is_nothing(self, text: str) -> bool:
        """Tell whether a cell says that there is nothing to say: 无, 不详, a stroke, nothing at all."""
        words = folded(text)
        return not words or words in self.lines["nothing"]


def read_ledgers(file: Table, codes: Mapping[str, CodeList]) -> LedgerWords:
    """Build the words out of ledgers.toml, noting every fault."""
    lines = file.table("lines")
    words = LedgerWords(
        headers=_headers(file.table("headers")),
        loose=tuple(_loose(table) for table in file.listed("loose")),
        owners=_named(file.table("owners"), OWNERS),
        owned=_named(file.table("owned"), OWNED),
        child=_longest_first(_folded(_only(file.table("child"), "words"))),
        ditto=frozenset("".join(mark.casefold().split()) for mark in lines.strings("ditto")),
        sending=lines.strings("sending"),
        lines=_named(lines, LINES),
        values=_values(file.table("values"), codes),
        parts=_parts(file.table("parts"), codes),
        messages=read_messages(file),
        keep_days=_number(file.table("keeping"), "days", MOST_DAYS),
        decide_days=_number(file.table("deciding"), "days", MOST_DAYS),
        met_a_day=_number(file.table("met_elsewhere"), "a_day", MOST_MET),
    )
    file.finish()
    return words


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(word) for word in words))


def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _only(table: Table, key: str) -> tuple[str, ...]:
    words = table.strings(key)
    table.finish()
    return words


def _number(table: Table, key: str, highest: int) -> int:
    number = table.number(key, highest)
    table.finish()
    return number


def _headers(table: Table) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for field in table.values:
        if field not in FIELDS:
            table.fault(field, "is no field of a ledger")
        for word in _folded(table.strings(field)):
            if headers.setdefault(word, field) != field:
                table.fault(field, f"{word!r} is {headers[word]} already")
    return MappingProxyType(headers)


def _loose(table: Table) -> Loose:
    field = table.string("field")
    if field not in FIELDS:
        table.fault("field", f"{field!r} is no field of a ledger")
    words = (_folded(table.strings(key)) if key in table.values else () for key in ("also", "never"))
    loose = Loose(field, _folded(table.strings("any")), *words)
    table.finish()
    return loose


def _named(table: Table, keys: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    named = {key: _longest_first(_folded(table.strings(key))) for key in keys}
    table.finish()
    return MappingProxyType(named)


def _values(table: Table, codes: Mapping[str, CodeList]) -> Mapping[str, Mapping[str, str]]:
    values = {kind: _kind(table.table(kind), codes[name], others) for kind, (name, others) in KINDS.items()}
    table.finish()
    return MappingProxyType({**values, "ethnic": _ethnic(codes["ethnic"])})


def _kind(table: Table, allowed: CodeList, others: frozenset[str]) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for code in table.values:
        if not (allowed.has(code) or code in others):
            table.fault(code, f"the list {allowed.name} has no such code")
        for word in _folded(table.strings(code)):
            if words.setdefault(word, code) != code:
                table.fault(code, f"{word!r} is {words[word]} already")
    for entry in allowed:  # the list's own words, which the empty ledger offers; 不清楚 says nothing and stays so
        for word in (folded(entry.text.zh), folded(entry.text.en)) if entry.code not in UNSAID else ():
            words.setdefault(word, entry.code)
    return MappingProxyType(words)


def _ethnic(ethnic: CodeList) -> Mapping[str, str]:
    """Return the codes of ethnic groups by their names, with and without 族, and by the codes themselves."""
    words: dict[str, str] = {}
    for entry in ethnic:
        said = folded(entry.text.zh)
        for word in (said, said.removesuffix("族"), folded(entry.text.en), entry.code, entry.code.removeprefix("0")):
            words.setdefault(word, entry.code)
    return MappingProxyType(words)


def _parts(table: Table, codes: Mapping[str, CodeList]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    parts = {}
    for kind, of in PARTS.items():
        name, others = KINDS[of]
        found: list[tuple[str, str]] = []
        for entry in table.listed(kind):
            code = entry.string("code")
            if not (codes[name].has(code) or code in others):
                entry.fault("code", f"the list {name} has no code {code!r}")
            found.extend((word, code) for word in _folded(entry.strings("words")))
            entry.finish()
        parts[kind] = tuple(found)
    table.finish()
    return MappingProxyType(parts)
