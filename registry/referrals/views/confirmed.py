"""What pages say after proposals were confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

if TYPE_CHECKING:
    from registry.referrals.proposals.confirming import Done

MUST_AGREE = _l("Tick that the guardian agrees, or do not send it")


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
