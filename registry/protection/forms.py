"""Forms of protection: an assessment, a report of harm and whom it went to, the protected mark."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms import validators as check
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from registry.clock import ZONE, local, now, today
from registry.database import uuid7
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm
from sop.card import CardNumberError, read_card_number
from sop.identity import IdNumberError, read_id_number
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from registry.areas.queries import Place
    from sop.protection import Hotline, Judgement, ProtectionRules

Pairs = list[tuple[str, str]]
MOST_TOLD = 2_000
MOST_NOTE = 500
NOBODY = "nobody"
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")


class Several(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several answers of a list, each a box to tick; `data` is the list of their codes."""

    @property
    def anchor(self) -> str:
        """Return the id of the first box, where the error summary leads."""
        return f"{self.id}-{self.choices[0][0]}" if self.choices else str(self.id)


class Paragraphs(TextAreaField):  # type: ignore[misc]  # as above
    """Several lines of text, trimmed and composed (NFC), without control characters but line ends."""

    def __init__(self, label: Any, validators: Iterable[Any] = (), *, max_length: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(label, [*validators], **kwargs)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        typed = unicodedata.normalize("NFC", valuelist[0] if valuelist else "").replace("\r\n", "\n")
        kept = (sign for sign in typed if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
        self.data = "".join(kept).strip() or None

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Refuse what is longer than the register keeps."""
        if self.data and len(self.data) > self.max_length:
            raise StopValidation(str(_l("Write at most %(number)s characters", number=self.max_length)))


def _named_by_page() -> str:
    return str(uuid7())


class OwnIdForm(RegistryForm):
    """A form whose row has an id before it is sent, so that a second click makes no second row."""

    own_id = HiddenField(validators=[check.UUID(_l("Load the page again"))], default=_named_by_page)


class VersionForm(RegistryForm):
    """What carries the version of the row that the page showed."""

    version = HiddenField()

    def seen(self) -> int:
        """Return that version; 0, which no row has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0


class AssessForm(RegistryForm):
    """What is judged of a child's care. `latest` is the assessment that the page showed."""

    latest = HiddenField()
    guardianship = Tiles(_l("Kind of guardianship"), [InputRequired(_l("Choose the kind of guardianship"))], choices=[])
    assessment = Tiles(_l("Assessment of the care"), [InputRequired(_l("Choose an assessment"))], choices=[])
    categories = Several(_l("Key care (may be left empty)"), [Optional()], choices=[])
    note = Paragraphs(_l("Note (may be left empty)"), max_length=MOST_NOTE)

    def offer(self, rules: ProtectionRules) -> None:
        """Offer the answers of the procedure."""
        self.guardianship.choices = _judged(rules.guardianship)
        self.assessment.choices = _judged(rules.assessment)
        self.categories.choices = _judged(rules.category)

    def seen(self) -> UUID | None:
        """Return the assessment that the page showed, None for none (or what is no id)."""
        return read_id(self.latest.data)


class ReportForm(OwnIdForm):
    """What was seen. `child` is the id of a file, empty for a child who is described in words."""

    child = HiddenField()
    described = Text(_l("Which child: name, age, where it lives"), max_length=300)
    county = SelectField(_l("County"), choices=[])
    urgency = Tiles(
        _l("Is the child in danger now?"), [InputRequired(_l("Choose whether there is danger"))], choices=[]
    )
    kinds = Several(_l("What kind of harm"), [InputRequired(_l("Choose at least one kind"))], choices=[])
    happened = Paragraphs(
        _l("What you saw or heard"), [InputRequired(_l("Write down what you saw or heard"))], max_length=MOST_TOLD
    )
    day = DateParts(_l("When you saw or heard it"), [InputRequired(_l("Enter the date"))], default=today)
    phoned = Several(_l("Whom you have phoned"), [InputRequired(_l("Choose whom you have phoned"))], choices=[])
    phoned_how = Text(_l("When you phoned, and who answered (may be left empty)"), max_length=200)

    def offer(self, rules: ProtectionRules, hotlines: Iterable[Hotline], counties: Iterable[Place]) -> None:
        """Offer the answers of the procedure, the hotlines of the area, and the counties that may be meant."""
        self.urgency.choices, self.kinds.choices = rules.urgency.choices(language()), rules.harm.choices(language())
        called = [(one.code, f"{one.name.in_language(language())} {one.number}") for one in hotlines]
        self.phoned.choices = [*called, (NOBODY, _("Nobody yet"))]
        self.county.choices = [(one.code, one.name(language())) for one in counties]

    def child_id(self) -> UUID | None:
        """Return the file that the report is about."""
        return read_id(self.child.data)

    def validate_described(self, field: Text) -> None:
        """A child without a file must be told in words."""
        if self.child_id() is None and not field.data:
            raise ValidationError(str(_l("Write which child it is")))

    def validate_day(self, field: DateParts) -> None:
        """Nobody has seen what is still to come."""
        if day_of(field) > today():
            field.mark("year", "month", "day")
            raise ValidationError(str(_l("This day is still to come")))

    def validate_phoned(self, field: Several) -> None:
        """Nobody and somebody cannot both be."""
        if NOBODY in field.data and len(field.data) > 1:
            raise ValidationError(str(_l("Choose either whom you have phoned, or nobody yet")))


class ToldForm(VersionForm):
    """Which body was told, when and how."""

    recipient = Tiles(_l("Who was told"), [InputRequired(_l("Choose who was told"))], choices=[])
    day = DateParts(_l("Day"), [InputRequired(_l("Enter the date"))], default=today)
    clock = Text(_l("Time, such as 15:30"), [InputRequired(_l("Enter the time"))], max_length=5)
    way = Text(
        _l("How, and who took it"), [InputRequired(_l("Write how it was told, and who took it"))], max_length=200
    )

    def validate_clock(self, field: Text) -> None:
        """Take a time of the day."""
        if not CLOCK.fullmatch(field.data or ""):
            raise ValidationError(str(_l("Write the time as hours and minutes, such as 15:30")))
        if not self.day.errors and self.day.data and self.told_at() > now():
            raise ValidationError(str(_l("This time is still to come")))

    def told_at(self) -> datetime:
        """Return the instant; ask only when the form is valid."""
        found = CLOCK.fullmatch(self.clock.data or "")
        hour, minute = (int(part) for part in found.groups()) if found else (0, 0)
        return datetime.combine(day_of(self.day), time(hour, minute), ZONE)


class FindForm(RegistryForm):
    """An exact number: a card's or an ID number."""

    number = Text(
        _l("Card number or ID number"), [InputRequired(_l("Enter a card number or an ID number"))], max_length=40
    )

    def read(self) -> tuple[Literal["card", "id_number"], str]:
        """Return what kind of number was typed, and how it is kept; ask only when the form is valid."""
        kind, number = _read_number(self.number.data or "")
        return kind, number

    def validate_number(self, field: Text) -> None:
        """Refuse what is neither."""
        try:
            _read_number(field.data or "")
        except (CardNumberError, IdNumberError) as error:
            raise ValidationError(
                str(_l("Check the number: an ID number has 18 characters, a card number 17"))
            ) from error


class WishForm(OwnIdForm):
    """What is asked for a file: to set or to lift the mark, or to name another registrar."""

    registrar = Tiles(_l("The registrar who may also see the file"), choices=[])
    reason = Tiles(_l("Reason"), [InputRequired(_l("Choose a reason"))], choices=[])
    note = Text(_l("Note (may be left empty)"), max_length=200)

    def registrar_id(self) -> UUID | None:
        """Return the account that was chosen."""
        return read_id(self.registrar.data)


def clock_now() -> str:
    """Return the present time of the offices as the form writes it."""
    return f"{local(now()):%H:%M}"


def read_id(typed: str | None) -> UUID | None:
    """Read an id; None for nothing and for what is none."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def day_of(field: DateParts) -> date:
    """Return the day of a field that was validated."""
    value = field.data
    return date(value.year, value.month, value.day) if value and value.day else today()


def _judged(answers: Iterable[Judgement]) -> Pairs:
    return [(one.code, one.text.in_language(language())) for one in answers]


def _read_number(typed: str) -> tuple[Literal["card", "id_number"], str]:
    try:
        return "card", read_card_number(typed)
    except CardNumberError:
        return "id_number", read_id_number(typed, today()).number


def reasons(act: str) -> Pairs:
    """Return the reasons for setting or lifting the mark."""
    rules = in_force(today()).protection
    return (rules.lifting if act == "lift" else rules.protecting).choices(language())
