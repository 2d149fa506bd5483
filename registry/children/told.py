"""What a file says of the family: who answers and cares for the child, who is away, each answer with its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from markupsafe import Markup

from registry.areas.codes import full
from registry.areas.queries import full_name
from registry.children.display import answer, unanswered
from registry.children.facts import GUARDIAN, away_since_of, circumstances_of
from registry.children.fields import guardian
from registry.children.guardianships import present
from registry.i18n import language
from registry.web.filters import long_date, marked

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.facts import Circumstances
    from registry.children.models import Child, Episode, Guardianship


@dataclass(frozen=True)
class Told:
    """One line of a file. `question`: which one of the full file changes it; `guardian_id`: of whom it speaks."""

    label: str
    value: str | Markup
    question: str | None = None
    guardian_id: UUID | None = None


def family_facts(child: Child, episode: Episode, viewer: Viewer) -> list[Told]:
    """Return who is away and who cares for the child, by the form of the episode's side."""
    told = circumstances_of(episode, viewer)
    adults = _adults(child, episode, viewer)
    if episode.side == "sending":
        boards = Told(_("Boards at school"), _said(told, "boarding"), "boarding")
        return [*_absence(told), *adults, boards]
    return [*adults, Told(_("Guardian here"), _said(told, "guardian_here"), "guardian_here")]


def _absence(told: Circumstances) -> list[Told]:
    since = away_since_of(told)
    away = long_date(since) if since else _withheld(told, "away_since_answer")
    facts = [
        Told(_("Who is away"), _said(told, "who_away"), "who_away"),
        Told(_("Away since"), away, "away_since"),
        Told(_("Gone to"), _gone_to(told), "away_area"),
    ]
    if told.get("who_away") in ("father", "mother"):
        facts.append(Told(_("Parent at home can care"), _said(told, "other_parent_can_care"), "other_parent_can_care"))
    return facts


def _adults(child: Child, episode: Episode, viewer: Viewer) -> list[Told]:
    """Name each adult, and below the name where they work and live, if not here.

    Where nobody was named as the carer of a child that stayed, it is the first adult of the quick form.
    """
    adults = present(child)
    unnamed = episode.side == "sending" and all(one.care == GUARDIAN for one in adults)
    cares = ["actual" if unnamed and place == 0 else one.care for place, one in enumerate(adults)]
    if not adults:
        return [Told(_("Guardian"), "")]
    return [
        Told(answer("care", care), _adult(one, viewer), guardian_id=one.guardian_id)
        for care, one in zip(cares, adults, strict=True)
    ]


def _adult(one: Guardianship, viewer: Viewer) -> Markup:
    adult = one.guardian
    workplace, address = adult.workplace.open(viewer), adult.address.open(viewer)
    lines = [marked(guardian(one, viewer))]
    if workplace:
        lines.append(_under(_("works in %(place)s", place=full_name(full(workplace), language()))))
    if address:
        lines.append(_under(_("lives at %(address)s", address=address)))
    elif adult.lives_here_answer == "no":
        lines.append(_under(_("lives elsewhere")))
    return Markup("").join(lines)


def _under(words: str) -> Markup:
    return Markup('<span class="app-under">{}</span>').format(marked(words))


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
