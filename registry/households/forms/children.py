"""The shape of the third page: the children, each read from the ID number where there is one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField

from registry.clock import today
from registry.households.answers import ChildAnswers
from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import PartForm, RegistryForm
from sop.eligibility import too_old
from sop.identity import BirthDate, IdNumber, IdNumberError, is_placeholder, normalise_name, read_id_number
from sop.version import CodeList, Reason, in_force

PREFILLED = frozenset({"id_answer"})
SEX_CODES = {"unknown": "0", "refused": "9"}
DIGITS_SHOWN = 40


def _codes(name: str) -> CodeList:
    return in_force(today()).codes[name]


def without_number() -> list[tuple[str, Any]]:
    """Return the answers that stand instead of an ID number, with their words."""
    return [
        ("later", _l("Not at hand, to follow")),
        ("none", _l("Has none")),
        ("refused", _l("Declined to say")),
    ]


def _sexes() -> list[tuple[str, str]]:
    said = _codes("sex")
    return [(code, said.text(SEX_CODES.get(code, code)).in_language(language())) for code in ("1", "2", *SEX_CODES)]


class ChildPart(PartForm):
    """One child: what only the family knows, and what the ID number does not say."""

    name = Text(_l("Name"))
    id_number = Text(_l("ID number"), max_length=DIGITS_SHOWN)
    id_answer = Tiles(_l("If there is no number"), choices=without_number, default="later")
    birth = DateParts(
        _l("Date of birth"),
        allow_month=True,
        messages={"year": _l("Enter the year of birth"), "month": _l("Enter the month of birth")},
    )
    sex = Tiles(_l("Sex"), choices=_sexes)
    school = Tiles(_l("Schooling"), code_list="school")
    certificate = Tiles(_l("Vaccination certificate"), code_list="certificate")

    def person(self, number: int) -> str:
        """Name the child in the error summary by its place on the page."""
        return str(_("Child %(number)s", number=number))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Refuse only what cannot be: nobody to call, no month of birth, not yet born, 16 or older."""
        fine = bool(super().validate(extra_validators))
        if not any(sign.isalpha() for sign in self.name.data or ""):
            _fault(self.name, _("Enter a name, or what the child is called, such as “child of Wang Fang”"))
        if not self.birth.errors:
            self._check_birth()
        return fine and not self.name.errors and not self.birth.errors and not self.id_number.errors

    def _check_birth(self) -> None:
        born, on = self.born, today()
        told_by: Field = self.birth if self.birth.data else self.id_number
        if born is None and self.id_fault == "future":
            _fault(self.id_number, _("The ID number says a birth in the future: check the number"))
        elif born is None:
            self.birth.mark("year", "month")
            _fault(self.birth, self._birth_wanted())
        elif born.earliest > on:
            self.birth.mark("year", "month", "day")
            _fault(told_by, _("The date of birth is in the future"))
        elif too_old(in_force(on), born, on):
            self.birth.mark("year", "month", "day")
            age = in_force(on).eligibility.age_below
            _fault(told_by, in_force(on).explain(Reason("aged_out", {"age": age}), language()))

    def _birth_wanted(self) -> str:
        if self.id_number.data:
            return str(_("The ID number cannot be read: enter the year and month of birth"))
        return str(_("Enter the year and month of birth"))

    @cached_property
    def _reading(self) -> tuple[IdNumber | None, str | None]:
        if not self.id_number.data:
            return None, None
        try:
            return read_id_number(self.id_number.data, today()), None
        except IdNumberError as error:
            return None, error.code

    @property
    def read(self) -> IdNumber | None:
        """What the ID number says, None where there is none or it cannot be read."""
        return self._reading[0]

    @property
    def id_fault(self) -> str | None:
        """Why the ID number cannot be read: length, characters, birth or future."""
        return self._reading[1]

    @property
    def asks_birth_and_sex(self) -> bool:
        """Whether birth date and sex are still questions: not once the number says both and nobody said otherwise."""
        if self.read is None or self.birth.process_errors:
            return True
        told = self.sex.data in ("1", "2") and self.sex.data != self.read.sex
        return told or self.born != BirthDate.of(self.read.birth)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered about this child yet."""
        asked = (self.name, self.id_number, self.birth, self.sex, self.school, self.certificate)
        return not any(field.data or field.errors for field in asked)

    @property
    def born(self) -> BirthDate | None:
        """The birth date as typed; from the number where nothing was typed, or only its month."""
        typed = BirthDate(*self.birth.data) if self.birth.data else None
        if self.read is None:
            return typed
        written = BirthDate.of(self.read.birth)
        only_month = typed is not None and typed.day is None and typed == BirthDate(written.year, written.month)
        return written if typed is None or only_month else typed

    def answers(self) -> ChildAnswers:
        """Return the typed answers of a valid part."""
        number = self.read.number if self.read else self.id_number.data
        if self.born is None:
            raise ValueError("a child's answers are read after its form was found valid")
        return ChildAnswers(
            name=normalise_name(self.name.data or ""),
            id_number=number,
            id_answer="given" if number else (self.id_answer.data or "later"),
            read=self.read,
            id_fault=self.id_fault,
            birth=self.born,
            sex=self._sex(),
            school=self.school.data or "",
            certificate=self.certificate.data or "",
            contradicted=self._contradicted(),
        )

    def _contradicted(self) -> tuple[str, ...]:
        """A number, and yet the answer that there is none; that it will follow is said before anybody asked."""
        there_is_none = self.id_answer.data in ("none", "refused")
        return (str(self.id_number.label.text),) if self.id_number.data and there_is_none else ()

    def _sex(self) -> str:
        said: str | None = self.sex.data
        if self.read and said in (None, "unknown"):
            return self.read.sex
        return SEX_CODES.get(said or "unknown", said or "0")


class ChildrenForm(RegistryForm):
    """The children of the household."""

    children = FieldList(FormField(ChildPart), min_entries=1, max_entries=20)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Refuse what no child can be, and the same child twice: same name and date of birth, no other number."""
        if not super().validate(extra_validators):
            return False
        fine, before = True, list[tuple[int, ChildAnswers]]()
        for number, (part, child) in enumerate(zip(self.children, self.answers(), strict=True), 1):
            first = next((earlier for earlier, other in before if _is_same(child, other)), None)
            if first is not None:
                _fault(part.form.name, _("This is the same child as child %(number)s", number=first))
                fine = False
            before.append((number, child))
        return fine

    def answers(self) -> tuple[ChildAnswers, ...]:
        """Return the typed answers of a valid form."""
        return tuple(entry.form.answers() for entry in self.children)


class ArrivingPart(PartForm):
    """A child who arrives by a transfer: only what may have changed is asked."""

    school = Tiles(_l("Schooling"), code_list="school")
    certificate = Tiles(_l("Vaccination certificate"), code_list="certificate")

    def person(self, number: int) -> str:
        """Name the child in the error summary by its place among those who arrive."""
        return str(_("Arriving child %(number)s", number=number))


class ArrivalForm(ChildrenForm):
    """Children who arrive by a transfer, and perhaps others who are new to the register."""

    arriving = FieldList(FormField(ArrivingPart), max_entries=20)
    children = FieldList(FormField(ChildPart), max_entries=20)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Refuse an intake of nobody: the transfers may have ended, and no other child was told of."""
        if not super().validate(extra_validators):
            return False
        if not self.arriving.entries and not self.children.entries:
            self.form_errors = [str(_("Nobody arrives any more: add a child, or discard this intake"))]
            return False
        return True


def _is_same(one: ChildAnswers, other: ChildAnswers) -> bool:
    """Twins who have no name yet are two children."""
    if (one.name, one.birth) != (other.name, other.birth):
        return False
    if one.id_number and other.id_number:
        return one.id_number == other.id_number
    return not is_placeholder(one.name)


def _fault(field: Field, message: object) -> None:
    field.errors = [*field.errors, str(message)]
