"""The shape of a correction of one fact: its value, or that it is not known or declined; why; a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.areas.forms import AreaField
from registry.areas.queries import blocks_of
from registry.changes.forms.reasons import WITHHELD, chosen_from, note, reason, withheld
from registry.clock import today
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm
from sop.identity import BirthDate, PhoneError, normalise_name, normalise_phone, parse_birth_date

if TYPE_CHECKING:
    from registry.vault.codecs import JsonValue

COUNTY, TOWN = 3, 4


class FactForm(RegistryForm):
    """A form for one fact. `asked`: the fields to draw, in their order."""

    asked: tuple[str, ...] = ("value",)

    @classmethod
    def opened(cls, told: JsonValue) -> FactForm:
        """Return the form as it is first shown: with what stands there now."""
        return cls(formdata=None, data=cls.typed(told))

    @classmethod
    def typed(cls, told: JsonValue) -> dict[str, Any]:
        """Return the data of the fields for a value."""
        return {"value": told}

    def told(self) -> JsonValue:
        """Return the value of a valid form."""
        return cast("JsonValue", self.value.data)


class ValueOrNone(FactForm):
    """A value, or one of the two answers that stand in its place."""

    asked: tuple[str, ...] = ("value", "answer")
    wanted = _l("Write it, or choose why it is not known")

    @classmethod
    def typed(cls, told: JsonValue) -> dict[str, Any]:
        return {"answer": told} if told in WITHHELD else {"value": told}

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Refuse an empty answer, and both at once."""
        fine = bool(super().validate(extra_validators))
        if fine and not self.value.data and not self.answer.data:
            self.value.errors = [str(self.wanted)]
            return False
        if fine and self.value.data and self.answer.data:
            self.value.errors = [_("Something is written, and that it is not known is ticked as well: keep one")]
            return False
        return fine

    def told(self) -> JsonValue:
        return cast("JsonValue", self.value.data or self.answer.data)


class SexForm(FactForm):
    """Girl or boy."""

    value = Tiles(_l("Sex"), [InputRequired(_l("Choose an answer"))], code_list="sex")
    reason = reason()
    note = note()


class EthnicForm(FactForm):
    """The ethnic group."""

    value = SelectField(_l("Ethnic group"), [InputRequired(_l("Choose an answer"))], choices=chosen_from("ethnic"))
    reason = reason()
    note = note()


class CertificateForm(FactForm):
    """What was answered about the vaccination certificate."""

    value = Tiles(_l("Vaccination certificate"), [InputRequired(_l("Choose an answer"))], code_list="certificate")
    reason = reason()
    note = note()


class HukouForm(ValueOrNone):
    """The place of hukou: a county, or its township."""

    value = AreaField(_l("Place of hukou"), at_least=COUNTY, deepest=TOWN)
    answer = withheld(_l("If no place of hukou is given"))
    reason = reason()
    note = note()


class SchoolingForm(FactForm):
    """The answer about school, and the school's name."""

    asked = ("value", "school")
    value = Tiles(_l("Schooling"), [InputRequired(_l("Choose an answer"))], code_list="school")
    school = Text(_l("Name of the school"), max_length=60)
    reason = reason()
    note = note()

    @classmethod
    def typed(cls, told: JsonValue) -> dict[str, Any]:
        spell = told if isinstance(told, dict) else {}
        return {"value": spell.get("stage"), "school": spell.get("school")}

    def told(self) -> JsonValue:
        return {"stage": self.value.data, "kind": None, "school": self.school.data}


class ArrivedForm(ValueOrNone):
    """The day or the month of arrival. `born`: when the child was."""

    born: BirthDate

    value = DateParts(_l("Date of arrival"), allow_month=True)
    answer = withheld(_l("If no day of arrival is given"))
    reason = reason()
    note = note()

    @classmethod
    def typed(cls, told: JsonValue) -> dict[str, Any]:
        if told in WITHHELD:
            return {"answer": told}
        day = parse_birth_date(told) if isinstance(told, str) else None
        return {"value": (day.year, day.month, day.day) if day else None}

    def validate_value(self, field: DateParts) -> None:
        """Refuse an arrival that has not been yet, and one before the birth."""
        if field.data and BirthDate(*field.data).earliest > today():
            field.mark("year", "month", "day")
            raise ValidationError(_("The date of arrival is in the future"))
        if field.data and BirthDate(*field.data).latest < self.born.earliest:
            field.mark("year", "month", "day")
            raise ValidationError(_("By the file the child was not born yet on this day"))

    def told(self) -> JsonValue:
        return BirthDate(*self.value.data).iso if self.value.data else str(self.answer.data)


class AddressForm(ValueOrNone):
    """The block, and the address below the community; within the same community."""

    asked = ("block", "value", "answer")
    block = SelectField(_l("Building or block"), default="")
    value = Text(_l("Address below the community"), max_length=200)
    answer = withheld(_l("If no address is given"))
    reason = reason()
    note = note()

    def offer(self, community: str) -> None:
        """Offer the blocks of a community (12 digits) that are in use."""
        rows = [row for row in blocks_of(community) if row.closed_on is None]
        self.block.choices = [("", _("No block")), *((str(row.id), row.name(language())) for row in rows)]

    @classmethod
    def typed(cls, told: JsonValue) -> dict[str, Any]:
        where = told if isinstance(told, dict) else {}
        return {"block": where.get("block"), "value": where.get("street"), "answer": where.get("answer")}

    def told(self) -> JsonValue:
        return {"block": self.block.data or None, "street": self.value.data, "answer": self.answer.data}


class GuardianNameForm(ValueOrNone):
    """An adult's name."""

    value = Text(_l("Guardian's name"))
    answer = withheld(_l("If no name is given"))
    reason = reason()
    note = note()

    def told(self) -> JsonValue:
        return normalise_name(self.value.data) if self.value.data else str(self.answer.data)


class GuardianPhoneForm(ValueOrNone):
    """An adult's phone."""

    value = Text(_l("Guardian's phone"), max_length=30)
    answer = withheld(_l("If no phone is given"))
    reason = reason()
    note = note()

    def validate_value(self, field: Text) -> None:
        """Refuse what can be no phone number: children are found by it."""
        try:
            normalise_phone(field.data or "0000000000")
        except PhoneError as error:
            raise ValidationError(_("Check the number: a mobile number has 11 digits")) from error

    def told(self) -> JsonValue:
        return normalise_phone(self.value.data) if self.value.data else str(self.answer.data)


FORMS: dict[str, type[FactForm]] = {
    "sex": SexForm,
    "ethnic": EthnicForm,
    "hukou": HukouForm,
    "certificate": CertificateForm,
    "schooling": SchoolingForm,
    "arrived": ArrivedForm,
    "address": AddressForm,
    "guardian_name": GuardianNameForm,
    "guardian_phone": GuardianPhoneForm,
}
