"""Changes in words: which field, what stood there and what stands there, why; in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.areas.codes import full
from registry.areas.queries import full_names_of, names_of
from registry.children.answers import SENSITIVE
from registry.children.answers_shown import label_of, worded
from registry.children.display import answer, flag_tags, in_both, unanswered
from registry.children.fields import spaced
from registry.clock import today
from registry.i18n import language
from registry.names import romanise
from registry.web.filters import long_date
from sop.identity import mask_id_number, parse_birth_date
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from registry.vault.codecs import JsonValue
    from sop.questions import Question, Value

REASONS = ("correction_reason", "leaving_reason", "withdrawal_reason", "change_reason")
WITHHELD = frozenset({"unknown", "refused"})
CODED = frozenset({"sex", "ethnic", "certificate"})
OF_PEOPLE = frozenset({"name", "guardian_name"})
PAPERS = "admission_papers"  # which papers for a school admission the family has
AS_WRITTEN = frozenset({"guardian_address", "school"})
QUESTIONS = {"kind": "school_kind", "school": "school_name"}  # fields that the questionnaire calls otherwise


@dataclass
class Words:
    """Says values of changes. `whole`: ID numbers are shown whole; places are looked up once for all of them."""

    whole: bool = False
    places: dict[str, str] = field(default_factory=dict)
    communities: dict[str, str] = field(default_factory=dict)

    def look_up(self, values: Iterable[JsonValue]) -> None:
        """Find the names of all places in these values, in two queries."""
        codes = {code for value in values for code in _codes(value)}
        self.places |= full_names_of(codes, language())
        self.communities |= names_of(codes, language())

    def value(self, name: str, told: JsonValue) -> str | Markup:
        """Return a value of a field in words, "" for none."""
        if told in (None, "", [], {}):
            return ""
        if name == PAPERS and isinstance(told, dict):
            return _papers(told)
        if isinstance(told, str):
            return self._text(name, told)
        if name == "flags" and isinstance(told, list):
            words = [text for text, _kind in flag_tags(str(code) for code in told)]
            return ("、" if language() == "zh" else ", ").join(words)
        return self._several(name, told) if isinstance(told, dict) else _of_questionnaire(name, told)

    def _text(self, name: str, told: str) -> str | Markup:
        if told in WITHHELD and name not in CODED:
            return unanswered(told)
        if name in CODED:
            return answer(name, told)
        if name in OF_PEOPLE:
            return name_in_words(told)
        if name in AS_WRITTEN:
            return told
        write = self._writers.get(name)
        return write(told) if write else _of_questionnaire(name, told)

    @property
    def _writers(self) -> dict[str, Callable[[str], str]]:
        day, place = _day, self._place
        days = dict.fromkeys(("birth_date", "arrived", "left", "died_on"), day)
        places = dict.fromkeys(("hukou", "area", "guardian_workplace"), place)
        return {
            **days,
            **places,
            "id_number": self._number,
            "guardian_phone": spaced,
            "guardian_lives_here": lambda code: answer("yes_no", code),
            "guardian_here": lambda code: answer("guardian_here", code),
            "status": status_in_words,
        }

    def _number(self, told: str) -> str:
        return without_number(told) or (told if self.whole else mask_id_number(told))

    def _place(self, code: str) -> str:
        return self.places.get(full(code), code)

    def _several(self, name: str, told: dict[str, JsonValue]) -> str | Markup:
        if name == "schooling":
            parts = [answer("school", _str(told, "stage")), _str(told, "school")]
            parts.append(answer("schooling_kind", _str(told, "kind")))
        elif name == "guardian_care":
            parts = [answer("care", _str(told, "care")), answer("relation", _str(told, "relation"))]
        elif name == "destination":
            parts = [self._place(_str(told, "area")), _day(_str(told, "day"))]
        elif name == "absence":
            parts = [absence_in_words(told)]
        elif name in ("address", "household"):
            adults = told.get("guardians")
            who = [name_in_words(str(one)).striptags() for one in adults] if isinstance(adults, list) else []
            street = _str(told, "address") or unanswered(_str(told, "answer"))
            parts = [*who, self.communities.get(_str(told, "area"), ""), _str(told, "block"), street]
        else:
            return _of_questionnaire(name, told)
        return ("，" if language() == "zh" else ", ").join(part for part in parts if part)


def field_in_words(name: str, *values: JsonValue) -> str:
    """Return what a field of a change is called; of the full file the question, which is kept with its answer."""
    if in_force(today()).codes["changed_field"].has(name):
        return answer("changed_field", name)
    if name == PAPERS:
        return str(_("Papers for school admission"))
    keys = [name, *(str(key) for value in values if isinstance(value, dict) for key in value)]
    question = next((found for found in map(_question, reversed(keys)) if found), None)
    if question is None and name == SENSITIVE:
        return str(_("An answer of the full file"))  # which one is as telling as its values, and withheld with them
    return label_of(question) if question else name


def reason_in_words(code: str) -> str:
    """Return why a value changed; a reason of no list by its own name."""
    codes = in_force(today()).codes
    found = next((name for name in REASONS if codes[name].has(code)), None)
    return answer(found, code) if found else code


def name_in_words(name: str) -> Markup:
    """Return a name that a change keeps, written as everywhere: in English behind its reading."""
    return in_both(name, None if language() == "zh" else romanise(name))


def status_in_words(code: str) -> str:
    """Return a status of an episode or of a child."""
    if code == "registered":
        return str(pgettext("status", "On the register"))
    found = "child_status" if in_force(today()).codes["child_status"].has(code) else "episode_status"
    return answer(found, code)


def without_number(told: str) -> str:
    """Return what was answered instead of an ID number, "" where there is one."""
    said = {"later": _("To follow"), "none": _("Has none"), "refused": unanswered("refused")}
    return str(said.get(told, ""))


def absence_in_words(told: dict[str, JsonValue]) -> str:
    """Return from when to when a child is away, and where."""
    since, until, where = (_str(told, key) for key in ("from", "until", "where"))
    days = {
        (True, True): _("%(since)s to %(until)s", since=_day(since), until=_day(until)),
        (True, False): _("from %(since)s", since=_day(since)),
        (False, True): _("until %(until)s", until=_day(until)),
    }.get((bool(since), bool(until)), "")
    return ("，" if language() == "zh" else ", ").join(part for part in (str(days), where) if part)


def _papers(told: dict[str, JsonValue]) -> str:
    lists, codes = in_force(today()).documents.checklists.values(), told.get(PAPERS)
    names = {paper.code: paper.name.in_language(language()) for each in lists for paper in each.papers}
    held = [names.get(str(code), str(code)) for code in codes] if isinstance(codes, list) else []
    return ("、" if language() == "zh" else ", ").join(held)


def _of_questionnaire(name: str, told: JsonValue) -> str | Markup:
    """Word an answer of the full file; one that is kept together with its question as {key: value}."""
    if isinstance(told, dict) and len(told) == 1 and (kept := _question(next(iter(told)))):
        return worded(kept, cast("Value", told[kept.key]), whole=False)
    question = _question(name)
    return worded(question, cast("Value", told), whole=False) if question else str(told)


def _question(name: str) -> Question | None:
    key = QUESTIONS.get(name, name)
    return next((each for each in in_force(today()).questions if each.key == key), None)


def _codes(value: JsonValue) -> Iterable[str]:
    if isinstance(value, dict):
        value = value.get("area")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        yield full(value)


def _str(told: dict[str, JsonValue], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _day(text: str) -> str:
    return long_date(parse_birth_date(text)) if text else ""
