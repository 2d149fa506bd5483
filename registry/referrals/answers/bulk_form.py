"""The form of an answer to many referrals at once: what is the same for all of them, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import RadioField, SelectField

from registry.referrals.answers.answer_form import AnswerForm, answer_form
from registry.referrals.shown import service_of
from registry.web.fields import DateParts, Text
from registry.web.filters import long_date
from sop.referral import for_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wtforms import Field

    from registry.referrals.models import Referral
    from registry.web.forms import RegistryForm


def answer_many(first: Referral) -> AnswerForm:
    """Return the form for the service of one of them, without what differs from child to child: grade and items."""
    form = answer_form(first)
    form.compared = ()
    if "grade" in form:
        del form.grade
    offered = {each.code for each in for_many(service_of(first))}
    form.outcome.choices = [pair for pair in form.outcome.choices or () if pair[0] in offered]
    return form


def said_in(form: RegistryForm) -> list[tuple[str, str]]:
    """Return (label, words) of what was chosen and typed into a form of a move."""
    return [(str(field.label.text), words) for field in form for words in _words(field)]


def _words(field: Field) -> Iterator[str]:
    if not field.data:
        return
    if isinstance(field, SelectField | RadioField):
        # A code may stand in several groups, always with the same words.
        yield from dict.fromkeys(str(text) for code, text, *_rest in field.iter_choices() if code == field.data)
    elif isinstance(field, DateParts):
        yield long_date(field.data)
    elif isinstance(field, Text):
        yield field.data
