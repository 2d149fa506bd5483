"""Reads of referrals inside the viewer's scope: one referral, who may have it, and what is asked for a child.

Lists are read in `office_list` and `sent_list`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from registry.access import Role, Viewer, outside_scope
from registry.areas.codes import full
from registry.areas.queries import open_offices, scope_prefixes
from registry.children.filters import deceased
from registry.children.merging import merged_into, with_merged
from registry.children.queries import hold_together, ordinary_or_named, protected, schooling_loaded
from registry.counts import queries as kept
from registry.counts.tallies import BY_RESULT
from registry.database import db
from registry.referrals import confidential
from registry.referrals.holding import in_order
from registry.referrals.models import Referral, ReferralStep
from sop.referral import IN_HAND, OPEN_STATES, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.sql.base import ExecutableOption

    from registry.areas.models import Office


class Counted(NamedTuple):
    """Referrals of one district, service and result (open, solved, unsolved)."""

    district: str
    service: str
    result: str
    number: int


def at_office(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Referral]:
    """Return those of these referrals that were sent to the viewer's own office, whatever became of them, by id."""
    rows = at_desk(viewer).where(Referral.id.in_(set(ids)), living()).options(*listed())
    return {each.id: each for each in db.session.scalars(rows)}


def one(viewer: Viewer, referral_id: UUID) -> Referral:
    """Return a referral of the viewer's side with its steps; anybody else's is as if absent (404)."""
    return _found(of_viewer(viewer).where(Referral.id == referral_id).options(*_whole()))


def hold_files(referral_ids: Iterable[UUID]) -> None:
    """Hold the files of the children whom these are about, as whoever writes one does before its referrals."""
    hold_together(db.session.scalars(select(Referral.child_id).where(Referral.id.in_(set(referral_ids)))).all())


def held(viewer: Viewer, referral_id: UUID) -> Referral:
    """Return a referral of the viewer's side as it is now, locked until the transaction ends, and the file before it.

    What an office answers is written into the file.
    """
    hold_files([referral_id])
    return _found(in_order(of_viewer(viewer).where(Referral.id == referral_id), Referral))


def side_of(viewer: Viewer, referral: Referral) -> Side:
    """Return the side on which the viewer stands: the office that was asked, or the one that asks."""
    if viewer.role is Role.OFFICER and confidential.is_at(referral, viewer.office_id):
        return Side.RECEIVER
    if viewer.role is not Role.REGISTRAR or referral.from_office_id != viewer.office_id:
        outside_scope()
    return Side.SENDER


def open_services(viewer: Viewer, child_id: UUID) -> frozenset[str]:
    """Return the services of which the child has an open referral; the caller has seen that it may ask.

    Referrals of files that were merged into this one count: they are still to be answered, for the same child.
    """
    files = {child_id} | merged_into([child_id])
    rows = select(Referral).where(Referral.child_id.in_(files), Referral.state.in_(OPEN_STATES))
    return frozenset(confidential.code_of(each, viewer) for each in db.session.scalars(rows))


def is_working_on(viewer: Viewer, child_ids: Iterable[UUID], service: str) -> bool:
    """Tell whether the viewer's own office has accepted a referral of one of these files that has not ended.

    `child_ids`: all files of one child; `service`: a code of the procedure.
    """
    rows = _worked_on(viewer, child_ids, service)
    return db.session.scalar(rows.with_only_columns(Referral.id).limit(1)) is not None


def worked_on(viewer: Viewer, child_ids: Iterable[UUID], service: str) -> Sequence[Referral]:
    """Return these referrals; arguments as for `is_working_on`."""
    return db.session.scalars(_worked_on(viewer, child_ids, service).order_by(Referral.id)).all()


def _worked_on(viewer: Viewer, child_ids: Iterable[UUID], service: str) -> Select[Referral]:
    accepted = Referral.service == service, Referral.state.in_(IN_HAND)
    return at_desk(viewer).where(Referral.child_id.in_(set(child_ids)), *accepted, living())


def count_answered(prefixes: tuple[str, ...], digits: int | None = None) -> list[Counted]:
    """Count referrals by district, service and result, for statistics; no child can be told from them.

    `prefixes`: of the area to be counted; `digits`: of a district, see `areas.queries.district`. Drafts are
    not counted; what was withdrawn is unsolved. Read from the counts that are kept with the writes.
    """
    return [Counted._make(row) for row in kept.read(BY_RESULT, prefixes, digits, ("service", "result"))]


def at_desk(viewer: Viewer) -> Select[Referral]:
    """What the viewer's office has to answer. A protected child is as if absent."""
    return select(Referral).where(confidential.at_office(viewer.office_id), Referral.child_id.not_in(protected()))


def from_own(viewer: Viewer) -> Select[Referral]:
    """What the viewer's office sent; of a protected child only for its one named registrar."""
    seen = Referral.child.has(ordinary_or_named(viewer))
    return select(Referral).where(Referral.from_office_id == viewer.office_id, seen)


def living() -> ColumnElement[bool]:
    """No list names a child who has died, whatever became of its referrals; one who has grown up stays.

    A file that was merged into one whose child has died is that child's too.
    """
    return Referral.child_id.not_in(with_merged(deceased()))


def shown_to_offices() -> ColumnElement[bool]:
    """Whom lists, counts and letters of the answering side may name: nobody protected, and nobody who has died."""
    return Referral.child_id.not_in(protected()) & living()


def is_overdue(on: date) -> ColumnElement[bool]:
    """Whoever has it to answer is past the day that counts."""
    return Referral.due_on < on


def last_steps(ids: Iterable[UUID], *conditions: ColumnElement[bool]) -> dict[UUID, ReferralStep]:
    """Return by referral its last step that fits; the caller has checked who may see these. One statement."""
    newest = func.row_number().over(partition_by=ReferralStep.referral_id, order_by=ReferralStep.id.desc())
    fitting = select(ReferralStep.id, newest.label("place"))
    ranked = fitting.where(ReferralStep.referral_id.in_(set(ids)), *conditions).subquery()
    rows = select(ReferralStep).join(ranked, ranked.c.id == ReferralStep.id).where(ranked.c.place == 1)
    return {step.referral_id: step for step in db.session.scalars(rows)}


def of_viewer(viewer: Viewer) -> Select[Referral]:
    """Return the referrals of the viewer's side: those its office has to answer or had, or those it sent."""
    return at_desk(viewer) if viewer.role is Role.OFFICER else from_own(viewer)


def _found(rows: Select[Referral]) -> Referral:
    referral = db.session.scalars(rows).unique().one_or_none()
    if referral is None:
        outside_scope()
    return referral


def offices_that_may_take(viewer: Viewer, referral: Referral) -> list[Office]:
    """Return the open offices of the child's city that may answer the service, but for the one that has it."""
    kinds = confidential.service_of(referral, viewer).office_kinds
    city = scope_prefixes(full(referral.area_code[:4]))
    return [each for each in open_offices(city, kinds) if not confidential.is_at(referral, each.id)]


def listed() -> tuple[ExecutableOption, ...]:
    """The child, and the schooling answers that say how urgent it is."""
    return (joinedload(Referral.child).options(schooling_loaded()),)


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Referral.child),
        joinedload(Referral.from_office),
        selectinload(Referral.steps),
    )
