"""Reads of corrections inside the viewer's scope: what waits, what one asked for oneself, what is open for a child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.access import outside_scope
from registry.changes.models import Correction
from registry.children.queries import seen_by
from registry.database import cut, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.sql.base import ExecutableOption

    from registry.access import Viewer

ON_A_PAGE = 50
ASKED, APPROVED, REFUSED, WITHDRAWN = "asked", "approved", "refused", "withdrawn"


@dataclass(frozen=True)
class Page:
    """One page of a list; `after`: the id from which the next one follows, None on the last one."""

    corrections: Sequence[Correction]
    after: UUID | None


def waiting(viewer: Viewer, after: UUID | None = None) -> Page:
    """Return a page of the corrections that wait in the viewer's area, the oldest first."""
    rows = _seen(viewer).where(Correction.state == ASKED).order_by(Correction.id)
    return _page(rows.where(Correction.id > after) if after else rows)


def count_waiting(viewer: Viewer) -> int:
    """Return how many corrections wait for the viewer: of others, in the own area."""
    rows = select(func.count()).select_from(Correction).where(Correction.child_id.in_(seen_by(viewer)))
    return db.session.scalar(rows.where(Correction.state == ASKED, Correction.asked_by != viewer.user_id)) or 0


def own(viewer: Viewer, after: UUID | None = None) -> Page:
    """Return a page of what the viewer asked for, the latest first, where the file is still the viewer's to see."""
    rows = _seen(viewer).where(Correction.asked_by == viewer.user_id).order_by(Correction.id.desc())
    return _page(rows.where(Correction.id < after) if after else rows)


def count_decided(viewer: Viewer, since: datetime) -> int:
    """Return how many of the viewer's own corrections somebody decided since, of those that `own` lists."""
    mine = Correction.asked_by == viewer.user_id, Correction.child_id.in_(seen_by(viewer))
    rows = select(func.count()).select_from(Correction).where(*mine, Correction.state.in_((APPROVED, REFUSED)))
    return db.session.scalar(rows.where(Correction.decided_at >= since)) or 0


def one(viewer: Viewer, correction_id: UUID) -> Correction:
    """Return a correction of a file that the viewer sees; any other is as if absent (404)."""
    return _found(_seen(viewer).where(Correction.id == correction_id))


def held(viewer: Viewer, correction_id: UUID) -> Correction:
    """Return it as it is now, locked until the transaction ends."""
    locked = select(Correction).where(Correction.id == correction_id, Correction.child_id.in_(seen_by(viewer)))
    return _found(locked.with_for_update(of=Correction).execution_options(populate_existing=True))


def open_of(child_id: UUID) -> Correction | None:
    """Return what waits for a child whose file the viewer sees."""
    rows = select(Correction).where(Correction.child_id == child_id, Correction.state == ASKED)
    return db.session.scalars(rows.options(*_people())).first()


def latest_of(child_id: UUID) -> Correction | None:
    """Return the latest correction that was asked for a child whose file the viewer sees, whatever became of it."""
    rows = select(Correction).where(Correction.child_id == child_id).order_by(Correction.id.desc()).limit(1)
    return db.session.scalars(rows.options(*_people())).first()


def _seen(viewer: Viewer) -> Select[Correction]:
    return select(Correction).where(Correction.child_id.in_(seen_by(viewer))).options(*_people())


def _people() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Correction.child),
        joinedload(Correction.asker),
        joinedload(Correction.office),
        joinedload(Correction.decider),
    )


def _page(rows: Select[Correction]) -> Page:
    shown, last = cut(db.session.scalars(rows.limit(ON_A_PAGE + 1)).all(), ON_A_PAGE)
    return Page(shown, last.id if last else None)


def _found(rows: Select[Correction]) -> Correction:
    correction = db.session.scalars(rows).one_or_none()
    if correction is None:
        outside_scope()
    return correction
