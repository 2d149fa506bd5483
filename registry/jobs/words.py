"""The kinds of job and their states in words, for the administrator's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_pgettext

if TYPE_CHECKING:
    from flask_babel import LazyString

NAMES: dict[str, LazyString] = {
    "age-out": lazy_pgettext("job", "Children who have grown up"),
    "card-numbers": lazy_pgettext("job", "Card numbers for files without one"),
    "end-transfers": lazy_pgettext("job", "Transfers of children who no longer move"),
    "fold-counts": lazy_pgettext("job", "Counts for statistics"),
    "immunisation-states": lazy_pgettext("job", "Doses due"),
    "ledger-import": lazy_pgettext("job", "Ledgers that were uploaded"),
    "reclassify": lazy_pgettext("job", "Categories that a day settles"),
    "referral-clocks": lazy_pgettext("job", "Overdue referrals that climb"),
    "referral-message": lazy_pgettext("job", "Reminder to an office"),
    "referral-messages": lazy_pgettext("job", "Reminders to send"),
    "referral-proposals": lazy_pgettext("job", "Proposed referrals"),
    "referral-performance": lazy_pgettext("job", "How offices answer referrals"),
    "roster-compare": lazy_pgettext("job", "Lists compared with the register"),
    "sweep_downloads": lazy_pgettext("job", "Lists taken out long ago"),
    "sweep_drafts": lazy_pgettext("job", "Drafts that nobody finished"),
    "sweep_held_rows": lazy_pgettext("job", "Rows of ledgers that nobody decided on"),
    "sweep_ledgers": lazy_pgettext("job", "Ledgers that nobody needs any more"),
    "sweep_rosters": lazy_pgettext("job", "Compared lists whose days are over"),
    "sweep_reports": lazy_pgettext("job", "Reports of work on many referrals"),
    "sweep_look_ups": lazy_pgettext("job", "Look-ups of earlier days"),
    "sweep_searches": lazy_pgettext("job", "Old searches"),
    "visits-due": lazy_pgettext("job", "Next visits"),
}
STATES: dict[str, tuple[LazyString, str]] = {  # words, and the kind of tag
    "waiting": (lazy_pgettext("job", "Waiting"), "grey"),
    "running": (lazy_pgettext("job", "Running"), "tint"),
    "done": (lazy_pgettext("job", "Done"), "done"),
    "failed": (lazy_pgettext("job", "Failed"), "late"),
    "passed": (lazy_pgettext("job", "Left to the next night"), "grey"),
}


def name_of(kind: str) -> str:
    """Return what a kind of job does, in words; a kind without words by its own name."""
    return str(NAMES.get(kind, kind))


def state_tag(state: str) -> tuple[str, str]:
    """Return words and kind of the tag of a state."""
    words, kind = STATES[state]
    return str(words), kind
