"""What pages show of admission: the part of a child's file, the list of papers as rows, the steps of the year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.access import Permission, current_viewer
from registry.admission import wording
from registry.admission.queries import standing_of
from registry.children.display import answer
from registry.children.queries import is_worked_on
from registry.clock import today
from registry.i18n import language
from registry.web.filters import in_chinese, long_date
from sop.admission import around

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from flask import Flask

    from registry.admission.queries import Standing
    from registry.children.models import Child
    from sop.admission import Step
    from sop.content import Text
    from sop.documents import Checklist, Paper, Requirement


@dataclass(frozen=True)
class OfChild:
    """What a child's file says of its schooling. `missing`: papers still to come; `leads`: to the page of papers."""

    standing: Standing
    facts: list[tuple[str, str]]
    need: tuple[str, str]
    why: str
    flags: list[tuple[str, str, str]]
    missing: str
    leads: bool


class Box(NamedTuple):
    """A paper to be ticked. `details`: who issues it, in what form, how long it holds; `first`: not ticked above."""

    paper: Paper
    details: list[str]
    unsure: str
    held: bool
    first: bool


class Row(NamedTuple):
    """A requirement with its ways, one of which is enough. `met`: the family has what it needs for one."""

    requirement: Requirement
    ways: list[list[Box]]
    met: bool


class Group(NamedTuple):
    """Requirements of one need, a code of `document_need`."""

    need: str
    rows: list[Row]


class Dated(NamedTuple):
    """A step of the year. `when`: its days; `kind` of its tag, and the tag's words: over, now, next."""

    step: Step
    when: str
    tag: tuple[str, str]


def schooling_of(child: Child) -> OfChild | None:
    """Return what the file of a child says of its schooling; None for one who is on no register here any more."""
    if not is_worked_on(child):
        return None
    viewer = current_viewer()
    standing = standing_of(viewer, child, today())
    asked = standing.is_asked_for_papers
    return OfChild(
        standing=standing,
        facts=[(_("By age"), wording.by_age(standing)), (_("Primary school from"), wording.entry(standing))],
        need=wording.need(standing),
        why=wording.why(standing),
        flags=wording.flags(standing),
        missing=missing(standing, standing.asked()) if asked else "",
        leads=asked and viewer.may(Permission.FILE_CHANGE),
    )


def missing(standing: Standing, asked: Checklist) -> str:
    """Return the required papers that are still to come, in one line; "" where all are there."""
    return _in_line(words for words, _name in still_to_come(standing, asked))


def still_to_come(standing: Standing, asked: Checklist) -> list[tuple[str, str]]:
    """Return what is still to be brought for each requirement, and the name of the requirement."""
    found = (each.requirement for each in standing.lacking(asked))
    return [(_to_bring(each, standing.held), each.name.in_language(language())) for each in found]


def _to_bring(requirement: Requirement, held: AbstractSet[str]) -> str:
    """Return the papers that would do: of the ways that the family began, else of each way."""
    begun = [way for way in requirement.ways if any(paper.code in held for paper in way)]
    ways = [[paper for paper in way if paper.code not in held] for way in begun or requirement.ways]
    together = [reduce(_with, (paper.name.in_language(language()) for paper in way)) for way in ways]
    return reduce(_or, together)


def _with(one: str, other: str) -> str:
    return str(_("%(one)s together with %(other)s", one=one, other=other))


def _or(one: str, other: str) -> str:
    return str(_("%(one)s or %(other)s", one=one, other=other))


def listed(names: Iterable[Text]) -> str:
    """Return names in one line."""
    return _in_line(name.in_language(language()) for name in names)


def groups(standing: Standing, asked: Checklist) -> list[Group]:
    """Return the requirements of a list by how far each is asked for, in the order of the procedure."""
    above: set[str] = set()
    rows = [_row(each, standing, asked, above) for each in asked.requirements]
    needs = [entry.code for entry in standing.sop.codes["document_need"]]
    found = [Group(need, [row for row in rows if row.requirement.need == need]) for need in needs]
    return [group for group in found if group.rows]


def calendar(standing: Standing) -> list[Dated]:
    """Return the steps of admission around today: what ended last, what is on, what begins next."""
    near = around(standing.sop, standing.area, standing.on)
    over, now, coming = (
        (pgettext("step", "Over"), "grey"),
        (pgettext("step", "Now"), "tint"),
        (pgettext("step", "Next"), "outlined"),
    )
    told = [(near.before, over)] if near.before else []
    told += [*((step, now) for step in near.now), *((step, coming) for step in near.coming)]
    return [Dated(step, span(step), tag) for step, tag in told]


def span(step: Step) -> str:
    """Return the days of a step: from when to when, or the one day."""
    since, until = long_date(step.starts), long_date(step.ends)
    return since if step.starts == step.ends else str(_("%(since)s to %(until)s", since=since, until=until))


def details_of(paper: Paper) -> list[str]:
    """Return who issues a paper, whether the original or a copy is wanted, and how long it must hold."""
    valid = [paper.valid.in_language(language())] if paper.valid else []
    return [paper.issuer.in_language(language()), answer("document_form", paper.form), *valid]


def _in_line(words: Iterable[str]) -> str:
    return ("、" if in_chinese() else ", ").join(words)


def _row(requirement: Requirement, standing: Standing, asked: Checklist, above: set[str]) -> Row:
    ways = [[_box(paper, standing, asked, above) for paper in way] for way in requirement.ways]
    return Row(requirement, ways, met=any(_all_held(way) for way in ways))


def _box(paper: Paper, standing: Standing, asked: Checklist, above: set[str]) -> Box:
    first = paper.code not in above
    above.add(paper.code)
    unsure = answer("source_quality", paper.mark) if paper.mark != asked.mark else ""
    return Box(paper, details_of(paper), unsure, paper.code in standing.held, first)


def _all_held(way: Sequence[Box]) -> bool:
    return all(box.held for box in way)


def init_app(app: Flask) -> None:
    """Let a child's file say what there is to say of its schooling: `schooling_of(child)`."""
    app.jinja_env.globals["schooling_of"] = schooling_of
