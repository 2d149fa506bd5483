"""Forms of the moves of a referral. The service checks what fits what; answers have a form in `answer_form`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.areas.codes import full
from registry.areas.queries import names_of
from registry.i18n import language
from registry.web.fields import Text
from registry.web.forms import RegistryForm, choices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.areas.models import Office
    from registry.referrals.models import Referral
    from sop.version import Service, Sop

COUNTY = 6  # digits of a county in the code of an area
MOST_NOTE = 300
MOST_SCHOOL = 100  # characters of a school's name


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
    agreed = BooleanField(
        _l("The guardian agrees to this referral anew"),
        [InputRequired(_l("Tick that the guardian agrees, or do not open it again"))],
    )


class HandOnForm(VersionForm):
    """To which office it goes, and why."""

    office = SelectField(_l("Hand on to"), [InputRequired(_l("Choose an office"))], choices=[])
    reason = SelectField(_l("Reason for handing on"), [InputRequired(_l("Choose a reason"))], choices=[])


def return_form(referral: Referral, sop: Sop) -> ReturnForm:
    """Return the form with the reasons for returning."""
    form = ReturnForm(prefix="return", version=referral.version)
    form.reason.choices = _listed(sop, "return_reason")
    return form


def withdraw_form(referral: Referral, sop: Sop) -> WithdrawForm:
    """Return the form with the reasons for withdrawing."""
    form = WithdrawForm(prefix="withdraw", version=referral.version)
    form.reason.choices = _listed(sop, "withdraw_reason")
    return form


def reopen_form(referral: Referral, sop: Sop, service: Service) -> ReopenForm:
    """Return the form with the reasons for opening a closed referral again, and the agreement where it is needed."""
    form = ReopenForm(prefix="reopen", version=referral.version)
    if not service.needs_agreement:
        del form.agreed
    form.reason.choices = _listed(sop, "reopen_reason")
    return form


def hand_on_form(referral: Referral, sop: Sop, offices: Iterable[Office]) -> HandOnForm:
    """Return the form with the offices that may take the referral by county, the child's first, and the reasons."""
    form = HandOnForm(prefix="hand", version=referral.version)
    form.office.choices = {"": choices([]), **_by_county(offices, referral.area_code[:COUNTY])}
    form.reason.choices = _listed(sop, "hand_on_reason")
    return form


def _by_county(offices: Iterable[Office], own: str) -> dict[str, list[tuple[str, str]]]:
    """Return offices as choices under the names of their counties; those of a whole city under its name."""
    those = list(offices)
    counties = sorted({each.area_code[:COUNTY] for each in those}, key=lambda code: (code != own, code))
    names = names_of(map(full, counties), language())
    return {
        names.get(full(code), code): [
            (str(each.id), each.name(language())) for each in those if each.area_code[:COUNTY] == code
        ]
        for code in counties
    }


def _listed(sop: Sop, name: str) -> list[tuple[str, str]]:
    return choices(sop.codes[name].choices(language()))
