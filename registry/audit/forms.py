"""Filters of the auditor's page: days, kind, account, child. Sent by GET: none of them is personal data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from registry.audit.catalogue import CATALOGUE
from registry.audit.queries import EventFilter
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Callable

YEARS = range(1900, 2200)  # a midnight at the very end of the calendar cannot be reckoned in another zone


class Parsed(StringField):  # type: ignore[misc]  # WTForms ships no types
    """One value that a function reads, None when empty; `message` says what is wrong with another one."""

    def __init__(
        self,
        label: Any,  # noqa: ANN401
        read: Callable[[str], Any],
        message: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(label, **kwargs)
        self._read, self._message = read, message

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the address says."""
        typed = valuelist[0].strip() if valuelist else ""
        try:
            self.data = self._read(typed) if typed else None
        except ValueError as error:
            raise ValueError(str(self._message)) from error


def _day(typed: str) -> date:
    day = date.fromisoformat(typed)
    if day.year not in YEARS:
        raise ValueError(typed)
    return day


def _kind(typed: str) -> str:
    if typed not in CATALOGUE:
        raise ValueError(typed)
    return typed


class FilterForm(RegistryForm):
    """What the list is narrowed to. A page that is only read carries no token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        csrf = False

    start = Parsed(_l("First day"), _day, _l("Write the day as year-month-day, such as 2026-11-22"))
    end = Parsed(_l("Last day"), _day, _l("Write the day as year-month-day, such as 2026-11-22"))
    kind = Parsed(_l("What"), _kind, _l("There is no such kind of event"))
    account = Parsed(_l("Account"), UUID, _l("There is no such account"))
    child = Parsed(_l("Child"), UUID, _l("There is no such child"))
    before = Parsed(_l("Older than"), UUID, _l("There is no such page"))

    def wanted(self) -> EventFilter:
        """Return the filter; ask only when the form is valid."""
        return EventFilter(self.start.data, self.end.data, self.kind.data, self.account.data, self.child.data)

    def used(self) -> dict[str, str]:
        """Return the filters in use, by name, as an address carries them."""
        values = {field.name: field.data for field in self if field.name != "before"}
        return {name: str(value) for name, value in values.items() if value is not None}
