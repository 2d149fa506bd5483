"""The catalogue in words: every kind of event, every key of its details, and the codes that stand there."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.audit.code_words import CODES
from registry.clock import today
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

KINDS: dict[str, LazyString] = {
    "signed_in": _l("Signed in"),
    "sign_in_failed": _l("A sign-in failed"),
    "signed_out": _l("Signed out"),
    "password_changed": _l("Changed own password"),
    "password_reset": _l("Reset a password"),
    "sessions_ended": _l("Ended the sessions of an account"),
    "account_unlocked": _l("Unlocked an account"),
    "refused": _l("Was refused a page"),
    "children_listed": _l("Saw a list of children"),
    "child_opened": _l("Opened a child's file"),
    "child_changed": _l("Changed a child's file"),
    "field_revealed": _l("Revealed a masked value"),
    "ledger_opened": _l("Opened rows of a ledger"),
    "children_searched": _l("Searched for a child"),
    "looked_up_elsewhere": _l("Looked a child up outside own area"),
    "household_registered": _l("Registered a household"),
    "child_registered": _l("Registered a child"),
    "child_outside": _l("Counted a child who is outside every definition"),
    "same_child_shown": _l("Was shown that a child is on file already"),
    "match_raised": _l("Raised a possible match"),
    "protected_file_met": _l("Met a protected file"),
    "proposal_declined": _l("Did not follow a proposed referral"),
    "referral_sent": _l("Sent a referral"),
    "referral_moved": _l("Moved a referral on"),
    "office_reminded": _l("Wrote a letter of reminder"),
    "statistics_shown": _l("Saw statistics"),
    "audit_read": _l("Read the audit"),
    "correction_asked": _l("Asked for a correction"),
    "correction_decided": _l("Decided on a correction"),
    "episode_begun": _l("Put a child on the register of an area"),
    "episode_ended": _l("Took a child off the register of an area"),
    "child_status_changed": _l("Changed the status of a child"),
    "household_moved": _l("Moved a household or a child to another one"),
    "visit_recorded": _l("Recorded a visit"),
    "doses_entered": _l("Entered vaccine doses"),
    "dose_withdrawn": _l("Withdrew a vaccine dose"),
    "transfer_moved": _l("Moved a transfer on"),
    "match_decided": _l("Decided whether two files are one child's"),
    "card_printed": _l("Printed a card"),
    "paper_printed": _l("Printed a paper"),
    "admission_papers_noted": _l("Noted which papers for school admission a family has"),
    "list_taken_out": _l("Took a list out as a spreadsheet"),
    "layout_changed": _l("Changed the columns of a list"),
    "answers_brought": _l("Brought answers back in a spreadsheet"),
    "ledger_uploaded": _l("Uploaded a ledger"),
    "ledger_confirmed": _l("Confirmed the columns of a ledger"),
    "ledger_tried": _l("Tried a ledger out"),
    "ledger_ended": _l("Ended the work on a ledger"),
    "ledger_row_settled": _l("Decided on a row of a ledger"),
    "roster_uploaded": _l("Uploaded a department's list to compare"),
    "roster_compared": _l("Compared a department's list with the register"),
    "roster_row_settled": _l("Looked up a child of a department's list"),
    "confidential_written": _l("Wrote a confidential record"),
    "confidential_opened": _l("Opened a confidential record"),
    "account_made": _l("Made an account"),
    "account_changed": _l("Changed an account"),
    "deputy_set": _l("Named or ended a deputy"),
    "deputy_used": _l("Acted as a deputy"),
    "office_changed": _l("Changed an office"),
    "service_assigned": _l("Assigned a service to an office"),
    "block_changed": _l("Changed a block"),
    "estimate_set": _l("Recorded an estimate"),
}
KEYS: dict[str, LazyString] = {
    "account": lazy_pgettext("audit", "account"),
    "act": lazy_pgettext("audit", "act"),
    "acting_for": lazy_pgettext("audit", "as deputy of"),
    "area": lazy_pgettext("audit", "area"),
    "before": lazy_pgettext("audit", "before"),
    "block": lazy_pgettext("audit", "block"),
    "by": lazy_pgettext("audit", "by"),
    "correction": lazy_pgettext("audit", "correction"),
    "decision": lazy_pgettext("audit", "decision"),
    "deputy": lazy_pgettext("audit", "deputy"),
    "dose": lazy_pgettext("audit", "dose"),
    "duplicate": lazy_pgettext("audit", "there already"),
    "endpoint": lazy_pgettext("audit", "page"),
    "estimate": lazy_pgettext("audit", "estimate"),
    "episode": lazy_pgettext("audit", "episode"),
    "field": lazy_pgettext("audit", "field"),
    "filter": lazy_pgettext("audit", "filter"),
    "flags": lazy_pgettext("audit", "registration category"),
    "found": lazy_pgettext("audit", "found"),
    "household": lazy_pgettext("audit", "household"),
    "in_scope": lazy_pgettext("audit", "in own area"),
    "layout": lazy_pgettext("audit", "columns"),
    "ledger": lazy_pgettext("audit", "ledger"),
    "list": lazy_pgettext("audit", "list"),
    "locked": lazy_pgettext("audit", "locked"),
    "match": lazy_pgettext("audit", "match"),
    "move": lazy_pgettext("audit", "move"),
    "named": lazy_pgettext("audit", "with the name"),
    "notice": lazy_pgettext("audit", "notice"),
    "office": lazy_pgettext("audit", "office"),
    "outcome": lazy_pgettext("audit", "outcome"),
    "overdue": lazy_pgettext("audit", "overdue"),
    "paper": lazy_pgettext("audit", "paper"),
    "part": lazy_pgettext("audit", "part"),
    "purpose": lazy_pgettext("audit", "purpose"),
    "reason": lazy_pgettext("audit", "reason"),
    "record": lazy_pgettext("audit", "record"),
    "referral": lazy_pgettext("audit", "referral"),
    "refused": lazy_pgettext("audit", "refused"),
    "registered": lazy_pgettext("audit", "registered"),
    "role": lazy_pgettext("audit", "role"),
    "rows": lazy_pgettext("audit", "rows"),
    "service": lazy_pgettext("audit", "service"),
    "shown": lazy_pgettext("audit", "shown"),
    "state": lazy_pgettext("audit", "state"),
    "status": lazy_pgettext("audit", "status"),
    "table": lazy_pgettext("audit", "table"),
    "transfer": lazy_pgettext("audit", "transfer"),
    "visit": lazy_pgettext("audit", "visit"),
    "warned": lazy_pgettext("audit", "to be looked at"),
    "whole": lazy_pgettext("audit", "all that the certificate shows"),
    "why": lazy_pgettext("audit", "why"),
}
LISTS = {  # keys whose codes the procedure has words for
    "flags": "flag",
    "state": "referral_state",
    "reason": "outside_reason",
    "purpose": "purpose",
    "field": "field",
    "status": "child_status",
    "role": "role",
}
LISTS_BESIDE = {  # the same keys in an event that has this one, too
    ("reason", "service"): "decline_reason",
    ("reason", "dose"): "dose_withdrawal_reason",
    ("status", "episode"): "episode_status",
    ("state", "transfer"): "transfer_state",
    ("purpose", "by"): "look_up_purpose",
    ("purpose", "list"): "list_purpose",
}
ALSO = {"field": "changed_field"}  # a second list of words for a key: fields as offices see them, and as a file changes
FIELD_LISTS = {"schooling": "school", "certificate": "certificate"}  # of the value before, by the field changed


def codes_in_words(key: str, details: Mapping[str, object]) -> list[str]:
    """Return what stands under a key of an event's details, each code in words; a code without words as it is."""
    value = details[key]
    if isinstance(value, list):
        return [_word(key, str(code), details) for code in value]
    codes = str(value).split("+") if key == "filter" else [str(value)]
    return [_word(key, code, details) for code in codes]


def _word(key: str, code: str, details: Mapping[str, object]) -> str:
    """Say a code: of a page only the room, of all else exactly it."""
    if key == "record":
        return code[-8:]  # of several on one page, each as a single one is shown
    if key == "endpoint":
        code = code.partition(".")[0]
    if (key, code) in CODES:
        return str(CODES[key, code])
    sop = in_force(today())
    if key == "service" and code in sop.services:
        return sop.services[code].name.in_language(language())
    if key == "outcome":
        answers = chain.from_iterable(service.outcomes for service in sop.services.values())
        words = {each.code: each.text for each in answers} | {each.code: each.text for each in sop.visits.outcomes}
        return words[code].in_language(language()) if code in words else code
    names = [name for name in (_list_of(key, details), ALSO.get(key)) if name is not None]
    name = next((each for each in names if sop.codes[each].has(code)), None)
    return sop.codes[name].text(code).in_language(language()) if name else code


def _list_of(key: str, details: Mapping[str, object]) -> str | None:
    """Return the code list that has the words for what stands under a key."""
    if key == "before":
        return FIELD_LISTS.get(str(details["field"]))
    return next((LISTS_BESIDE[key, other] for other in details if (key, other) in LISTS_BESIDE), LISTS.get(key))
