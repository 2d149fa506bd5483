"""What is still to be done about a file: papers to come, a certificate to see, six months to reach, open questions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sop.questions import is_to_come

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sop.questions import Question, Value

# The answers after which somebody has still to look at the vaccination certificate.
UNSEEN: Final = frozenset({"unseen", "unknown"})
CERTIFICATE: Final = "certificate"


class Todo(StrEnum):
    """What can be to do, in the order in which it stands on a file."""

    NOTICE = "notice"
    NAME = "name"
    BIRTH_DAY = "birth_day"
    ID_NUMBER = "id_number"
    CERTIFICATE = "certificate"
    PAPER = "paper"
    TURNS = "turns"
    QUESTIONS = "questions"


OF_IDENTITY: Final = (Todo.NAME, Todo.BIRTH_DAY, Todo.ID_NUMBER)


@dataclass(frozen=True)
class Item:
    """One thing to do. `question`: which paper was promised; `day`: when it turns; `count`: how many are open."""

    what: Todo
    question: str | None = None
    day: date | None = None
    count: int | None = None


@dataclass(frozen=True)
class Standing:
    """How a file stands. `named` and `day_known`: a real name, the day of birth. `number`: answer about the ID number.

    `noticed`: the family was told of the register, or has been visited since it came with a ledger.
    `certificate`: answer about the vaccination certificate. `turns`: the day on which the flags change by themselves.
    `values`: all answers by question; `open`: the questions still to be asked.
    """

    named: bool
    day_known: bool
    number: str
    certificate: str
    turns: date | None
    questions: Iterable[Question]
    values: Mapping[str, Value]
    open: Iterable[Question]
    noticed: bool = True


def todo(file: Standing) -> tuple[Item, ...]:
    """Return what is to be done about a file: the notice first, then the child's own name.

    An open question that stands for a paper is told by that paper, and not counted a second time.
    """
    promised = [each for each in file.questions if is_to_come(each, file.values.get(each.key))]
    papers = [each.key for each in promised if each.key != CERTIFICATE]
    told = {*papers, CERTIFICATE} if file.certificate in UNSEEN else {*papers}
    count = sum(1 for question in file.open if question.key not in told)
    items = [] if file.noticed else [Item(Todo.NOTICE)]
    items += [Item(what) for what, there in _identity(file) if not there]
    if file.certificate in UNSEEN:
        items.append(Item(Todo.CERTIFICATE))
    items += [Item(Todo.PAPER, question=key) for key in papers]
    if file.turns is not None:
        items.append(Item(Todo.TURNS, day=file.turns))
    return (*items, Item(Todo.QUESTIONS, count=count)) if count else tuple(items)


def _identity(file: Standing) -> tuple[tuple[Todo, bool], ...]:
    there = (file.named, file.day_known, file.number != "later")
    return tuple(zip(OF_IDENTITY, there, strict=True))
