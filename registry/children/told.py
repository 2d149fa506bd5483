"""What the quick form of either side asked of the family of a child, each answer with its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from markupsafe import Markup

from registry.areas.codes import full
from registry.areas.queries import full_name
from registry.children.display import answer, unanswered
from registry.children.facts import away_since_of, circumstances_of
from registry.children.fields import guardian
from registry.i18n import language
from registry.web.filters import long_date, marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.access import Viewer
    from registry.children.facts import Circumstances
    from registry.children.models import Child, Episode, Guardianship

    Fact = tuple[str, str | Markup]


def family_facts(child: Child, episode: Episode, viewer: Viewer) -> list[Fact]:
    """Return who is away and who cares for the child, as (label, answer), by the form of the episode's side."""
    told = circumstances_of(episode, viewer)
    if episode.side == "sending":
        return _absence(child, told, viewer)
    return [
        (_("Guardian"), _people(child.guardianships, viewer)),
        (_("Guardian here"), _said(told, "guardian_here")),
    ]


def _absence(child: Child, told: Circumstances, viewer: Viewer) -> list[Fact]:
    """Who is away, and who cares for a child that stayed: the first guardian of that form."""
    carer, others = child.guardianships[:1], child.guardianships[1:]
    since = away_since_of(told)
    facts: list[Fact] = [
        (_("Who is away"), _said(told, "who_away")),
        (_("Away since"), long_date(since) if since else _withheld(told, "away_since_answer")),
        (_("Gone to"), _gone_to(told)),
    ]
    if told.get("who_away") in ("father", "mother"):
        facts.append((_("Parent at home can care"), _said(told, "other_parent_can_care")))
    facts.append((_("Actual carer"), _people(carer, viewer)))
    if others:
        facts.append((_("Guardian"), _people(others, viewer)))
    return [*facts, (_("Boards at school"), _said(told, "boarding"))]


def _gone_to(told: Circumstances) -> str:
    code = told.get("away_area")
    return full_name(full(code), language()) if isinstance(code, str) and code else _withheld(told, "away_area_answer")


def _said(told: Circumstances, name: str) -> str:
    """Word an answer by the code list of the same name; "" where nobody answered."""
    code = told.get(name)
    return answer(name, code) if isinstance(code, str) else ""


def _withheld(told: Circumstances, name: str) -> str:
    code = told.get(name)
    return unanswered(code) if isinstance(code, str) else ""


def _people(guardianships: Iterable[Guardianship], viewer: Viewer) -> Markup:
    """Name each on a line of its own."""
    return Markup("<br>").join(marked(guardian(one, viewer)) for one in guardianships)
