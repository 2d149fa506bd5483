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
    "correction_asked": _l("Asked for a correction"),
    "correction_decided": _l("Decided on a correction"),
    "episode_begun": _l("Put a child on the register of an area"),
    "episode_ended": _l("Took a child off the register of an area"),
    "child_status_changed": _l("Changed the status of a child"),
    "household_moved": _l("Moved a household or a child to another one"),
    "visit_recorded": _l("Recorded a visit"),
    "transfer_moved": _l("Moved a transfer on"),
    "match_decided": _l("Decided whether two files are one child's"),
    "card_printed": _l("Printed a card"),
    "paper_printed": _l("Printed a paper"),
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
    "endpoint": lazy_pgettext("audit", "page"),
    "estimate": lazy_pgettext("audit", "estimate"),
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
    "named": lazy_pgettext("audit", "with the name"),
    "notice": lazy_pgettext("audit", "notice"),
    "office": lazy_pgettext("audit", "office"),
    "outcome": lazy_pgettext("audit", "outcome"),
    "paper": lazy_pgettext("audit", "paper"),
    "part": lazy_pgettext("audit", "part"),
    "purpose": lazy_pgettext("audit", "purpose"),
    "reason": lazy_pgettext("audit", "reason"),
    "record": lazy_pgettext("audit", "record"),
    "referral": lazy_pgettext("audit", "referral"),
    "role": lazy_pgettext("audit", "role"),
    "service": lazy_pgettext("audit", "service"),
    "shown": lazy_pgettext("audit", "shown"),
    "state": lazy_pgettext("audit", "state"),
    "status": lazy_pgettext("audit", "status"),
    "table": lazy_pgettext("audit", "table"),
    "transfer": lazy_pgettext("audit", "transfer"),
    "visit": lazy_pgettext("audit", "visit"),
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
    ("status", "episode"): "episode_status",
    ("state", "transfer"): "transfer_state",
    ("purpose", "by"): "look_up_purpose",
}
ALSO = {"field": "changed_field"}  # a second list of words for a key: fields as offices see them, and as a file changes
FIELD_LISTS = {"schooling": "school", "certificate": "certificate"}  # of the value before, by the field changed
YES, NO = lazy_pgettext("audit", "yes"), lazy_pgettext("audit", "no")
CODES: dict[tuple[str, str], LazyString] = {
    ("why", "permission"): lazy_pgettext("audit", "not meant for this role"),
    ("why", "scope"): lazy_pgettext("audit", "outside the area"),
    ("why", "undeclared"): lazy_pgettext("audit", "the page declares no permission"),
    ("why", "token"): lazy_pgettext("audit", "the form's token did not hold"),
    ("why", "own"): lazy_pgettext("audit", "by oneself"),
    ("why", "limit"): lazy_pgettext("audit", "as many look-ups as one person may make a day"),
    ("locked", "True"): YES,
    ("locked", "False"): NO,
    ("in_scope", "1"): YES,
    ("in_scope", "0"): NO,
    ("by", "registration"): lazy_pgettext("audit", "when registering"),
    ("by", "search"): lazy_pgettext("audit", "when searching"),
    ("by", "identity"): lazy_pgettext("audit", "ID number, or name and date of birth"),
    ("by", "id_number"): lazy_pgettext("audit", "ID number"),
    ("by", "phone"): lazy_pgettext("audit", "phone"),
    ("by", "card"): lazy_pgettext("audit", "card number"),
    ("by", "name"): lazy_pgettext("audit", "name"),
    ("by", "document"): lazy_pgettext("audit", "document"),
    ("by", "look_up"): lazy_pgettext("audit", "when looking up elsewhere"),
    ("by", "claim"): lazy_pgettext("audit", "when claiming"),
    ("purpose", "intake"): lazy_pgettext("audit", "to register a household"),
    ("field", "schooling"): lazy_pgettext("audit", "schooling"),
    ("field", "answers"): lazy_pgettext("audit", "answers of the full file"),
    ("field", "carers"): lazy_pgettext("audit", "guardians and carers"),
    ("field", "certificate"): lazy_pgettext("audit", "vaccination certificate"),
    ("reason", "same_number"): lazy_pgettext("audit", "the same ID number"),
    ("reason", "same_birth"): lazy_pgettext("audit", "the same name and date of birth"),
    ("reason", "same_document"): lazy_pgettext("audit", "the same document"),
    ("decision", "approved"): lazy_pgettext("audit", "approved"),
    ("decision", "refused"): lazy_pgettext("audit", "refused"),
    ("decision", "withdrawn"): lazy_pgettext("audit", "taken back by who asked"),
    ("status", "registered"): lazy_pgettext("audit", "on the register"),
    ("decision", "same"): lazy_pgettext("audit", "one child"),
    ("decision", "not_same"): lazy_pgettext("audit", "two children"),
    ("decision", "undone"): lazy_pgettext("audit", "taken back"),
    ("decision", "sent_up"): lazy_pgettext("audit", "sent up"),
    ("part", "match"): lazy_pgettext("audit", "two files side by side"),
    ("part", "correction"): lazy_pgettext("audit", "a correction"),
    ("part", "leaving"): lazy_pgettext("audit", "who left"),
    ("part", "moving"): lazy_pgettext("audit", "a move"),
    ("part", "history"): lazy_pgettext("audit", "the history"),
    ("part", "file"): lazy_pgettext("audit", "the file"),
    ("part", "answers"): lazy_pgettext("audit", "answers of the full file"),
    ("part", "carers"): lazy_pgettext("audit", "guardians and carers"),
    ("part", "referral"): lazy_pgettext("audit", "a referral"),
    ("part", "proposals"): lazy_pgettext("audit", "proposed referrals"),
    ("part", "transfer"): lazy_pgettext("audit", "a transfer"),
    ("part", "masked"): lazy_pgettext("audit", "a masked summary"),
    ("list", "files"): lazy_pgettext("audit", "files of the area"),
    ("list", "search"): lazy_pgettext("audit", "what a search found"),
    ("list", "referrals"): lazy_pgettext("audit", "referrals received"),
    ("list", "sent_referrals"): lazy_pgettext("audit", "referrals sent"),
    ("list", "matches"): lazy_pgettext("audit", "possible matches"),
    ("list", "protected"): lazy_pgettext("audit", "protected files"),
    ("list", "arriving"): lazy_pgettext("audit", "children who arrive"),
    ("list", "corrections"): lazy_pgettext("audit", "corrections to decide"),
    ("list", "own_corrections"): lazy_pgettext("audit", "corrections asked for"),
    ("list", "news"): lazy_pgettext("audit", "answers on the first page"),
    ("list", "today"): lazy_pgettext("audit", "families and news on the first page"),
    ("list", "round"): lazy_pgettext("audit", "families of a round"),
    ("list", "visit"): lazy_pgettext("audit", "a family that is visited"),
    ("list", "receipt"): lazy_pgettext("audit", "children just registered"),
    ("list", "cards"): lazy_pgettext("audit", "cards to print"),
    ("list", "transfers"): lazy_pgettext("audit", "transfers between areas"),
    ("move", "send"): lazy_pgettext("audit", "sent"),
    ("move", "accept"): lazy_pgettext("audit", "accepted"),
    ("move", "appoint"): lazy_pgettext("audit", "appointment made"),
    ("move", "record_interim"): lazy_pgettext("audit", "progress recorded"),
    ("move", "close"): lazy_pgettext("audit", "closed"),
    ("move", "return"): lazy_pgettext("audit", "returned"),
    ("move", "withdraw"): lazy_pgettext("audit", "withdrawn"),
    ("move", "hand_on"): lazy_pgettext("audit", "handed on"),
    ("move", "reopen"): lazy_pgettext("audit", "opened again"),
    ("move", "announce"): lazy_pgettext("audit", "announced"),
    ("move", "claim"): lazy_pgettext("audit", "claimed"),
    ("move", "arrive"): lazy_pgettext("audit", "arrived"),
    ("table", "overview"): lazy_pgettext("audit", "registered children and referrals"),
    ("named", "1"): YES,
    ("named", "0"): NO,
    ("paper", "receipt"): lazy_pgettext("audit", "the receipt of registration"),
    ("paper", "file"): lazy_pgettext("audit", "a guardian's copy of the file"),
    ("filter", "none"): lazy_pgettext("audit", "no filter"),
    ("filter", "start"): lazy_pgettext("audit", "first day"),
    ("filter", "end"): lazy_pgettext("audit", "last day"),
    ("filter", "kind"): lazy_pgettext("audit", "kind of event"),
    ("filter", "account"): lazy_pgettext("audit", "account"),
    ("filter", "child"): lazy_pgettext("audit", "child"),
    ("act", "made"): lazy_pgettext("audit", "made"),
    ("act", "begun"): lazy_pgettext("audit", "begun"),
    ("act", "ended"): lazy_pgettext("audit", "ended"),
    ("act", "name_zh"): lazy_pgettext("audit", "Chinese name"),
    ("act", "name_en"): lazy_pgettext("audit", "English name"),
    ("act", "kind"): lazy_pgettext("audit", "kind of office"),
    ("act", "area_code"): lazy_pgettext("audit", "area"),
    ("act", "side"): lazy_pgettext("audit", "form offered first"),
    ("act", "phone"): lazy_pgettext("audit", "public phone"),
    ("act", "renamed"): lazy_pgettext("audit", "renamed"),
    ("act", "up"): lazy_pgettext("audit", "moved up"),
    ("act", "down"): lazy_pgettext("audit", "moved down"),
    ("act", "close"): lazy_pgettext("audit", "out of use"),
    ("act", "closed"): lazy_pgettext("audit", "out of use"),
    ("act", "reopen"): lazy_pgettext("audit", "opened for use again"),
    ("act", "remove"): lazy_pgettext("audit", "removed"),
    ("field", "name"): lazy_pgettext("audit", "name of the person"),
    ("field", "role"): lazy_pgettext("audit", "role"),
    ("field", "office_id"): lazy_pgettext("audit", "office"),
    ("field", "language"): lazy_pgettext("audit", "language of the first page"),
    ("field", "left"): lazy_pgettext("audit", "the person left"),
    ("field", "back"): lazy_pgettext("audit", "the person came back"),
    ("endpoint", "administration"): lazy_pgettext("audit", "offices, services and blocks"),
    ("endpoint", ""): lazy_pgettext("audit", "no page of ours"),
    ("endpoint", "accounts"): lazy_pgettext("audit", "accounts"),
    ("endpoint", "areas"): lazy_pgettext("audit", "divisions"),
    ("endpoint", "audit"): lazy_pgettext("audit", "the audit"),
    ("endpoint", "cards"): lazy_pgettext("audit", "cards"),
    ("endpoint", "reports"): lazy_pgettext("audit", "papers"),
    ("endpoint", "changes"): lazy_pgettext("audit", "changes of files"),
    ("endpoint", "children"): lazy_pgettext("audit", "children's files"),
    ("endpoint", "coverage"): lazy_pgettext("audit", "statistics"),
    ("endpoint", "households"): lazy_pgettext("audit", "registering households"),
    ("endpoint", "i18n"): lazy_pgettext("audit", "language"),
    ("endpoint", "jobs"): lazy_pgettext("audit", "background work"),
    ("endpoint", "visits"): lazy_pgettext("audit", "visits"),
    ("endpoint", "matching"): lazy_pgettext("audit", "possible matches and protected files"),
    ("endpoint", "protection"): lazy_pgettext("audit", "protection"),
    ("endpoint", "referrals"): lazy_pgettext("audit", "referrals"),
    ("endpoint", "transfers"): lazy_pgettext("audit", "transfers between areas"),
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
