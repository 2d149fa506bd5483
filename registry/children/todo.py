"""What is to be done about a file, worded and linked to where it is done; and the same rule for lists of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import exists

from registry.access import Permission
from registry.children.answers_shown import label_of
from registry.children.display import answer
from registry.children.models import Child, ChildAnswer
from registry.web.filters import short_date
from sop.identity import is_placeholder
from sop.todo import OF_IDENTITY, Item, Standing, Todo, todo
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.children.answers import Answers
    from sop.eligibility import Classification

Line = tuple[str | Markup, str]
LEDGER = "ledger"  # the source of an episode whose family nobody had spoken with


def items_of(known: Answers, classification: Classification, viewer: Viewer) -> tuple[Item, ...]:
    """Return what is to be done about a file on the day of its answers."""
    child, birth = known.child, known.child.birth_date.open(viewer)
    return todo(
        Standing(
            named=not is_placeholder(child.name.open(viewer) or ""),
            day_known=birth is not None and birth.day is not None,
            number=child.id_number_answer,
            certificate=child.certificate,
            turns=classification.changes_on,
            questions=known.asked(),
            values=known.values,
            open=known.open(),
            noticed=known.episode.source != LEDGER or known.episode.household.visited_on is not None,
        )
    )


def lines_of(known: Answers, classification: Classification, viewer: Viewer) -> list[Line]:
    """Return each thing to do in words, a link where the viewer may do it, and what stands at its right."""
    return [
        (_linked(_words(item, known), _where(item, known), viewer), _right(item, known))
        for item in items_of(known, classification, viewer)
    ]


def papers_promised() -> ColumnElement[bool]:
    """Return the condition on child that a paper was promised which nobody has seen."""
    return exists().where(ChildAnswer.child_id == Child.id, ChildAnswer.to_come)


WORDS: dict[Todo, Callable[[], str]] = {
    Todo.NOTICE: lambda: _("Explain the notice at the first visit"),
    Todo.NAME: lambda: _("Ask for the child's name"),
    Todo.BIRTH_DAY: lambda: _("Ask for the day of birth"),
    Todo.ID_NUMBER: lambda: _("Ask for the ID number"),
    Todo.CERTIFICATE: lambda: _("See the vaccination certificate"),
    Todo.TURNS: lambda: _("See whether the family is still here: the flags change by themselves"),
}


def _words(item: Item, known: Answers) -> str:
    if item.what is Todo.PAPER:
        question = in_force(known.on).questions.question(str(item.question))
        return str(_("See the original: %(paper)s", paper=label_of(question)))
    if item.what is Todo.QUESTIONS:
        return str(ngettext("Ask %(num)s more question", "Ask %(num)s more questions", item.count or 0))
    return WORDS[item.what]()


def _right(item: Item, known: Answers) -> str:
    if item.what is Todo.CERTIFICATE:
        return answer("certificate", known.child.certificate)
    return short_date(item.day, known.on) if item.day else ""


def _where(item: Item, known: Answers) -> str | None:
    child_id = known.child.id
    if item.what in OF_IDENTITY:
        return url_for("changes.fill_in", child_id=child_id)
    if item.what in (Todo.NOTICE, Todo.TURNS):
        return None  # by a visit, whose button stands above
    if item.what is Todo.QUESTIONS:
        return url_for("children.questions", child_id=child_id)
    key = "certificate" if item.what is Todo.CERTIFICATE else str(item.question)
    section = in_force(known.on).questions.question(key).section
    return url_for("children.change_answers", child_id=child_id, section=section, _anchor=key)


def _linked(words: str, url: str | None, viewer: Viewer) -> str | Markup:
    if url is None or not viewer.may(Permission.FILE_CHANGE):
        return words
    return Markup('<a href="{}">{}</a>').format(url, words)
