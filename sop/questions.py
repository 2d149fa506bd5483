"""The questions of the full file behind the quick form: which concern a child, and which of them are still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sop.content import Text

Value = str | list[str] | dict[str, str]
"""An answer as it is kept.

A code for a choice, codes for several, text as normalised, 2026-03-14 for a day (2026-03 where only its month is
known), a 12-digit code for an area, {"kind", "number"} for a document. In place of anything but a code:
{"withheld": "unknown"} or {"withheld": "refused"}.
"""

UNKNOWN: Final = "unknown"
REFUSED: Final = "refused"
WITHHELD: Final = "withheld"
KINDS: Final = frozenset({"choice", "multi", "text", "date", "area", "phone", "number", "document"})
LISTED: Final = frozenset({"choice", "multi", "document"})  # kinds whose answers come from a code list
BOXED: Final = frozenset({"text", "number", "phone", "document"})  # kinds that need a length
SCOPES: Final = frozenset({"child", "household"})
SIDES: Final = frozenset({"receiving", "sending"})
# What a file says without a question of this table; conditions may speak of it.
FILE_FACTS: Final = frozenset({"id_number"})


@dataclass(frozen=True)
class When:
    """To whom a question is put: all that is given here must hold. Ages in completed years, `below` not included.

    `flags`: one of them is enough. `answers`: the answer to `question` is one of them; `unless`: it is none of
    these, an open question being none of anything.
    """

    side: str | None = None
    age_from: int | None = None
    age_below: int | None = None
    flags: frozenset[str] = frozenset()
    question: str | None = None
    answers: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """One question. `short`: what its answer is called on a file, where the question is longer.

    `scope`: answered for one child or for its whole household. `codes`: name of the code list of a choice.
    `level`: of an area, the deepest that is asked (1 province to 4 township). `length`: characters, also the
    boxes on paper. `own`: never the same as a sibling's. `sensitive`: shown masked nowhere, but only on its own
    page. `off`: not asked unless the deployment turns it on. `lived`: of a day, one of the child's life until now.
    `to_come`: answers that promise a paper.
    """

    key: str
    section: str
    scope: str
    kind: str
    label: Text
    short: Text | None = None
    hint: Text | None = None
    codes: str | None = None
    level: int | None = None
    length: int | None = None
    when: When = When()
    own: bool = False
    sensitive: bool = False
    off: bool = False
    lived: bool = False
    to_come: frozenset[str] = frozenset()

    @property
    def name(self) -> Text:
        """What the answer is called."""
        return self.short or self.label


@dataclass(frozen=True)
class QuestionSection:
    """A heading with its questions, in the order in which they are asked, on the screen and on paper."""

    code: str
    name: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    """All questions of the full file in their sections."""

    sections: tuple[QuestionSection, ...]

    def __iter__(self) -> Iterator[Question]:
        return (question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question:
        """Return the question with this key; raises KeyError."""
        for question in self:
            if question.key == key:
                return question
        raise KeyError(key)

    def section(self, code: str) -> QuestionSection:
        """Return the section with this code; raises KeyError."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)


@dataclass(frozen=True)
class Situation:
    """What decides which questions are put about a child: completed years, side, flags, and what is known.

    `answers`: by key, those of the child, of its household and of the file itself (`FILE_FACTS` among them).
    """

    age: int
    side: str
    flags: frozenset[str]
    answers: Mapping[str, Value]


def concerns(question: Question, situation: Situation) -> bool:
    """Tell whether a question is put about this child at all; one that is off never is."""
    when = question.when
    if question.off or (when.side is not None and when.side != situation.side):
        return False
    if when.age_from is not None and situation.age < when.age_from:
        return False
    if when.age_below is not None and situation.age >= when.age_below:
        return False
    if when.flags and not when.flags & situation.flags:
        return False
    return when.question is None or _fits(when, situation.answers.get(when.question))


def _fits(when: When, value: Value | None) -> bool:
    said = codes_of(value)
    if when.answers:
        return bool(said & when.answers)
    return not said & when.unless


def asked(questionnaire: Questionnaire, situation: Situation) -> tuple[Question, ...]:
    """Return the questions that concern a child, answered or not, in order."""
    return tuple(question for question in questionnaire if concerns(question, situation))


def still_open(questionnaire: Questionnaire, situation: Situation) -> tuple[Question, ...]:
    """Return the questions that are still to be asked: those that concern a child and whose answer is not known.

    What was refused is an answer and is not asked again; what nobody knew is, and so is a paper still to come.
    """
    return tuple(each for each in asked(questionnaire, situation) if is_open(each, situation.answers.get(each.key)))


def is_open(question: Question, value: Value | None) -> bool:
    """Tell whether a question is still to be asked in view of its answer."""
    said = codes_of(value)
    return not value or UNKNOWN in said or is_to_come(question, value)


def is_to_come(question: Question, value: Value | None) -> bool:
    """Tell whether an answer promises a paper that nobody has seen yet."""
    return bool(codes_of(value) & question.to_come)


def codes_of(value: Value | None) -> frozenset[str]:
    """Return the codes in an answer; a text or a day is itself, a document its kind."""
    if not value:
        return frozenset()
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(value) if isinstance(value, list) else frozenset({value.get(WITHHELD) or value.get("kind", "")})


def withheld(value: Value | None) -> str | None:
    """Return unknown or refused where an answer says that there is none, else None."""
    said = codes_of(value) if not isinstance(value, str) else {value}
    return next((code for code in (REFUSED, UNKNOWN) if said == {code}), None)
