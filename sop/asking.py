"""Builds the questions of the full file from their table, and checks them against the code lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.eligibility import FLAGS
from sop.questions import (
    BOXED,
    FILE_FACTS,
    KINDS,
    LISTED,
    REFUSED,
    SCOPES,
    SIDES,
    UNKNOWN,
    Question,
    Questionnaire,
    QuestionSection,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.reading import Table

OLDEST: Final = 18
TOWN: Final = 4
LONGEST: Final = 200
KEY: Final = re.compile(r"[a-z][a-z_]{1,31}")
SWITCHES: Final = ("own", "sensitive", "off", "lived")


def read_questions(file: Table, codes: Mapping[str, CodeList]) -> Questionnaire:
    """Build the questions, whose code lists and conditions must be there in the same version."""
    sections = {code: table.as_text() for code, table in file.table("sections").tables()}
    questions: dict[str, Question] = {}
    for key, table in file.table("questions").tables():
        questions[key] = _question(key, table, codes, questions)
        if questions[key].section not in sections:
            table.fault("section", "is not among the sections")
    file.finish()
    for code in sections:
        if not any(question.section == code for question in questions.values()):
            file.fault(f"sections.{code}", "has no question")
    return Questionnaire(
        tuple(
            QuestionSection(code, name, tuple(each for each in questions.values() if each.section == code))
            for code, name in sections.items()
        )
    )


def _question(key: str, table: Table, codes: Mapping[str, CodeList], earlier: Mapping[str, Question]) -> Question:
    if not KEY.fullmatch(key):
        table.fault("-", "a key is written in small letters and underscores, 32 at most")
    kind, listed = _one_of(table, "kind", KINDS), table.optional("codes")
    question = Question(
        key=key,
        section=table.string("section"),
        scope=_one_of(table, "scope", SCOPES),
        kind=kind,
        label=table.text("label"),
        short=table.text("short") if "short" in table.values else None,
        hint=table.text("hint") if "hint" in table.values else None,
        codes=listed,
        level=table.number("level", TOWN) if kind == "area" else None,
        length=table.number("length", LONGEST) if kind in BOXED else None,
        when=_when(table, codes, earlier) if "when" in table.values else When(),
        to_come=frozenset(table.strings("to_come", _known(codes, listed)))
        if "to_come" in table.values
        else frozenset(),
        **{name: table.switch(name) for name in SWITCHES},
    )
    table.finish()
    _check_list(table, question, codes)
    if question.sensitive and question.to_come:
        table.fault("to_come", "goes with no sensitive question: lists tell of papers to come")
    if question.lived and (question.kind, question.scope) != ("date", "child"):
        table.fault("lived", "is for a date in the life of a child")
    return question


def _check_list(table: Table, question: Question, codes: Mapping[str, CodeList]) -> None:
    """Every choice comes from a list that lets people not know, and decline."""
    if question.kind not in LISTED:
        if question.codes is not None:
            table.fault("codes", f"a {question.kind} has no code list")
    elif question.codes not in codes:
        table.fault("codes", f"there is no code list {question.codes!r}")
    elif not {UNKNOWN, REFUSED} <= _known(codes, question.codes):
        table.fault("codes", f"{question.codes} lacks unknown or refused")


def _when(table: Table, codes: Mapping[str, CodeList], earlier: Mapping[str, Question]) -> When:
    said = table.table("when")
    asked = said.optional("question")
    if asked is not None and asked not in earlier and asked not in FILE_FACTS:
        said.fault("question", f"{asked!r} is not asked before")
    known = None  # of what the file itself says the rules have no list
    if asked is not None and asked in earlier:
        known = _known(codes, earlier[asked].codes) | {UNKNOWN, REFUSED}
    when = When(
        side=_one_of(said, "side", SIDES) if "side" in said.values else None,
        age_from=said.number("age_from", OLDEST) if "age_from" in said.values else None,
        age_below=said.number("age_below", OLDEST) if "age_below" in said.values else None,
        flags=_strings(said, "flags", frozenset(FLAGS)),
        question=asked,
        answers=_strings(said, "answers", known),
        unless=_strings(said, "unless", known),
    )
    said.finish()
    if (asked is None) is bool(when.answers or when.unless):
        said.fault("question", "goes with answers or unless, and they with it")
    return when


def _strings(table: Table, key: str, known: frozenset[str] | None) -> frozenset[str]:
    return frozenset(table.strings(key, known)) if key in table.values else frozenset()


def _known(codes: Mapping[str, CodeList], name: str | None) -> frozenset[str]:
    return frozenset(entry.code for entry in codes[name]) if name is not None and name in codes else frozenset()


def _one_of(table: Table, key: str, allowed: frozenset[str]) -> str:
    value = table.string(key)
    if value and value not in allowed:
        table.fault(key, f"must be one of {', '.join(sorted(allowed))}")
    return value
