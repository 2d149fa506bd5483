"""The catalogue in words: every kind of event, every key of its details, and the codes that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

if TYPE_CHECKING:
    from flask_babel import LazyString

KINDS: dict[str, LazyString] = {
    "signed_in": _l("Signed in"),
    "sign_in_failed": _l("A sign-in failed"),
    "signed_out": _l("Signed out"),
    "password_changed": _l("Changed the own password"),
    "password_reset": _l("Reset a password"),
    "sessions_ended": _l("Ended the sessions of an account"),
    "account_unlocked": _l("Unlocked an account"),
    "refused": _l("Was refused a page"),
    "children_listed": _l("Saw a list of children"),
    "child_opened": _l("Opened a child's file"),
    "child_changed": _l("Changed a child's file"),
    "field_revealed": _l("Revealed a masked value"),
    "children_searched": _l("Searched for a child"),
    "looked_up_elsewhere": _l("Looked a child up beyond the own area"),
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
    "by": lazy_pgettext("audit", "by"),
    "endpoint": lazy_pgettext("audit", "page"),
    "episode": lazy_pgettext("audit", "episode"),
    "field": lazy_pgettext("audit", "field"),
    "filter": lazy_pgettext("audit", "filter"),
    "flags": lazy_pgettext("audit", "flags"),
    "found": lazy_pgettext("audit", "found"),
    "household": lazy_pgettext("audit", "household"),
    "in_scope": lazy_pgettext("audit", "in the own area"),
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
CODES: dict[tuple[str, str], LazyString] = {
    ("why", "permission"): lazy_pgettext("audit", "not meant for this role"),
    ("why", "scope"): lazy_pgettext("audit", "outside the area"),
    ("why", "undeclared"): lazy_pgettext("audit", "the page declares no permission"),
    ("why", "token"): lazy_pgettext("audit", "the form's token did not hold"),
    ("why", "own"): lazy_pgettext("audit", "by oneself"),
    ("locked", "True"): lazy_pgettext("audit", "yes"),
    ("locked", "False"): lazy_pgettext("audit", "no"),
    ("in_scope", "True"): lazy_pgettext("audit", "yes"),
    ("in_scope", "False"): lazy_pgettext("audit", "no"),
}
