"""A comparison from beginning to end in one process, for the command: committed batch by batch as by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from registry.database import db, uuid7
from registry.jobs.worker import do_now
from registry.ledgers.comparing import running, service
from registry.ledgers.models import Ledger, LedgerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.access import Viewer
    from registry.ledgers.comparing.service import Sent


def compare_now(viewer: Viewer, sent: Sent) -> tuple[Ledger, Sequence[LedgerRow]]:
    """Compare a list with the register and return the comparison with its rows in their order.

    One that was ended half-way goes on where it was. Ends the transaction of the caller's session. Raises BookError,
    NoHeaderError; 404 for an area that is not the viewer's.
    """
    db.session.rollback()
    key = do_now(current_app, running.KIND, lambda: _put_in(viewer, sent))
    ledger = db.session.get_one(Ledger, UUID(key))
    rows = select(LedgerRow).where(LedgerRow.ledger_id == ledger.id).order_by(LedgerRow.id)
    return ledger, db.session.scalars(rows).all()


def _put_in(viewer: Viewer, sent: Sent) -> str:
    ledger = service.compare(viewer, sent, uuid7())
    db.session.flush()
    return ledger.id.hex
