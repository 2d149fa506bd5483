"""Forms of accounts: signing in, and a new password of one's own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, InputRequired

from registry.web.fields import Text
from registry.web.forms import RegistryForm

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
