"""How long a comparison is kept: its children are forgotten some days after it has ended, its counts stay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, or_, select, true

from registry.clock import midnight
from registry.database import db
from registry.jobs.queries import has_failed
from registry.jobs.service import Batch
from registry.ledgers.comparing.queries import DONE, OVER
from registry.ledgers.comparing.running import KIND, ROSTER, give_up, plan_of
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.running import WORKED_ON
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

AT_ONCE: Final = 10  # comparisons in one transaction


def sweep(on: date, after: UUID | None) -> Batch:
    """Forget the children of a batch of comparisons whose days are over: work of the nightly round.

    One whose work was given up, or has not come to its end in as many days, is ended: nothing of it is kept.
    """
    until = midnight(on) - timedelta(days=in_force(on).rosters.keep_days)
    asked = or_(and_(Ledger.state == DONE, Ledger.ended_at < until), Ledger.state.in_(WORKED_ON))
    rows = select(Ledger).where(Ledger.kind == ROSTER, asked, Ledger.id > after if after else true())
    # One that a worker holds is just being done: it is not waited for.
    held = rows.order_by(Ledger.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = db.session.scalars(held).all()
    done = 0
    for ledger in found:
        if ledger.state == DONE:
            _forget(ledger)
        elif ledger.made_at < until or has_failed(KIND, ledger.id.hex):
            give_up(ledger, "failed")
        else:
            continue
        done += 1
    return Batch(done, found[-1].id if len(found) == AT_ONCE else None)


def _forget(ledger: Ledger) -> None:
    ledger.plan = {"counts": plan_of(ledger).get("counts", {})}
    ledger.state, ledger.name = OVER, None
    db.session.execute(delete(LedgerRow).where(LedgerRow.ledger_id == ledger.id))
