"""What is said of a row that an office filled in: why it cannot be applied, and at which column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.clock import today
from registry.i18n import language
from registry.referrals.forms import MOST_NOTE, MOST_SCHOOL
from sop.referral import DOSES, SCHOOL_AGE
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_babel import LazyString

    from registry.ledgers.out.answer_judging import Fault

FAULTS: dict[Fault, LazyString] = {
    ("key", "missing"): _l("The key is missing. Take the list out again and copy the answer into it."),
    ("key", "unknown"): _l("This is no key of your office. Take the list out again and copy the answer into it."),
    ("key", "twice"): _l("The key stands in a row above as well. Leave one of the two."),
    ("outcome", "missing"): _l("Choose an outcome. Without one the rest of the row says nothing."),
    ("outcome", "strange"): _l("This is no outcome of this service. Choose one from the list."),
    ("outcome", "already"): _l("This answer is on record already. Nothing was done twice."),
    ("outcome", "accepted"): _l("The referral is accepted already. Choose its outcome, or leave the row empty."),
    ("outcome", "changed"): _l("The referral was changed after the list was taken out. Look at it and answer again."),
    ("outcome", "ended"): _l("The referral is no longer with your office: it was closed, returned or withdrawn."),
    ("reason", "needed"): _l("This outcome needs a reason. Choose one from the list."),
    ("reason", "strange"): _l("This reason does not go with the outcome. Choose one from the list."),
    ("day", "needed"): _l("This outcome needs a date."),
    ("outcome", SCHOOL_AGE): _l("This outcome is for a child below school age. Choose another outcome."),
    ("outcome", DOSES): _l("Not all doses that are due are recorded. Enter them on the child's page first."),
    ("begins", "needed"): _l("This outcome needs the first day at school."),
    ("day", "far"): _l("The date for this outcome lies too far off. Check its year."),
    ("day", "past"): _l("The date for this outcome is today or later."),
    ("alternative", "needed"): _l("A child of compulsory age is offered something instead. Choose what."),
    ("note", "long"): _l("The note is too long. Write at most %(most)s characters, dose included.", most=MOST_NOTE),
    ("school", "long"): _l("The name of the school is too long. Write at most %(most)s characters.", most=MOST_SCHOOL),
}
# What may be wrong with any column.
OF_ANY: dict[str, LazyString] = {
    "needed": _l("This outcome needs an entry here. Choose one from the list."),
    "strange": _l("This does not go with the outcome. Choose an entry of the list, or empty this cell."),
    "unreadable": _l("The date cannot be read. Write it as 2026-12-01."),
    "unused": _l("This outcome takes nothing here. Empty this cell, or choose another outcome."),
    "without_outcome": _l("Only an outcome can have this. Choose the outcome, or empty this cell."),
}
STATES: dict[str, tuple[LazyString, str]] = {
    "ready": (lazy_pgettext("answer", "Ready"), "tint"),
    "fault": (lazy_pgettext("answer", "To mend"), "late"),
    "applied": (lazy_pgettext("answer", "Applied"), "done"),
    "told": (lazy_pgettext("answer", "There already"), "grey"),
}


def state_tag(outcome: str) -> tuple[str, str]:
    """Return words and kind of the tag of a row."""
    words, kind = STATES[outcome]
    return str(words), kind


def said(faults: Iterable[Fault]) -> list[str]:
    """Return what is wrong with a row, each sentence behind the heading of its column."""
    headings, tongue = in_force(today()).downloads.answers, language()
    return [
        _(
            "%(column)s: %(message)s",
            column=headings[column].in_language(tongue),
            message=FAULTS.get((column, code)) or OF_ANY[code],
        )
        for column, code in faults
    ]
