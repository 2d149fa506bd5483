"""Verbs of visits: record one, and reckon each night when the next ones are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children.episodes import settle_status
from registry.clock import local, now
from registry.database import db
from registry.jobs.service import Batch, Reader
from registry.referrals.answers import telling
from registry.visits.models import Visit, VisitedChild
from registry.visits.reckoning import dues, last_counted
from registry.visits.tables import children, episodes, households
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.visits.families import Family

HOUSEHOLDS_AT_ONCE = 200  # a batch of the nightly round: some hundredths of a second of SQLite's write lock
READER = Reader(frozenset({"risk_assessment.answers"}))


@dataclass(frozen=True)
class Made:
    """A visit as it was told. `id` is the page's own, so that a second click is the same visit.

    `outcome`: a code of the procedure's outcomes of visits. `seen`: the children who were there. `told`: referrals
    whose answer the family was told, each with the version that was read.
    """

    id: UUID
    made_on: date
    outcome: str
    seen: frozenset[UUID]
    unchanged: bool
    note: str | None = None
    told: frozenset[tuple[UUID, int]] = frozenset()


class EarlierDayError(Exception):
    """The visit was recorded on an earlier day with other answers; only on its own day is it put right."""


def record(viewer: Viewer, family: Family, made: Made, on: date) -> Visit:
    """Write down a visit and reckon when the next one is due; the same visit a second time changes nothing.

    With other answers it puts the first ones right, on the day on which its maker recorded it: each time stands in
    the audit. `family`: as the viewer sees it. What counts is the procedure's to say: who must be seen stays due
    until then. Raises EarlierDayError.
    """
    home = _held(family.household.id)
    visit = db.session.get(Visit, made.id)
    if visit is None:
        visit = Visit(id=made.id, household_id=home.id, made_at=now(), user_id=viewer.user_id)
        visit.office_id = viewer.office_id
        visit.children = [VisitedChild(child_id=each.id, seen=False) for each in family.children]
    elif (visit.household_id, visit.user_id) != (home.id, viewer.user_id):
        outside_scope()
    elif not _differs(viewer, visit, made):
        return visit
    elif local(visit.made_at).date() != on:
        raise EarlierDayError
    rules = in_force(on).visits
    outcome = rules.outcome(made.outcome)
    visit.made_on, visit.outcome, visit.unchanged, visit.note = made.made_on, outcome.code, made.unchanged, made.note
    for each in visit.children:
        each.seen = outcome.sees and each.child_id in made.seen
    db.session.add(visit)
    db.session.flush()
    home.visited_on = last_counted(home.id, rules)
    home.visit_due = dues(READER, [home.id], rules)[home.id]
    telling.tell(viewer, made.told)
    _settle(viewer, [each.child_id for each in visit.children if each.seen])
    there = [each.child_id for each in visit.children]
    audit.record("visit_recorded", viewer=viewer, children=there, visit=visit.id, outcome=outcome.code)
    return visit


def _settle(viewer: Viewer, seen: list[UUID]) -> None:
    """A complete file that only waited for somebody to see the child, as one that a ledger brought, is active now."""
    child, there = children(), episodes()
    waiting = there.latest, there.status == "pending"
    for each in db.session.scalars(select(child).join(child.episodes).where(child.id.in_(seen), *waiting)).all():
        settle_status(viewer, each)


def _differs(viewer: Viewer, visit: Visit, made: Made) -> bool:
    """Tell a second click from other answers."""
    seen = {each.child_id for each in visit.children if each.seen}
    known = visit.made_on, visit.outcome, visit.unchanged, visit.note.open(viewer) or None, seen
    sees = in_force(made.made_on).visits.outcome(made.outcome).sees
    there = {each.child_id for each in visit.children}
    return known != (
        made.made_on,
        made.outcome,
        made.unchanged,
        made.note or None,
        made.seen & there if sees else set(),
    )


def reckon(on: date, after: UUID | None) -> Batch:
    """Reckon for a batch of households by when each is to be visited: one night's share of the nightly round.

    Only a day that has changed is written: children come and go, are assessed anew, and frequencies are changed.
    """
    home = households()
    rest = home.id > after if after else true()
    rows = db.session.scalars(select(home).where(rest).order_by(home.id).limit(HOUSEHOLDS_AT_ONCE)).all()
    found = dues(READER, [row.id for row in rows], in_force(on).visits)
    changed = [row for row in rows if row.visit_due != found[row.id]]
    for row in changed:
        row.visit_due = found[row.id]
    return Batch(len(changed), rows[-1].id if len(rows) == HOUSEHOLDS_AT_ONCE else None)


def reckon_again(child_id: UUID, on: date) -> None:
    """Reckon for one family by when it is to be visited, since its child was just judged anew."""
    there = episodes()
    home_id = db.session.scalar(select(there.household_id).where(there.child_id == child_id, there.latest))
    if home_id is not None:
        home = _held(home_id)
        home.visit_due = dues(READER, [home.id], in_force(on).visits)[home.id]


def _held(household_id: UUID) -> Any:  # noqa: ANN401 -- a row of another room
    """Hold the household until the end of the request: two visits at once are reckoned one after the other."""
    home = households()
    wanted = select(home).where(home.id == household_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()
