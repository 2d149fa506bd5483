"""The form of an answer: the outcomes of a service, and what each of them asks for or takes."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import InputRequired

from registry.clock import today
from registry.i18n import language
from registry.referrals.answers.answer_words import outcomes_of
from registry.referrals.forms import MOST_NOTE, MOST_SCHOOL, VersionForm
from registry.referrals.shown import service_of, sop_of
from registry.web.fields import DateParts, Text, Tiles
from registry.web.filters import long_date
from registry.web.forms import choices
from sop.referral import DOSES, SCHOOL_AGE, Answer, by_kind, offers, wanting
from sop.schooling import LAST_GRADE, grade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.referrals.errors import UnfitAnswerError
    from registry.referrals.models import Referral
    from sop.version import Code, Outcome, Service, Sop

REASON, DAY, ALTERNATIVE, SCHOOL_KIND, GRADE = "reason", "day", "alternative", "school_kind", "grade"
CHOSEN: Final = (REASON, ALTERNATIVE, SCHOOL_KIND, GRADE)
DAYS: Final = {
    "recall": _l("Date to ask again"),
    "appointment": _l("Date of the appointment"),
    "next_dose": _l("Date of the next dose"),
}
OF_THE_OUTCOME: Final = (SCHOOL_AGE, DOSES)  # faults of the outcome itself
OPTIONAL: Final = (*CHOSEN, DAY, "school", "begins")
FAULTS: Final = {
    "outcome": _l("Choose an outcome"),
    REASON: _l("Choose the reason for this outcome"),
    SCHOOL_AGE: _l("Choose another outcome: this one is for a child below school age"),
    DOSES: _l("Enter the doses first: this outcome fits once all that are due are recorded"),
    DAY: _l("Enter the day for this outcome, today or later"),
    ALTERNATIVE: _l("Choose what is offered instead: the child is of compulsory school age"),
    SCHOOL_KIND: _l("Choose the kind of school"),
    GRADE: _l("Choose the grade"),
    "begins": _l("Enter the first day at school: after the birth, and at most a year from today"),
}


class AnswerForm(VersionForm):
    """The outcome, and what it may ask for. A field that no outcome of the service needs is not there."""

    compared: tuple[str, ...] = ()  # items, each with a field of its own

    outcome = Tiles(_l("Outcome"), [InputRequired(FAULTS["outcome"])], choices=[])
    reason = SelectField(_l("Reason"), choices=[], validate_choice=False)
    day = DateParts(_l("Day"))
    alternative = SelectField(_l("Offered instead"), choices=[], validate_choice=False)
    school_kind = SelectField(_l("Kind of school"), choices=[], validate_choice=False)
    school = Text(_l("Name of the school (may be left empty)"), max_length=MOST_SCHOOL)
    grade = SelectField(_l("Grade"), choices=[], validate_choice=False)
    begins = DateParts(_l("First day at school"))
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)

    def given(self) -> Answer:
        """Return the answer; only after validation."""
        grade = self._given(GRADE)
        return Answer(
            outcome=self.outcome.data,
            reason=self._given(REASON),
            day=self._day(DAY),
            school=self._given("school"),
            note=self.note.data,
            school_kind=self._given(SCHOOL_KIND),
            grade=None if grade is None else int(grade) if grade.isdecimal() else -1,
            begins=self._day("begins"),
            alternative=self._given(ALTERNATIVE),
            items={code: field.data for code, field in self.items() if field.data},
        )

    def items(self) -> list[tuple[str, Field]]:
        """Return each item that is compared, with its field."""
        return [(code, self[_item(code)]) for code in self.compared]

    def hang(self, error: UnfitAnswerError) -> None:
        """Put what the service refused at its field."""
        for name in (error.field, *error.also):
            for field in self._at(name):
                field.errors = [*field.errors, _fault(name, field, error.until)]
                if isinstance(field, DateParts):
                    field.mark("year", "month", "day")

    @property
    def needs_doses(self) -> bool:
        """Say whether the outcome that was chosen only fits once the doses are entered."""
        return str(FAULTS[DOSES]) in self.outcome.errors

    def _at(self, name: str) -> list[Field]:
        if name == "items":
            return [field for _code, field in self.items() if not field.data]
        return [self["outcome" if name in OF_THE_OUTCOME else name]]

    def _given(self, name: str) -> str | None:
        return (self[name].data or None) if name in self else None

    def _day(self, name: str) -> date | None:
        found = self[name].data if name in self else None
        return date(found.year, found.month, found.day) if found and found.day else None


def _fault(name: str, field: Field, until: date | None) -> str:
    """Say what is wrong with a field; of an item that was compared with its name, as there are several."""
    if name == DAY and until is not None:
        return str(_("Enter the day for this outcome, today or later, and at most %(day)s", day=long_date(until)))
    if name == "items":
        return str(_("%(item)s: choose a result", item=field.label.text))
    return str(FAULTS[name])


def answer_form(referral: Referral) -> AnswerForm:
    """Return the form for the outcomes of the referral's service."""
    service, sop = service_of(referral), sop_of(referral)
    offered = {field: _words(those) for field, those in offers(sop, service).items()}
    fields: dict[str, Any] = {"compared": service.items}
    for item in service.items:
        label = sop.codes["item"].text(item).in_language(language())
        fields[_item(item)] = Tiles(label, choices=partial(list, offered["items"]))
    made: type[AnswerForm] = type("AnswerForm", (AnswerForm,), fields)
    form = made(prefix="answer", version=referral.version, grade=_grade_due(referral))
    form.outcome.choices = offered["outcome"]
    for name in CHOSEN:
        form[name].choices = choices(offered[name])
    form.reason.choices = _reasons(sop, service)
    for name in OPTIONAL:
        if not wanting(service, name):
            del form[name]
    if DAY in form:
        asked = dict.fromkeys(each.asks for each in wanting(service, DAY))
        form.day.label.text = " / ".join(str(words) for kind, words in DAYS.items() if kind in asked)
    return form


def outcomes_for(referral: Referral) -> list[tuple[str, list[Outcome]]]:
    """Return the outcomes that fit the child's age, under their kinds: what the page of one referral offers."""
    return by_kind(outcomes_of(referral))


def _grade_due(referral: Referral) -> str:
    """Return the grade due by age, of one that enters next September the first; empty where none is."""
    due = grade(sop_of(referral), referral.child.birth_in_plain, today(), referral.area_code)
    return str(max(due, 1)) if 0 <= due <= LAST_GRADE else ""


def _reasons(sop: Sop, service: Service) -> dict[str, list[tuple[str, str]]]:
    """Return the reasons under the words of the outcomes that they go with, behind the line that asks to choose."""
    known = sop.codes["outcome_reason"]
    groups = {
        each.text.in_language(language()): _words(code for code in known if code.code in each.reasons)
        for each in wanting(service, REASON)
    }
    return {"": choices([]), **groups}


def _words(codes: Iterable[Code]) -> list[tuple[str, str]]:
    return [(each.code, each.text.in_language(language())) for each in codes]


def _item(code: str) -> str:
    return f"item_{code}"
