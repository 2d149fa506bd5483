"""How children are written on every page: names, ages, tags of status and flags, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from registry.clock import today
from registry.i18n import language
from sop.eligibility import months_between
from sop.identity import BirthDate
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flask import Flask

    from registry.access import Viewer
    from registry.vault.sealed import Handle
    from sop.content import Text
    from sop.eligibility import Flag

Tag = tuple[str, str]
STATUS_KINDS = {
    "pending": "dashed",
    "active": "tint",
    "left": "grey",
    "not_found": "grey",
    "withdrawn": "grey",
}
UNANSWERED = frozenset({"unknown", "refused"})
UNSETTLED = ("provisional", "unsettled")
CHILD_OF_SEX = {"1": lambda: _("Boy"), "2": lambda: _("Girl")}


@dataclass(frozen=True)
class Reasoned:
    """A flag, and why it holds today."""

    text: str
    kind: str
    reason: str


class Named(Protocol):
    """A row with a sealed name and its reading: a child, a guardian."""

    @property
    def name(self) -> Handle[str]:
        """The name in its own characters."""

    @property
    def pinyin(self) -> Handle[str]:
        """The name in Latin letters."""


def person(named: Named, viewer: Viewer) -> Markup:
    """Return a name for a page: 陈雨桐; in English Chen Yutong 陈雨桐, which opens the reading as well."""
    reading = None if language() == "zh" else named.pinyin.open(viewer)
    return in_both(named.name.open(viewer) or "", reading)


def in_both(name: str, reading: str | None) -> Markup:
    """Return a name behind its reading in Latin letters, marked as Chinese; alone where it needs no reading."""
    if not reading or reading == name:
        return Markup("<bdi>{}</bdi>").format(name)
    characters = Markup('<bdi lang="zh-CN" class="app-characters">{}</bdi>')
    return Markup("{} {}").format(reading, characters.format(name))


def written_name(named: Named, viewer: Viewer) -> str:
    """Return the same as plain text."""
    return str(person(named, viewer).striptags())


def age(birth: BirthDate | tuple[int, int], on: date | None = None) -> str:
    """Return an age in completed years, 7周岁 or 7 years; below one year in months.

    `birth` may be (year, month), as lists have it without opening anything: a birthday then counts from the
    last day of its month, as everywhere where the day is not known.
    """
    born = birth if isinstance(birth, BirthDate) else BirthDate(*birth)
    day = on or today()
    years = born.age_on(day)
    if years >= 1:
        return str(ngettext("%(num)s year", "%(num)s years", years))
    months = max(months_between(born.latest, day), 0)
    return str(ngettext("%(num)s month", "%(num)s months", months))


def girl_or_boy(sex: str) -> str:
    """Return the word for a child of a sex: Girl, Boy; else the words of the code list."""
    word = CHILD_OF_SEX.get(sex)
    return word() if word else answer("sex", sex)


def answer(list_name: str, code: str | None) -> str:
    """Return the words for a code of a list of the procedure, in the language of the page; "" for none."""
    codes = in_force(today()).codes[list_name]
    return codes.text(code).in_language(language()) if code and codes.has(code) else code or ""


def in_language(text: Text) -> str:
    """Return words of the procedure in the language of the page."""
    return text.in_language(language())


def unanswered(code: str | None) -> str:
    """Return what stands where a question brought no value: not known, declined to say, or nothing."""
    return answer("withheld", code) if code in UNANSWERED else ""


def status_tag(status: str) -> Tag:
    """Return words and kind of the tag for the status of an episode."""
    return answer("episode_status", status), STATUS_KINDS[status]


def flag_tags(flags: Iterable[str]) -> list[Tag]:
    """Return words and kinds of the tags for codes of the list `flag`."""
    return [(answer("flag", flag), "dashed" if flag in UNSETTLED else "outlined") for flag in flags]


def reasoned(flags: Iterable[Flag], on: date) -> list[Reasoned]:
    """Return the words and the reason of each flag, by the procedure in force on a day."""
    sop = in_force(on)
    said = [(flag_tags([flag.shown])[0], sop.explain(flag.reason, language())) for flag in flags]
    return [Reasoned(text, kind, reason) for (text, kind), reason in said]


def init_app(app: Flask) -> None:
    """Make these known to every template."""
    app.jinja_env.filters["age"] = age
    app.jinja_env.filters["in_language"] = in_language
    known = (person, girl_or_boy, answer, status_tag, flag_tags)
    app.jinja_env.globals.update({each.__name__: each for each in known})
