"""The catalogue of audit events: every kind with the exact keys of its details, none of them personal."""

from __future__ import annotations

CATALOGUE: dict[str, frozenset[str]] = {
    # who came in
    "signed_in": frozenset(),
    "sign_in_failed": frozenset({"account", "locked"}),
    "signed_out": frozenset({"why"}),
    "password_changed": frozenset(),
    "password_reset": frozenset({"account"}),
    "sessions_ended": frozenset({"account"}),
    "account_unlocked": frozenset({"account"}),
    # what was refused: why is permission, scope, undeclared or token
    "refused": frozenset({"endpoint", "why"}),
    # who was shown: one a page, with the children on it
    "children_listed": frozenset({"list", "shown"}),
    "child_opened": frozenset({"part"}),
    "field_revealed": frozenset({"field", "purpose"}),
    "ledger_opened": frozenset({"ledger", "part"}),
    "children_searched": frozenset({"by", "found"}),
    "looked_up_elsewhere": frozenset({"by", "purpose"}),
    # what was written
    "household_registered": frozenset({"household", "notice"}),
    "child_registered": frozenset({"episode", "flags"}),
    "child_changed": frozenset({"field", "before"}),
    "child_outside": frozenset({"reason"}),
    "same_child_shown": frozenset({"in_scope"}),
    "match_raised": frozenset({"match", "reason"}),
    "protected_file_met": frozenset({"by"}),
    "proposal_declined": frozenset({"service", "reason"}),
    "referral_sent": frozenset({"referral", "service", "office"}),
    "referral_moved": frozenset({"referral", "move", "state", "outcome"}),
    "office_reminded": frozenset({"office", "overdue"}),
    "statistics_shown": frozenset({"table"}),
    "audit_read": frozenset({"filter"}),
    # what became of a file
    "correction_asked": frozenset({"correction"}),
    "correction_decided": frozenset({"correction", "decision"}),
    "episode_begun": frozenset({"episode"}),
    "episode_ended": frozenset({"episode", "status"}),
    "child_status_changed": frozenset({"status"}),
    "household_moved": frozenset({"household"}),
    "visit_recorded": frozenset({"visit", "outcome"}),
    "doses_entered": frozenset({"rows", "whole"}),
    "dose_withdrawn": frozenset({"dose", "reason"}),
    "transfer_moved": frozenset({"transfer", "move", "state"}),
    "match_decided": frozenset({"match", "decision"}),
    "card_printed": frozenset({"named"}),
    "paper_printed": frozenset({"paper"}),
    "admission_papers_noted": frozenset(),
    # lists that leave as spreadsheets, and answers that come back in one
    "list_taken_out": frozenset({"list", "shown", "filter", "purpose"}),
    "layout_changed": frozenset({"layout", "act"}),
    "answers_brought": frozenset({"ledger", "shown", "refused"}),
    # ledgers
    "ledger_uploaded": frozenset({"ledger"}),
    "ledger_confirmed": frozenset({"ledger"}),
    "ledger_tried": frozenset({"rows"}),
    "ledger_ended": frozenset({"ledger", "state", "registered", "warned", "duplicate", "refused"}),
    "ledger_row_settled": frozenset({"ledger", "decision"}),
    # lists of departments that are compared with the register
    "roster_uploaded": frozenset({"ledger"}),
    "roster_compared": frozenset({"ledger", "state"}),
    "roster_row_settled": frozenset({"ledger"}),
    # protection: no child stands in these, and what they are about is told by their own pages alone
    "confidential_written": frozenset({"record"}),
    "confidential_opened": frozenset({"record"}),
    # administration
    "account_made": frozenset({"account", "role"}),
    "account_changed": frozenset({"account", "field"}),
    "deputy_set": frozenset({"account", "deputy"}),
    "deputy_used": frozenset({"account", "act"}),
    "office_changed": frozenset({"office", "act"}),
    "service_assigned": frozenset({"office", "service", "area"}),
    "block_changed": frozenset({"block", "act"}),
    "estimate_set": frozenset({"estimate"}),
}


ACTING_FOR = "acting_for"  # stands beside the keys of every event of a deputy


class AuditKeysError(ValueError):
    """An event of an unknown kind, or with more or fewer keys than the catalogue says."""


def check(kind: str, details: dict[str, object]) -> None:
    """Raise AuditKeysError unless the details have exactly the keys that the catalogue lists for the kind."""
    if kind not in CATALOGUE:
        raise AuditKeysError(f"no audit event of kind {kind!r}")
    if details.keys() != CATALOGUE[kind]:
        raise AuditKeysError(f"{kind}: keys {sorted(details)}, the catalogue says {sorted(CATALOGUE[kind])}")
