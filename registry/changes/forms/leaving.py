"""The shape of an end: who left, when, why and where to; a visit elsewhere; a death."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from registry.access import current_viewer
from registry.areas.codes import same_township
from registry.areas.forms import AreaField
from registry.changes.forms.reasons import reason
from registry.children.facts import birth_of
from registry.clock import today
from registry.web.fields import DateParts, Text
from registry.web.forms import RegistryForm
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.children.models import Episode
    from registry.vault.codecs import JsonValue

COUNTY, TOWN = 3, 4


class ChildrenForm(RegistryForm):
    """The children of a household whom it concerns."""

    children = SelectMultipleField(_l("Who?"), validate_choice=False)

    def offer(self, episodes: Sequence[Episode], ticked: Iterable[UUID] | None = None) -> None:
        """Offer these children; when the form is first opened all of them are ticked, or those who are named."""
        self.offered = {str(each.child_id): each for each in episodes}
        if not self.is_submitted():
            self.children.data = list(self.offered) if ticked is None else [str(each) for each in ticked]

    def validate_children(self, field: SelectMultipleField) -> None:
        """Refuse a form for nobody."""
        if not set(field.data or ()) & self.offered.keys():
            raise ValidationError(_("Tick at least one child"))

    def chosen(self) -> list[Episode]:
        """Return the episodes of the children who were ticked; what is not offered is passed over."""
        return [each for key, each in self.offered.items() if key in set(self.children.data or ())]


class DatedForm(ChildrenForm):
    """Children, and a day or a month that has been. Empty where nobody knows it: no day is invented."""

    day = DateParts(
        _l("Day"), allow_month=True, messages={"year": _l("Enter the year"), "month": _l("Enter the month")}
    )

    def validate_day(self, field: DateParts) -> None:
        """Refuse a day to come, and one on which a child was not there yet."""
        refuse_to_come(field)
        if field.data and any(BirthDate(*field.data).latest < _there_since(each) for each in self.chosen()):
            field.mark("year", "month", "day")
            raise ValidationError(_("By the file the child was not there yet on this day"))

    def on(self) -> BirthDate | None:
        """Return the day, perhaps only its month; None where nobody knows it."""
        return BirthDate(*self.day.data) if self.day.data else None


def refuse_to_come(field: DateParts) -> None:
    """Refuse a day to come."""
    if field.data and BirthDate(*field.data).earliest > today():
        field.mark("year", "month", "day")
        raise ValidationError(_("This day is in the future"))


def _there_since(episode: Episode) -> date:
    """The first day on which a child can have been at a place: by its arrival, and by its birth."""
    viewer = current_viewer()
    arrived, birth = episode.arrived.open(viewer), birth_of(episode.child, viewer)
    return max(birth.earliest, arrived.earliest) if arrived else birth.earliest


class LeaveForm(DatedForm):
    """Left to a known place. `known`: the place that was on file when the page was opened, "" for none."""

    place = AreaField(
        _l("Where have they gone?"), [InputRequired(_l("Choose the place"))], at_least=COUNTY, deepest=TOWN
    )
    reason = reason("leaving_reason")
    announce = BooleanField(_l("Tell the area they have gone to, so that it can take the children on"), default=True)
    known = HiddenField()

    def validate_place(self, field: AreaField) -> None:
        """Refuse the township where the children are: inside it the same file goes on."""
        if any(same_township(each.area_code, field.data) for each in self.chosen()):
            raise ValidationError(_('This is the same township. Record it as "The household moved".'))

    def meets(self, on_file: str) -> bool:
        """Say whether somebody else has recorded another place since the page was opened; from now on it is known."""
        met = on_file not in ("", self.known.data or "", self.place.data)
        self.known.data = on_file
        return met


class GoneForm(DatedForm):
    """Left, and nobody knows where."""


class NotFoundForm(DatedForm):
    """There never was such a child here; it was found out today, unless something else is said."""

    day = DateParts(
        _l("Day"),
        allow_month=True,
        default=today,
        messages={"year": _l("Enter the year"), "month": _l("Enter the month")},
    )


class TakeOffForm(ChildrenForm):
    """Taken off the register."""

    reason = reason("withdrawal_reason")


class AwayForm(RegistryForm):
    """A visit elsewhere, in the summer say: from when, until when, where; it closes nothing."""

    since = DateParts(_l("From"), default=today)
    until = DateParts(_l("Until (may be left empty)"))
    where = Text(_l("Where (may be left empty)"), max_length=60)

    def validate_until(self, field: DateParts) -> None:
        """Refuse an end before the beginning, and one that is over."""
        if not field.data:
            return
        until = BirthDate(*field.data).earliest
        begins = BirthDate(*self.since.data).earliest if self.since.data else today()
        if until < max(begins, today()):
            field.mark("year", "month", "day")
            raise ValidationError(_("The visit ends before it begins, or is over already"))

    def told(self) -> dict[str, JsonValue]:
        """Return the visit as an episode keeps it."""
        days = {name: BirthDate(*field.data).iso if field.data else None for name, field in self._days()}
        return {**days, "where": self.where.data}

    def _days(self) -> list[tuple[str, Any]]:
        return [("from", self.since), ("until", self.until)]


class DiedForm(RegistryForm):
    """The day of a death, which may be left empty; the second step confirms. `born`: when the child was."""

    born: BirthDate
    day = DateParts(_l("Day of death (may be left empty)"), allow_month=True)

    def validate_day(self, field: DateParts) -> None:
        """Refuse a day to come, and one before the birth."""
        refuse_to_come(field)
        if field.data and BirthDate(*field.data).latest < self.born.earliest:
            field.mark("year", "month", "day")
            raise ValidationError(_("By the file the child was not born yet on this day"))

    def on(self) -> BirthDate | None:
        """Return the day, perhaps only its month; None where nobody knows it."""
        return BirthDate(*self.day.data) if self.day.data else None
