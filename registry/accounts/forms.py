"""Forms of accounts: signing in, one's own password, and what an administrator enters about others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, PasswordField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, EqualTo, InputRequired

from registry.accounts import words
from registry.accounts.keeping import Particulars
from registry.clock import today
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.areas.models import Office
    from registry.web.fields import DateValue

REFUSED = {
    "short": _l("Use at least 10 characters."),
    "long": _l("Use at most 128 characters."),
    "username": _l("The password may not contain your user name."),
    "common": _l("This password is among the first that others try. Choose another one."),
    "same": _l("This is your present password. Choose another one."),
}


class SignInForm(RegistryForm):
    """User name and password."""

    username = Text(_l("User name"), [DataRequired(_l("Enter your user name"))], max_length=60)
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password"))])


class PasswordForm(RegistryForm):
    """The present password, and the new one twice."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password"))])
    new = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password"))])
    again = PasswordField(
        _l("New password once more"), [EqualTo("new", message=_l("The two new passwords are not the same"))]
    )


NOT_SO = {
    "taken": _l(
        "This user name is taken. If you have just made this account, find it in the list and reset its password."
    ),
    "username": _l(
        "Begin with a letter; then letters, digits, dots, hyphens and underscores, 3 to 40 characters in all"
    ),
    "office": _l("This office is closed or outside your area: choose another one"),
    "role": _l("This role does not fit an office of this kind"),
    "stale": _l("Somebody else has changed this account meanwhile. Compare, and save again if yours is right."),
    "last": _l("This is the last administrator here: make another one first"),
    "who": _l("Choose somebody from the list"),
    "order": _l("The last day is before the first one"),
    "past": _l("The last day is over already"),
    "long": _l("A deputy acts for at most half a year"),
    "overlap": _l("This person is the deputy for some of these days already"),
}
LANGUAGES = (("zh", _l("Chinese")), ("en", _l("English")))


def not_so(form: RegistryForm, why: str, field: str) -> None:
    """Say at a field of the form why what was asked is not done."""
    form[field].errors = [str(NOT_SO[why])]


class AccountForm(RegistryForm):
    """Whose account it is. `version`: of the row that the page showed; a user name is for life."""

    name = Text(_l("Name"), [DataRequired(_l("Enter the name of the person"))], max_length=40)
    username = Text(_l("User name"), [DataRequired(_l("Enter a user name"))], max_length=40)
    role = SelectField(_l("Role"))
    office = SelectField(_l("Office"))
    language = Tiles(_l("Language of the first page"), choices=lambda: LANGUAGES, default="zh")
    version = HiddenField()

    def offer(self, offices: Iterable[Office]) -> None:
        """Offer these offices, and every role."""
        self.role.choices = [("", _("Choose…")), *words.choices()]
        names = [(str(office.id), office.name(language())) for office in offices]
        self.office.choices = [("", _("Choose…")), *names]

    def validate_role(self, field: SelectField) -> None:
        """Ask for a role."""
        if not field.data:
            raise ValidationError(_("Choose the role"))

    def validate_office(self, field: SelectField) -> None:
        """Ask for an office."""
        if not field.data:
            raise ValidationError(_("Choose the office"))

    def particulars(self) -> Particulars:
        """Return what was entered; ask only when the form is valid."""
        office = UUID(self.office.data)
        return Particulars(str(self.name.data), self.role.data, office, self.language.data or "zh")


class LeaveForm(RegistryForm):
    """Somebody leaves: what becomes of the drafts."""

    drafts = Tiles(
        _l("Unsent registrations"),
        [InputRequired(_l("Choose what becomes of them"))],
        choices=lambda: [("keep", _("Keep them")), ("discard", _("Discard them now"))],
        default="keep",
    )
    version = HiddenField()


class DeputyForm(RegistryForm):
    """Who acts for somebody, from which day to which."""

    deputy = SelectField(_l("Deputy"))
    from_on = DateParts(_l("First day"), [InputRequired(_l("Enter the first day"))], default=today)
    to_on = DateParts(_l("Last day"), [InputRequired(_l("Enter the last day"))])

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer these people."""
        self.deputy.choices = [("", _("Choose…")), *((str(user_id), words) for user_id, words in people)]

    def days(self) -> tuple[date, date]:
        """Return the first and the last day; ask only when the form is valid."""
        return _day(self.from_on), _day(self.to_on)

    def validate_deputy(self, field: SelectField) -> None:
        """Ask for a person."""
        if not field.data:
            raise ValidationError(_("Choose the deputy"))


class ListForm(RegistryForm):
    """A list of people: pasted, or as a file."""

    rows = TextAreaField(_l("The list"))
    file = FileField(_l("Or choose a file"))


def _day(field: DateParts) -> date:
    value = cast("DateValue", field.data)
    return date(value.year, value.month, value.day or 1)
