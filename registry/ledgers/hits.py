"""Verbs of rows that wait for a supervisor: the file elsewhere is claimed, it is the same child, or another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import queries as children
from registry.clock import now
from registry.database import lock
from registry.ledgers import queries
from registry.ledgers.errors import StaleVersionError, UnfitDecisionError
from registry.ledgers.known import BY_NUMBER
from registry.ledgers.records import waiting
from registry.ledgers.storing import Storing, register_another
from registry.transfers import service as transfers
from sop.ledger.messages import DUPLICATE
from sop.transfer import Basis

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.models import LedgerRow

CLAIM, SAME, ANOTHER = "claim", "same", "another"
DECISIONS: Final = (CLAIM, SAME, ANOTHER)


def settle(viewer: Viewer, row_id: UUID, decision: str, on: date, community: str | None = None) -> None:
    """Settle a row that waits: claim the file elsewhere, leave an own file as it is, or register another child.

    `community`: 12 digits, where the child lives when the row tells only the town. Somebody must be found beside the
    row: `same` wants a file of the own area, `claim` one elsewhere. Raises StaleVersionError when it is settled
    already, UnfitDecisionError, and for a claim what `transfers.service.claim` raises.
    """
    row = queries.held_row(viewer, row_id)
    lock(row)
    if row.settled_at is not None or row.held_child_id is None or row.area_code is None:
        raise StaleVersionError
    {CLAIM: _claim, SAME: _same, ANOTHER: _another}[decision](viewer, row, on, community or row.area_code)
    row.settled_at, row.settled_by, row.read = now(), viewer.user_id, None
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
    if row.held == BY_NUMBER:
        raise UnfitDecisionError
    batch = Storing(viewer, place, on)
    result = register_another(batch, waiting(row, viewer))
    if result.child_id is None:
        raise UnfitDecisionError
    row.child_id, row.area_code = result.child_id, result.area_code


def _beside(row: LedgerRow) -> UUID:
    files = children.kept_files([row.held_child_id] if row.held_child_id else [])
    return files[0].id if files else outside_scope()
