"""Forms of lists: what to take out, the columns of a layout, and the file that brings headings or answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.clock import today
from registry.i18n import language
from registry.ledgers.out.layouts import FIXED, Column, Columns
from registry.ledgers.out.values import CODES, DASH, PLAIN, SLASH, WORDS
from registry.web.fields import Text, Tiles
from registry.web.filters import moment
from registry.web.forms import PartForm, RegistryForm, choices
from registry.web.uploads import SentFile
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledgers.models import Download, Layout
    from registry.ledgers.out.service import Wanted

MOST_HEADING: Final = 80
MOST_FIXED: Final = 60
MOST_NAME: Final = 40
DIGITS: Final = 9  # of a version
TOO_BIG: Final = _l("The file is larger than 10 MB")


class TakeOutForm(RegistryForm):
    """What to take out of a list, with which columns, and why."""

    since = SelectField(_l("Which children"), choices=[])
    layout = SelectField(_l("Columns"), choices=[])
    purpose = SelectField(_l("What the list is for"), [InputRequired(_l("Choose what the list is for"))], choices=[])
    once = HiddenField()

    def offer(self, earlier: Sequence[Download], layouts: Sequence[Layout]) -> None:
        """Offer everything, what changed since each of the own last downloads, and the layouts of the office."""
        self.since.choices = [("", _("The whole list")), *((str(one.id), _since(one)) for one in earlier)]
        self.layout.choices = [("", _("All particulars")), *((str(one.id), one.name) for one in layouts)]
        self.purpose.choices = choices(_purposes())

    def wanted(self) -> Wanted:
        """Return what was chosen, of a valid form."""
        from registry.ledgers.out.service import Wanted

        once, since, layout = (_uuid(field.data) for field in (self.once, self.since, self.layout))
        return Wanted(once or uuid.uuid4(), self.purpose.data, layout, since)


class ColumnForm(PartForm):
    """One column: its heading, the field that fills it, and the text of one that is filled with the same."""

    heading = Text(_l("Heading"), max_length=MOST_HEADING)
    field = SelectField(_l("Filled with"), choices=[])
    text = Text(_l("Text in every row"), max_length=MOST_FIXED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        fields = in_force(today()).downloads.fields.values()
        own = [(field.code, field.heading.in_language(language())) for field in fields]
        self.field.choices = [*own, (FIXED, _("The same text, or nothing"))]


class LayoutForm(RegistryForm):
    """A layout: its name, how days and answers are written, and its columns in their order."""

    name = Text(_l("Name of the layout"), [InputRequired(_l("Name the layout"))], max_length=MOST_NAME)
    dates = Tiles(_l("Days are written"), choices=[], default=DASH)
    answers = Tiles(_l("Answers and places are written"), choices=[], default=WORDS)
    columns = FieldList(FormField(ColumnForm), min_entries=0)
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.dates.choices = [(DASH, "2013-06-24"), (PLAIN, "20130624"), (SLASH, "2013/6/24")]
        self.answers.choices = [(WORDS, _("In words: Male, Female")), (CODES, _("As codes: 1, 2"))]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Refuse a layout without columns, with too many, or with one that has no heading."""
        valid = bool(super().validate(extra_validators))
        most = in_force(today()).downloads.most_columns
        for entry in self.columns:
            if not entry.form.heading.data and not entry.form.heading.errors:
                entry.form.heading.errors = [_("Write the heading of this column")]
                valid = False
        if not len(self.columns):
            self.form_errors.append(_("Keep at least one column"))
            valid = False
        if len(self.columns) > most:
            words = ngettext("A list has at most %(num)s column", "A list has at most %(num)s columns", most)
            self.form_errors.append(words)
            valid = False
        return valid

    def seen(self) -> int:
        """Return the version that the page showed; 0, which no layout has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else 0

    def told(self) -> Columns:
        """Return the columns as they were typed."""
        rows = (entry.form for entry in self.columns)
        columns = tuple(Column(row.heading.data or "", row.field.data, row.text.data or "") for row in rows)
        return Columns(columns, self.dates.data or DASH, self.answers.data or WORDS)


def opened(name: str | None, columns: Columns, version: int | None) -> LayoutForm:
    """Return the form of a layout as it stands, or as a moved or added column leaves what was typed."""
    rows = [{"heading": one.heading, "field": one.field, "text": one.text} for one in columns.columns]
    values = {"name": name, "dates": columns.dates, "answers": columns.answers, "columns": rows, "version": version}
    return LayoutForm(formdata=None, data=values)


class HeadingsForm(RegistryForm):
    """A template whose headings a layout takes over."""

    file = SentFile(_l("Template"), missing=_l("Choose the file of the template"), too_big=TOO_BIG)


class AnswersForm(RegistryForm):
    """A list that was filled in."""

    file = SentFile(_l("Filled-in list"), missing=_l("Choose the file that was filled in"), too_big=TOO_BIG)


def _since(download: Download) -> str:
    children = ngettext("%(num)s child", "%(num)s children", download.number)
    return str(_("What changed since %(moment)s (%(children)s then)", moment=moment(download.at), children=children))


def _purposes() -> list[tuple[str, str]]:
    return in_force(today()).codes["list_purpose"].choices(language())


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
