"""The forms of a slip that came back: finding its referral, and what stands on it beside the answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, ValidationError

from registry.clock import today
from registry.referrals.answers.came_back import Slip, is_possible
from registry.referrals.answers.finding import read_reference
from registry.web.fields import DateParts, Text
from registry.web.filters import long_date
from registry.web.forms import PartForm, RegistryForm

if TYPE_CHECKING:
    from wtforms import Field

    from registry.referrals.models import Referral

MOST_TYPED = 40  # with whatever people write between the characters
MOST_NAME = 40


class ReferenceForm(RegistryForm):
    """The reference, as it stands on the slip or in its code."""

    reference = Text(_l("Reference"), [InputRequired(_l("Enter the reference"))], max_length=MOST_TYPED)

    def validate_reference(self, field: Field) -> None:
        """Refuse what no reference looks like."""
        if field.data and read_reference(field.data) is None:
            raise ValidationError(_("A reference has eight digits and letters from A to F"))

    def wanted(self) -> str:
        """Return the reference as `finding.by_reference` takes it; only after validation."""
        return read_reference(self.reference.data or "") or ""

    def say_nothing_found(self) -> None:
        """Put at the field that the office has no such referral."""
        words = _("Your office has no referral with this reference. Compare it with the slip, character by character")
        self.reference.errors = [*self.reference.errors, words]


class SlipForm(PartForm):
    """The day on which the office wrote the slip, and who signed it: part of whatever is entered from it."""

    referral: Referral
    answered_on = DateParts(_l("Date on the slip"), [InputRequired(_l("Enter the date on the slip"))])
    signed_by = Text(_l("Signed by (may be left empty)"), max_length=MOST_NAME)

    def validate_answered_on(self, field: DateParts) -> None:
        """The office had the referral on that day, and the day has come."""
        if not is_possible(self.referral, self._day(), today()):
            field.mark("year", "month", "day")
            first = long_date(self.referral.sent_on)
            raise ValidationError(
                _("The date on the slip lies between %(first)s, when it was sent, and today", first=first)
            )

    def slip(self) -> Slip:
        """Return what was typed; only after validation."""
        return Slip(self._day(), self.signed_by.data or None)

    def _day(self) -> date:
        day = self.answered_on.data
        return date(day.year, day.month, day.day) if day and day.day else date.max


def slip_form(referral: Referral, prefix: str) -> SlipForm:
    """Return the form for a referral; `prefix`: of its fields, as a page has two of them."""
    form = SlipForm(prefix=prefix)
    form.referral = referral
    return form
