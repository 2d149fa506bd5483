"""Forms of referrals: the shape of an answer, a return, a withdrawal. The service checks what fits what."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.i18n import language
from registry.web.fields import DateParts, Text, Tiles
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from registry.referrals.models import Referral
    from sop.version import Outcome, Sop

KINDS = ("solved", "interim", "unsolved")
MOST_NOTE = 300


class VersionForm(RegistryForm):
    """What every move carries: the version of the referral that the page showed."""

    version = HiddenField()

    def seen(self) -> int:
        """Return the version that the page showed; 0, which no referral has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0


class AnswerForm(VersionForm):
    """The outcome, and what it may ask for."""

    outcome = Tiles(_l("Outcome"), [InputRequired(_l("Choose an outcome"))], choices=[])
    reason = SelectField(_l("Reason"), choices=[], validate_choice=False)
    day = DateParts(_l("Day"))
    school = Text(_l("Name of the school (may be left empty)"), max_length=100)
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)

    def day_given(self) -> date | None:
        """Return the day, when one was given."""
        given = self.day.data
        return date(given.year, given.month, given.day) if given and given.day else None


class ReturnForm(VersionForm):
    """Why the office cannot take it on."""

    reason = SelectField(_l("Reason for returning"), [InputRequired(_l("Choose a reason"))], choices=[])
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)


class WithdrawForm(VersionForm):
    """Why the sender takes it back."""

    reason = SelectField(_l("Reason for withdrawing"), [InputRequired(_l("Choose a reason"))], choices=[])


def answer_form(referral: Referral, sop: Sop) -> AnswerForm:
    """Return the form with the outcomes of the referral's service."""
    form = AnswerForm(prefix="answer", version=referral.version)
    outcomes = sop.services[referral.service].outcomes
    form.outcome.choices = [(each.code, each.text.in_language(language())) for each in outcomes]
    wanted = {code for each in outcomes for code in each.reasons}
    offered = [pair for pair in _listed(sop, "outcome_reason") if pair[0] in wanted]
    form.reason.choices = [_nothing(), *offered]
    return form


def return_form(referral: Referral, sop: Sop) -> ReturnForm:
    """Return the form with the reasons for returning."""
    form = ReturnForm(prefix="return", version=referral.version)
    form.reason.choices = [_nothing(), *_listed(sop, "return_reason")]
    return form


def withdraw_form(referral: Referral, sop: Sop) -> WithdrawForm:
    """Return the form with the reasons for withdrawing."""
    form = WithdrawForm(prefix="withdraw", version=referral.version)
    form.reason.choices = [_nothing(), *_listed(sop, "withdraw_reason")]
    return form


def by_kind(outcomes: tuple[Outcome, ...]) -> list[tuple[str, list[Outcome]]]:
    """Return the outcomes under their kinds, in the order solved, interim, unsolved; empty kinds left out."""
    grouped = [(kind, [each for each in outcomes if each.kind == kind]) for kind in KINDS]
    return [(kind, members) for kind, members in grouped if members]


def _nothing() -> tuple[str, str]:
    return "", _("Choose…")


def _listed(sop: Sop, name: str) -> list[tuple[str, str]]:
    return sop.codes[name].choices(language())
