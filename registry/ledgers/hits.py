"""Verbs of rows that wait for a supervisor: the file elsewhere is claimed, it is the same child, or another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import elsewhere
from registry.children import queries as children
from registry.children.service import SameChildError
from registry.clock import now
from registry.database import lock
from registry.ledgers import limits, queries
from registry.ledgers.errors import StaleVersionError, UnfitDecisionError
from registry.ledgers.known import BY_NUMBER
from registry.ledgers.places import NO_OFFICE, NOT_YET
from registry.ledgers.records import said, waiting
from registry.ledgers.storing import Storing, register_another, store
from registry.transfers import service as transfers
from registry.transfers.errors import NobodyThereError
from sop.ledger.messages import DUPLICATE, REFUSE
from sop.transfer import Basis

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.models import LedgerRow

CLAIM, SAME, ANOTHER, NEW = "claim", "same", "another", "register"
DECISIONS: Final = (CLAIM, SAME, ANOTHER, NEW)


def settle(viewer: Viewer, row_id: UUID, decision: str, on: date, community: str | None = None) -> None:
    """Settle a row that waits: claim the file elsewhere, leave an own file as it is, or register the child.

    `community`: 12 digits, where the child lives when the row tells only the town. `same` wants a file of the own area
    beside the row, `claim` one elsewhere, `another` either, `register` none that is told of. Raises StaleVersionError
    when the row is settled already, UnfitDecisionError, NobodyThereError while no office keeps files where the child
    lives, and for a claim what `transfers.service.claim` raises.
    """
    row = queries.held_row(viewer, row_id)
    lock(row)
    beside_nobody = row.held_child_id is None and row.held != NO_OFFICE
    if row.settled_at is not None or beside_nobody or row.area_code is None:
        raise StaleVersionError
    {CLAIM: _claim, SAME: _same, ANOTHER: _another, NEW: _new}[decision](viewer, row, on, community or row.area_code)
    row.settled_at, row.settled_by, row.read = now(), viewer.user_id, None
    if not row.typed:  # the days of its ledger are over: what is said of the row was kept for this decision alone
        row.messages = None
    audit.record("ledger_row_settled", viewer=viewer, ledger=row.ledger_id, decision=decision)


def _claim(viewer: Viewer, row: LedgerRow, on: date, place: str) -> None:
    child_id = _beside(row)
    if children.in_scope(viewer, child_id):
        raise UnfitDecisionError
    basis = Basis.DOCUMENT if row.held == BY_NUMBER else Basis.TOLD
    transfers.claim(viewer, child_id, basis, place, on)


def _same(viewer: Viewer, row: LedgerRow, _on: date, _place: str) -> None:
    child_id = _beside(row)
    if not children.in_scope(viewer, child_id):
        raise UnfitDecisionError
    row.child_id, row.outcome = child_id, DUPLICATE


def _another(viewer: Viewer, row: LedgerRow, on: date, place: str) -> None:
    """Open a second file. The pair is kept as a match, so that both areas can come back to it."""
    if row.held == BY_NUMBER or not _is_told_of(viewer, row):
        raise UnfitDecisionError
    _register(viewer, row, on, place)


def _new(viewer: Viewer, row: LedgerRow, on: date, place: str) -> None:
    """Open a file as for a stranger: that beside the row is told of no more, as if it had never been there."""
    if row.held == NO_OFFICE:
        _pass_on(viewer, row, on)
        return
    if _is_told_of(viewer, row):
        raise UnfitDecisionError
    _register(viewer, row, on, place)


def _pass_on(viewer: Viewer, row: LedgerRow, on: date) -> None:
    """Store a row that waited for an office to keep its child's file, as if it were imported now."""
    item = waiting(row, viewer)
    item = replace(item, messages=tuple(each for each in item.messages if each.code != NOT_YET))
    batch = Storing(viewer, row.ledger.area_code, on, row.ledger_id)
    (result,) = store(batch, [item])
    if result.held == NO_OFFICE:
        raise NobodyThereError
    if result.outcome == REFUSE:
        raise UnfitDecisionError
    limits.record(viewer, batch.elsewhere)
    row.outcome, row.messages, row.tallied = result.outcome, said(result.messages), result.tallied
    row.child_id, row.area_code = result.child_id, result.area_code
    row.held, row.held_child_id = result.held or row.held, result.held_child_id
    if result.held:  # the child has a file, perhaps: that is to be looked at now
        raise UnfitDecisionError


def _register(viewer: Viewer, row: LedgerRow, on: date, place: str) -> None:
    try:
        result = register_another(Storing(viewer, place, on), waiting(row, viewer))
    except SameChildError as error:  # registered meanwhile: that is the file to be looked at now
        row.held, row.held_child_id = BY_NUMBER, error.child_id
        raise UnfitDecisionError from None
    if result.child_id is None:
        raise UnfitDecisionError
    row.child_id, row.area_code = result.child_id, result.area_code


def _is_told_of(viewer: Viewer, row: LedgerRow) -> bool:
    """Say whether the viewer is shown a file beside the row: an own one, or one elsewhere that may be told of."""
    child_id = _beside(row)
    return children.in_scope(viewer, child_id) or elsewhere.may_be_told_of(child_id)


def _beside(row: LedgerRow) -> UUID:
    files = children.kept_files([row.held_child_id] if row.held_child_id else [])
    return files[0].id if files else outside_scope()
