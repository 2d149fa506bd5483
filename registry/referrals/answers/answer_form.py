"""The form of an answer: the outcomes of a service, and what each of them asks for or takes."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import InputRequired

from registry.i18n import language
from registry.referrals.answers.answer_words import ALTERNATIVE, DAY, REASON, grade_words, wanting
from registry.referrals.forms import MOST_NOTE, VersionForm
from registry.referrals.shown import service_of, sop_of
from registry.web.fields import DateParts, Text, Tiles
from sop.referral import Answer

if TYPE_CHECKING:
    from registry.referrals.errors import UnfitAnswerError
    from registry.referrals.models import Referral
    from sop.version import Sop

MOST_SCHOOL: Final = 100
OPTIONAL: Final = (REASON, DAY, ALTERNATIVE, "school_kind", "school", "grade", "begins")
FAULTS: Final = {
    "outcome": _l("Choose an outcome"),
    REASON: _l("Choose the reason for this outcome"),
    DAY: _l("Enter the day for this outcome, today or later"),
    ALTERNATIVE: _l("Choose what is offered instead: the child is of compulsory school age"),
    "school_kind": _l("Choose the kind of school"),
    "grade": _l("Choose the grade"),
    "begins": _l("Enter the first day at school: after the birth, and at most a year from today"),
    "items": _l("Choose a result: this outcome needs one for every item"),
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
    grade = SelectField(_l("Grade (may be left empty)"), choices=[], validate_choice=False)
    begins = DateParts(_l("First day at school (may be left empty)"))
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)

    def given(self) -> Answer:
        """Return the answer; only after validation."""
        grade = self._given("grade")
        return Answer(
            outcome=self.outcome.data,
            reason=self._given(REASON),
            day=self._day(DAY),
            school=self._given("school"),
            note=self.note.data,
            school_kind=self._given("school_kind"),
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
        for field in self._at(error.field):
            field.errors = [*field.errors, str(FAULTS[error.field])]
            if isinstance(field, DateParts):
                field.mark("year", "month", "day")

    def _at(self, name: str) -> list[Field]:
        return [field for _code, field in self.items() if not field.data] if name == "items" else [self[name]]

    def _given(self, name: str) -> str | None:
        return (self[name].data or None) if name in self else None

    def _day(self, name: str) -> date | None:
        found = self[name].data if name in self else None
        return date(found.year, found.month, found.day) if found and found.day else None


def answer_form(referral: Referral) -> AnswerForm:
    """Return the form for the outcomes of the referral's service."""
    service, sop = service_of(referral), sop_of(referral)
    results = sop.codes["item_result"].choices(language())
    fields: dict[str, Any] = {"compared": service.items}
    for item in service.items:
        label = sop.codes["item"].text(item).in_language(language())
        fields[_item(item)] = Tiles(label, choices=partial(list, results))
    form: AnswerForm = type("AnswerForm", (AnswerForm,), fields)(prefix="answer", version=referral.version)
    form.outcome.choices = [(each.code, each.text.in_language(language())) for each in service.outcomes]
    _offer(form, referral, sop)
    for name in OPTIONAL:
        if not wanting(referral, name):
            del form[name]
    return form


def _offer(form: AnswerForm, referral: Referral, sop: Sop) -> None:
    """Offer the reasons and alternatives of the service's outcomes, and the kinds and grades of schools."""
    reasons = {code for each in wanting(referral, REASON) for code in each.reasons}
    instead = {code for each in wanting(referral, ALTERNATIVE) for code in each.alternative}
    form.reason.choices = [_nothing(), *_listed(sop, "outcome_reason", reasons)]
    form.alternative.choices = [_nothing(), *_listed(sop, ALTERNATIVE, instead)]
    form.school_kind.choices = [_nothing(), *sop.codes["schooling_kind"].choices(language())]
    grades = range(1, sop.schooling.compulsory_grades + 1)
    form.grade.choices = [_nothing(), *((str(grade), grade_words(sop, grade)) for grade in grades)]


def _item(code: str) -> str:
    return f"item_{code}"


def _nothing() -> tuple[str, str]:
    return "", _("Choose…")


def _listed(sop: Sop, name: str, offered: set[str]) -> list[tuple[str, str]]:
    return [pair for pair in sop.codes[name].choices(language()) if pair[0] in offered]
