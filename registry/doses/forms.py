"""The form of the clinic: the table of the certificate with a box for each dose, and a free list beneath it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, StopValidation

from registry.clock import today
from registry.doses.errors import BEFORE_BIRTH, IN_FUTURE, UNKNOWN_SOURCE, UNKNOWN_VACCINE
from registry.doses.service import Entry, Tick
from registry.doses.typed import (
    NO_SUCH_DAY,
    SEVERAL,
    UNKNOWN,
    UNREADABLE,
    TypedError,
    narrow,
    read_day,
    read_vaccine,
    split,
)
from registry.doses.withdrawing import REASONS
from registry.referrals.seen import read_all
from registry.web.fields import DateParts, Tiles
from registry.web.filters import long_date
from registry.web.forms import ErrorItem, RegistryForm
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wtforms import Field

    from registry.doses.errors import DoseError
    from registry.referrals.models import Referral
    from registry.referrals.seen import Seen
    from sop.immunisation import Schedule

FREE_ROWS: Final = 10
ELSEWHERE: Final = "elsewhere"  # a vaccine that the table has another line for, or none
CHOOSE_SOURCE: Final = _l("Choose where the days are read from")
SOURCES: Final = (
    ("certificate", _l("The vaccination certificate")),
    ("clinic", _l("Our own records")),
    ("guardian", _l("The guardian's word: kept, not counted")),
)
FAULTS: Final = {
    UNREADABLE: _l("Write the day like 20240301 or 2024-3-1"),
    NO_SUCH_DAY: _l("There is no such day: check the date"),
    UNKNOWN: _l("The schedule has no such vaccine: choose from the list"),
    SEVERAL: _l("Several vaccines are called that: choose from the list"),
    IN_FUTURE: _l("This day has not come yet"),
    BEFORE_BIRTH: _l("The child was not born yet on this day"),
    UNKNOWN_VACCINE: _l("The schedule has no such vaccine: choose from the list"),
    UNKNOWN_SOURCE: CHOOSE_SOURCE,
    ELSEWHERE: _l("This vaccine does not belong here: enter it under other vaccines and further doses"),
}


class Cell(NamedTuple):
    """A box to be typed in: which dose of which course it stands for, its words, and what may have been given.

    `products`: (code, words), the one that the table names first.
    """

    course: str
    number: int
    label: str
    products: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The name of its box in the form."""
        return f"dose-{self.course}-{self.number}"


class DayBox(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A day as it was typed, kept as typed; after validation `day` and, where one stood before it, `vaccine`.

    `accepted`: codes of the vaccines that may stand there; any of the schedule when left out.
    """

    day: date | None = None
    vaccine: str | None = None

    def __init__(self, label: str, accepted: frozenset[str] | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(label, **kwargs)
        self.accepted = accepted

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Keep what was typed."""
        self.data = narrow(next(iter(valuelist), ""))

    def pre_validate(self, form: EntryForm) -> None:
        """Read the day, if there is one: none before the child was born, and none that is still to come."""
        if not self.data:
            raise StopValidation
        self.vaccine, written = split(_schedule(), self.data)
        if self.vaccine and self.accepted is not None and self.vaccine not in self.accepted:
            raise StopValidation(str(FAULTS[ELSEWHERE]))
        day = _read(read_day, written)
        if day > today():
            raise StopValidation(str(FAULTS[IN_FUTURE]))
        if day < form.born:
            raise StopValidation(str(FAULTS[BEFORE_BIRTH]))
        self.day = day


class VaccineBox(StringField):  # type: ignore[misc]  # as above
    """A vaccine as it was typed; after validation `code`."""

    code: str | None = None

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Keep what was typed."""
        self.data = narrow(next(iter(valuelist), ""))

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Find the vaccine, if there is one."""
        if not self.data:
            raise StopValidation
        self.code = _read(lambda typed: read_vaccine(_schedule(), typed), self.data)


class EntryForm(RegistryForm):
    """All doses that are entered at once. `cells`: the boxes of the table; beneath it FREE_ROWS free ones.

    `born`: the first day on which the child may have been born.
    """

    cells: tuple[Cell, ...] = ()
    born: date
    whole_seen = HiddenField()  # "1" where all that the certificate shows was entered when the page was opened
    seen = HiddenField()  # the version of the record that the page was opened with
    source = Tiles(_l("Entered from"), [InputRequired(CHOOSE_SOURCE)], choices=lambda: list(SOURCES))
    whole = BooleanField(_l("All that the certificate shows is entered"))
    referrals = HiddenField()  # those that the office works on, as `written` writes them
    close = BooleanField(_l("Close the referral: all doses due by age are given"), default=True)

    @property
    def rows(self) -> list[tuple[Field, Field]]:
        """The free rows: vaccine and day."""
        return [(self[f"other-{row}-vaccine"], self[f"other-{row}"]) for row in range(1, FREE_ROWS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Judge each box by itself, then that a free row says both what and when."""
        fine = bool(super().validate(extra_validators))
        for vaccine, day in self.rows:
            if day.data and not vaccine.data and day.vaccine is None:
                fine = _fault(vaccine, _("Enter the vaccine"))
            if vaccine.data and not day.data:
                fine = _fault(day, _("Enter the day"))
        return fine

    @property
    def tick(self) -> Tick:
        """The box "all is entered" as it was sent, and as it was when the page was opened."""
        return Tick(bool(self.whole.data), self.whole_seen.data == "1")

    @property
    def seen_referrals(self) -> list[Seen]:
        """The referrals that the page showed, each with its version."""
        return read_all((self.referrals.data or "").split()).those

    def entered(self) -> list[tuple[Entry, Field]]:
        """Return what can be read, each with the box in which its day stands; only after validation."""
        source = self.source.data or SOURCES[0][0]
        return [(Entry(code, box.day, source), box) for code, box in self._read()]

    def hang(self, error: DoseError) -> None:
        """Put what the service refused at the boxes of `entered`."""
        boxes = [box for _entry, box in self.entered()]
        for place, code in error.faults:
            _fault(boxes[place], str(FAULTS[code]))

    def error_items(self) -> list[ErrorItem]:
        """Return the errors in the order of the page, each naming its dose."""
        return [
            ErrorItem(
                _("%(person)s: %(message)s", person=field.label.text, message=field.errors[0]), f"#{_anchor(field)}"
            )
            for field in self
            if field.errors
        ]

    def _read(self) -> Iterator[tuple[str, Field]]:
        for cell in self.cells:
            box, choice = self[cell.key], self._fields.get(f"{cell.key}-vaccine")
            if box.day is not None:
                yield box.vaccine or (choice.data if choice else cell.products[0][0]), box
        for vaccine, box in self.rows:
            code = vaccine.code or box.vaccine
            if box.day is not None and code is not None:
                yield code, box


class NextForm(RegistryForm):
    """When the child is to come again, for the referral that stays open."""

    referrals = HiddenField()  # as in EntryForm
    day = DateParts(_l("Day of the next dose"), [InputRequired(_l("Enter the day of the next dose"))])

    @property
    def seen_referrals(self) -> list[Seen]:
        """As in EntryForm."""
        return read_all((self.referrals.data or "").split()).those

    def wanted(self) -> date:
        """Return the day; only after validation."""
        given = self.day.data
        if given is None or given.day is None:
            raise ValueError("the form was not validated")
        return date(given.year, given.month, given.day)

    def refuse_day(self, until: date | None) -> None:
        """Say at the field that the day has passed, or lies after the last one that may be (`until`)."""
        words = _("Enter the day of the next dose, today or later")
        if until is not None:
            words = _("Enter the day of the next dose, today or later, and at most %(day)s", day=long_date(until))
        self.day.errors = [*self.day.errors, words]
        self.day.mark("year", "month", "day")


class WithdrawForm(RegistryForm):
    """Why a dose is withdrawn."""

    reason = Tiles(_l("Why is it withdrawn?"), [InputRequired(_l("Choose why it is withdrawn"))], code_list=REASONS)


def written(referrals: Iterable[Referral]) -> str:
    """Write which referrals a page shows, each with its version."""
    return " ".join(each.seen.written() for each in referrals)


def entry_form(
    cells: tuple[Cell, ...], born: date, *, whole: bool, seen: int, referrals: Iterable[Referral]
) -> EntryForm:
    """Return the form with a box for each of these cells.

    `whole` and `seen` are what stands in the record now; `referrals`: those that the office works on.
    """
    fields: dict[str, Any] = {"cells": cells, "born": born}
    for cell in cells:
        fields[cell.key] = DayBox(cell.label, frozenset(code for code, _words in cell.products))
        if len(cell.products) > 1:
            words = _("Vaccine given as %(dose)s", dose=cell.label)
            fields[f"{cell.key}-vaccine"] = SelectField(
                words, choices=partial(list, cell.products), default=cell.products[0][0]
            )
    for row in range(1, FREE_ROWS + 1):
        fields[f"other-{row}-vaccine"] = VaccineBox(_("Row %(number)s, vaccine", number=row))
        fields[f"other-{row}"] = DayBox(_("Row %(number)s, day", number=row))
    form: EntryForm = type("EntryForm", (EntryForm,), fields)(
        data={
            "whole": whole,
            "whole_seen": str(int(whole)),
            "seen": str(seen),
            "source": SOURCES[0][0],
            "referrals": written(referrals),
        }
    )
    return form


def _read(reader: Any, typed: str) -> Any:  # noqa: ANN401
    try:
        return reader(typed)
    except TypedError as error:
        raise StopValidation(str(FAULTS[error.code])) from error


def _fault(field: Field, words: str) -> bool:
    field.errors = [*field.errors, words]
    return False


def _anchor(field: Field) -> str:
    return str(getattr(field, "anchor", field.id))


def _schedule() -> Schedule:
    return in_force(today()).immunisation
