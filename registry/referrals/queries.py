"""Reads of referrals inside the viewer's scope: the office's list, one referral, what one's office sent."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from registry.access import Role, Viewer, outside_scope
from registry.children.filters import deceased
from registry.children.listing import COUNTED_AT_MOST
from registry.children.merging import merged_into, with_merged
from registry.children.queries import ordinary_or_named, protected, schooling_loaded
from registry.clock import ZONE
from registry.counts import queries as kept
from registry.counts.tallies import BY_RESULT
from registry.database import cut, db
from registry.referrals.models import Referral, ReferralStep
from sop.referral import OPEN_STATES, Move, Side, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.sql.base import ExecutableOption

PAGE: Final = 50
RECENT_DAYS: Final = 14
WITH_OFFICE: Final = OPEN_STATES - {State.DRAFT, State.RETURNED}
ENDED: Final = "ended"
STATES_OF_TAB: Final = {
    "open": WITH_OFFICE,
    "overdue": WITH_OFFICE,
    "waiting": {State.SENT},
    "in_progress": WITH_OFFICE - {State.SENT},
    ENDED: frozenset(State) - WITH_OFFICE - {State.DRAFT},
}
TABS: Final = tuple(STATES_OF_TAB)

# The day that counts now: a referral waiting to be accepted has the earlier limit.
DUE: Final = case((Referral.state == State.SENT, Referral.accept_by), else_=Referral.answer_by)


class SentCounts(NamedTuple):
    """Of what an office sent: answered in the last 14 days, and overdue at the other office."""

    answered: int
    overdue: int


class Counted(NamedTuple):
    """Referrals of one district, service and result (open, solved, unsolved)."""

    district: str
    service: str
    result: str
    number: int


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list; `after` is where the next one begins, None at the end."""

    referrals: Sequence[Referral]
    after: str | None


def inbox(viewer: Viewer, tab: str, on: date, after: str | None = None) -> Page:
    """Return the referrals that the viewer's own office has to answer, the earliest limit first.

    `tab` is one of TABS; the ended ones come newest first. `after` is what the page before gave.
    """
    rows = _at_office(viewer).where(_in_tab(tab, on), _living()).with_only_columns(Referral.id).limit(PAGE + 1)
    place = _place(after)
    if tab == ENDED:
        rows = rows.order_by(Referral.id.desc())
        rows = rows.where(Referral.id < place[1]) if place else rows
    else:
        rows = rows.order_by(DUE, Referral.id)
        rows = rows.where(tuple_(DUE, Referral.id) > place) if place else rows
    return _page(_in_full(db.session.scalars(rows).all()))


def _in_full(ids: Sequence[UUID]) -> list[Referral]:
    """Read what a list shows of these, in their order: sorting an office's rows whole would cost many times as much."""
    rows = db.session.scalars(select(Referral).where(Referral.id.in_(ids)).options(*_listed()))
    found = {each.id: each for each in rows}
    return [found[each] for each in ids]


def to_answer(viewer: Viewer, limit: int) -> Sequence[Referral]:
    """Return what the viewer's own office has to answer, the earliest limit first; one more than `limit` at most."""
    rows = _at_office(viewer).where(Referral.state.in_(WITH_OFFICE), _living()).options(*_listed())
    return db.session.scalars(rows.order_by(DUE, Referral.id).limit(limit + 1)).all()


def at_office(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Referral]:
    """Return those of these referrals that were sent to the viewer's own office, whatever became of them, by id."""
    rows = _at_office(viewer).where(Referral.id.in_(set(ids)), _living()).options(*_listed())
    return {each.id: each for each in db.session.scalars(rows)}


def counts(viewer: Viewer, on: date) -> dict[str, int]:
    """Return how many referrals of the viewer's office stand under each tab.

    Of those that have ended, which grow more every year, one more than COUNTED_AT_MOST at most.
    """
    here = _at_office(viewer).where(_living())
    worked_on = [tab for tab in TABS if tab != ENDED]
    columns = [func.count(case((_in_tab(tab, on), 1))) for tab in worked_on]
    found = db.session.execute(here.where(Referral.state.in_(WITH_OFFICE)).with_only_columns(*columns)).one()
    ended = here.where(_in_tab(ENDED, on)).with_only_columns(literal(1)).limit(COUNTED_AT_MOST + 1).subquery()
    number = db.session.scalar(select(func.count()).select_from(ended)) or 0
    return dict(zip(worked_on, found, strict=True)) | {ENDED: number}


def one(viewer: Viewer, referral_id: UUID) -> Referral:
    """Return a referral of the viewer's side with its steps; anybody else's is as if absent (404)."""
    return _found(_of_viewer(viewer).where(Referral.id == referral_id).options(*_whole()))


def held(viewer: Viewer, referral_id: UUID) -> Referral:
    """Return a referral of the viewer's side as it is now, locked until the transaction ends."""
    return _found(
        _of_viewer(viewer)
        .where(Referral.id == referral_id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    )


def side_of(viewer: Viewer, referral: Referral) -> Side:
    """Return the side on which the viewer stands: the office that was asked, or the one that asks."""
    if viewer.role is Role.OFFICER and referral.office_id == viewer.office_id:
        return Side.RECEIVER
    if viewer.role is not Role.REGISTRAR or referral.from_office_id != viewer.office_id:
        outside_scope()
    return Side.SENDER


def sent(viewer: Viewer, after: str | None = None) -> Page:
    """Return what the viewer's office sent, the newest first."""
    place = _place(after)
    rows = _from_office(viewer).where(_living()).order_by(Referral.id.desc()).limit(PAGE + 1)
    rows = rows.where(Referral.id < place[1]) if place else rows
    return _page(db.session.scalars(rows.options(joinedload(Referral.child))).all())


def sent_counts(viewer: Viewer, on: date) -> SentCounts:
    """Return how many answers came in the last 14 days, and how many referrals are overdue."""
    columns = (func.count(case((_answered_since(on), 1))), func.count(case((_in_tab("overdue", on), 1))))
    return SentCounts(*db.session.execute(_from_office(viewer).where(_living()).with_only_columns(*columns)).one())


def count_overdue(viewer: Viewer, on: date) -> int:
    """Return how many referrals that the viewer's office sent are overdue."""
    late = _from_office(viewer).where(_in_tab("overdue", on), _living()).with_only_columns(func.count())
    return db.session.scalar(late) or 0


def recent_answers(viewer: Viewer, on: date, limit: int) -> Sequence[Referral]:
    """Return what offices answered or returned in the last 14 days, with child and office: whom to tell."""
    rows = _from_office(viewer).where(_answered_since(on), _living()).order_by(Referral.id.desc()).limit(limit)
    return db.session.scalars(rows.options(joinedload(Referral.child))).all()


def returned(viewer: Viewer, limit: int) -> Sequence[Referral]:
    """Return what offices gave back and nobody has sent again or withdrawn, with child and office."""
    rows = _from_office(viewer).where(Referral.state == State.RETURNED).order_by(Referral.id.desc()).limit(limit)
    return db.session.scalars(rows.options(joinedload(Referral.child))).all()


def last_returns(ids: Iterable[UUID]) -> dict[UUID, ReferralStep]:
    """Return by referral the step that gave it back last; the caller has checked who may see these."""
    steps = select(ReferralStep).where(ReferralStep.referral_id.in_(set(ids)), ReferralStep.move == Move.RETURN_)
    return {step.referral_id: step for step in db.session.scalars(steps.order_by(ReferralStep.id))}


def open_services(child_id: UUID) -> frozenset[str]:
    """Return the services of which the child has an open referral; the caller has seen that it may ask.

    Referrals of files that were merged into this one count: they are still to be answered, for the same child.
    """
    files = {child_id} | merged_into([child_id])
    rows = select(Referral.service).where(Referral.child_id.in_(files), Referral.state.in_(OPEN_STATES))
    return frozenset(db.session.scalars(rows))


def has_open(child_id: UUID, service: str) -> bool:
    """Tell whether the child has an open referral of this service."""
    return service in open_services(child_id)


def is_working_on(viewer: Viewer, child_ids: Iterable[UUID], service: str) -> bool:
    """Tell whether the viewer's own office has accepted a referral of one of these files that has not ended.

    `child_ids`: all files of one child; `service`: a code of the procedure.
    """
    accepted = Referral.service == service, Referral.state.in_(STATES_OF_TAB["in_progress"])
    rows = _at_office(viewer).where(Referral.child_id.in_(set(child_ids)), *accepted, _living())
    return db.session.scalar(rows.with_only_columns(Referral.id).limit(1)) is not None


def count_answered(prefixes: tuple[str, ...], digits: int | None = None) -> list[Counted]:
    """Count referrals by district, service and result, for statistics; no child can be told from them.

    `prefixes`: of the area to be counted; `digits`: of a district, see `areas.queries.district`. Drafts are
    not counted; what was withdrawn is unsolved. Read from the counts that are kept with the writes.
    """
    return [Counted._make(row) for row in kept.read(BY_RESULT, prefixes, digits, ("service", "result"))]


def _at_office(viewer: Viewer) -> Select[Referral]:
    """What the viewer's office has to answer. A protected child is as if absent."""
    return select(Referral).where(Referral.office_id == viewer.office_id, Referral.child_id.not_in(protected()))


def _from_office(viewer: Viewer) -> Select[Referral]:
    """What the viewer's office sent; of a protected child only for its one named registrar."""
    seen = Referral.child.has(ordinary_or_named(viewer))
    return select(Referral).where(Referral.from_office_id == viewer.office_id, seen)


def _living() -> ColumnElement[bool]:
    """No list names a child who has died, whatever became of its referrals; one who has grown up stays.

    A file that was merged into one whose child has died is that child's too.
    """
    return Referral.child_id.not_in(with_merged(deceased()))


def _of_viewer(viewer: Viewer) -> Select[Referral]:
    return _at_office(viewer) if viewer.role is Role.OFFICER else _from_office(viewer)


def _found(rows: Select[Referral]) -> Referral:
    referral = db.session.scalars(rows).unique().one_or_none()
    if referral is None:
        outside_scope()
    return referral


def _listed() -> tuple[ExecutableOption, ...]:
    """The child, and the schooling answers that say how urgent it is."""
    return (joinedload(Referral.child).options(schooling_loaded()),)


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Referral.child),
        joinedload(Referral.from_office),
        selectinload(Referral.steps),
    )


def _in_tab(tab: str, on: date) -> ColumnElement[bool]:
    there = Referral.state.in_(STATES_OF_TAB[tab])
    return and_(there, on > DUE) if tab == "overdue" else there


def _answered_since(on: date) -> ColumnElement[bool]:
    """Gave an outcome in the last 14 days, which the family waits for. What is returned is the sender's to mend."""
    since = datetime.combine(on - timedelta(days=RECENT_DAYS), time.min, ZONE)
    return Referral.steps.any(and_(ReferralStep.at >= since, ReferralStep.outcome_sealed.is_not(None)))


def _page(rows: Sequence[Referral]) -> Page:
    shown, last = cut(rows, PAGE)
    return Page(shown, _written_place(last) if last else None)


def _written_place(referral: Referral) -> str:
    due = referral.accept_by if referral.state == State.SENT else referral.answer_by
    return f"{due or date.min}.{referral.id.hex}"


def _place(after: str | None) -> tuple[date, UUID] | None:
    """Read where a page begins; what cannot be read begins at the beginning."""
    try:
        day, _, key = (after or "").partition(".")
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None
