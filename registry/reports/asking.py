"""Questions on paper, made from the fields of the screens and the questions of the procedure: one way for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import pgettext
from wtforms import BooleanField, FieldList, HiddenField, SelectField

from registry.areas.forms import AreaField
from registry.clock import today
from registry.i18n import spoken
from registry.paper.form import Asked
from registry.paper.pieces import Blank, Boxes, Group, Piece, Tick, Words
from registry.paper.said import both
from registry.web.fields import UNSETTLED, DateParts, Text
from sop.content import Text as Said
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wtforms import Field, Form

MOST_TICKS: Final = 10  # a longer list is answered by a code of the table at the end
DIGITS: Final = {"id_number": (6, 8, 4), "phone": (4, 4, 4)}  # fields of text that hold digits
LEVEL_DIGITS: Final = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
ANSWER: Final = "_answer"  # the field beside another one that says why it holds nothing
Choice = tuple[str, Said]


@dataclass(frozen=True)
class Shape:
    """A field of a screen in both languages. `choices`: what it offers, without the empty choice."""

    name: str
    field: Field
    label: Said
    choices: tuple[Choice, ...]


def shapes_of(make: Callable[[], Form]) -> dict[str, Shape]:
    """Return the fields of a form by name, those of its first person as "guardians.name"; hidden ones are left out.

    `make` makes the form; it is made once in each language, since what it offers is fixed when it is made.
    """
    said = []
    for language in ("zh", "en"):
        with spoken(language):
            said.append({name: (field, *_words(field)) for name, field in _fields(make())})
    chinese, english = said
    return {
        name: Shape(name, field, Said(label, english[name][1]), _paired(choices, english[name][2]))
        for name, (field, label, choices) in chinese.items()
    }


def _fields(form: Form, before: str = "") -> list[tuple[str, Field]]:
    found: list[tuple[str, Field]] = []
    for field in form:
        if isinstance(field, FieldList) and not field.entries:
            continue  # persons whom only some intakes have
        if isinstance(field, FieldList):
            found += _fields(field.entries[0].form, f"{field.short_name}.")
        elif not isinstance(field, HiddenField):
            found.append((before + field.short_name, field))
    return found


def _words(field: Field) -> tuple[str, list[tuple[str, str]]]:
    offered = field.choices or () if isinstance(field, SelectField) else ()
    return str(field.label.text), [(str(code), str(words)) for code, words in offered if code]


def _paired(chinese: Sequence[tuple[str, str]], english: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple((code, Said(zh, en)) for (code, zh), (_code, en) in zip(chinese, english, strict=True))


def asked(names: Sequence[str], shapes: Mapping[str, Shape], tables: Mapping[str, Said]) -> list[Asked]:
    """Return the questions for these fields in their order; "name_answer" joins the question "name" before it.

    `tables`: by name of the field, what the table of its codes is called. Raises TypeError for a kind of field
    that no paper knows.
    """
    made: list[Asked] = []
    for name in names:
        shape = shapes[name]
        if made and name == made[-1].names[0] + ANSWER:
            last = made.pop()
            made.append(Asked((*last.names, name), last.label, (*last.pieces, *ticks(shape.choices)), last.note))
        else:
            made.append(Asked((name,), shape.label, tuple(_pieces(shape, tables.get(name))), _note(shape)))
    return made


def _note(shape: Shape) -> Said | None:
    partial = isinstance(shape.field, DateParts) and shape.field.allow_month
    return both(lambda: _("Year and month are enough; the day may be left empty")) if partial else None


def _pieces(shape: Shape, table: Said | None) -> list[Piece]:
    for kind, handle in HANDLERS.items():
        if isinstance(shape.field, kind):
            return handle(shape, table)
    raise TypeError(f"no paper knows a field of kind {type(shape.field).__name__} ({shape.name})")


def _date(shape: Shape, _table: Said | None) -> list[Piece]:  # noqa: ARG001 -- one shape for all kinds
    return [Group(dated(("year", "month", "day")))]


def _area(shape: Shape, _table: Said | None) -> list[Piece]:
    return area(shape.field.deepest)


def _choice(shape: Shape, table: Said | None) -> list[Piece]:
    if table:
        return coded(shape.choices, table)
    return list(ticks(shape.choices)) or [Blank()]


def _yes(_shape: Shape, _table: Said | None) -> list[Piece]:
    return [Tick(in_force(today()).codes["yes_no"].text("yes"))]


def _text(shape: Shape, _table: Said | None) -> list[Piece]:
    groups = DIGITS.get(shape.name.rpartition(".")[2])
    return [Boxes(groups)] if groups else [Blank()]


HANDLERS: Final[dict[type, Callable[[Any, Any], list[Piece]]]] = {
    DateParts: _date,
    AreaField: _area,
    SelectField: _choice,  # tiles are one kind of it
    BooleanField: _yes,
    Text: _text,
}


def ticks(choices: Sequence[Choice]) -> tuple[Piece, ...]:
    """Return a tick for each answer; 不清楚 and 拒答 last, side by side."""
    settled = [Tick(words) for code, words in choices if code not in UNSETTLED]
    withheld = tuple(Tick(words) for code, words in choices if code in UNSETTLED)
    return (*settled, *([Group(withheld, gap=9)] if withheld else []))


def coded(choices: Sequence[Choice], table: Said, line: Said | None = None) -> list[Piece]:
    """Return boxes for a code, where the codes are explained, and a line for words (or for what `line` says)."""
    return [
        Group((Boxes((2,)), Words(table))),
        *([Words(line)] if line else []),
        Blank(),
        *ticks([choice for choice in choices if choice[0] in UNSETTLED]),
    ]


def area(deepest: int) -> list[Piece]:
    """Return a line for the name of a division and boxes for its code, which the office may fill in."""
    code = both(lambda: _("Code (filled in by the office)"))
    return [Blank(), Group((Words(code), Boxes((LEVEL_DIGITS[deepest],))))]


def dated(parts: Sequence[str]) -> tuple[Boxes | Words, ...]:
    """Return boxes for year, month and day, as many of them as are asked, with their words."""
    words = {
        "year": (4, both(lambda: pgettext("date box", "Year"))),
        "month": (2, both(lambda: pgettext("date box", "Month"))),
        "day": (2, both(lambda: pgettext("date box", "Day"))),
    }
    return tuple(piece for part in parts for piece in (Boxes((words[part][0],)), Words(words[part][1])))
