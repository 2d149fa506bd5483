"""The form of a visit: who was seen, or how it ended instead; what was told; whether anything has changed."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired

from registry.clock import today
from registry.i18n import language
from registry.referrals.seen import read_all
from registry.visits.service import Made
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm
from sop.version import in_force
from sop.visits import SEEN

if TYPE_CHECKING:
    from markupsafe import Markup

    from registry.access import Viewer
    from registry.visits.models import Visit

MOST_NOTE = 300
CHANGED = ("yes", "no")  # the two buttons that send the page
SAYS_UNCHANGED = ("seen", "phoned", "neighbour")  # where somebody was there to say so


class VisitForm(RegistryForm):
    """One visit to one family. A child who is ticked was seen; the tile says it alone where there is only one.

    `since`: the day from which the family is on the register.
    """

    since: date
    visit = HiddenField()  # the id of the visit that this page makes
    seen = SelectMultipleField(_l("Who was seen"), choices=[], validate_choice=False)
    outcome = Tiles(_l("How the visit ended"), choices=[])
    told = SelectMultipleField(_l("Told to the family"), choices=[], validate_choice=False)
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)
    day = DateParts(_l("Day of the visit"), [InputRequired(_l("Enter the day of the visit"))], default=today)
    changed = HiddenField()  # one of the two buttons

    def validate_visit(self, field: HiddenField) -> None:
        """The id is the page's own, made by `visit_form`."""
        try:
            UUID(field.data or "")
        except ValueError as error:
            raise ValidationError(_("This page could not be sent. Load it again.")) from error

    def validate_seen(self, field: SelectMultipleField) -> None:
        """Somebody was seen, or something else happened, and not both."""
        seen, ended = self._seen(), self.outcome.data
        if seen and ended not in (None, SEEN):
            raise ValidationError(_("Either a child was seen, or none: correct one of the two answers"))
        if not seen and ended == SEEN:
            raise ValidationError(_("Tick which of the children were seen"))
        if not field.data and ended is None:
            raise ValidationError(_("Tick who was seen, or say how the visit ended"))

    def validate_day(self, field: DateParts) -> None:
        """A visit was made on a day that has come, to a family that was on the register."""
        if self._day() > today():
            field.mark("day")
            raise ValidationError(_("The visit cannot lie in the future"))
        if self._day() < self.since:
            field.mark("year", "month", "day")
            raise ValidationError(_("The family was not on the register yet on this day"))

    def validate_changed(self, field: HiddenField) -> None:
        """Enter in a field presses neither button, and silence is no answer."""
        if field.data not in CHANGED:
            raise ValidationError(_("Say at the end of the page whether anything has changed"))

    def made(self) -> Made:
        """Return what was told; only after it was validated."""
        outcome = self.outcome.data or SEEN
        return Made(
            id=UUID(self.visit.data),
            made_on=self._day(),
            outcome=outcome,
            seen=frozenset(UUID(key) for key in self._seen()),
            unchanged=self.changed.data == "no" and outcome in SAYS_UNCHANGED,
            note=self.note.data,
            told=frozenset(read_all(set(self.told.data or ()) & {value for value, _words in self.told.choices}).those),
        )

    def _seen(self) -> list[str]:
        """The children who were seen, of those who live there: a child who has left meanwhile is passed over."""
        there = [value for value, _words in self.seen.choices]
        alone = there if len(there) == 1 and self.outcome.data == SEEN else []
        return [value for value in there if value in (self.seen.data or ())] or alone

    def _day(self) -> date:
        day = self.day.data
        return date(day.year, day.month, day.day) if day and day.day else date.max


def visit_form(
    children: list[tuple[str, Markup]],
    news: list[tuple[str, Markup]],
    since: date,
    known: dict[str, Any] | None = None,
) -> VisitForm:
    """Return the form of a visit. `children` and `news`: (value, words) of the boxes to tick; `since` as there.

    `known`: what a visit that is put right says, from `answers_of`; a new one begins empty.
    """
    form = VisitForm(data=known or {"visit": str(uuid.uuid4())})
    form.since = since
    form.seen.choices, form.told.choices = children, news
    form.outcome.choices = [
        (each.code, each.text.in_language(language())) for each in in_force(today()).visits.outcomes
    ]
    return form


def answers_of(visit: Visit, viewer: Viewer) -> dict[str, Any]:
    """Return what a visit says, as the page was filled in; opens its note."""
    return {
        "visit": str(visit.id),
        "seen": [str(each.child_id) for each in visit.children if each.seen],
        "outcome": visit.outcome,
        "note": visit.note.open(viewer),
        "day": visit.made_on,
    }
