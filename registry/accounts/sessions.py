"""Sessions: rows in the database, so that they can be ended; the cookie holds a random token, no more."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Date, bindparam, exists, select, update
from sqlalchemy.orm import Session, joinedload

from registry.access import Role, Viewer, viewer_for
from registry.accounts.models import Deputy, User, UserSession
from registry.areas.queries import scope_prefixes
from registry.clock import now, today
from registry.database import db, reading, short_transaction

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.settings import Settings

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in: the token in the cookie, the row that it stands for, and the account with its office.

    `acting`: for whom this session acts just now, with that person's office. `may_act`: whether the account is
    anybody's deputy today.
    """

    token: str
    session_id: UUID
    user: User
    acting: Deputy | None = None
    may_act: bool = False


@dataclass(frozen=True)
class Arrival:
    """What a token stands for: somebody signed in, or a session that ended and why (see `why_ended`).

    `idle`: whose it was, where nothing but idleness ended it.
    """

    signed_in: SignedIn | None = None
    ended: str | None = None
    idle: User | None = None


def find(token: str) -> Arrival:
    """Return whose session a token is, in one query of its own, so that the request's has not begun yet."""
    with reading(), Session(db.engine) as session:
        found = session.execute(_of_token(), {"token": _hash(token), "day": today()}).one_or_none()
    if found is None:
        return Arrival()
    row, may_act = found
    at = now()
    if why := why_ended(row, at, current_app.extensions["settings"]):
        return Arrival(ended=why, idle=row.user if why == "idle" else None)
    if at - row.seen_at >= SEEN_EVERY:
        _seen(row.id, at)
    acting = row.deputy if row.deputy is not None and row.deputy.holds(today()) else None
    return Arrival(SignedIn(token, row.id, row.user, acting, may_act))


def why_ended(row: UserSession, at: datetime, settings: Settings) -> str | None:
    """Return why a session counts no more: own, password, administrator, absolute, idle; None if it does."""
    if row.ended_at is not None:
        return row.ended_why
    if not row.user.active:
        return "administrator"
    if at - row.began_at >= timedelta(hours=settings.session_hours):
        return "absolute"
    if at - row.seen_at >= timedelta(minutes=settings.idle_minutes):
        return "idle"
    return None


def still_open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a row is a session that still counts, as `why_ended` reckons it."""
    at, settings = now(), current_app.extensions["settings"]
    return (
        UserSession.ended_at.is_(None),
        UserSession.began_at > at - timedelta(hours=settings.session_hours),
        UserSession.seen_at > at - timedelta(minutes=settings.idle_minutes),
    )


def begin(user: User) -> SignedIn:
    """Begin a session of an account, under a token that nobody has had before."""
    token, at = secrets.token_urlsafe(32), now()
    row = UserSession(user_id=user.id, token_hash=_hash(token), began_at=at, seen_at=at)
    db.session.add(row)
    return SignedIn(token, row.id, user)


def end(session_id: UUID, why: str) -> None:
    """End one session; one that has ended keeps its own reason."""
    _end(UserSession.id == session_id, why)


def end_all(user_id: UUID, why: str) -> None:
    """End every session of an account."""
    _end(UserSession.user_id == user_id, why)


def act_for(session_id: UUID, deputy_id: UUID | None) -> None:
    """Let a session act for whom this row says, or for nobody but itself again."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(deputy_id=deputy_id))


def viewer_of(user: User, acting: Deputy | None = None) -> Viewer:
    """Return who looks when this account, with its office loaded, is signed in.

    A deputy has role, office and area of the person who is away, and remains who it is: every act stands in
    the audit under the deputy's own account, with whom it acted for.
    """
    place = acting.user if acting else user
    viewer = viewer_for(
        user_id=user.id,
        role=Role(place.role),
        office_id=place.office_id,
        area_code=place.office.area_code,
        prefixes=scope_prefixes(place.office.area_code),
        language=user.language,
    )
    return replace(viewer, acting_for=acting.user_id) if acting else viewer


@cache
def _of_token() -> Select[UserSession, bool]:
    """Every page asks this: put together once, with `token` (its hash) and `day` left open."""
    whose = joinedload(UserSession.user, innerjoin=True).joinedload(User.office, innerjoin=True)
    acting = joinedload(UserSession.deputy).joinedload(Deputy.user).joinedload(User.office)
    rows = select(UserSession, _is_a_deputy()).options(whose, acting)
    return rows.where(UserSession.token_hash == bindparam("token"))


def _is_a_deputy() -> ColumnElement[bool]:
    day = bindparam("day", type_=Date)
    named = Deputy.deputy_id == UserSession.user_id
    return exists().where(named, Deputy.from_on <= day, Deputy.to_on >= day, Deputy.ended_on.is_(None))


def _end(which: ColumnElement[bool], why: str) -> None:
    ended = update(UserSession).where(UserSession.ended_at.is_(None), which)
    db.session.execute(ended.values(ended_at=now(), ended_why=why))


def _seen(session_id: UUID, at: datetime) -> None:
    """Renew the session, at most once a minute: otherwise every page that is read would be a write."""
    with short_transaction() as session:
        seen = update(UserSession).where(UserSession.id == session_id, UserSession.seen_at < at)
        session.execute(seen.values(seen_at=at))


def _hash(token: str) -> str:
    """A plain hash is enough for 256 random bits: a thief of the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()
