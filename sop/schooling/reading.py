"""Builds the rules of schooling out of schooling.toml."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from sop.ledger.cells import folded
from sop.schooling.rules import EntryRule, SchoolingRules, StatusWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.reading import Table

OLDEST: Final = 17  # the highest age that a limit of schooling may speak of
MONTHS: Final = 12

Meaning = TypeVar("Meaning", str, int)


def read_schooling(file: Table, codes: Mapping[str, CodeList]) -> SchoolingRules:
    """Build the rules, noting every fault; `codes` are the lists of the same version."""
    words = file.table("words")
    rules = SchoolingRules(
        entry=_entry(file.table("entry")),
        areas=_areas(file),
        year_starts_month=file.number("year_starts_month", MONTHS),
        year_starts_day=file.number("year_starts_day", 31),
        primary_grades=file.number("primary_grades", 9),
        compulsory_grades=file.number("compulsory_grades", 9),
        senior_grades=file.number("senior_grades", 4),
        kindergarten_age=file.number("kindergarten_age", OLDEST),
        over_age_years=file.number("over_age_years", OLDEST),
        leaving_age=file.number("leaving_age", OLDEST),
        graduates_from=file.number("graduates_from_month", MONTHS),
        statuses=_statuses(words.table("status"), codes["schooling_status"]),
        status_words=_status_words(words, codes["schooling_status"]),
        stages=_stages(words.table("stage"), codes["school"]),
        grades=_grades(words.table("grade")),
    )
    words.finish()
    file.finish()
    _check_day(file, "year_starts_day", rules.year_starts_month, rules.year_starts_day)
    if rules.primary_grades > rules.compulsory_grades:
        file.fault("primary_grades", "is more than compulsory_grades")
    return rules


def _areas(file: Table) -> Mapping[str, EntryRule]:
    areas = {}
    for prefix, table in file.table("areas").tables() if "areas" in file.values else ():
        areas[prefix] = _entry(table)
        if not re.fullmatch(r"[0-9]{2,12}", prefix):
            file.fault("areas", f"{prefix!r} is no prefix of an area code")
    return MappingProxyType(areas)


def _entry(table: Table) -> EntryRule:
    rule = EntryRule(table.number("age", 8), table.number("month", MONTHS), table.number("day", 31))
    table.finish()
    _check_day(table, "day", rule.cut_off_month, rule.cut_off_day)
    return rule


def _check_day(table: Table, key: str, month: int, day: int) -> None:
    try:
        date(2001, month, day)  # a common year: 29 February would be no day in most years
    except ValueError:
        table.fault(key, f"{month}-{day} is not a day of every year")


def _statuses(table: Table, statuses: CodeList) -> Mapping[str, str]:
    """Return the status that each word stands for; a status is also called by its code and its own words."""
    words: dict[str, str] = {}
    for code in table.values:
        if not statuses.has(code):
            table.fault(code, f"the list {statuses.name} has no such code")
        _add(words, table, code, code)
    table.finish()
    for entry in statuses:
        for word in (entry.code, entry.text.zh, entry.text.en):
            words.setdefault(folded(word), entry.code)
    return MappingProxyType(words)


def _status_words(words: Table, statuses: CodeList) -> tuple[StatusWord, ...]:
    found: list[StatusWord] = []
    for table in words.listed("within"):
        status, never = table.string("status"), table.switch("never_there")
        if status and not statuses.has(status):
            table.fault("status", f"the list {statuses.name} has no such code")
        found += [StatusWord(folded(word), status, not never) for word in table.strings("words")]
        table.finish()
    return tuple(found)


def _stages(table: Table, stages: CodeList) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for code in table.values:
        if not stages.has(code):
            table.fault(code, f"the list {stages.name} has no such code")
        _add(words, table, code, code)
    table.finish()
    return MappingProxyType(words)


def _grades(table: Table) -> Mapping[str, int]:
    """Return the grade that each word stands for; a grade is also called by its number."""
    words: dict[str, int] = {}
    for key in table.values:
        if not re.fullmatch(r"[1-9]|1[0-2]", key):
            table.fault(key, "is no grade from 1 to 12")
            table.strings(key)
            continue
        _add(words, table, key, int(key))
        words.setdefault(key, int(key))
    table.finish()
    return MappingProxyType(words)


def _add(words: dict[str, Meaning], table: Table, key: str, meaning: Meaning) -> None:
    for word in map(folded, table.strings(key)):
        if words.setdefault(word, meaning) != meaning:
            table.fault(key, f"{word!r} is {words[word]} already")
