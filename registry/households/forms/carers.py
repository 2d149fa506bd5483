"""The shape of the page about one adult: what they are to the child, where they live, where they work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.areas.forms import AreaField
from registry.clock import today
from registry.households.answers import answered
from registry.households.carers import CarerAnswers
from registry.i18n import language
from registry.web.fields import Text, Tiles
from registry.web.forms import RegistryForm
from sop.identity import PhoneError, normalise_name, normalise_phone
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

Choices = list[tuple[str, str]]
UNREADABLE = {
    "characters": _l("Write the phone number in digits"),
    "length": _l("A mobile number has 11 digits, a land line 10 to 12 with its area code"),
    "empty": _l("Write the phone number in digits"),
}


def _withheld() -> Choices:
    return in_force(today()).codes["withheld"].choices(language())


def _relations() -> Choices:
    return [("", _("Choose…")), *in_force(today()).codes["relation"].choices(language())]


class CarerForm(RegistryForm):
    """One adult. `existing`: somebody of the household who is nothing to this child yet."""

    existing = SelectField(_l("Somebody of this household"), default="")
    care = Tiles(
        _l("What are they to the child?"),
        [InputRequired(_l("Choose one of the answers"))],
        code_list="care",
        default="guardian",
    )
    relation = SelectField(_l("Relation to the child"), choices=_relations, default="")
    name = Text(_l("Name"))
    name_answer = Tiles(_l("If no name is given"), choices=_withheld)
    phone = Text(_l("Phone"), max_length=30)
    phone_answer = Tiles(_l("If no phone is given"), choices=_withheld)
    lives_here = Tiles(_l("Lives with the child?"), code_list="yes_no", default="yes")
    address = Text(_l("Address, when living elsewhere"), max_length=200)
    workplace = AreaField(_l("Place of work of a parent who is away: province and city"), at_least=1, deepest=2)
    siblings = BooleanField(_l("The same for the other children of the household"))

    def offer(self, others: Sequence[tuple[str, str]]) -> None:
        """Offer the adults of the household who are nothing to this child yet: (id, name)."""
        self.existing.choices = [("", _("Somebody else")), *others]

    def validate_name(self, field: Text) -> None:
        """Somebody of whom nothing at all is said is nobody."""
        said = (self.existing.data, field.data, self.name_answer.data, self.relation.data, self.phone.data)
        if not any(said):
            raise ValidationError(_("Enter the name, or choose what they are to the child"))

    def validate_phone(self, field: Text) -> None:
        """Refuse what can be no phone number."""
        if field.data:
            try:
                normalise_phone(field.data)
            except PhoneError as error:
                raise ValidationError(str(UNREADABLE[error.code])) from error

    def answers(self) -> CarerAnswers:
        """Return the typed answers of a valid form."""
        return CarerAnswers(
            care=self.care.data or "guardian",
            relation=self.relation.data or "",
            name=normalise_name(self.name.data) if self.name.data else None,
            name_answer=answered(self.name.data, self.name_answer.data),
            phone=normalise_phone(self.phone.data) if self.phone.data else None,
            phone_answer=answered(self.phone.data, self.phone_answer.data),
            lives_here=self.lives_here.data or "",
            address=self.address.data,
            workplace=self.workplace.data,
        )


def filled(told: CarerAnswers) -> dict[str, Any]:
    """Return the answers as the form is opened with them."""
    values: dict[str, Any] = dict(vars(told))
    for name in ("name_answer", "phone_answer"):
        values[name] = values[name] if values[name] in ("unknown", "refused") else None
    return values
