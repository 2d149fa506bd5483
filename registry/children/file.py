"""What the page of a file says, in its order: who, what is to be done, facts, why, where, school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission
from registry.areas.queries import full_names_of
from registry.children import answers, fields, todo
from registry.children.answers_shown import name_of, worded
from registry.children.display import age, answer, flag_tags, girl_or_boy, person, reasoned, status_tag
from registry.children.facts import birth_of, classify_today
from registry.children.queries import present_episode
from registry.children.told import Told, family_facts
from registry.i18n import language
from registry.web.filters import joined, long_date, marked
from sop.card import grouped
from sop.eligibility import Classification, months_between
from sop.identity import BirthDate, mask_id_number
from sop.schooling import grade_name
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.children.answers import Answers
    from registry.children.display import Reasoned
    from registry.children.models import Child, Episode, Schooling

Action = tuple[str, str, str]
Fact = tuple[str, "str | Markup", Action | None]
YEARS_FROM = 24  # months, from which a stay is told in years
# What a file says at a place of its own, and not among the answers of the section.
ELSEWHERE = frozenset({"certificate", "hukou_place", "last_dose", "school", "school_kind", "school_name"})


@dataclass(frozen=True)
class FilePage:
    """A child's file as its page shows it; `number` is masked, None where `without_number` says why.

    `answers`: the facts of the full file by section of its questions; `household_id`: where the child lives now.
    """

    child: Child
    household_id: UUID
    on_register: bool
    name: Markup
    lead: Markup
    tags: list[tuple[str, str]]
    todo: list[todo.Line]
    card: str
    number: str | None
    without_number: str
    family: list[Fact]
    facts: list[Fact]
    answers: dict[str, list[Fact]]
    phones: list[str]
    vaccination: list[Fact]
    flags: list[Reasoned]
    outside: str | None
    timeline: list[dict[str, Any]]
    schooling: list[dict[str, Any]]


def page_of(child: Child, viewer: Viewer, on: date) -> FilePage:
    """Open and word what a file shows to a viewer on a day. `child` comes from `queries.file_of`."""
    episode, birth = present_episode(child), birth_of(child, viewer)
    classification = classify_today(child, episode, viewer, on)
    known = answers.answers_of(viewer, child, on)
    flags = reasoned(classification.flags, on)
    number, card = child.id_number.open(viewer), child.card_number.open(viewer)
    family = family_facts(child, episode, viewer)
    return FilePage(
        child=child,
        household_id=episode.household_id,
        on_register=episode.left_month is None,
        name=person(child, viewer),
        lead=_lead(child, episode, birth, on),
        tags=_tags(child, known, flags),
        todo=todo.lines_of(known, classification, viewer) if _is_worked_on(child, episode) else [],
        card=grouped(card) if card else "",
        number=mask_id_number(number) if number else None,
        without_number=fields.without_number(child),
        family=[_family_fact(told, known, viewer) for told in family],
        facts=_facts(child, known, viewer),
        answers=_answers(known, viewer, ELSEWHERE | {told.question for told in family if told.question}),
        phones=fields.phone_numbers(child, viewer),
        vaccination=_vaccination(child, known, viewer),
        flags=flags,
        outside=_outside(classification, on),
        timeline=_timeline(child, viewer, on),
        schooling=[_spell(spell, viewer) for spell in child.schooling],
    )


def _lead(child: Child, episode: Episode, birth: BirthDate, on: date) -> Markup:
    born = _("born %(day)s", day=long_date(birth))
    grade = grade_name(in_force(on), birth, on, episode.area_code).in_language(language())
    return joined([girl_or_boy(child.sex), age(birth, on), born, grade])


def _tags(child: Child, known: Answers, flags: list[Reasoned]) -> list[tuple[str, str]]:
    """State first, then what was seen, then what the child is registered as."""
    protected = [(_("Protected"), "ink")] if child.protected else []
    seen = [(_("Birth certificate seen"), "done")] if known.values.get("birth_certificate") == "seen" else []
    state = [_state(child, known.episode), *protected, *seen]
    return [*state, *((flag.text, flag.kind) for flag in flags)]


def _state(child: Child, episode: Episode) -> tuple[str, str]:
    """Say what became of a child who grew up or died; else how its episode stands."""
    if child.status != "registered":
        return answer("child_status", child.status), "grey"
    return status_tag(episode.status)


def _is_worked_on(child: Child, episode: Episode) -> bool:
    """Nothing is to be done about a child who left, grew up or died."""
    return child.status == "registered" and episode.left_month is None


def _outside(classification: Classification, on: date) -> str | None:
    reason = classification.outside
    return None if reason is None else in_force(on).explain(reason, language())


def _facts(child: Child, known: Answers, viewer: Viewer) -> list[Fact]:
    return [
        (_("Address"), fields.address(child, viewer), None),
        (_("Hukou"), fields.hukou(child, viewer), _changing("hukou_place", known, viewer)),
        (_("Ethnic group"), answer("ethnic", child.ethnic.open(viewer)), None),
    ]


def _vaccination(child: Child, known: Answers, viewer: Viewer) -> list[Fact]:
    """Return what the certificate was seen to say: whether there is one, and its last dose where that is asked."""
    told = [(_("Vaccination certificate"), fields.certificate(child), _changing("certificate", known, viewer))]
    last = next((each for each in known.asked() if each.key == "last_dose"), None)
    if last is None:
        return told
    day = worded(last, known.values.get(last.key))
    return [*told, (name_of(last), day, _changing(last.key, known, viewer))]


def _family_fact(told: Told, known: Answers, viewer: Viewer) -> Fact:
    if told.guardian_id and viewer.may(Permission.FILE_CHANGE):
        url = url_for("households.change_carer", child_id=known.child.id, guardian_id=told.guardian_id)
        return told.label, told.value, (_("Change"), url, told.label)
    return told.label, told.value, _changing(told.question, known, viewer) if told.question else None


def _answers(known: Answers, viewer: Viewer, besides: Iterable[str]) -> dict[str, list[Fact]]:
    """Return what was answered, section by section; what stands elsewhere on the page is left out."""
    sections: dict[str, list[Fact]] = {section.code: [] for section in in_force(known.on).questions.sections}
    for question in known.asked():
        value = known.values.get(question.key)
        if value and question.key not in besides:
            words = marked(worded(question, value, whole=False))
            sections[question.section].append((name_of(question), words, _changing(question.key, known, viewer)))
    return sections


def _changing(key: str, known: Answers, viewer: Viewer) -> Action | None:
    """Lead to where an answer is changed, where the question concerns the child and the viewer may."""
    question = next((each for each in known.asked() if each.key == key), None)
    if question is None or not viewer.may(Permission.FILE_CHANGE):
        return None
    url = url_for("children.change_answers", child_id=known.child.id, section=question.section, _anchor=key)
    return _("Change"), url, name_of(question)


def _timeline(child: Child, viewer: Viewer, on: date) -> list[dict[str, Any]]:
    names = full_names_of({episode.area_code for episode in child.episodes}, language())
    return [
        {
            "title": names.get(episode.area_code, episode.area_code),
            "tag": status_tag(episode.status) if episode.left_month else _state(child, episode),
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
