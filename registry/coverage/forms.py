"""Form of coverage: an estimate."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from registry.areas.forms import AreaField
from registry.children.display import answer
from registry.clock import today
from registry.coverage.service import Estimated
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm
from sop.indicators import POPULATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.web.fields import DateValue

COMMUNITY = 5
MOST = 100_000_000
OLDEST = 2000
BETWEEN_THOUSANDS = str.maketrans("", "", ", ，")


class Number(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A count of people as people write it: any width of digits, with or without commas. None when empty."""

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Read what was typed."""
        self.typed = next(iter(valuelist), "")[:20]
        plain = unicodedata.normalize("NFKC", self.typed).translate(BETWEEN_THOUSANDS).strip()
        self.data = int(plain) if plain.isascii() and plain.isdigit() else None
        if plain and (self.data is None or not 1 <= self.data <= MOST):
            self.data = None
            raise ValueError(str(_l("Write a whole number from 1, such as 106,000")))

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        return str(typed if typed is not None else self.data if self.data is not None else "")


class EstimateForm(RegistryForm):
    """How many children of a population an area may have, by whom, as of when, defined how."""

    area = AreaField(_l("Area"), [InputRequired(_l("Choose the area"))], at_least=1, deepest=COMMUNITY)
    population = Tiles(
        _l("Whom it counts"),
        [InputRequired(_l("Choose whom it counts"))],
        choices=lambda: [(code, answer("flag", code)) for code in POPULATIONS],
    )
    low = Number(_l("Number, or the least"), [InputRequired(_l("Enter how many there are"))])
    high = Number(_l("The most, where it is a range"))
    source = Text(_l("Source"), [DataRequired(_l("Enter who says so"))], max_length=100)
    as_of = DateParts(
        _l("As of"), [InputRequired(_l("Enter the day that it counts"))], allow_month=True, years=(OLDEST, 2100)
    )
    definition = Text(_l("Definition"), [DataRequired(_l("Enter who is counted in it"))], max_length=200)

    def validate_high(self, field: Number) -> None:
        """Refuse a range that ends before it begins."""
        if field.data is not None and self.low.data is not None and field.data < self.low.data:
            raise ValidationError(_("The most is less than the least"))

    def validate_as_of(self, field: DateParts) -> None:
        """Refuse a day to come."""
        if field.data and _day(field.data) > today():
            field.mark("year", "month", "day")
            raise ValidationError(_("This day is still to come"))

    def estimated(self) -> Estimated:
        """Return what was entered; ask only when the form is valid."""
        low = self.low.data or 0  # never: it is required
        return Estimated(
            area_code=str(self.area.data),
            population=str(self.population.data),
            low=low,
            high=self.high.data or low,
            source=str(self.source.data),
            as_of=_day(cast("DateValue", self.as_of.data)),
            definition=str(self.definition.data),
        )


def _day(value: DateValue) -> date:
    """A month alone stands for its first day."""
    return date(value.year, value.month, value.day or 1)
