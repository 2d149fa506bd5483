"""Forms of administration: an office, closing it, who answers a service, a block."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from registry.areas.forms import AreaField
from registry.areas.keeping import OfficeParticulars
from registry.areas.queries import full_name
from registry.i18n import language
from registry.web.conflicts import Change
from registry.web.fields import Text, Tiles
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.areas.models import Office

PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,28}")
COMMUNITY = 5
NEITHER = "none"  # an office of no side
NOT_SO = {
    "area": _l("Choose a place inside your area"),
    "office_taken": _l("An office of this kind and name is there already"),
    "office_closed": _l("This office is closed: nothing can be changed"),
    "own_office": _l("This is your own office: another administrator must change its kind or area"),
    "kind_people": _l("Accounts of the office have a role that does not fit this kind"),
    "kind_services": _l("An office of this kind may not answer what this one answers for"),
    "people": _l("Accounts of this office are in use: give them another office first, or let them leave"),
    "successor": _l("Choose the office that takes over what this one answers for"),
    "office": _l("Choose an office from the list"),
    "meanwhile": _l("Somebody else has assigned it meanwhile. This is how it is now: choose again if need be."),
    "block_taken": _l("There is a block of this name already"),
    "block_meanwhile": _l("The blocks were changed meanwhile, and nothing was done. This is how they are now."),
    "block_used": _l("Families live or lived in this block: it can be closed, not removed."),
}


def not_so(form: RegistryForm, why: str, field: str) -> None:
    """Say at a field of the form why what was asked is not done."""
    form[field].errors = [str(NOT_SO[why])]


def offered(offices: Iterable[Office], nobody: str) -> list[tuple[str, str]]:
    """Return offices as a form offers them, after the words for choosing none."""
    return [("", nobody), *((str(office.id), office.name(language())) for office in offices)]


class KeptForm(RegistryForm):
    """A form about one row that two administrators may have open at once."""

    kept: tuple[str, ...]

    def changes(self, row: str, version: int, before: Mapping[str, str | None]) -> list[Change]:
        """Return what the form would change of a row: its fields as they are now (`before`) and as they were typed."""
        return [
            Change(name, str(self[name].label.text), version, before[name], typed, partial(self.words, name), row)
            for name, typed in self.told().items()
        ]

    def told(self) -> dict[str, str | None]:
        """Return what was typed, field by field; ask only when the form is valid."""
        return {name: self[name].data or None for name in self.kept}

    def words(self, name: str, value: str | None) -> str:  # noqa: ARG002 -- fields of codes say it otherwise
        """Return a value of a field for the page."""
        return value or ""


class OfficeForm(KeptForm):
    """An office: both names, kind, area, side, public phone."""

    kept = ("name_zh", "name_en", "kind", "area", "side", "phone")

    name_zh = Text(_l("Name in Chinese"), [DataRequired(_l("Enter the Chinese name"))], max_length=60)
    name_en = Text(_l("Name in English"), [DataRequired(_l("Enter the English name"))], max_length=120)
    kind = SelectField(_l("Kind of office"))
    area = AreaField(_l("Area"), [InputRequired(_l("Choose the area"))], at_least=1, deepest=COMMUNITY)
    side = Tiles(
        _l("Form offered first"),
        choices=lambda: [
            ("receiving", _("Receiving area")),
            ("sending", _("Sending area")),
            (NEITHER, _("Neither")),
        ],
        default=NEITHER,
    )
    phone = Text(_l("Public phone"), max_length=30)

    def offer(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Offer these kinds of office."""
        self.kind.choices = [("", _("Choose…")), *kinds]

    def validate_kind(self, field: SelectField) -> None:
        """Ask for a kind."""
        if not field.data:
            raise ValidationError(_("Choose the kind"))

    def validate_phone(self, field: Text) -> None:
        """Refuse what is no phone number; digits of any width are read."""
        if field.data:
            field.data = unicodedata.normalize("NFKC", field.data)
            if not PHONE.fullmatch(field.data):
                raise ValidationError(_("Write the number with digits, spaces and hyphens, such as 0519-12345"))

    def told(self) -> dict[str, str | None]:
        """Return what was typed; neither side where none was chosen."""
        told = super().told()
        return told | {"side": told["side"] or NEITHER}

    def words(self, name: str, value: str | None) -> str:
        """Return a value of a field for the page: of a code what it is called."""
        if name == "area":
            return full_name(value or "", language())
        if name not in ("kind", "side"):
            return super().words(name, value)
        return str(next((text for code, text, *_rest in self[name].iter_choices() if code == value), ""))


def particulars_of(told: Mapping[str, Any]) -> OfficeParticulars:
    """Return the particulars of an office from the fields of its form."""
    side = told["side"] if told["side"] != NEITHER else None
    return OfficeParticulars(told["kind"], told["name_zh"], told["name_en"], told["area"], side, told["phone"])


class CloseForm(RegistryForm):
    """Closing an office: who takes over."""

    successor = SelectField(_l("Takes over what it answers for, and what waits here"), validate_choice=False)


class AssignForm(RegistryForm):
    """Who answers a service in an area. `before`: who did when the page was read."""

    office = SelectField(_l("Office"))
    before = HiddenField()


class BlockForm(KeptForm):
    """A block: both names."""

    kept = ("name_zh", "name_en")

    name_zh = Text(_l("Name in Chinese"), [DataRequired(_l("Enter the Chinese name"))], max_length=30)
    name_en = Text(_l("Name in English"), [DataRequired(_l("Enter the English name"))], max_length=60)
