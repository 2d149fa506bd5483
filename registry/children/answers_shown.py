"""Answers of the full file in words, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.areas.codes import full
from registry.areas.queries import full_names_of
from registry.children.display import answer, unanswered
from registry.children.fields import spaced
from registry.i18n import language
from registry.web.filters import joined, long_date
from sop.identity import mask_id_number, parse_birth_date
from sop.questions import withheld

if TYPE_CHECKING:
    from markupsafe import Markup

    from sop.questions import Question, Value

MASKED = frozenset({"document", "number"})  # kinds whose value is shown whole only where it is typed


def worded(question: Question, value: Value | None, *, whole: bool = True) -> str | Markup:
    """Return an answer in words, "" for none. `whole` False masks numbers of documents and of pupils."""
    if not value:
        return ""
    if none := withheld(value):
        return unanswered(none)
    if question.codes and isinstance(value, str):
        return answer(question.codes, value)
    if isinstance(value, list):
        return joined(answer(str(question.codes), code) for code in value)
    if isinstance(value, dict):
        number = value.get("number", "")
        return joined([answer(str(question.codes), value.get("kind")), number if whole else mask_id_number(number)])
    return _written(question, value, whole=whole)


def _written(question: Question, value: str, *, whole: bool) -> str:
    if question.kind == "area":
        code = full(value)
        return full_names_of([code], language()).get(code, code)
    if question.kind == "date":
        return long_date(parse_birth_date(value))
    if question.kind == "phone":
        return spaced(value)
    return value if whole or question.kind not in MASKED else mask_id_number(value)


def name_of(question: Question) -> str:
    """Return what an answer is called on a file, in the language of the page."""
    return question.name.in_language(language())


def label_of(question: Question) -> str:
    """Return a question in the language of the page."""
    return question.label.in_language(language())
