"""What a page offers about a closed referral: the form that opens it again, or in words why it stays closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import lazy_gettext as _l

from registry.access import current_viewer
from registry.clock import today
from registry.referrals import reopening
from registry.referrals.forms import ReopenForm, reopen_form
from registry.referrals.shown import service_of, sop_of
from sop.referral import Hindrance, State

if TYPE_CHECKING:
    from registry.referrals.models import Referral

STAYS_CLOSED: Final = {
    Hindrance.ELSEWHERE: _l(
        "It cannot be opened again: the child is no longer on the register in the area that it was sent from. "
        "What the child needs is asked for where it lives now."
    ),
    Hindrance.TOO_LATE: _l(
        "It cannot be opened again: it was closed too long ago. What the child needs now is asked for anew."
    ),
    Hindrance.SENDER_ONLY: _l(
        "Only the office that sent it may open it again, as the guardian has to agree to it anew."
    ),
}


class Reopenable(NamedTuple):
    """One of the two for a closed referral, neither for any other."""

    form: ReopenForm | None = None
    why_not: str | None = None


def reopenable(referral: Referral, form: ReopenForm | None = None) -> Reopenable:
    """Say what may be offered to the viewer's side. `form`: the one that was sent, with what is wrong with it."""
    if referral.state != State.CLOSED:
        return Reopenable()
    if why := reopening.hindrance(current_viewer(), referral, today()):
        return Reopenable(why_not=str(STAYS_CLOSED[why]))
    return Reopenable(form or reopen_form(referral, sop_of(referral), service_of(referral)))
