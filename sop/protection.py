"""What is judged of a child's care after a visit and what follows from it; whom a report of harm goes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from sop.content import Code, CodeList, SopError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.reading import Table

LEVELS: Final = ("ordinary", "raised", "high")  # rising
DANGER: Final = frozenset({"now", "not_now", "unknown"})
RECIPIENTS: Final = frozenset({"public_security", "civil_affairs", "education"})  # law, article 11
ACUTE: Final = "now"


@dataclass(frozen=True)
class Judgement:
    """One answer about a child's care: what it means, and what it leads to by itself."""

    code: str
    text: Text
    meaning: Text | None
    level: str
    seen: bool


@dataclass(frozen=True)
class Risk:
    """What all answers lead to together: a level of LEVELS, and whether the child itself must be seen."""

    level: str
    must_be_seen: bool


@dataclass(frozen=True)
class Hotline:
    """A number to phone before anything is written down."""

    code: str
    name: Text
    number: str


@dataclass(frozen=True)
class Recipient:
    """A body that must be told of harm, and the law that says so."""

    code: str
    name: Text
    law: Text


Entry = TypeVar("Entry", Judgement, Recipient)


@dataclass(frozen=True)
class ProtectionRules:
    """Lists and texts of the file protection.toml; `local_hotlines` are keyed by a prefix of the area code."""

    levels: CodeList
    guardianship: tuple[Judgement, ...]
    assessment: tuple[Judgement, ...]
    category: tuple[Judgement, ...]
    harm: CodeList
    urgency: CodeList
    hotlines: tuple[Hotline, ...]
    local_hotlines: Mapping[str, Hotline]
    recipients: tuple[Recipient, ...]
    protecting: CodeList
    lifting: CodeList
    duty: Text
    secrecy: Text

    def risk(self, guardianship: str, assessment: str, categories: Iterable[str]) -> Risk:
        """Return what the answers lead to: the highest level of any, and to be seen when any says so.

        Raises SopError for a code that this version does not hold.
        """
        answers = [
            _one_of(self.guardianship, guardianship),
            _one_of(self.assessment, assessment),
            *(_one_of(self.category, code) for code in categories),
        ]
        level = max((answer.level for answer in answers), key=LEVELS.index)
        return Risk(level, any(answer.seen for answer in answers))

    def judgement(self, question: str, code: str) -> Judgement:
        """Return one answer to "guardianship", "assessment" or "category"; raises SopError when unknown."""
        answers: tuple[Judgement, ...] = getattr(self, question)
        return _one_of(answers, code)

    def recipient(self, code: str) -> Recipient:
        """Return a body that is told of harm; raises SopError when this version knows none such."""
        return _one_of(self.recipients, code)

    def hotlines_for(self, area_code: str) -> tuple[Hotline, ...]:
        """Return the numbers to phone in a 12-digit area: the general ones, then its own line when there is one."""
        own = [prefix for prefix in self.local_hotlines if area_code.startswith(prefix)]
        return (*self.hotlines, *(self.local_hotlines[prefix] for prefix in sorted(own, key=len)[-1:]))


def _one_of(entries: tuple[Entry, ...], code: str) -> Entry:
    for entry in entries:
        if entry.code == code:
            return entry
    raise SopError(f"there is no {code!r} among {', '.join(entry.code for entry in entries)}")


def read_protection(file: Table) -> ProtectionRules:
    """Build the rules from protection.toml, noting every fault."""
    words = file.table("words")
    rules = ProtectionRules(
        levels=_list(file, "levels", frozenset(LEVELS)),
        guardianship=_judgements(file.table("guardianship")),
        assessment=_judgements(file.table("assessment")),
        category=_judgements(file.table("category")),
        harm=_list(file, "harm"),
        urgency=_list(file, "urgency", DANGER),
        hotlines=tuple(_hotline(code, table) for code, table in file.table("hotlines").tables()),
        local_hotlines=_local_hotlines(file),
        recipients=_recipients(file.table("recipients")),
        protecting=_list(file, "protecting"),
        lifting=_list(file, "lifting"),
        duty=words.text("duty"),
        secrecy=words.text("secrecy"),
    )
    words.finish()
    file.finish()
    return rules


def _list(file: Table, name: str, needed: frozenset[str] = frozenset()) -> CodeList:
    table = file.table(name)
    codes = CodeList(name, tuple(Code(code, words.as_text()) for code, words in table.tables()))
    for code in sorted(needed - {entry.code for entry in codes}):
        table.fault(code, "is missing: the rules speak of it")
    return codes


def _judgements(question: Table) -> tuple[Judgement, ...]:
    return tuple(_judgement(code, table) for code, table in question.tables())


def _judgement(code: str, table: Table) -> Judgement:
    read = Judgement(
        code=code,
        text=table.text("text"),
        meaning=table.text("meaning") if "meaning" in table.values else None,
        level=table.string("level"),
        seen=table.boolean("seen"),
    )
    table.finish()
    if read.level not in LEVELS:
        table.fault("level", f"must be one of {', '.join(LEVELS)}")
    return read


def _hotline(code: str, table: Table) -> Hotline:
    line = Hotline(code, table.text("name"), table.string("number"))
    table.finish()
    if not re.fullmatch(r"[0-9-]{3,15}", line.number):
        table.fault("number", "must be a phone number in digits")
    return line


def _local_hotlines(file: Table) -> Mapping[str, Hotline]:
    lines = {}
    for prefix, table in file.table("local_hotlines").tables() if "local_hotlines" in file.values else ():
        lines[prefix] = _hotline(prefix, table)
        if not re.fullmatch(r"[0-9]{2,12}", prefix):
            file.fault("local_hotlines", f"{prefix!r} is no prefix of an area code")
    return MappingProxyType(lines)


def _recipients(table: Table) -> tuple[Recipient, ...]:
    found = []
    for code, entry in table.tables():
        found.append(Recipient(code, entry.text("name"), entry.text("law")))
        entry.finish()
    for code in sorted(RECIPIENTS - {one.code for one in found}):
        table.fault(code, "is missing: the law names it")
    return tuple(found)
