"""Deputies: from a day to a day one person acts for another of the same role, at the other's office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from registry.access import outside_scope
from registry.accounts import queries, sessions
from registry.accounts.models import Deputy, User
from registry.areas.queries import offices_inside
from registry.audit import service as audit
from registry.clock import today
from registry.database import db

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute
    from sqlalchemy.orm.strategy_options import _AbstractLoad

    from registry.access import Viewer
    from registry.accounts.sessions import SignedIn

LONGEST_DAYS = 184  # half a year: what lasts longer is another person's post, not a deputy's
MOST_OFFERED = 500


class DeputyRefusedError(ValueError):
    """It cannot be so; `why` is who, order, past, long or overlap, told at `field`."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.why, self.field = why, field


def candidates(viewer: Viewer, user: User) -> list[User]:
    """Return who may act for this account: in use, of the same role, in the viewer's area; never the viewer."""
    rows = (
        select(User)
        .options(joinedload(User.office, innerjoin=True))
        .where(User.role == user.role, User.active, User.id.not_in((user.id, viewer.user_id)))
        .where(User.office_id.in_(offices_inside(viewer.prefixes)))
        .order_by(User.username)
        .limit(MOST_OFFERED)
    )
    return list(db.session.scalars(rows))


def of_account(user_id: UUID) -> list[Deputy]:
    """Return who acts for an account today or will, the earliest first."""
    rows = _standing().where(Deputy.user_id == user_id).options(_with(Deputy.deputy))
    return list(db.session.scalars(rows.order_by(Deputy.from_on, Deputy.id)))


def open_to(user_id: UUID) -> list[Deputy]:
    """Return for whom an account may act today, with their offices."""
    mine = _standing().where(Deputy.deputy_id == user_id, Deputy.from_on <= today()).options(_with(Deputy.user))
    return list(db.session.scalars(mine.order_by(Deputy.id)))


def name(viewer: Viewer, user_id: UUID, deputy_id: UUID, from_on: date, to_on: date) -> None:
    """Name a deputy from a day to a day, both included. The same again changes nothing.

    Raises DeputyRefusedError; answers 404 where the account is outside the viewer's area.
    """
    user = queries.held(viewer, user_id)
    if not user.active or deputy_id not in {each.id for each in candidates(viewer, user)}:
        raise DeputyRefusedError("who", "deputy")
    if to_on < from_on:
        raise DeputyRefusedError("order", "to_on")
    if to_on < today():
        raise DeputyRefusedError("past", "to_on")
    if (to_on - from_on).days >= LONGEST_DAYS:
        raise DeputyRefusedError("long", "to_on")
    same = [each for each in of_account(user_id) if each.deputy_id == deputy_id]
    if any((each.from_on, each.to_on) == (from_on, to_on) for each in same):
        return
    if any(each.from_on <= to_on and from_on <= each.to_on for each in same):
        raise DeputyRefusedError("overlap", "deputy")
    row = Deputy(user_id=user_id, deputy_id=deputy_id, from_on=from_on, to_on=to_on, made_by=viewer.user_id)
    db.session.add(row)
    audit.record("deputy_set", viewer=viewer, account=user_id, deputy=deputy_id)


def end(viewer: Viewer, user_id: UUID, row_id: UUID) -> None:
    """End a deputyship before its time; one that has ended stays as it is. 404 outside the viewer's area."""
    queries.account_of(viewer, user_id)
    row = db.session.get(Deputy, row_id)
    if row is None or row.user_id != user_id:
        outside_scope()
    if row.ended_on is None:
        _end(viewer, row)


def end_all_of(viewer: Viewer, user_id: UUID) -> None:
    """End every deputyship in which an account has a part, on either side."""
    for row in db.session.scalars(_standing().where(or_(Deputy.user_id == user_id, Deputy.deputy_id == user_id))):
        _end(viewer, row)


def act(viewer: Viewer, who: SignedIn, row_id: UUID | None) -> None:
    """Let this session act for another from the next page on, or for nobody but itself (None).

    Both the end of acting for one and the beginning for another are recorded. Answers 404 where nobody has named
    this account for it today.
    """
    if row_id is None:
        sessions.act_for(who.session_id, None)
        _ended(viewer, who)
        return
    row = next((each for each in open_to(who.user.id) if each.id == row_id), None)
    if row is None:
        outside_scope()
    if who.acting is not None and who.acting.id == row.id:
        return  # a second click
    sessions.act_for(who.session_id, row.id)
    _ended(viewer, who)
    audit.record("deputy_used", viewer=viewer, account=row.user_id, act="begun")


def _ended(viewer: Viewer, who: SignedIn) -> None:
    if who.acting is not None:
        audit.record("deputy_used", viewer=viewer, account=who.acting.user_id, act="ended")


def _end(viewer: Viewer, row: Deputy) -> None:
    row.ended_on = today()
    audit.record("deputy_set", viewer=viewer, account=row.user_id, deputy=row.deputy_id)


def _standing() -> Select[Deputy]:
    return select(Deputy).where(Deputy.ended_on.is_(None), Deputy.to_on >= today())


def _with(person: InstrumentedAttribute[User]) -> _AbstractLoad:
    return joinedload(person, innerjoin=True).joinedload(User.office, innerjoin=True)
