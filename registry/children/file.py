"""What the page of a file says, in its order: who, what is to be done, facts, why, where, school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.areas.queries import full_names_of
from registry.children import fields
from registry.children.display import age, answer, flag_tags, girl_or_boy, person, reasoned, status_tag
from registry.children.facts import birth_of, classify_today
from registry.children.queries import present_episode
from registry.children.told import family_facts
from registry.i18n import language
from registry.web.filters import joined, long_date, short_date
from sop.eligibility import Classification, months_between
from sop.identity import BirthDate, is_placeholder, mask_id_number
from sop.schooling import grade_name
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.children.display import Reasoned
    from registry.children.models import Child, Episode, Schooling

Fact = tuple[str, str]
YEARS_FROM = 24  # months, from which a stay is told in years
UNSEEN = frozenset({"unseen", "unknown"})


@dataclass(frozen=True)
class FilePage:
    """A child's file as its page shows it; `number` is masked, None where `without_number` says why."""

    child: Child
    name: Markup
    lead: Markup
    tags: list[tuple[str, str]]
    todo: list[tuple[str, str]]
    number: str | None
    without_number: str
    family: list[tuple[str, str | Markup]]
    facts: list[tuple[str, str | Markup]]
    phones: list[str]
    certificate: str
    flags: list[Reasoned]
    outside: str | None
    timeline: list[dict[str, Any]]
    schooling: list[dict[str, Any]]


def page_of(child: Child, viewer: Viewer, on: date) -> FilePage:
    """Open and word what a file shows to a viewer on a day. `child` comes from `queries.file_of`."""
    episode, birth = present_episode(child), birth_of(child, viewer)
    classification = classify_today(child, episode, viewer, on)
    flags = reasoned(classification.flags, on)
    number = child.id_number.open(viewer)
    return FilePage(
        child=child,
        name=person(child, viewer),
        lead=_lead(child, episode, birth, on),
        tags=_tags(child, episode, flags),
        todo=_todo(child, viewer, birth, classification, on),
        number=mask_id_number(number) if number else None,
        without_number=fields.without_number(child),
        family=family_facts(child, episode, viewer),
        facts=_facts(child, viewer),
        phones=fields.phone_numbers(child, viewer),
        certificate=fields.certificate(child),
        flags=flags,
        outside=_outside(classification, on),
        timeline=_timeline(child, viewer, on),
        schooling=[_spell(spell, viewer) for spell in child.schooling],
    )


def _lead(child: Child, episode: Episode, birth: BirthDate, on: date) -> Markup:
    born = _("born %(day)s", day=long_date(birth))
    grade = grade_name(in_force(on), birth, on, episode.area_code).in_language(language())
    return joined([girl_or_boy(child.sex), age(birth, on), born, grade])


def _tags(child: Child, episode: Episode, flags: list[Reasoned]) -> list[tuple[str, str]]:
    protected = [(_("Protected"), "ink")] if child.protected else []
    ended = [(answer("child_status", child.status), "grey")] if child.status != "registered" else []
    return [status_tag(episode.status), *protected, *ended, *((flag.text, flag.kind) for flag in flags)]


def _outside(classification: Classification, on: date) -> str | None:
    reason = classification.outside
    return None if reason is None else in_force(on).explain(reason, language())


def _todo(
    child: Child, viewer: Viewer, birth: BirthDate, classification: Classification, on: date
) -> list[tuple[str, str]]:
    """List what is still wanting, the child's own name first."""
    items: list[tuple[str, str]] = []
    if is_placeholder(child.name.open(viewer) or ""):
        items.append((_("Ask for the child's name"), ""))
    if birth.day is None:
        items.append((_("Ask for the day of birth"), ""))
    if child.id_number_answer == "later":
        items.append((_("Ask for the ID number"), ""))
    if child.certificate in UNSEEN:
        items.append((_("See the vaccination certificate"), answer("certificate", child.certificate)))
    turns = classification.changes_on
    if turns is not None:
        day = short_date(turns, on)
        items.append((_("See whether the family is still here: the flags change by themselves"), day))
    return items


def _facts(child: Child, viewer: Viewer) -> list[tuple[str, str | Markup]]:
    return [
        (_("Address"), fields.address(child, viewer)),
        (_("Hukou"), fields.hukou(child, viewer)),
        (_("Ethnic group"), answer("ethnic", child.ethnic.open(viewer))),
    ]


def _timeline(child: Child, viewer: Viewer, on: date) -> list[dict[str, Any]]:
    names = full_names_of({episode.area_code for episode in child.episodes}, language())
    return [
        {
            "title": names.get(episode.area_code, episode.area_code),
            "tag": status_tag(episode.status),
            "lines": [_stay(episode, viewer, on), joined(text for text, _kind in flag_tags(episode.flags))],
            "now": episode.left_month is None,
        }
        for episode in child.episodes
    ]


def _stay(episode: Episode, viewer: Viewer, on: date) -> Markup:
    """Say from when to when, and how long."""
    arrived, left = episode.arrived.open(viewer), episode.left.open(viewer)
    since, until = _written(arrived), _written(left)
    if arrived is None:
        unasked = None if episode.side == "sending" else _("arrival not known")
        return joined([unasked, _("registered %(day)s", day=long_date(episode.registered_on))])
    if episode.left_month is not None:
        return joined([_("%(since)s to %(until)s", since=since, until=until or episode.left_month)])
    return joined([_("%(since)s to now", since=since), _duration(arrived, on)])


def _written(day: BirthDate | None) -> str:
    return long_date(day) if day else ""


def _duration(arrived: BirthDate, on: date) -> str | None:
    months = months_between(arrived.latest, on)
    if months < 1:
        return None
    if months < YEARS_FROM:
        return str(ngettext("for %(num)s month", "for %(num)s months", months))
    return str(ngettext("for %(num)s year", "for %(num)s years", months // 12))


def _spell(spell: Schooling, viewer: Viewer) -> dict[str, Any]:
    kind = spell.kind.open(viewer)
    return {
        "span": (_month(spell.from_month), _month(spell.to_month) if spell.to_month else None),
        "stage": answer("school", spell.stage),
        "school": spell.school.open(viewer) or "",
        "kind": answer("schooling_kind", kind) if kind else "",
    }


def _month(text: str) -> tuple[int, int, None]:
    year, month = text.split("-")
    return int(year), int(month), None
