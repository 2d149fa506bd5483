"""The blank form of a whole household: a quick form, and behind it the questions of the full file for two children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.clock import today
from registry.households.forms.carers import CarerForm
from registry.i18n import language
from registry.paper.form import Asked, BlankForm
from registry.paper.pieces import Blank, Boxes, Group, Piece
from registry.paper.said import both
from registry.reports import quick
from registry.reports.asking import MOST_TICKS, area, asked, coded, dated, shapes_of, ticks
from sop.content import Text
from sop.questions import FILE_FACTS, LISTED, Question
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.paper.sheet import Imprint
    from registry.reports.asking import Choice

TABLES: Final = quick.TABLES | {"other_document": "C"}
MOST_BOXES: Final = 20
CARERS: Final = 2
CARER: Final = (
    *("care", "relation", "name", "name_answer", "phone", "phone_answer"),
    *("lives_here", "address", "workplace"),
)
TITLES: Final = {
    "receiving": _l("Full household form: a family that moved here"),
    "sending": _l("Full household form: parents away, child here"),
}


def full_form(side: str, imprint: Imprint) -> bytes:
    """Return the blank form of a whole household as PDF. `side`: receiving or sending."""
    form, fields = BlankForm(imprint), quick.shapes(side)
    quick.draw_quick(form, side, fields)
    form.turn()
    for number in range(1, CARERS + 1):
        form.person(quick.numbered(_l("Another carer, or a parent who lives elsewhere"), number), carer())
    for number, scopes in ((1, {"child", "household"}), (2, {"child"})):
        form.turn()
        form.heading(quick.numbered(_l("Full file of child"), number))
        form.fields([both(lambda: _("Child's name"))])
        for name, those in sections(side):
            questions = [question(each) for each in those if each.scope in scopes]
            if questions:
                form.part(name, questions)
    codes = {letter: fields[name].choices for name, letter in quick.TABLES.items()}
    quick.draw_tables(form, codes | {"C": _choices("document")})
    return form.pdf()


def carer() -> list[Asked]:
    """Return the questions about one adult more, as the page about one asks them."""
    shapes = shapes_of(lambda: CarerForm(formdata=None, meta={"csrf": False}))
    return asked(CARER, shapes, {"relation": quick.table_name(quick.TABLES["guardians.relation"])})


def sections(side: str) -> Iterator[tuple[Text, list[Question]]]:
    """Yield heading and questions of each section: those that concern this side and are not in its quick form."""
    before = {name.rpartition(".")[2] for name in quick.names(side)}
    for section in in_force(today()).questions.sections:
        wanted = [
            each
            for each in section.questions
            if not each.off and each.when.side in (None, side) and each.key not in before
        ]
        if wanted:
            yield section.name, wanted


def question(each: Question) -> Asked:
    """Return a question of the full file as paper puts it, with when it is to be answered."""
    open_ended = [*KINDS[each.kind](each), *ticks(_choices("withheld"))] if each.kind in KINDS else []
    pieces = _listed(each) if each.kind in LISTED else open_ended
    return Asked((each.key,), each.label, tuple(pieces), _condition(each) or each.hint)


def _choices(name: str) -> tuple[Choice, ...]:
    return tuple((code.code, code.text) for code in in_force(today()).codes[name])


def _listed(each: Question) -> list[Piece]:
    choices = _choices(each.codes or "")
    letter = TABLES.get(each.key)
    if letter is None and len(choices) <= MOST_TICKS:
        return list(ticks(choices))
    if letter is None:
        raise TypeError(f"the list {each.codes} is too long for ticks and has no table")
    line = both(lambda: _("Number")) if each.kind == "document" else None
    return coded(choices, quick.table_name(letter), line)


def _number(each: Question) -> list[Piece]:
    length = each.length or 0
    return [Boxes((length,))] if 0 < length <= MOST_BOXES else [Blank()]


KINDS: Final[dict[str, Callable[[Question], list[Piece]]]] = {
    "text": lambda _asked: [Blank()],
    "number": _number,
    "phone": _number,
    "date": lambda _asked: [Group(dated(("year", "month", "day")))],
    "area": lambda each: area(each.level or 1),
}


def _condition(each: Question) -> Text | None:
    """Say when a question is to be answered at all: only if another one was answered so."""
    when, sop = each.when, in_force(today())
    if when.age_below is not None and not when.question:
        return both(lambda: _("Only for children under %(age)s", age=when.age_below))
    if not when.question or when.question in FILE_FACTS:
        return None
    other = sop.questions.question(when.question)
    if other.codes is None:
        return None
    wanted = when.answers or frozenset(code.code for code in sop.codes[other.codes]) - when.unless
    said = [code.text for code in sop.codes[other.codes] if code.code in wanted]
    chosen = Text("、".join(one.zh for one in said), ", ".join(one.en for one in said))

    def say() -> str:
        tongue = language()
        question, answers = other.label.in_language(tongue), chosen.in_language(tongue)
        return str(_('Only if "%(question)s" is: %(answers)s', question=question, answers=answers))

    return both(say)
