"""The protected mark by four eyes: one protection officer asks to set or lift it, another confirms or refuses.

Referrals, transfers and matches of a protected child stay as they are, unseen: what reads them leaves the child out,
and shows them again once the mark is lifted. Whoever asks is told which services will lose sight of the child.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from registry.access import outside_scope
from registry.accounts.registrars import registrars_of
from registry.areas import queries as areas
from registry.audit import service as audit
from registry.children import county, protecting
from registry.clock import now
from registry.database import db
from registry.matching import service as matching
from registry.protection.models import ProtectionRequest
from registry.protection.service import StaleError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.children.county import Reached
    from registry.vault.codecs import JsonValue

SET, LIFT = "set", "lift"
CONFIRM, REFUSE, WITHDRAW = "confirmed", "refused", "withdrawn"
DECISIONS = (CONFIRM, REFUSE, WITHDRAW)
ENDED_SHOWN = 20


class AlreadyAskedError(Exception):
    """Somebody has asked for this file already, and nobody has decided yet."""


class SameEyesError(Exception):
    """Who asked may withdraw, and nothing else; everybody else may not withdraw."""


class UnfitRegistrarError(ValueError):
    """The named registrar is not, or no longer, an active one of the child's community."""


@dataclass(frozen=True)
class Wish:
    """What an officer asks for. `reason`: code of the list `protecting` or `lifting`; `registrar_id` only to set."""

    act: str
    registrar_id: UUID | None
    reason: str
    note: str | None


def ask(viewer: Viewer, request_id: UUID, child_id: UUID, wish: Wish) -> None:
    """Ask to set or lift the mark of a file within reach (else 404); the same id again changes nothing.

    Setting it for a protected file names another registrar. Raises AlreadyAskedError, UnfitRegistrarError, and
    StaleError when the file is no longer in the state that the wish supposes.
    """
    if _was_asked(viewer, request_id):
        return
    child = county.reached_one(viewer, child_id)
    _check(child, wish.act, wish.registrar_id)
    _end_left_behind(child)
    row = ProtectionRequest(
        id=request_id,
        child_id=child_id,
        county=child.county,
        act=wish.act,
        registrar_id=wish.registrar_id,
        asked_by=viewer.user_id,
        asked_at=now(),
        version=1,
    )
    said: JsonValue = {"code": wish.reason, "note": wish.note}
    row.reason = said
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if _was_asked(viewer, request_id):
            return  # the other click was first
        raise AlreadyAskedError from error
    audit.record("confidential_written", viewer=viewer, record=row.id)


def decide(viewer: Viewer, request_id: UUID, version: int, decision: str) -> None:
    """Confirm or refuse what another officer asked, or withdraw what one asked oneself; one of DECISIONS.

    A confirmed one takes effect in the same act. Raises SameEyesError, UnfitRegistrarError and StaleError (decided
    already, or the file has left the county or changed); answers as absent (404) outside the own county.
    """
    row = _held(viewer, request_id)
    if row.decided_at is not None or row.version != version:
        raise StaleError
    if (decision == WITHDRAW) != (row.asked_by == viewer.user_id):
        raise SameEyesError
    if decision == CONFIRM:
        _take_effect(viewer, row)
    row.decision, row.decided_by, row.decided_at = decision, viewer.user_id, now()
    row.version += 1
    audit.record("confidential_written", viewer=viewer, record=row.id)


def waiting(viewer: Viewer) -> Sequence[ProtectionRequest]:
    """Return what nobody has decided yet of children in the viewer's county, the oldest first."""
    rows = _whole(viewer).where(ProtectionRequest.decided_at.is_(None)).order_by(ProtectionRequest.id)
    return db.session.scalars(rows).all()


def ended(viewer: Viewer) -> Sequence[ProtectionRequest]:
    """Return the last 20 that were decided, the latest first."""
    rows = _whole(viewer).where(ProtectionRequest.decided_at.is_not(None))
    return db.session.scalars(rows.order_by(ProtectionRequest.decided_at.desc()).limit(ENDED_SHOWN)).all()


def waiting_for(child: Reached) -> ProtectionRequest | None:
    """Return what was asked for a file in the county where the child is now, and not decided."""
    open_ones = _open_for(child).where(ProtectionRequest.county == child.county)
    return db.session.scalars(open_ones).one_or_none()


def _end_left_behind(child: Reached) -> None:
    """What was asked in a county that the child has left is over: nobody there sees the file, nor who asked here."""
    for row in db.session.scalars(_open_for(child).where(ProtectionRequest.county != child.county)):
        row.decision, row.decided_at = WITHDRAW, now()
        row.version += 1
    db.session.flush()


def _open_for(child: Reached) -> Select[ProtectionRequest]:
    return select(ProtectionRequest).where(
        ProtectionRequest.child_id == child.child.id, ProtectionRequest.decided_at.is_(None)
    )


def _take_effect(viewer: Viewer, row: ProtectionRequest) -> None:
    child = county.reached(viewer, [row.child_id]).get(row.child_id)
    if child is None:
        raise StaleError  # it lives in another county now, whose officers decide
    _check(child, row.act, row.registrar_id)
    if row.act == LIFT:
        protecting.unprotect(viewer, row.child_id)
        matching.release(row.child_id)
    elif row.registrar_id is not None:
        protecting.protect(viewer, row.child_id, row.registrar_id)


def _check(child: Reached, act: str, registrar_id: UUID | None) -> None:
    if act == LIFT:
        if not child.child.protected:
            raise StaleError
    elif registrar_id not in {user.id for user in registrars_of(child.area_code)}:
        raise UnfitRegistrarError


def _was_asked(viewer: Viewer, request_id: UUID) -> bool:
    asked_by = db.session.scalar(select(ProtectionRequest.asked_by).where(ProtectionRequest.id == request_id))
    if asked_by not in (None, viewer.user_id):
        outside_scope()
    return asked_by is not None


def _held(viewer: Viewer, request_id: UUID) -> ProtectionRequest:
    wanted = select(ProtectionRequest).where(
        ProtectionRequest.id == request_id, areas.inside(ProtectionRequest.county, viewer.prefixes)
    )
    row = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    return row or outside_scope()


def _whole(viewer: Viewer) -> Select[ProtectionRequest]:
    return (
        select(ProtectionRequest)
        .options(
            joinedload(ProtectionRequest.child),
            joinedload(ProtectionRequest.registrar),
            joinedload(ProtectionRequest.asker),
            joinedload(ProtectionRequest.decider),
        )
        .where(areas.inside(ProtectionRequest.county, viewer.prefixes))
        .where(ProtectionRequest.child_id.in_(county.reachable(viewer)))  # of who has left, no name and no mark
    )
