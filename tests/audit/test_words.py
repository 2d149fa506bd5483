"""The audit in words: whatever code an event may carry, the auditor reads it in the language of the page."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask_babel import force_locale

import registry
from registry.access import Role
from registry.audit.catalogue import ACTING_FOR, CATALOGUE
from registry.audit.words import FIELD_LISTS, KEYS, KINDS, codes_in_words
from registry.clock import today
from registry.i18n import LOCALES
from sop.referral import Move
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from sop.content import Sop

ROOMS = Path(registry.__file__).parent
WRITTEN = {  # what the calls below do not spell out: passed on by a function, or counted
    "list": {"files", "search", "matches", "protected"},
    "by": {"id_number", "phone", "name", "card", "document"},
    "why": {"permission", "scope", "undeclared", "token"},
    "filter": {"none", "start", "end", "kind", "account", "child", "kind+child"}
    | {"age", "area", "block", "certificate", "flag", "school", "status", "todo", "area+status"},
    "in_scope": {"0", "1"},
    "locked": {"True", "False"},
    "named": {"0", "1"},
    "whole": {"0", "1"},
    "act": {
        *("name_zh", "name_en", "kind", "area_code", "side", "phone"),
        *("up", "down", "close", "reopen", "remove", "renamed"),
    },
    "field": {"name", "role", "office_id", "language", "left", "back"},
    "reason": {"same_number"},
    "status": {"registered", "aged_out", "deceased", "merged"},
    "decision": {"approved", "refused", "withdrawn", "same", "not_same", "claim", "another"},
    "notice": {"none"},
    "state": {"done", "stopped", "limited", "failed"},  # of a ledger
    "role": {role.value for role in Role},
}
BARE = {"shown", "found", "rows", "registered", "warned", "duplicate", "refused", "overdue"}  # numbers
IDS = {
    ACTING_FOR,
    "account",
    "area",
    "block",
    "correction",
    "deputy",
    "dose",
    "episode",
    "estimate",
    "household",
    "layout",
    "ledger",
    "match",
    "office",
} | {
    *("record", "referral", "transfer", "visit"),
}
VERSIONS = {"notice"}


def spelled_out() -> Iterator[tuple[str, str]]:
    """Every key and code that a call of the audit spells out."""
    for path in ROOMS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("note", "record")
            ):
                for each in node.keywords:
                    if each.arg in KEYS and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
                        yield str(each.arg), each.value.value


def of_the_procedure(sop: Sop) -> Iterator[tuple[str, str]]:
    lists = {"flags": "flag", "state": "referral_state", "reason": "outside_reason", "purpose": "purpose"}
    yield from ((key, code) for key, name in lists.items() for code, _ in sop.codes[name].choices("zh"))
    yield from (("move", move.value) for move in Move)
    for code, service in sop.services.items():
        yield "service", code
        yield from (("outcome", each.code) for each in service.outcomes)
    yield from (("outcome", each.code) for each in sop.visits.outcomes)


def every_code(app: Flask) -> dict[str, set[str]]:
    found = {key: set(codes) for key, codes in WRITTEN.items()}
    endpoints = [
        ("endpoint", rule.endpoint) for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")
    ]
    for key, code in [*spelled_out(), *of_the_procedure(in_force(today())), *endpoints, ("endpoint", "")]:
        found.setdefault(key, set()).add(code)
    found["field"].add("child.id_number")
    return found


def test_every_code_has_chinese_words(app: Flask) -> None:
    with app.test_request_context(), force_locale(LOCALES["zh"]):
        for key, codes in every_code(app).items():
            for code in codes:
                words = codes_in_words(key, {key: code})
                assert not any(sign.isascii() and sign.islower() for sign in "".join(words)), (key, code, words)


@pytest.mark.parametrize(("field", "name"), FIELD_LISTS.items())
def test_the_value_before_a_change_is_said_as_the_field_says_it(app: Flask, field: str, name: str) -> None:
    with app.test_request_context(), force_locale(LOCALES["zh"]):
        for code, words in in_force(today()).codes[name].choices("zh"):
            assert codes_in_words("before", {"field": field, "before": code}) == [words]


def test_every_key_of_the_catalogue_is_a_number_an_id_a_version_or_has_codes_that_are_checked_here(app: Flask) -> None:
    checked = set(every_code(app)) | BARE | IDS | VERSIONS | {"before"}
    assert set().union(*CATALOGUE.values()) | {ACTING_FOR} == set(KEYS)
    assert set(KEYS) <= checked
    assert set(KINDS) == set(CATALOGUE)


def test_a_code_without_words_is_shown_as_it_is_and_so_found_by_these_tests(app: Flask) -> None:
    with app.test_request_context(), force_locale(LOCALES["zh"]):
        assert codes_in_words("part", {"part": "no_such_part"}) == ["no_such_part"]
        assert codes_in_words("flags", {"flags": ["left_behind", "new"]}) == ["留守", "new"]
