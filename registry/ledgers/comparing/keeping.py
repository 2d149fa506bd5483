"""How long a comparison is kept: its children are forgotten some days after it has ended, its counts stay."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, true

from registry.clock import ZONE
from registry.database import db
from registry.jobs.service import Batch
from registry.ledgers.comparing.queries import DONE, OVER
from registry.ledgers.comparing.running import ROSTER, plan_of
from registry.ledgers.models import Ledger, LedgerRow
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

AT_ONCE: Final = 10  # comparisons in one transaction


def sweep(on: date, after: UUID | None) -> Batch:
    """Forget the children of a batch of comparisons whose days are over: work of the nightly round."""
    until = datetime.combine(on, time.min, ZONE) - timedelta(days=in_force(on).rosters.keep_days)
    old = Ledger.kind == ROSTER, Ledger.state == DONE, Ledger.ended_at < until
    rows = select(Ledger).where(*old, Ledger.id > after if after else true())
    found = db.session.scalars(rows.order_by(Ledger.id).limit(AT_ONCE).with_for_update()).all()
    for ledger in found:
        ledger.plan = {"counts": plan_of(ledger).get("counts", {})}
        ledger.state, ledger.name = OVER, None
        db.session.execute(delete(LedgerRow).where(LedgerRow.ledger_id == ledger.id))
    return Batch(len(found), found[-1].id if len(found) == AT_ONCE else None)
