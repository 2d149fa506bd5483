"""What file keepers send: what to look for, what a list is narrowed to, why a value has to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.children.finding import TermError, read_term
from registry.children.listing import Filters
from registry.children.queries import ON_THE_REGISTER
from registry.clock import today
from registry.i18n import language
from registry.web.fields import Text
from registry.web.forms import RegistryForm
from sop.eligibility import FLAGS_SHOWN
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.access import Viewer

UNREADABLE = {
    "empty": _l("Enter an ID number, a phone number or part of a name"),
    "number": _l("Check the ID number: it has 18 characters, and the date of birth is part of it"),
    "phone": _l("Check the number: an ID number has 18 characters, a mobile number 11 digits"),
}


class SearchForm(RegistryForm):
    """What to look for."""

    term = Text(_l("ID number, phone or part of the name"), [InputRequired(UNREADABLE["empty"])], max_length=60)

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


def filters_of(asked: Mapping[str, str], viewer: Viewer) -> Filters:
    """Read the filters of a list from its address; what is not offered leaves the list as it is."""
    area = asked.get("area", "")
    schools = in_force(today()).codes["school"]
    return Filters(
        status=_one_of(asked.get("status"), ON_THE_REGISTER),
        flag=_one_of(asked.get("flag"), FLAGS_SHOWN),
        school=asked.get("school") if schools.has(asked.get("school", "")) else None,
        area=area if len(area) == len(viewer.area_code) and area.isdigit() and viewer.covers(area) else None,
    )


def _one_of(asked: str | None, offered: tuple[str, ...]) -> str | None:
    return asked if asked in offered else None
