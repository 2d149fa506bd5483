"""What pages say after proposals were confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from registry.referrals.proposals.proposal_form import DECLARED
from registry.referrals.service import AGREED, OFFERED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.referrals.proposals.confirming import Done

MISSING = {
    AGREED: _l("Tick that the guardian agrees, or do not send it"),
    OFFERED: _l("Tick that this was offered first, or do not send it"),
}


def unsaid(missing: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return the errors of a page, by field, for what was not said before sending: (what, key) of each."""
    return {f"{DECLARED[what]}{key.hex if isinstance(key, UUID) else key}": str(MISSING[what]) for what, key in missing}


def say(done: Done, *, withdrawn: bool = False) -> None:
    """Tell what was done, and of each that was not, why."""
    if done.done and withdrawn:
        flash(ngettext("%(num)s referral withdrawn.", "%(num)s referrals withdrawn.", done.done))
    elif done.done:
        flash(ngettext("%(num)s referral sent.", "%(num)s referrals sent.", done.done))
    if done.changed:
        words = ngettext(
            "%(num)s proposal has changed meanwhile and was left alone; please look again.",
            "%(num)s proposals have changed meanwhile and were left alone; please look again.",
            done.changed,
        )
        flash(words)
    if done.already:
        flash(
            ngettext(
                "%(num)s was decided already; nothing was done twice.",
                "%(num)s were decided already; nothing was done twice.",
                done.already,
            )
        )
    if done.unserved:
        flash(_("No office answers this service for the area yet. Please tell the administrator."))
    if not any((done.done, done.changed, done.already, done.unserved)):
        flash(_("Nothing was ticked, so nothing was done."))
