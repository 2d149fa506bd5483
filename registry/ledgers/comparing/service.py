"""Verbs of comparisons: take a department's list in, say that a child was looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.areas.queries import place
from registry.audit import service as audit
from registry.clock import local, now, today
from registry.database import db, lock
from registry.jobs import service as jobs
from registry.ledgers.comparing import queries, running
from registry.ledgers.comparing.reading import read_roster
from registry.ledgers.models import Ledger
from registry.ledgers.running import WORKED_ON
from registry.ledgers.service import digest
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer


@dataclass(frozen=True)
class Sent:
    """A department's list as it was sent. `department`: of `sop.rosters.DEPARTMENTS`; `area_code`: 12 digits."""

    content: bytes
    name: str | None
    department: str
    area_code: str
    on: date


def compare(viewer: Viewer, sent: Sent, once: UUID) -> Ledger:
    """Take a list in and let the work on it begin; its columns are taken as they are recognised.

    `once` names this act: a second tap begins nothing. The same list again on the same day is the one comparison.
    404 for an area that is not the viewer's. Raises BookError, NoHeaderError.
    """
    if not viewer.covers(sent.area_code) or place(sent.area_code) is None:
        outside_scope()
    read_roster(sent.content, sent.name, in_force(sent.on).ledgers)
    mark = digest(sent.content)
    there = _same(viewer, sent, mark)
    if there is not None:
        return there
    ledger = Ledger(
        id=once,
        kind=running.ROSTER,
        user_id=viewer.user_id,
        acting_for=viewer.acting_for,
        office_id=viewer.office_id,
        area_code=sent.area_code,
        department=sent.department,
        digest=mark,
        name=sent.name,
        content=sent.content,
        judged_on=sent.on,
        state="confirmed",
        made_at=now(),
        version=1,
    )
    try:
        with db.session.begin_nested():
            db.session.add(ledger)
            db.session.flush()
    except IntegrityError:  # the first tap was quicker
        return queries.roster_of(viewer, once)
    jobs.enqueue(running.KIND, ledger.id.hex)
    audit.record("roster_uploaded", viewer=viewer, ledger=ledger.id)
    return ledger


def looked_up(viewer: Viewer, row_id: UUID) -> None:
    """Say that somebody has looked a child of a list up; what was read of the row is then removed. Twice is once."""
    row = queries.row_of(viewer, row_id)
    lock(row)
    if row.settled_at is not None:
        return
    row.settled_at, row.settled_by, row.read = now(), viewer.user_id, None
    audit.record("roster_row_settled", viewer=viewer, ledger=row.ledger_id)


def _same(viewer: Viewer, sent: Sent, mark: str) -> Ledger | None:
    rows = select(Ledger).where(
        Ledger.kind == running.ROSTER,
        Ledger.digest == mark,
        Ledger.office_id == viewer.office_id,
        Ledger.area_code == sent.area_code,
        Ledger.department == sent.department,
        Ledger.judged_on == sent.on,
        Ledger.state.in_((*WORKED_ON, "done")),
    )
    found = db.session.scalars(rows.order_by(Ledger.made_at.desc()).limit(1)).first()
    return found if found is not None and local(found.made_at).date() == today() else None
