"""What pages say of a family to be visited, and of visits made: titles, reasons, tags, in the language of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from registry.access import Permission, current_viewer
from registry.children.display import written_name
from registry.children.fields import spaced
from registry.children.queries import ON_THE_REGISTER, present_episode, present_schooling
from registry.clock import local, today
from registry.i18n import language
from registry.referrals.answers import came_back
from registry.referrals.discreet import discreet_name, is_discreet
from registry.referrals.shown import names_school, outcome_words, service_name
from registry.visits import queries
from registry.visits.reckoning import standings
from registry.web.filters import in_chinese, joined, long_date, marked, short_date
from sop.absence import is_away
from sop.version import in_force
from sop.visits import due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.referrals.models import Referral
    from registry.visits.families import Family
    from registry.visits.models import Visit

Tag = tuple[str, str]
LATEST = 3  # visits that a file shows
DAY = re.compile(r"[0-9]+(?:-[0-9]{2})+")


@dataclass(frozen=True)
class OfChild:
    """What a child's file tells of visits: the latest ones, until when the next is due, and whether it must be seen.

    `household_id` is where a visit is recorded, None where the viewer records none. `to_correct`: those of the
    visits that the viewer recorded today, which may still be put right.
    """

    visits: list[tuple[Visit, bool]]
    due: date | None
    must_be_seen: bool
    household_id: Any
    to_correct: frozenset[Any] = frozenset()


def title(family: Family, viewer: Viewer) -> str:
    """Return what a family is called: by its first guardian with a name, else by its eldest child."""
    named = next((adult for adult in family.household.guardians if adult.name), None)
    return str(_("%(name)s's family", name=written_name(named or family.children[0], viewer)))


def door(family: Family, viewer: Viewer) -> str:
    """Return the address inside the block, "" where none was given."""
    home = family.household
    street = home.address.open(viewer) or ""
    names = (home.block.name_zh, home.block.name_en) if home.block else ()
    return next((street.removeprefix(name).lstrip(" ,，") for name in names if street.startswith(name)), street)


def place(family: Family, viewer: Viewer) -> Markup:
    """Return the address inside the block, and how many children live there."""
    number = len(family.children)
    return joined([marked(door(family, viewer)), ngettext("%(num)s child", "%(num)s children", number)])


def phone_of(family: Family, viewer: Viewer) -> str | None:
    """Return the first phone of the family's guardians, as people read it."""
    found = next((adult.phone for adult in family.household.guardians if adult.phone), None)
    return spaced(found.open(viewer) or "") if found else None


def reasons(family: Family, viewer: Viewer, on: date) -> Markup:
    """Return in one line why the family is to be seen: news, answers that are late, the visit itself.

    Days are kept whole where the line breaks, names in characters are marked as Chinese.
    """
    said = ("；" if in_chinese() else "; ").join(_reasons(family, viewer, on))
    return Markup(DAY.sub(r'<span class="app-nowrap">\g<0></span>', str(escape(marked(said)))))  # noqa: S704 -- escaped


def tag(family: Family, on: date) -> Tag | None:
    """Return the one tag of a family: who must be seen, else how late it is, else news or new."""
    if family.must_be_seen:
        return must_be_seen_words(), "tint"
    if on > family.due:
        return late_words(family, on), "late"
    if family.news:
        good = any(each.outcome_kind == "solved" for each in family.news)
        return (str(_("Good news")), "done") if good else (str(_("Answer came")), "soon")
    return (str(_("Newly registered")), "grey") if family.last is None else None


def late_words(family: Family, on: date) -> str:
    """Return how many days a visit is late."""
    return str(_("%(days)s d late", days=(on - family.due).days))


def edge(family: Family, on: date) -> str | None:
    """Return the edge of its card: late, must be seen, or none."""
    if on > family.due:
        return "late"
    return "seen" if family.must_be_seen else None


def news(referral: Referral, viewer: Viewer) -> str:
    """Return what the family is to be told: service and outcome, with the school or the day where one was named.

    Of a confidential service neither: the page is held at doors, and what came of it stands a tap away.
    """
    if is_discreet(referral):
        return discreet_name(referral)
    said = [service_name(referral), outcome_words(referral)]
    spell = present_schooling(referral.child)
    if spell is not None and spell.told_by == "office" and names_school(referral):
        said.append(spell.school.open(viewer))
    if referral.recall_on is not None:
        said.append(long_date(referral.recall_on))
    return ("，" if in_chinese() else ", ").join(each for each in said if each)


def answered_on(referral: Referral) -> date | None:
    """Return the day of the answer given last; its steps are loaded."""
    last = next((step for step in reversed(referral.steps) if step.outcome), None)
    return came_back.answered_on(last, current_viewer()) if last else None


def must_be_seen_words() -> str:
    """Return the only words that a screen says of a key-care child."""
    return str(_("Child must be seen"))


def outcomes() -> list[str]:
    """Return the words for how a visit may end where no child was seen, as paper and page offer them."""
    rules = in_force(today()).visits
    return [each.text.in_language(language()) for each in rules.outcomes if not each.sees]


def outcome_of(visit: Visit) -> str:
    """Return how a visit ended, in words."""
    return in_force(visit.made_on).visits.outcome(visit.outcome).text.in_language(language())


def visits_of(child: Child) -> OfChild:
    """Return what the file of a child says of visits. Opens its assessment, and no note of another office's."""
    viewer, episode, rules = current_viewer(), present_episode(child), in_force(today()).visits
    visits = queries.visits_to(child.id, episode.household_id, LATEST)
    seen = [(visit, any(each.seen for each in visit.children)) for visit in visits]
    if child.status != "registered" or episode.status not in ON_THE_REGISTER:
        return OfChild(seen, None, must_be_seen=False, household_id=None)
    standing = standings(viewer, {child.id: episode.registered_on}, rules)[child.id]
    records = viewer.may(Permission.VISIT_RECORD)
    if not records:
        return OfChild(seen, due(rules, standing), standing.must_be_seen, household_id=None)
    own = (each for each in visits if each.user_id == viewer.user_id and local(each.made_at).date() == today())
    fresh = frozenset(each.id for each in own)
    return OfChild(seen, due(rules, standing), standing.must_be_seen, episode.household_id, fresh)


def _reasons(family: Family, viewer: Viewer, on: date) -> Iterator[str]:
    for each in family.news:
        yield str(_("Answer to tell: %(name)s, %(service)s", **_named(each, viewer)))
    for each in family.late:
        yield str(_("%(name)s: %(service)s unanswered", **_named(each, viewer)))
    yield _visit(family, on)
    if family.must_be_seen and on > family.due:  # its tag says something else
        yield late_words(family, on)
    if family.attempt is not None:
        day, outcome = short_date(family.attempt.made_on), outcome_of(family.attempt)
        yield str(_("%(day)s %(outcome)s", day=day, outcome=outcome))
    yield from _away(family, viewer, on)


def _away(family: Family, viewer: Viewer, on: date) -> Iterator[str]:
    """A child away over the summer is still of the family, and need not be looked for."""
    for episode in family.episodes:
        told = episode.absence.open(viewer) if episode.absence else None
        if not isinstance(told, dict) or not is_away(told, on):
            continue
        name, until = written_name(episode.child, viewer), told.get("until")
        if until:
            day = short_date(date.fromisoformat(str(until)))
            yield str(_("%(name)s is away on a visit until %(day)s", name=name, day=day))
        else:
            yield str(_("%(name)s is away on a visit", name=name))


def _visit(family: Family, on: date) -> str:
    frequency = in_force(on).visits.frequency[family.months].in_language(language())
    if family.last is None:
        day = short_date(min(each.since for each in family.standings.values()))
        return str(_("Registered %(day)s, not visited yet", day=day))
    return str(_("%(frequency)s, last on %(day)s", frequency=frequency, day=short_date(family.last)))


def _named(referral: Any, viewer: Viewer) -> dict[str, str]:  # noqa: ANN401
    return {"name": written_name(referral.child, viewer), "service": discreet_name(referral)}


def init_app(app: Flask) -> None:
    """Let templates say what there is to say of visits: `visit_words.title(family, viewer)`, `visits_of(child)`."""
    words = (
        title,
        door,
        place,
        phone_of,
        reasons,
        tag,
        edge,
        news,
        answered_on,
        is_discreet,
        must_be_seen_words,
        outcomes,
        outcome_of,
    )
    app.jinja_env.globals["visit_words"] = {each.__name__: each for each in words}
    app.jinja_env.globals["visits_of"] = visits_of
