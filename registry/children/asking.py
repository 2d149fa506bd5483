"""The form that asks questions of the full file, made from the questions themselves, and answers as it posts them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from registry.areas.forms import AreaField
from registry.areas.queries import path
from registry.children.answers_shown import MASKED, label_of
from registry.clock import today
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm
from sop.identity import BirthDate, PhoneError, normalise_document, normalise_phone, parse_birth_date
from sop.questions import REFUSED, UNKNOWN, WITHHELD, Question, Value, withheld
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wtforms import Field

PROVINCE, TOWN = 1, 4
UNSETTLED: Final = (UNKNOWN, REFUSED)
# Documents that the register has questions of its own for, or that are none.
NOT_OTHER: Final = frozenset({"01", "02", "11", "90", *UNSETTLED})
PARTS: Final = ("year", "month", "day")
UNREADABLE: Final = {
    "characters": _l("Write the phone number in digits"),
    "length": _l("A mobile number has 11 digits, a land line 10 to 12 with its area code"),
    "empty": _l("Write the phone number in digits"),
}


class TownField(AreaField):
    """A township. `begins`: the county that is known already, from where it is chosen; left so, nothing is answered."""

    def __init__(self, label: str, *, begins: str | None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(label, at_least=TOWN, deepest=TOWN, **kwargs)
        self.begins = begins

    def pre_validate(self, form: AskedForm) -> None:
        """A county that nobody touched is no fault."""
        if self.data is None or self.data != self.begins or self.process_errors:
            super().pre_validate(form)


class AskedForm(RegistryForm):
    """Some questions of the full file. A field is named for its question; beside one, `..._answer` says why not.

    `born`: when the child was.
    """

    questions: tuple[Question, ...] = ()
    born: BirthDate

    @property
    def values(self) -> dict[str, Value]:
        """Return the typed answers of a valid form by question; what was left open is left out."""
        typed = {question.key: self._value(question) for question in self.questions}
        return {key: value for key, value in typed.items() if value}

    def _value(self, question: Question) -> Value | None:
        field = self[question.key]
        data = None if isinstance(field, TownField) and field.data == field.begins else field.data
        if not data:
            none = self[f"{question.key}_answer"].data if has_withheld(question) else None
            return {WITHHELD: none} if none else None
        if question.kind == "date":
            return BirthDate(*data).iso
        if question.kind == "document":
            return {"kind": self[f"{question.key}_kind"].data, "number": normalise_document(data) or data}
        if question.kind == "phone":
            return normalise_phone(data)
        typed: Value = data
        return typed


def has_withheld(question: Question) -> bool:
    """Say whether not known and declined stand beside the field, as they are no choices of it."""
    return question.kind not in ("choice", "multi")


def form_for(
    questions: Iterable[Question], typed: Mapping[str, Any], begins: Mapping[str, str], born: BirthDate
) -> AskedForm:
    """Return the form of these questions, filled with what was typed (a posted form, or `posted` answers).

    `begins`: what is known of a place whose township is asked, by question. `born`: when the child was.
    """
    asked = tuple(questions)
    fields: dict[str, Any] = {"questions": asked, "born": born}
    for question in asked:
        fields |= _fields(question, begins.get(question.key))
    form: AskedForm = type("AskedForm", (AskedForm,), fields)(formdata=typed)
    return form


def posted(questions: Iterable[Question], values: Mapping[str, Value]) -> MultiDict[str, str]:
    """Return answers as a form would have posted them, so that a page can be filled with them.

    The numbers of documents and of pupils are left out: a page that is only opened shows nobody's in full.
    """
    pairs = [pair for question in questions if (value := values.get(question.key)) for pair in _pairs(question, value)]
    return MultiDict(pairs)


def blank(question: Question, typed: Mapping[str, str]) -> bool:
    """Say whether nothing was typed for a question yet."""
    names = re.compile(rf"{question.key}(_answer|_kind|-(\w+))?")
    return not any(value.strip() for name, value in typed.items() if names.fullmatch(name))


def _pairs(question: Question, value: Value) -> list[tuple[str, str]]:
    key = question.key
    if has_withheld(question) and (none := withheld(value)):
        return [(f"{key}_answer", none)]
    if isinstance(value, list):
        return [(key, code) for code in value]
    if isinstance(value, dict) or question.kind in MASKED:
        return [(f"{key}_kind", value["kind"])] if isinstance(value, dict) else []
    if question.kind == "date":
        born = parse_birth_date(value)
        return [(f"{key}-{part}", str(number)) for part in PARTS if (number := getattr(born, part))]
    if question.kind == "area":
        return [(f"{key}-{number}", one.code) for number, one in enumerate(path(value), 1)]
    return [(key, value)]


def _fields(question: Question, begins: str | None) -> dict[str, Field]:
    key, label = question.key, label_of(question)
    town = question.kind == "area" and question.level == TOWN
    fields = {key: TownField(label, begins=begins) if town else _field(question, label)}
    if question.kind == "document":
        kinds = [pair for pair in _codes(question) if pair[0] not in NOT_OTHER]
        offered = [("", _("Choose…")), *kinds]
        fields[f"{key}_kind"] = SelectField(_l("Kind of document"), choices=lambda: offered, default="")
    if has_withheld(question):
        none = in_force(today()).codes["withheld"].choices(language())
        fields[f"{key}_answer"] = Tiles(_("If there is no answer: %(question)s", question=label), choices=lambda: none)
    return fields


def _field(question: Question, label: str) -> Field:
    kind, length = question.kind, question.length or 100
    if kind == "choice":
        return Tiles(label, code_list=question.codes)
    if kind == "multi":
        return SelectMultipleField(label, [_one_or_the_other], choices=lambda: _codes(question))
    if kind == "date":
        return DateParts(label, [_lived] if question.lived else [], allow_month=True)
    if kind == "area":
        return AreaField(label, at_least=PROVINCE, deepest=question.level or TOWN)
    checks = [CHECKS[kind]] if kind in CHECKS else []
    return Text(_("Number of the document") if kind == "document" else label, checks, max_length=length)


def _codes(question: Question) -> list[tuple[str, str]]:
    return in_force(today()).codes[str(question.codes)].choices(language())


def _lived(form: AskedForm, field: DateParts) -> None:
    """A day of the child's life: not before its birth, and none to come. Of a month any of its days will do."""
    if not field.data:
        return
    day = BirthDate(*field.data)
    fault = ""
    if day.earliest > today():
        fault = _("This day has not come yet")
    elif day.latest < form.born.earliest:
        fault = _("The child was not born yet on this day")
    if fault:
        field.mark(*PARTS)
        raise ValidationError(fault)


def _one_or_the_other(_form: AskedForm, field: Field) -> None:
    """None, not known and declined stand alone."""
    alone = {"none", *UNSETTLED} & set(field.data or ())
    if alone and len(field.data) > 1:
        raise ValidationError(_("Mark either what there is, or that there is none"))


def _phone(_form: AskedForm, field: Field) -> None:
    if field.data:
        try:
            normalise_phone(field.data)
        except PhoneError as error:
            raise ValidationError(str(UNREADABLE[error.code])) from error


def _number(_form: AskedForm, field: Field) -> None:
    if field.data:
        field.data = unicodedata.normalize("NFKC", field.data).upper().replace(" ", "")
        if not re.fullmatch("[A-Z0-9]+", field.data):
            raise ValidationError(_("Write letters and digits only"))


def _document(form: AskedForm, field: Field) -> None:
    if not field.data:
        return
    if normalise_document(field.data) is None:
        raise ValidationError(_("A document number has 5 to 24 letters and digits: check it"))
    if not form[f"{field.short_name}_kind"].data:
        raise ValidationError(_("Choose the kind of document"))


CHECKS: Final = {"phone": _phone, "number": _number, "document": _document}
