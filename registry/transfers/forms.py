"""Forms of transfers: the three ways to look a child up elsewhere, and what each move carries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.areas.forms import AreaField
from registry.areas.queries import COMMUNITY, full_names_of
from registry.clock import today
from registry.i18n import language
from registry.web.fields import DateParts, Text
from registry.web.forms import RegistryForm
from sop.card import CardNumberError, read_card_number
from sop.identity import (
    BirthDate,
    IdNumberError,
    PhoneError,
    normalise_document,
    normalise_name,
    normalise_phone,
    read_id_number,
)
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.children.elsewhere import By

    Values = tuple[By, tuple[str, ...]]

MOST_NOTE: Final = 300
NO_DOCUMENTS: Final = frozenset({"90", "unknown", "refused"})
HOLD_ID_NUMBERS: Final = frozenset({"01", "02"})  # the ID card and the household register
CARD_ERRORS = {
    "length": _l("Check the card number: it has 17 letters and digits"),
    "characters": _l("Check the card number: it begins with C, then come 8 digits"),
    "check": _l("Check the card number: one letter or digit is wrong, or two have changed places"),
}
PHONE_ERROR = _l("Check the phone number: a mobile number has 11 digits")
NUMBER_ERROR = _l("Check the ID number: it has 18 characters, and the date of birth is part of it")
DOCUMENT_ERROR = _l("Check the number: 5 to 24 letters and digits")


def _purpose() -> SelectField:
    return SelectField(_l("Why do you look this child up?"), [InputRequired(_l("Choose why"))], choices=[])


class LookUpForm(RegistryForm):
    """Why a child is looked up; what by is for the forms below, whose last field asks why."""

    def __init__(self) -> None:
        super().__init__()
        self.purpose.choices = [_nothing(), *_listed("look_up_purpose")]

    def sought(self) -> Values:
        """Return what to look up by, and the values as the indexes hold them; to be called on a valid form."""
        raise NotImplementedError


class CardForm(LookUpForm):
    """The number on the card, typed or scanned."""

    number = Text(_l("Card number"), [InputRequired(_l("Enter the card number"))], max_length=60)
    purpose = _purpose()

    def validate_number(self, field: Text) -> None:
        """Refuse what can be no card number, with the reason."""
        try:
            read_card_number(field.data or "")
        except CardNumberError as error:
            raise ValidationError(str(CARD_ERRORS[error.code])) from error

    def sought(self) -> Values:
        """Return the card number."""
        return "card", (read_card_number(self.number.data or ""),)


class DocumentForm(LookUpForm):
    """A document of the child."""

    kind = SelectField(_l("Document"), choices=[])
    number = Text(_l("Number of the document"), [InputRequired(_l("Enter the number"))], max_length=60)
    purpose = _purpose()

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [pair for pair in _listed("document") if pair[0] not in NO_DOCUMENTS]

    def validate_number(self, field: Text) -> None:
        """Refuse what can be no number of this kind."""
        if self.kind.data not in HOLD_ID_NUMBERS:
            if normalise_document(field.data or "") is None:
                raise ValidationError(str(DOCUMENT_ERROR))
            return
        try:
            read_id_number(field.data or "", today())
        except IdNumberError as error:
            raise ValidationError(str(NUMBER_ERROR)) from error

    def sought(self) -> Values:
        """Return the ID number, or the kind and number of another document."""
        typed = self.number.data or ""
        if self.kind.data in HOLD_ID_NUMBERS:
            return "id_number", (read_id_number(typed, today()).number,)
        return "document", (self.kind.data, normalise_document(typed) or "")


class NameForm(LookUpForm):
    """Name, date of birth and a guardian's phone, all three."""

    name = Text(_l("Name of the child"), [InputRequired(_l("Enter the whole name"))])
    birth = DateParts(_l("Date of birth"), [InputRequired(_l("Enter the date of birth"))], allow_month=True)
    phone = Text(_l("Phone of a guardian"), [InputRequired(_l("Enter the phone number of a guardian"))], max_length=40)
    purpose = _purpose()

    def validate_phone(self, field: Text) -> None:
        """Refuse what can be no phone number."""
        try:
            normalise_phone(field.data or "")
        except PhoneError as error:
            raise ValidationError(str(PHONE_ERROR)) from error

    def sought(self) -> Values:
        """Return name, birth date and phone."""
        birth = BirthDate(*self.birth.data or (1, 1))
        return "name", (normalise_name(self.name.data or ""), birth.iso, normalise_phone(self.phone.data or ""))


LOOK_UP_FORMS: Final[dict[str, type[LookUpForm]]] = {"card": CardForm, "document": DocumentForm, "name": NameForm}


class CommunityForm(RegistryForm):
    """The community where the child goes, where there is more than one to choose from."""

    community = SelectField(_l("Community"), [InputRequired(_l("Choose the community"))], choices=[])

    communities: tuple[str, ...] = ()

    def offer(self, codes: Iterable[str]) -> None:
        """Offer these communities by their full names."""
        self.communities = tuple(codes)
        names = full_names_of(self.communities, language())
        self.community.choices = [_nothing(), *((code, names.get(code, code)) for code in self.communities)]

    @property
    def alone(self) -> str | None:
        """The only community there is: nothing is to be chosen then."""
        return self.communities[0] if len(self.communities) == 1 and not self.community.errors else None


class VersionForm(RegistryForm):
    """What every move carries: the version of the transfer that the page showed."""

    version = HiddenField()

    def seen(self) -> int:
        """Return the version that the page showed; 0, which no transfer has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0


class AcceptForm(VersionForm, CommunityForm):
    """Accepting; with the community where only a wider area was announced."""

    def __init__(self, version: int, communities: Iterable[str] | None) -> None:
        """`communities`: 12-digit codes to choose from; None where nothing is to be chosen."""
        super().__init__(prefix="accept", version=version)
        if communities is None:
            del self.community
        else:
            self.offer(communities)

    def chosen(self) -> str | None:
        """Return the community that was named, if any had to be."""
        field = self._fields.get("community")
        return field.data if field is not None else None


class ReturnForm(VersionForm):
    """Why it is given back."""

    reason = SelectField(_l("Reason for returning"), [InputRequired(_l("Choose a reason"))], choices=[])
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)

    def __init__(self, version: int) -> None:
        super().__init__(prefix="return", version=version)
        self.reason.choices = [_nothing(), *_listed("transfer_return_reason")]


class PlaceForm(VersionForm):
    """Where a child goes instead."""

    area = AreaField(_l("Where has the child gone?"), [InputRequired(_l("Choose the place"))], deepest=COMMUNITY)


def _nothing() -> tuple[str, str]:
    return "", _("Choose…")


def _listed(name: str) -> list[tuple[str, str]]:
    return in_force(today()).codes[name].choices(language())
