"""Reads of accounts: one by user name, those of an administrator's area, and the names of accounts by id."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from registry import access
from registry.accounts import lockout, sessions
from registry.accounts.models import User, UserSession
from registry.areas.queries import offices_inside
from registry.database import db, reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm.strategy_options import _AbstractLoad

    from registry.access import Viewer

ON_A_PAGE = 50


@dataclass(frozen=True)
class AccountRow:
    """One account as an administrator's list shows it. `open_sessions`: browsers signed in at this moment."""

    user: User
    locked_until: datetime | None
    open_sessions: int


def as_kept(username: str) -> str:
    """Return a user name as the table keeps it: plain letters, lower case."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def account_named(username: str) -> User | None:
    """Return the active account of a user name, with its office; the request's transaction does not begin."""
    with reading(), Session(db.engine) as session:
        return session.scalars(
            select(User).options(_with_office()).where(User.username == as_kept(username), User.active)
        ).one_or_none()


def accounts_of(viewer: Viewer, page: int, *, closed: bool = False) -> tuple[list[AccountRow], bool]:
    """Return one page (from 1) of the accounts in use in the viewer's area, or of the closed ones.

    Also whether another page follows.
    """
    found = db.session.scalars(
        select(User)
        .options(_with_office())
        .where(_inside(viewer), User.active.is_not(closed))
        .order_by(User.username)
        .offset((page - 1) * ON_A_PAGE)
        .limit(ON_A_PAGE + 1)
    ).all()
    shown = found[:ON_A_PAGE]
    opened = _open_sessions([user.id for user in shown])
    locked = lockout.locked(user.username for user in shown)
    rows = [AccountRow(user, locked.get(user.username), opened.get(user.id, 0)) for user in shown]
    return rows, len(found) > ON_A_PAGE


def account_of(viewer: Viewer, user_id: UUID) -> User:
    """Return an account that the administrator may act on: in the own area, and not the own one (404)."""
    user = db.session.scalars(
        select(User).options(_with_office()).where(User.id == user_id, _inside(viewer))
    ).one_or_none()
    if user is None or user.id == viewer.user_id:
        access.outside_scope()
    return user


def usernames(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the user names of accounts by their ids; one that is not there is left out."""
    rows = db.session.execute(select(User.id, User.username).where(User.id.in_(set(user_ids))))
    return {row.id: row.username for row in rows}


def _with_office() -> _AbstractLoad:
    return joinedload(User.office, innerjoin=True)


def _inside(viewer: Viewer) -> ColumnElement[bool]:
    return User.office_id.in_(offices_inside(viewer.prefixes))


def _open_sessions(user_ids: list[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(UserSession.user_id, func.count().label("number"))
        .where(UserSession.user_id.in_(user_ids), *sessions.still_open())
        .group_by(UserSession.user_id)
    )
    return {row.user_id: row.number for row in rows}
