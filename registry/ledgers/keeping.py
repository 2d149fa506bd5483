"""How long a ledger is kept: its file and what was typed are removed some days after its rows are done."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, true, update

from registry.clock import ZONE
from registry.database import db
from registry.jobs.queries import has_failed
from registry.jobs.service import Batch
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.running import KIND, end
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

AT_ONCE: Final = 10  # ledgers in one transaction
NOTHING: Final = {"typed_sealed": None, "messages_sealed": None}


def sweep(on: date, after: UUID | None) -> Batch:
    """Empty a batch of ledgers whose days are over: work of the nightly round.

    What became of each row stays, and so does what a supervisor needs who has still to decide. A file that nobody
    confirmed is thrown away; one whose work was given up is ended.
    """
    midnight = datetime.combine(on, time.min, ZONE)
    until = midnight - timedelta(days=in_force(on).ledgers.keep_days)
    old = or_(Ledger.ended_at < until, Ledger.ended_at.is_(None) & (Ledger.made_at < until))
    holds = or_(Ledger.content_sealed.is_not(None), Ledger.plan_sealed.is_not(None))  # answers keep no file
    rows = select(Ledger).where(holds, old, Ledger.id > after if after else true())
    found = db.session.scalars(rows.order_by(Ledger.id).limit(AT_ONCE).with_for_update()).all()
    for ledger in found:
        _empty(ledger)
    return Batch(len(found), found[-1].id if len(found) == AT_ONCE else None)


def _empty(ledger: Ledger) -> None:
    if ledger.ended_at is None:
        end(ledger, "failed" if has_failed(KIND, ledger.id.hex) else "stopped")
    ledger.content = ledger.plan = None
    of_it = LedgerRow.ledger_id == ledger.id
    db.session.execute(update(LedgerRow).where(of_it).values(NOTHING))
    settled = or_(LedgerRow.held.is_(None), LedgerRow.settled_at.is_not(None))
    db.session.execute(update(LedgerRow).where(of_it, settled).values(read_sealed=None))
