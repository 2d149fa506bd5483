"""What transfers follow by themselves: a file that moves inside its township, and one that no longer moves at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.accounts.keepers import office_of
from registry.audit import service as audit
from registry.clock import now
from registry.database import db
from registry.jobs.service import Batch
from registry.transfers import queries
from registry.transfers.models import TransferStep
from sop.transfer import Move, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.transfers.models import Transfer

SIZE = 200  # transfers ended in one transaction


def follow(viewer: Viewer, child_ids: Iterable[UUID], area_code: str, on: date) -> None:
    """Let what is under way for these children wait for whoever keeps their files from now on.

    `area_code`: 12 digits, the community of the same township to which the files go in this transaction; to be
    called before they do, as an arrival holds the transfer first as well. A claim by that community has come true
    without an arrival, and ends.
    """
    keeper = office_of(area_code)
    for transfer in queries.waiting_of(child_ids):
        if transfer.from_area == area_code:
            continue
        if transfer.to_area == area_code and transfer.ended_on is None:
            _end(viewer, transfer, on)
        transfer.from_area = area_code
        transfer.from_office_id = keeper.id if keeper else transfer.from_office_id
        transfer.version += 1


def end_dangling(on: date, after: UUID | None) -> Batch:
    """End the open transfers of children who died, grew up or were merged: work of the nightly round.

    Nobody has them on a list any more, so nobody else would; asked of the present state, twice does nothing.
    """
    found = queries.dangling(after, SIZE)
    for transfer in found:
        _end(None, transfer, on)
        transfer.version += 1
    return Batch(done=len(found), after=found[-1].id if len(found) == SIZE else None)


def _end(viewer: Viewer | None, transfer: Transfer, on: date) -> None:
    """Withdraw a transfer by rule, for the side that began it; nobody's name stands at the step."""
    transfer.state, transfer.ended_on = State.WITHDRAWN.value, on
    step = TransferStep(transfer_id=transfer.id, child_id=transfer.child_id, at=now(), side=transfer.begun_by)
    step.move, step.state = Move.WITHDRAW.value, transfer.state
    db.session.add(step)
    told = {"transfer": transfer.id, "move": step.move, "state": step.state}
    audit.record("transfer_moved", viewer=viewer, children=[transfer.child_id], **told)
