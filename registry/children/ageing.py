"""What time does to files: a 16th birthday, and flags that a day settles. Work of the nightly round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, true
from sqlalchemy.orm import contains_eager

from registry.children.episodes import set_status
from registry.children.facts import birth_of
from registry.children.models import Child, Episode
from registry.children.reclassifying import OPENED, reclassify
from registry.database import db
from registry.jobs.service import Batch, Reader
from sop.eligibility import too_old
from sop.status import ChildStatus
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

SIZE = 200  # files looked at in one transaction: on SQLite it holds the only lock for writing
TIME = "time"  # the reason, in a history, of what nobody did
READS_BIRTHS = Reader(frozenset({"child.birth_date"}))
READS_FACTS = Reader(OPENED)


def age_out(on: date, after: UUID | None) -> Batch:
    """Let every child whose birthday of the limit has come be aged out, whenever it came.

    The month of birth is plain and finds them; the day within it is opened. Open referrals stay with their
    offices until they are answered. A date of birth that was corrected brings a child back the same way.
    """
    limit = in_force(on).eligibility.age_below
    by_month = Child.birth_year * 12 + Child.birth_month <= (on.year - limit) * 12 + on.month
    rows = db.session.scalars(
        select(Child)
        .where(Child.status == ChildStatus.REGISTERED, by_month, Child.id > after if after else true())
        .order_by(Child.id)
        .limit(SIZE)
    ).all()
    grown = [child for child in rows if too_old(in_force(on), birth_of(child, READS_BIRTHS), on)]
    for child in grown:
        set_status(None, child, ChildStatus.AGED_OUT, TIME)
    return Batch(done=len(grown), after=rows[-1].id if len(rows) == SIZE else None)


def reclassify_due(on: date, after: UUID | None) -> Batch:
    """Reckon the flags anew of every child on the register whose day may have come, by the month that was kept.

    Twice on one day changes nothing the second time; a night that was missed is made up for by the next.
    """
    rows = db.session.scalars(
        select(Episode)
        .join(Episode.child)
        .options(contains_eager(Episode.child))
        .where(Episode.latest, Episode.left_month.is_(None), Episode.changes_month <= f"{on:%Y-%m}")
        .where(Child.status == ChildStatus.REGISTERED, Episode.id > after if after else true())
        .order_by(Episode.id)
        .limit(SIZE)
    ).all()
    changed = [reclassify(None, READS_FACTS, row.child, row, on, TIME) for row in rows]
    return Batch(done=sum(changed), after=rows[-1].id if len(rows) == SIZE else None)
