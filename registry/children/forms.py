"""What file keepers send: what to look for, what a list is narrowed to, why a value has to be shown."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.children.finding import TermError, read_term
from registry.clock import today
from registry.i18n import language
from registry.web.fields import Text
from registry.web.forms import RegistryForm
from sop.version import in_force

UNREADABLE = {
    "empty": _l("Enter a number or part of a name"),
    "number": _l("Check the ID number: it has 18 characters, and the date of birth is part of it"),
    "card": _l("Check the card number: one of its characters is not right"),
    "phone": _l("Check the number: an ID number has 18 characters, a mobile number 11 digits"),
}


class SearchForm(RegistryForm):
    """What to look for."""

    term = Text(_l("Number or part of the name"), [InputRequired(UNREADABLE["empty"])], max_length=60)

    def validate_term(self, field: Text) -> None:
        """Refuse what can be nothing to look for, with the reason."""
        try:
            read_term(field.data or "", today())
        except TermError as error:
            raise ValidationError(str(UNREADABLE[error.code])) from error


class RevealForm(RegistryForm):
    """Why a hidden value has to be shown."""

    purpose = SelectField(_l("Reason for showing it"), [InputRequired(_l("Choose a reason"))])

    def __init__(self) -> None:
        super().__init__()
        self.purpose.choices = purposes()


def purposes() -> list[tuple[str, str]]:
    """Return the reasons for which a hidden value may be shown, code and words."""
    return in_force(today()).codes["purpose"].choices(language())
