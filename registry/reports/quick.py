"""The blank quick forms: the questions of the screens of an intake, in the order of the screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.households.forms.children import ChildrenForm
from registry.households.forms.family import FORMS
from registry.households.forms.notice import NoticeForm
from registry.paper.form import BlankForm
from registry.paper.said import both
from registry.reports.asking import Shape, asked, shapes_of
from sop.content import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

    from registry.paper.form import Asked
    from registry.paper.sheet import Imprint
    from registry.reports.asking import Choice

GUARDIANS: Final = 2
CHILDREN: Final = 3
TABLES: Final = {"guardians.relation": "A", "ethnic": "B"}
TABLE_COLUMNS: Final = {"A": 3, "B": 3, "C": 2}


@dataclass(frozen=True)
class Step:
    """A heading and the fields below it. `times`: how many persons are asked for; 0 where it is not about persons.

    `first`: what the first of them is called. Without a heading the questions follow those before.
    """

    heading: LazyString | None
    names: tuple[str, ...]
    times: int = 0
    first: LazyString | None = None


NOTICE: Final = Step(_l("Notice to the guardian"), ("answer",))
GUARDIAN: Final = tuple(
    f"guardians.{name}" for name in ("phone", "phone_answer", "name", "name_answer", "relation", "lives_here")
)
CHILD: Final = tuple(
    f"children.{name}" for name in ("name", "id_number", "id_answer", "birth", "sex", "school", "certificate")
)
AWAY: Final = (
    *("who_away", "away_since", "away_since_answer", "away_area", "away_area_answer"),
    "other_parent_can_care",
)
PLACE: Final = ("area_code", "block_id", "address", "address_answer")
FAMILY: Final[dict[str, tuple[Step, ...]]] = {
    "receiving": (
        Step(_l("Guardian"), GUARDIAN, GUARDIANS),
        Step(None, ("alone",)),
        Step(_l("Where they live"), (*PLACE, "arrived", "arrived_answer", "stays")),
        Step(_l("Where they come from"), ("hukou", "hukou_answer", "hukou_town", "ethnic")),
    ),
    "sending": (
        Step(_l("Who is away"), AWAY),
        Step(_l("Guardian"), GUARDIAN, GUARDIANS, first=_l("Actual carer")),
        Step(None, ("boarding",)),
        Step(_l("Where they live"), (*PLACE, "hukou_town", "hukou", "hukou_answer", "ethnic")),
    ),
}
TITLES: Final = {
    "receiving": _l("Quick form: a family that moved here"),
    "sending": _l("Quick form: parents away, child here"),
}


def shapes(side: str) -> dict[str, Shape]:
    """Return the fields of the three pages that are filled in for a household, by name."""
    return {
        **_without_side(shapes_of(lambda: NoticeForm(formdata=None, meta={"csrf": False}))),
        **shapes_of(lambda: FORMS[side](formdata=None, meta={"csrf": False})),
        **shapes_of(lambda: ChildrenForm(formdata=None, meta={"csrf": False})),
    }


def _without_side(notice: dict[str, Shape]) -> dict[str, Shape]:
    """Which form it is, the paper says by itself."""
    return {name: shape for name, shape in notice.items() if name != "side"}


def names(side: str) -> tuple[str, ...]:
    """Return the fields that a quick form asks for, in its order; those of a person once."""
    steps = (NOTICE, *FAMILY[side])
    return (*(name for step in steps for name in step.names), *CHILD)


def quick_form(side: str, imprint: Imprint) -> bytes:
    """Return a blank quick form as PDF. `side`: receiving or sending."""
    form, fields = BlankForm(imprint), shapes(side)
    draw_quick(form, side, fields)
    draw_tables(form, {letter: fields[name].choices for name, letter in TABLES.items()})
    return form.pdf()


def draw_quick(form: BlankForm, side: str, fields: Mapping[str, Shape]) -> None:
    """Draw the head and all questions of a quick form, with the line for the signatures."""
    form.title(
        form.sheet.imprint.title, both(lambda: _("Any question may be left unanswered. Declining costs no service."))
    )
    form.fields([both(lambda: _("Office")), both(lambda: _("Registrar")), both(lambda: _("Date"))])
    for step in (NOTICE, *FAMILY[side]):
        _draw_step(form, step, _questions(step.names, fields))
    for number in range(1, CHILDREN + 1):
        form.person(numbered(_l("Child"), number), _questions(CHILD, fields))
    form.fields([both(lambda: _("Guardian's signature")), both(lambda: _("Registrar's signature"))])


def _draw_step(form: BlankForm, step: Step, questions: list[Asked]) -> None:
    heading = step.heading
    if heading is None:
        for question in questions:
            form.question(question)
    elif not step.times:
        form.part(both(lambda: heading), questions)
    for number in range(1, step.times + 1):
        form.person(_person(step, number), questions)


def _person(step: Step, number: int) -> Text:
    return both(lambda: step.first) if step.first and number == 1 else numbered(step.heading, number)


def _questions(wanted: tuple[str, ...], fields: Mapping[str, Shape]) -> list[Asked]:
    return asked(wanted, fields, {name: table_name(letter) for name, letter in TABLES.items()})


def numbered(heading: LazyString | None, number: int) -> Text:
    """Return the heading of one of several persons: 儿童1, Child 1."""
    said = both(lambda: heading)
    return Text(f"{said.zh}{number}", f"{said.en} {number}")


def table_name(letter: str) -> Text:
    """Return how a table of codes is referred to."""
    return both(lambda: _("Code by table %(letter)s", letter=letter))


def draw_tables(form: BlankForm, tables: Mapping[str, tuple[Choice, ...]]) -> None:
    """Draw the tables of codes, each with the name of its question."""
    words = {"A": _l("Relation to the children"), "B": _l("Ethnic group"), "C": _l("Kind of document")}
    for letter, choices in tables.items():
        said = _table_heading(letter, words[letter])
        entries = [(code, each) for code, each in choices if code.isdigit()]
        form.table(said, entries, TABLE_COLUMNS[letter])


def _table_heading(letter: str, name: LazyString) -> Text:
    return both(lambda: _("Table %(letter)s: %(name)s", letter=letter, name=name))
