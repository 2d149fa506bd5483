"""Fields of forms: days in three boxes, tiles of answers, cleaned text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField
from wtforms.validators import StopValidation

from registry.clock import today
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


PARTS = ("year", "month", "day")
UNSETTLED = ("unknown", "refused")
YEAR_DIGITS = 4
MONTHS_OF_YEAR = 12
LONGEST_PART = 12  # characters kept of what was typed in a box
WRITTEN_UNIT = re.compile(r"[年月日号]$")
MESSAGES = {
    "year": _l("Enter the year"),
    "month": _l("Enter the month"),
    "day": _l("Enter the day"),
    "digits": _l("Write the date in digits"),
    "long_year": _l("Write the year with four digits"),
    "range": _l("Check the year"),
    "months": _l("The month is a number from 1 to 12"),
    "real": _l("There is no such day: check the date"),
}


class DateValue(NamedTuple):
    """A day, or a month whose day is not known."""

    year: int
    month: int
    day: int | None


class DateParts(Field):  # type: ignore[misc]  # WTForms ships no types
    """A day in three boxes, posted as name-year, name-month and name-day; `data` is a DateValue or None.

    `allow_month`: the day may be left empty. `messages` replaces single texts of MESSAGES.
    `years`: first and last that are believed. `faulty` names the boxes to mark after validation.
    """

    def __init__(
        self,
        label: Any = None,  # noqa: ANN401
        validators: Sequence[Any] | None = None,
        *,
        allow_month: bool = False,
        messages: Mapping[str, Any] | None = None,
        years: tuple[int, int] = (1900, 2100),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.allow_month = allow_month
        self.messages = {**MESSAGES, **(messages or {})}
        self.years = years
        self.typed = dict.fromkeys(PARTS, "")
        self.faulty: frozenset[str] = frozenset()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401, ARG002
        """Take the three boxes of a sent form, or the value the form was opened with."""
        self.process_errors: list[str] = []
        opened_with = data if _is_day(data) else self.default
        self.object_data = self.data = _as_value(opened_with() if callable(opened_with) else opened_with)
        if formdata is None:
            self.typed = _written(self.data)
            return
        sent = {part: formdata.getlist(f"{self.name}-{part}") for part in PARTS}
        self.typed = {part: _narrow(values[0]) if values else "" for part, values in sent.items()}
        self.raw_data = ["-".join(self.typed.values())] if any(self.typed.values()) else []
        self.data = self._read()

    def _read(self) -> DateValue | None:
        if not any(self.typed.values()):
            return None
        faults = self._faults()
        if faults:
            self.faulty = frozenset(part for part, _message in faults)
            self.process_errors.append(str(self.messages[faults[0][1]]))
            return None
        year, month, day = (self.typed[part] for part in PARTS)
        return DateValue(int(year), int(month), int(day) if day else None)

    def _faults(self) -> list[tuple[str, str]]:
        """Return (box, message key) of what is wrong, the first to be said."""
        needed = PARTS[:2] if self.allow_month else PARTS
        empty = [(part, part) for part in needed if not self.typed[part]]
        strange = [(p, "digits") for p in PARTS if self.typed[p] and not _is_number(self.typed[p])]
        if empty or strange:
            return empty + strange
        year, month, day = (int(self.typed[part] or 1) for part in PARTS)
        if len(self.typed["year"]) != YEAR_DIGITS:
            return [("year", "long_year")]
        if not self.years[0] <= year <= self.years[1]:
            return [("year", "range")]
        if not 1 <= month <= MONTHS_OF_YEAR:
            return [("month", "months")]
        return [] if _exists(year, month, day) else [("day", "real")]

    def mark(self, *parts: str) -> None:
        """Mark boxes as faulty for an error that somebody else found (say, a day in the future)."""
        self.faulty = frozenset(parts)

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Stop at what could not be read: no later check may call it missing."""
        if self.process_errors:
            raise StopValidation

    @property
    def anchor(self) -> str:
        """Return the id of the first box that is wrong, where the error summary leads."""
        first = next((part for part in PARTS if part in self.faulty), "year")
        return f"{self.id}-{first}"


class Tiles(RadioField):  # type: ignore[misc]  # WTForms ships no types
    """One answer among a few, drawn as tiles; `data` is its code, or None when nothing was chosen.

    `code_list` names one of the version in force; `choices` are (code, words) pairs instead.
    An answer that the list does not hold is refused with a message, however it was posted.
    """

    def __init__(
        self,
        label: Any = None,  # noqa: ANN401
        validators: Sequence[Any] | None = None,
        *,
        code_list: str | None = None,
        choices: Any = None,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        offered = (lambda: in_force(today()).codes[code_list].choices(language())) if code_list else choices
        super().__init__(label, validators, coerce=_code, choices=offered, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Refuse an answer that is not offered."""
        if self.data is not None and self.data not in {code for code, _words in self._pairs()}:
            raise StopValidation(str(_l("Choose one of the answers")))

    def settled(self) -> list[tuple[str, str]]:
        """Return the answers that say something, in order."""
        return [pair for pair in self._pairs() if pair[0] not in UNSETTLED]

    def unsettled(self) -> list[tuple[str, str]]:
        """Return 不清楚 and 拒答, which stand last in their own row."""
        return [pair for pair in self._pairs() if pair[0] in UNSETTLED]

    def _pairs(self) -> list[tuple[str, str]]:
        return [(str(code), str(words)) for code, words in self.choices or ()]

    @property
    def anchor(self) -> str:
        """Return the id of the first tile, where the error summary leads."""
        pairs = self.settled() or self.unsettled()
        return f"{self.id}-{pairs[0][0]}" if pairs else str(self.id)


class Text(StringField):  # type: ignore[misc]  # WTForms ships no types
    """One line of text, trimmed and composed (NFC), without control characters; None when empty.

    Characters outside the basic plane are kept. `max_length` counts characters.
    """

    def __init__(
        self,
        label: Any = None,  # noqa: ANN401
        validators: Sequence[Any] | None = None,
        *,
        max_length: int = 100,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_length = max_length

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Clean what was typed."""
        typed = next(iter(valuelist), "")
        self.data = clean(typed) or None

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Refuse what is longer than the register keeps."""
        if self.data and len(self.data) > self.max_length:
            raise StopValidation(str(_l("Write at most %(number)s characters", number=self.max_length)))


def clean(typed: str) -> str:
    """Return one line of text as it is kept: NFC, one space for any white space, no control characters."""
    line = " ".join(typed.split())
    kept = "".join(sign for sign in line if unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept).strip()


def _narrow(typed: str) -> str:
    """Read full-width digits as digits and drop the unit that some people write behind a number."""
    narrow = unicodedata.normalize("NFKC", typed[:LONGEST_PART]).strip()
    return WRITTEN_UNIT.sub("", narrow)


def _is_number(typed: str) -> bool:
    return re.fullmatch("[0-9]{1,4}", typed) is not None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_day(data: Any) -> bool:  # noqa: ANN401
    return isinstance(data, (date, tuple, list))


def _as_value(data: Any) -> DateValue | None:  # noqa: ANN401
    if isinstance(data, date):
        return DateValue(data.year, data.month, data.day)
    return DateValue(*data) if data else None


def _written(value: DateValue | None) -> dict[str, str]:
    return {part: str(number or "") for part, number in zip(PARTS, value or ("", "", ""), strict=True)}


def _code(value: Any) -> str | None:  # noqa: ANN401
    return str(value) if value else None
