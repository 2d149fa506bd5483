"""The shape of the page that prints cards: whose, and on whose card the name stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, ValidationError, validators

from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_OFFERED: Final = _l("Choose one of the answers")


class PrintForm(RegistryForm):
    """`child`: ids of those whose card is printed; `named`: of those whose name the guardian wants on it.

    `once`: made with the page, so that a double click prints once.
    """

    once = HiddenField(validators=[validators.UUID(_l("Open this page again"))])
    child = SelectMultipleField(_l("Print the card"), validate_choice=False)
    named = SelectMultipleField(_l("Name on the card"), validate_choice=False)

    def offer(self, ids: Iterable[UUID]) -> None:
        """Take no other children than those that the page showed."""
        self.child.choices = [(str(each), "") for each in ids]
        self.child.anchor = "child-1"

    def validate_child(self, field: SelectMultipleField) -> None:
        """Refuse to print nothing, and a child that was not on the page."""
        if not field.data:
            raise ValidationError(_("Choose at least one child"))
        if not set(field.data) <= {code for code, _words in field.choices}:
            raise ValidationError(str(NOT_OFFERED))

    def wanted(self) -> dict[UUID, bool]:
        """Return child id to whether the name stands on the card, of a valid form."""
        return {UUID(each): each in (self.named.data or ()) for each in self.child.data}
