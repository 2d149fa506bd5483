"""Forms of ledgers: the file with the place and day that it is read for, and which column is which field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.areas.queries import COMMUNITY, names_of, places_inside
from registry.clock import today
from registry.i18n import language
from registry.ledgers.words import SIDES
from registry.web.fields import DateParts
from registry.web.forms import RegistryForm
from registry.web.uploads import SentFile
from sop.ledger.fields import IGNORED, SPREAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.access import Viewer

MOST_PLACES: Final = 300  # offered in one list; of more, the towns
MISSING: Final = _l("Choose the file of the ledger")
TOO_BIG: Final = _l("The file is larger than 10 MB: divide it, or leave pictures out")


class UploadForm(RegistryForm):
    """A ledger: its file, where the rows without an address belong, and the day on which ages are reckoned."""

    file = SentFile(_l("File of the ledger"), missing=MISSING, too_big=TOO_BIG)
    area = SelectField(
        _l("Where do children live whose row names no place?"), [InputRequired(_l("Choose the place"))], choices=[]
    )
    on = DateParts(_l("Reckon ages on"), [InputRequired(_l("Enter the day"))], default=today)

    def offer(self, viewer: Viewer) -> None:
        """Offer the viewer's own area and the towns and communities in it."""
        own, tongue = viewer.area_code, language()
        places = places_inside(own, MOST_PLACES)
        names = names_of([own, *(one.code[:9] + "000" for one in places if one.level == COMMUNITY)], tongue)
        above = {one.code: names.get(one.code[:9] + "000") for one in places if one.level == COMMUNITY}
        self.area.choices = [(own, names.get(own, own))]
        self.area.choices += [(one.code, _placed(one.name(tongue), above.get(one.code))) for one in places]

    @property
    def alone(self) -> bool:
        """Whether there is one place only, which need not be chosen."""
        return len(self.area.choices) == 1

    def validate_on(self, field: DateParts) -> None:
        """Refuse a day to come: nobody knows who lives here then."""
        if field.data and self.judged_on() > today():
            field.mark("year", "month", "day")
            raise ValidationError(_("The day cannot be in the future"))

    def judged_on(self) -> date:
        """Return the day, of a form in which it could be read; today otherwise."""
        told = self.on.data
        return date(told.year, told.month, told.day or 1) if told else today()


class VersionForm(RegistryForm):
    """What every act on a ledger carries: the version of it that the page showed."""

    version = HiddenField()

    def seen(self) -> int:
        """Return the version that the page showed; 0, which no ledger has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0  # noqa: PLR2004


def _placed(name: str, above: str | None) -> str:
    if not above:
        return name
    return f"{above}{name}" if language() == "zh" else f"{name}, {above}"


class ColumnsForm(VersionForm):
    """Which column is which field: one list for each column of each sheet, added by `columns_form`."""

    sheets: tuple[tuple[int, ...], ...] = ()  # the indexes of the columns, sheet by sheet

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse one field for two columns of a sheet, and a sheet without what every ledger needs."""
        valid = bool(super().validate(extra_validators))
        for place, chosen in enumerate(self.mapping()):
            taken = [field for field in chosen.values() if field not in SPREAD]
            for index, field in chosen.items():
                if field and taken.count(field) > 1:
                    self[column_key(place, index)].errors = [_("Two columns cannot be the same: leave one out")]
                    valid = False
            lacks = [said for said in missing(chosen.values()) if said not in self.form_errors]
            self.form_errors.extend(lacks)
            valid = valid and not missing(chosen.values())
        return valid

    def sides(self) -> list[str]:
        """Return of each sheet whether its children came here (receiving) or their parents left (sending)."""
        return [self[side_key(place)].data for place in range(len(self.sheets))]

    def mapping(self) -> list[dict[int, str | None]]:
        """Return the field of each column by its index, sheet by sheet; None for what is left out."""
        return [
            {index: self[column_key(place, index)].data or None for index in indexes}
            for place, indexes in enumerate(self.sheets)
        ]


def column_key(sheet: int, index: int) -> str:
    """Return the name of the list for a column."""
    return f"column-{sheet}-{index}"


def side_key(sheet: int) -> str:
    """Return the name of the list for the side of a sheet."""
    return f"side-{sheet}"


def columns_form(sheets: Sequence[Mapping[str, Any]], fields: Sequence[tuple[str, str]], version: int) -> ColumnsForm:
    """Return the form for the sheets of a plan, opened with the fields that it names, of a version of its ledger.

    `fields`: what a column may be taken for, as pairs of field and words; nothing else is accepted.
    """
    made: dict[str, Any] = {"sheets": tuple(tuple(each["index"] for each in sheet["columns"]) for sheet in sheets)}
    for place, sheet in enumerate(sheets):
        made[side_key(place)] = SelectField(_("The children of this sheet"), choices=[], default=sheet["side"])
        for each in sheet["columns"]:
            label = _("Taken as: %(heading)s", heading=each["heading"])
            made[column_key(place, each["index"])] = SelectField(label, choices=[], default=_taken(each["field"]))
    form: ColumnsForm = type("ChosenColumnsForm", (ColumnsForm,), made)(version=version)
    sides = [(code, str(words)) for code, words in SIDES.items()]
    asked = [side_key(place) for place in range(len(sheets))]
    for field in form:
        if isinstance(field, SelectField):
            field.choices = sides if field.name in asked else [("", _("Leave out")), *fields]
    return form


def _taken(field: str | None) -> str:
    """What is known and not asked for is left out like what is not known."""
    return "" if field in (None, IGNORED) else str(field)


def missing(fields: Iterable[str | None]) -> list[str]:
    """Return a sentence for each thing that no column was taken for and no row can be registered without."""
    there = set(fields)
    said = []
    if "name" not in there:
        said.append(_("No column holds the name: choose it"))
    if not there & {"birth", "birth_year", "id_number"}:
        said.append(_("No column holds the date of birth or the ID number: choose one of them"))
    return said
