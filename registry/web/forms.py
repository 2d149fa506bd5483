"""The base of every form: the list of its errors, each a link to its field and naming its person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def choices(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what a list offers, (value, words) each, behind the line that asks to choose one."""
    return [("", _("Choose…")), *pairs]


class ErrorItem(NamedTuple):
    """One line of the error summary: what to correct, and the address of the field on the page."""

    text: str
    href: str


class RegistryForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form of the register, with its token against forged posts."""

    def error_items(self) -> list[ErrorItem]:
        """Return the errors in the order of the page."""
        return list(_of_form(self, None))


class PartForm(RegistryForm):
    """A form inside another one, for one person of several; the outer form carries the token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        csrf = False

    def person(self, number: int) -> str | None:  # noqa: ARG002
        """Return whom this part is about ("Child 2"), for the error summary; None where it names nobody."""
        return None


def _of_form(form: Any, prefix: str | None) -> Iterator[ErrorItem]:  # noqa: ANN401
    for field in form:
        yield from _of_field(field, prefix)
    for text in form.form_errors:
        yield ErrorItem(_named(text, prefix), "#form")


def _of_field(field: Any, prefix: str | None, number: int = 1) -> Iterator[ErrorItem]:  # noqa: ANN401
    if isinstance(field, FieldList):
        for place, entry in enumerate(field.entries, start=1):
            yield from _of_field(entry, prefix, place)
        yield from _own_errors(field, prefix)
    elif isinstance(field, FormField):
        person = field.form.person(number) if isinstance(field.form, PartForm) else None
        yield from _of_form(field.form, person or prefix)
    else:
        yield from _own_errors(field, prefix)


def _own_errors(field: Any, prefix: str | None) -> Iterator[ErrorItem]:  # noqa: ANN401
    """Yield the first error of a field; a list's errors may also hold those of its entries, told already."""
    for text in field.errors[:1]:
        if isinstance(text, (dict, list, tuple)):
            return
        yield ErrorItem(_named(str(text), prefix), f"#{getattr(field, 'anchor', field.id)}")


def _named(text: str, prefix: str | None) -> str:
    return _("%(person)s: %(message)s", person=prefix, message=text) if prefix else str(text)
