"""The form that finds the referral of a slip that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, ValidationError

from registry.referrals.answers.finding import read_reference
from registry.web.fields import Text
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from wtforms import Field

MOST_TYPED = 40  # with whatever people write between the signs


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
        words = _("Your office has no referral with this reference. Compare it with the slip, sign by sign")
        self.reference.errors = [*self.reference.errors, words]
