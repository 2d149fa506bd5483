"""Forms of the moves of a referral. The service checks what fits what; answers have a form in `answer_form`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.i18n import language
from registry.web.fields import Text
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.areas.models import Office
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


class ReturnForm(VersionForm):
    """Why the office cannot take it on."""

    reason = SelectField(_l("Reason for returning"), [InputRequired(_l("Choose a reason"))], choices=[])
    note = Text(_l("Note (may be left empty)"), max_length=MOST_NOTE)


class WithdrawForm(VersionForm):
    """Why the sender takes it back."""

    reason = SelectField(_l("Reason for withdrawing"), [InputRequired(_l("Choose a reason"))], choices=[])


class ReopenForm(VersionForm):
    """Why a closed referral is taken up again."""

    reason = SelectField(_l("Reason for reopening"), [InputRequired(_l("Choose a reason"))], choices=[])


class HandOnForm(VersionForm):
    """To which office it goes, and why."""

    office = SelectField(_l("Hand on to"), [InputRequired(_l("Choose an office"))], choices=[])
    reason = SelectField(_l("Reason for handing on"), [InputRequired(_l("Choose a reason"))], choices=[])


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


def reopen_form(referral: Referral, sop: Sop) -> ReopenForm:
    """Return the form with the reasons for opening a closed referral again."""
    form = ReopenForm(prefix="reopen", version=referral.version)
    form.reason.choices = [_nothing(), *_listed(sop, "reopen_reason")]
    return form


def hand_on_form(referral: Referral, sop: Sop, offices: Iterable[Office]) -> HandOnForm:
    """Return the form with the offices that may take the referral, and the reasons for handing on."""
    form = HandOnForm(prefix="hand", version=referral.version)
    form.office.choices = [_nothing(), *((str(office.id), office.name(language())) for office in offices)]
    form.reason.choices = [_nothing(), *_listed(sop, "hand_on_reason")]
    return form


def by_kind(outcomes: tuple[Outcome, ...]) -> list[tuple[str, list[Outcome]]]:
    """Return the outcomes under their kinds, in the order solved, interim, unsolved; empty kinds left out."""
    grouped = [(kind, [each for each in outcomes if each.kind == kind]) for kind in KINDS]
    return [(kind, members) for kind, members in grouped if members]


def _nothing() -> tuple[str, str]:
    return "", _("Choose…")


def _listed(sop: Sop, name: str) -> list[tuple[str, str]]:
    return sop.codes[name].choices(language())
