"""How long a ledger is kept: its file and what was typed, the rows that nobody decides on, the marks of a month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, not_, or_, select, true, update

from registry.audit import service as audit
from registry.clock import local, midnight, now
from registry.database import db
from registry.jobs.queries import has_failed
from registry.jobs.service import Batch, Reader
from registry.ledgers import outside
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.out.answering import ANSWERS
from registry.ledgers.places import PASSED_ON
from registry.ledgers.planning import CHILDREN
from registry.ledgers.records import messages_of, said
from registry.ledgers.running import KIND, end
from sop.ledger.messages import REFUSE, Message
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

AT_ONCE: Final = 10  # ledgers in one transaction
ROWS_AT_ONCE: Final = 200
UNDECIDED: Final = "undecided"
WAITS: Final = and_(LedgerRow.held.is_not(None), LedgerRow.settled_at.is_(None))  # for whatever reason
OF_MESSAGES: Final = Reader(frozenset({"ledger_row.messages"}))


def sweep(on: date, after: UUID | None) -> Batch:
    """Empty a batch of ledgers whose days are over: work of the nightly round.

    What became of each row stays, and so does what a supervisor needs who has still to decide. A file that nobody
    confirmed is thrown away; one whose work was given up is ended. Comparisons are kept otherwise.
    """
    if after is None:
        outside.forget_marks(on)
    until = _days_before(on, in_force(on).ledgers.keep_days)
    old = or_(Ledger.ended_at < until, Ledger.ended_at.is_(None) & (Ledger.made_at < until))
    # Answers keep no file, and what was thrown away unread has nothing but its name.
    sealed = Ledger.content_sealed, Ledger.plan_sealed, Ledger.name_sealed
    full = Ledger.kind.in_((CHILDREN, ANSWERS)), or_(*(each.is_not(None) for each in sealed))
    rows = select(Ledger).where(*full, old, Ledger.id > after if after else true())
    found = db.session.scalars(rows.order_by(Ledger.id).limit(AT_ONCE).with_for_update()).all()
    for ledger in found:
        _empty(ledger)
    return Batch(len(found), found[-1].id if len(found) == AT_ONCE else None)


def sweep_undecided(on: date, after: UUID | None) -> Batch:
    """Let a batch of rows go on which no supervisor has decided in time: work of the nightly round.

    Nothing is kept of their children, and whoever uploaded them is told to import them again. Not so of a row of
    which it was said that it was passed on: that it waited would tell that the child has a file somewhere.
    """
    until = _days_before(on, in_force(on).ledgers.decide_days)
    rows = select(LedgerRow).join(LedgerRow.ledger).where(WAITS, Ledger.ended_at < until)
    rows = rows.where(LedgerRow.id > after if after else true()).order_by(LedgerRow.id).limit(ROWS_AT_ONCE)
    # Whom a supervisor is just deciding on is not waited for.
    found = db.session.scalars(rows.with_for_update(of=LedgerRow, skip_locked=True)).all()
    for row in found:
        _let_go(row)
    return Batch(len(found), found[-1].id if len(found) == ROWS_AT_ONCE else None)


def days_to_decide(ledger: Ledger, on: date) -> int | None:
    """Return in how many days the rows of a ledger that still wait are let go; None while it is worked on."""
    if ledger.ended_at is None:
        return None
    last = local(ledger.ended_at).date() + timedelta(days=in_force(on).ledgers.decide_days)
    return max((last - on).days, 0)


def _days_before(on: date, days: int) -> datetime:
    return midnight(on) - timedelta(days=days)


def _empty(ledger: Ledger) -> None:
    if ledger.ended_at is None:
        end(ledger, "failed" if has_failed(KIND, ledger.id.hex) else "stopped")
    ledger.content = ledger.plan = ledger.name = None
    of_it = update(LedgerRow).where(LedgerRow.ledger_id == ledger.id)
    db.session.execute(of_it.values(typed_sealed=None))
    db.session.execute(of_it.where(not_(WAITS)).values(read_sealed=None, messages_sealed=None))


def _let_go(row: LedgerRow) -> None:
    told = {message.code for message in messages_of(row, OF_MESSAGES)}
    row.settled_at, row.read, row.messages = now(), None, None
    if told and PASSED_ON not in told:
        row.outcome, row.messages = REFUSE, said([Message("", UNDECIDED, {})])
    audit.record("ledger_row_settled", viewer=None, ledger=row.ledger_id, decision=UNDECIDED)
