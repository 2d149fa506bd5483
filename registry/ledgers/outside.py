"""Children of a ledger who are outside every definition: counted once a month, though a ledger comes in twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from registry.clock import midnight
from registry.database import db
from registry.households import outside
from registry.households.outside import Outsider
from registry.ledgers.models import Ledger, LedgerRow
from registry.vault.service import vault

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.ledgers.told import Told

MARK = "ledger_outside"  # the kind of keyed mark: no index of children has it


def tally(viewer: Viewer, child: Told, on: date) -> bytes:
    """Count a child, unless a ledger of this month counted it; return the mark that tells it again."""
    reason = child.classification.outside
    if reason is None:
        raise ValueError("only a child outside every definition is tallied")
    name, birth = child.particulars.name, child.birth.iso
    marks = vault().tokens(MARK, f"{on:%Y-%m}", child.area_code, name, birth, child.values.sex or "0")
    if db.session.scalar(select(LedgerRow.id).where(LedgerRow.tallied.in_(marks.values())).limit(1)) is None:
        outside.count(viewer, Outsider(child.values.sex or "0", child.birth, reason), child.area_code, on)
    return vault().token(MARK, f"{on:%Y-%m}", child.area_code, name, birth, child.values.sex or "0")


def forget_marks(on: date) -> None:
    """Remove the marks of the months that are over: no ledger is told by them any more, and a child is not kept."""
    month = on.replace(day=1)
    over = select(Ledger.id).where(Ledger.judged_on < month, Ledger.made_at < midnight(month))
    marked = LedgerRow.tallied.is_not(None), LedgerRow.ledger_id.in_(over)
    db.session.execute(update(LedgerRow).where(*marked).values(tallied=None))
