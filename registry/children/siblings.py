"""Same as a brother or sister: what the children of one household have answered alike, to fill a page with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.children import answers
from registry.children.display import written_name
from registry.children.models import Child, Episode
from registry.children.queries import present_episode, visible
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.access import Viewer
    from registry.children.answers import Answers
    from sop.questions import Question, Value

HOUSEHOLD: Final = "household"


def files(viewer: Viewer, child: Child) -> list[Child]:
    """Return the other children of the household whose files the viewer may see."""
    home = present_episode(child).household_id
    rows = (
        select(Child)
        .join(Child.episodes)
        .where(Episode.household_id == home, Child.id != child.id, Child.status != "deceased")
        .where(visible(viewer))
        .options(selectinload(Child.episodes), selectinload(Child.schooling))
        .order_by(Child.id)
    )
    return list(db.session.scalars(rows))


def of(viewer: Viewer, known: Answers) -> list[Answers]:
    """Return what is known of the other children of the household whose files the viewer may see."""
    return answers.answers_of_all(viewer, files(viewer, known.child), known.on)


def offers(those: list[Answers], asked: Iterable[Question], viewer: Viewer) -> list[tuple[str, str]]:
    """Return the buttons (value, words) that would fill something of these questions."""
    shared = [question for question in asked if not question.own]
    giving = [each for each in those if any(question.key in _values(each, shared) for question in shared)]
    named = [(str(each.child.id), str(_("Same as %(name)s", name=written_name(each.child, viewer)))) for each in giving]
    return [*named, (HOUSEHOLD, str(_("Same as all the others of the household")))] if len(giving) > 1 else named


def chosen(those: list[Answers], value: str) -> Mapping[str, Value]:
    """Return the answers of the sibling chosen, or those in which all agree who answered; never a child's own ones."""
    if value != HOUSEHOLD:
        alone = next((each for each in those if str(each.child.id) == value), None)
        return _values(alone, alone.asked()) if alone else {}
    every = [_values(each, each.asked()) for each in those]
    keys = {key for values in every for key in values}
    told = {key: [values[key] for values in every if key in values] for key in keys}
    return {key: said[0] for key, said in told.items() if all(each == said[0] for each in said)}


def _values(known: Answers, questions: Iterable[Question]) -> dict[str, Value]:
    shared = (question.key for question in questions if not question.own)
    return {key: known.values[key] for key in shared if key in known.values}
