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
from registry.areas.queries import offices_inside, open_among, scope_prefixes
from registry.database import cut, db, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm.strategy_options import _AbstractLoad

    from registry.access import Viewer
    from registry.areas.models import Office

ON_A_PAGE = 50


@dataclass(frozen=True)
class AccountFilter:
    """What the list is narrowed to; None leaves a column alone. `closed`: the accounts that are out of use."""

    office: UUID | None = None
    role: str | None = None
    closed: bool = False


@dataclass(frozen=True)
class AccountRow:
    """One account as an administrator's list shows it. `open_sessions`: browsers signed in at this moment."""

    user: User
    locked_until: datetime | None
    open_sessions: int


@dataclass(frozen=True)
class AccountPage:
    """One page of the list. `after`: the account from which the next one follows, None on the last one."""

    rows: list[AccountRow]
    after: UUID | None


def as_kept(username: str) -> str:
    """Return a user name as the table keeps it: plain letters, lower case."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def account_named(username: str) -> User | None:
    """Return the active account of a user name, with its office; the request's transaction does not begin."""
    with reading(), Session(db.engine) as session:
        return session.scalars(
            select(User).options(_with_office()).where(User.username == as_kept(username), User.active)
        ).one_or_none()


def accounts_of(viewer: Viewer, wanted: AccountFilter, after: UUID | None = None) -> AccountPage:
    """Return a page of the accounts of the viewer's area in the order of their user names."""
    rows = select(User).options(_with_office()).where(_inside(viewer), *_conditions(wanted)).order_by(User.username)
    if after is not None:
        rows = rows.where(User.username > select(User.username).where(User.id == after).scalar_subquery())
    shown, last = cut(db.session.scalars(rows.limit(ON_A_PAGE + 1)).all(), ON_A_PAGE)
    return AccountPage(_rows(shown), last.id if last else None)


def account_of(viewer: Viewer, user_id: UUID) -> User:
    """Return an account that the administrator may act on, as it is now: in the own area, not the own one (404)."""
    user = db.session.scalars(
        select(User)
        .options(_with_office())
        .where(User.id == user_id, _inside(viewer))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if user is None or user.id == viewer.user_id:
        access.outside_scope()
    return user


def account_row(viewer: Viewer, user_id: UUID) -> AccountRow:
    """Return an account of the viewer's area as its own page shows it (404)."""
    return _rows([account_of(viewer, user_id)])[0]


def held(viewer: Viewer, user_id: UUID) -> User:
    """Return an account that the administrator may act on, locked until the transaction ends (404).

    With an administrator's all administrators' are locked, in the order of their ids: two who remove each other
    wait for each other, and the second sees what the first has done.
    """
    user = account_of(viewer, user_id)
    keeper = User.role == access.Role.ADMINISTRATOR.value
    which = keeper if user.role == access.Role.ADMINISTRATOR.value else User.id == user_id
    db.session.execute(select(User.id).where(which).order_by(User.id).with_for_update())
    return account_of(viewer, user_id)


def others_who_keep(user: User) -> int:
    """Count the other administrators in use whose area holds this account's office."""
    keepers = select(User).options(_with_office()).where(User.role == access.Role.ADMINISTRATOR.value, User.active)
    found = db.session.scalars(keepers.where(User.id != user.id)).all()
    return sum(user.office.area_code.startswith(scope_prefixes(each.office.area_code)) for each in found)


def usernames(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the user names of accounts by their ids; one that is not there is left out."""
    rows = db.session.execute(select(User.id, User.username).where(User.id.in_(set(user_ids))))
    return {row.id: row.username for row in rows}


def people(user_ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return accounts by their ids, with their offices, in one statement: who did something, for its history."""
    rows = select(User).options(_with_office()).where(User.id.in_(set(user_ids)))
    return {each.id: each for each in db.session.scalars(rows)}


def taken(usernames_asked: Iterable[str]) -> set[str]:
    """Return those of these user names (as kept) that an account has, wherever it is."""
    return set(db.session.scalars(select(User.username).where(User.username.in_(set(usernames_asked)))))


def in_use_at(office_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the accounts in use at these offices; an office without any is left out."""
    rows = select(User.office_id, func.count().label("number")).where(User.office_id.in_(set(office_ids)), User.active)
    return {row.office_id: row.number for row in db.session.execute(rows.group_by(User.office_id))}


def people_at(office_id: UUID) -> list[UUID]:
    """Return the ids of the accounts in use at an office."""
    return list(db.session.scalars(select(User.id).where(User.office_id == office_id, User.active)))


def roles_in_use_at(office_id: UUID) -> set[str]:
    """Return the roles of the accounts in use at an office."""
    return set(db.session.scalars(select(User.role).where(User.office_id == office_id, User.active).distinct()))


def offices_with(role: access.Role) -> list[Office]:
    """Return the open offices at which an account of a role is in use, wherever they are, by their area."""
    return open_among(select(User.office_id).where(User.role == role.value, User.active))


def offices_with_accounts(viewer: Viewer) -> list[UUID]:
    """Return the ids of the offices in the viewer's area that have an account, for the choice of a filter."""
    return list(db.session.scalars(select(User.office_id).where(_inside(viewer)).distinct()))


def _conditions(wanted: AccountFilter) -> Iterator[ColumnElement[bool]]:
    yield User.active.is_not(wanted.closed)
    if wanted.office is not None:
        yield User.office_id == wanted.office
    if wanted.role is not None:
        yield User.role == wanted.role


def _rows(users: list[User]) -> list[AccountRow]:
    opened = _open_sessions([user.id for user in users])
    locked = lockout.locked(user.username for user in users)
    return [AccountRow(user, locked.get(user.username), opened.get(user.id, 0)) for user in users]


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
