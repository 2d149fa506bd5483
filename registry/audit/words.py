"""The catalogue in words: every kind of event, every key of its details, and the codes that stand there."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

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
    "children_searched": _l("Searched for a child"),
    "looked_up_elsewhere": _l("Looked a child up outside own area"),
    "household_registered": _l("Registered a household"),
    "child_registered": _l("Registered a child"),
    "child_outside": _l("Counted a child who is outside every definition"),
    "same_child_shown": _l("Was shown that a child is on file already"),
    "match_raised": _l("Raised a possible match"),
    "protected_file_met": _l("Met a protected file"),
    "referral_sent": _l("Sent a referral"),
    "referral_moved": _l("Moved a referral on"),
    "statistics_shown": _l("Saw statistics"),
    "audit_read": _l("Read the audit"),
}
KEYS: dict[str, LazyString] = {
    "account": lazy_pgettext("audit", "account"),
    "before": lazy_pgettext("audit", "before"),
    "by": lazy_pgettext("audit", "by"),
    "endpoint": lazy_pgettext("audit", "page"),
    "episode": lazy_pgettext("audit", "episode"),
    "field": lazy_pgettext("audit", "field"),
    "filter": lazy_pgettext("audit", "filter"),
    "flags": lazy_pgettext("audit", "registration category"),
    "found": lazy_pgettext("audit", "found"),
    "household": lazy_pgettext("audit", "household"),
    "in_scope": lazy_pgettext("audit", "in own area"),
    "list": lazy_pgettext("audit", "list"),
    "locked": lazy_pgettext("audit", "locked"),
    "match": lazy_pgettext("audit", "match"),
    "move": lazy_pgettext("audit", "move"),
    "notice": lazy_pgettext("audit", "notice"),
    "office": lazy_pgettext("audit", "office"),
    "outcome": lazy_pgettext("audit", "outcome"),
    "part": lazy_pgettext("audit", "part"),
    "purpose": lazy_pgettext("audit", "purpose"),
    "reason": lazy_pgettext("audit", "reason"),
    "referral": lazy_pgettext("audit", "referral"),
    "service": lazy_pgettext("audit", "service"),
    "shown": lazy_pgettext("audit", "shown"),
    "state": lazy_pgettext("audit", "state"),
    "table": lazy_pgettext("audit", "table"),
    "why": lazy_pgettext("audit", "why"),
}
LISTS = {  # keys whose codes the procedure has words for
    "flags": "flag",
    "state": "referral_state",
    "reason": "outside_reason",
    "purpose": "purpose",
    "field": "field",
}
FIELD_LISTS = {"schooling": "school", "certificate": "certificate"}  # of the value before, by the field changed
YES, NO = lazy_pgettext("audit", "yes"), lazy_pgettext("audit", "no")
CODES: dict[tuple[str, str], LazyString] = {
    ("why", "permission"): lazy_pgettext("audit", "not meant for this role"),
    ("why", "scope"): lazy_pgettext("audit", "outside the area"),
    ("why", "undeclared"): lazy_pgettext("audit", "the page declares no permission"),
    ("why", "token"): lazy_pgettext("audit", "the form's token did not hold"),
    ("why", "own"): lazy_pgettext("audit", "by oneself"),
    ("locked", "True"): YES,
    ("locked", "False"): NO,
    ("in_scope", "1"): YES,
    ("in_scope", "0"): NO,
    ("by", "registration"): lazy_pgettext("audit", "when registering"),
    ("by", "search"): lazy_pgettext("audit", "when searching"),
    ("by", "identity"): lazy_pgettext("audit", "ID number, or name and date of birth"),
    ("by", "id_number"): lazy_pgettext("audit", "ID number"),
    ("by", "phone"): lazy_pgettext("audit", "phone"),
    ("by", "name"): lazy_pgettext("audit", "name"),
    ("purpose", "intake"): lazy_pgettext("audit", "to register a household"),
    ("field", "schooling"): lazy_pgettext("audit", "schooling"),
    ("field", "certificate"): lazy_pgettext("audit", "vaccination certificate"),
    ("reason", "same_number"): lazy_pgettext("audit", "the same ID number"),
    ("part", "file"): lazy_pgettext("audit", "the file"),
    ("part", "referral"): lazy_pgettext("audit", "a referral"),
    ("part", "proposals"): lazy_pgettext("audit", "proposed referrals"),
    ("list", "files"): lazy_pgettext("audit", "files of the area"),
    ("list", "search"): lazy_pgettext("audit", "what a search found"),
    ("list", "referrals"): lazy_pgettext("audit", "referrals received"),
    ("list", "sent_referrals"): lazy_pgettext("audit", "referrals sent"),
    ("list", "matches"): lazy_pgettext("audit", "possible matches"),
    ("list", "protected"): lazy_pgettext("audit", "protected files"),
    ("list", "news"): lazy_pgettext("audit", "answers on the first page"),
    ("list", "receipt"): lazy_pgettext("audit", "children just registered"),
    ("move", "send"): lazy_pgettext("audit", "sent"),
    ("move", "accept"): lazy_pgettext("audit", "accepted"),
    ("move", "appoint"): lazy_pgettext("audit", "appointment made"),
    ("move", "record_interim"): lazy_pgettext("audit", "progress recorded"),
    ("move", "close"): lazy_pgettext("audit", "closed"),
    ("move", "return"): lazy_pgettext("audit", "returned"),
    ("move", "withdraw"): lazy_pgettext("audit", "withdrawn"),
    ("move", "hand_on"): lazy_pgettext("audit", "handed on"),
    ("move", "reopen"): lazy_pgettext("audit", "opened again"),
    ("table", "overview"): lazy_pgettext("audit", "registered children and referrals"),
    ("filter", "none"): lazy_pgettext("audit", "no filter"),
    ("filter", "start"): lazy_pgettext("audit", "first day"),
    ("filter", "end"): lazy_pgettext("audit", "last day"),
    ("filter", "kind"): lazy_pgettext("audit", "kind of event"),
    ("filter", "account"): lazy_pgettext("audit", "account"),
    ("filter", "child"): lazy_pgettext("audit", "child"),
    ("endpoint", ""): lazy_pgettext("audit", "no page of ours"),
    ("endpoint", "accounts"): lazy_pgettext("audit", "accounts"),
    ("endpoint", "areas"): lazy_pgettext("audit", "divisions"),
    ("endpoint", "audit"): lazy_pgettext("audit", "the audit"),
    ("endpoint", "children"): lazy_pgettext("audit", "children's files"),
    ("endpoint", "coverage"): lazy_pgettext("audit", "statistics"),
    ("endpoint", "households"): lazy_pgettext("audit", "registering households"),
    ("endpoint", "i18n"): lazy_pgettext("audit", "language"),
    ("endpoint", "matching"): lazy_pgettext("audit", "possible matches and protected files"),
    ("endpoint", "referrals"): lazy_pgettext("audit", "referrals"),
}


def codes_in_words(key: str, details: Mapping[str, object]) -> list[str]:
    """Return what stands under a key of an event's details, each code in words; a code without words as it is."""
    value = details[key]
    if isinstance(value, list):
        return [_word(key, str(code), details) for code in value]
    codes = str(value).split("+") if key == "filter" else [str(value)]
    return [_word(key, code, details) for code in codes]


def _word(key: str, code: str, details: Mapping[str, object]) -> str:
    """Say a code: of a page only the room, of all else exactly it."""
    if key == "endpoint":
        code = code.partition(".")[0]
    if (key, code) in CODES:
        return str(CODES[key, code])
    sop = in_force(today())
    if key == "service" and code in sop.services:
        return sop.services[code].name.in_language(language())
    if key == "outcome":
        outcomes = chain.from_iterable(service.outcomes for service in sop.services.values())
        return next((each.text.in_language(language()) for each in outcomes if each.code == code), code)
    name = FIELD_LISTS.get(str(details["field"])) if key == "before" else LISTS.get(key)
    known = name is not None and sop.codes[name].has(code)
    return sop.codes[str(name)].text(code).in_language(language()) if known else code
