"""The shape of who a child is: what was missing and is filled in, and what a supervisor is asked to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from registry.changes.forms.reasons import codes, note, reason
from registry.clock import today
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.filters import long_date
from registry.web.forms import RegistryForm
from sop.eligibility import too_old
from sop.identity import BirthDate, IdNumberError, is_placeholder, normalise_name, read_id_number
from sop.version import in_force

if TYPE_CHECKING:
    from registry.children.correcting import Identity
    from sop.identity import IdNumber

LONGEST_NUMBER = 40
REFUSED = "refused"


def _without_number() -> list[tuple[str, Any]]:
    refused = dict(codes("withheld"))[REFUSED]
    return [("later", _l("Not at hand, to follow")), ("none", _l("Has none")), (REFUSED, refused)]


class IdentityForm(RegistryForm):
    """Name, date of birth and ID number; what is left as it is, is not asked for. `old`: who it is on file."""

    asked: tuple[str, ...] = ("name", "birth_date", "id_number", "id_answer")
    completing = False

    name = Text(_l("Name"))
    birth_date = DateParts(_l("Date of birth"), allow_month=True)
    id_number = Text(_l("ID number"), max_length=LONGEST_NUMBER)
    id_answer = Tiles(_l("If there is no number"), choices=_without_number)
    sure = BooleanField(_l("It is written so on the paper"))
    reason = reason()
    note = note()

    def __init__(self, old: Identity, **values: Any) -> None:  # noqa: ANN401
        super().__init__(**values)
        self.old = old
        self.doubts: list[str] = []

    def validate_name(self, field: Text) -> None:
        """Refuse what names nobody."""
        if field.data and not any(sign.isalpha() for sign in field.data):
            raise ValidationError(_("Enter a name"))

    def validate_birth_date(self, field: DateParts) -> None:
        """Refuse a day to come, and a date of birth of somebody who has grown up."""
        if field.data is None:
            return
        born = BirthDate(*field.data)
        if born.earliest > today():
            field.mark("year", "month", "day")
            raise ValidationError(_("The date of birth is in the future"))
        if not self.completing and too_old(in_force(today()), born, today()) and born != self.old.birth:
            field.mark("year")
            raise ValidationError(_("By this date the child is 16 or older: check the year"))

    def validate_id_number(self, field: Text) -> None:
        """Refuse what cannot be read as a number, and a number together with the answer that there is none."""
        if not field.data:
            return
        try:
            read_id_number(field.data, today())
        except IdNumberError as error:
            raise ValidationError(_("Check the ID number: it has 18 characters, and a date of birth in it")) from error
        if self.id_answer.data in ("none", REFUSED):
            raise ValidationError(_("A number is written, and that there is none is ticked as well: keep one"))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Ask once more where number and date of birth do not agree; papers may be wrong, so it can be kept."""
        if not super().validate(extra_validators):
            return False
        self.doubts = [] if self.sure.data else self._doubts()
        return not self.doubts

    def told(self) -> dict[str, str]:
        """Return the fields that were written, as `Identity.told` writes them."""
        name, born, answer = self._data("name"), self._born(), self._data("id_answer")
        number = self._read.number if self._read else answer
        told = {"name": name and normalise_name(name), "birth_date": born and born.iso, "id_number": number}
        return {field: value for field, value in told.items() if value}

    def _data(self, name: str) -> Any:  # noqa: ANN401
        """What was answered; None for a field that this form does not ask."""
        return self[name].data if name in self._fields else None

    def _born(self) -> BirthDate | None:
        typed = self._data("birth_date")
        return BirthDate(*typed) if typed else None

    @property
    def _read(self) -> IdNumber | None:
        typed = self._data("id_number")
        return read_id_number(typed, today()) if typed else None

    def _doubts(self) -> list[str]:
        """Return what does not fit together, among what is written and what is on file."""
        read = self._read
        if read is None:
            return []
        born = self._born() or self.old.birth
        say = in_force(today()).say
        found = []
        if not born.earliest <= read.birth <= born.latest:
            found.append(say("warn_birth_differs", language(), read=long_date(read.birth)))
        if "check_digit" in read.faults:
            found.append(say("warn_check_digit", language()))
        return found


class FillInForm(IdentityForm):
    """Only what is missing, without a reason: it was never there. `missing`: fields of an identity."""

    completing = True
    reason = None
    note = None

    def __init__(self, old: Identity, missing: tuple[str, ...], **values: Any) -> None:  # noqa: ANN401
        super().__init__(old, **values)
        shown = {"name": ("name",), "birth_date": ("birth_date",), "id_number": ("id_number", "id_answer")}
        self.asked = tuple(field for each in missing for field in shown[each])
        for field in ("name", "birth_date", "id_number", "id_answer"):
            if field not in self.asked:
                delattr(self, field)

    def validate_birth_date(self, field: DateParts) -> None:
        """Refuse another month: that is a correction."""
        super().validate_birth_date(field)
        if field.data and field.data[:2] != (self.old.birth.year, self.old.birth.month):
            field.mark("year", "month")
            raise ValidationError(_("Another month than on file is a correction: ask for it below"))

    def told(self) -> dict[str, str]:
        """Return what was filled in; a placeholder again fills nothing."""
        told = super().told()
        return {field: value for field, value in told.items() if field != "name" or not is_placeholder(value)}
