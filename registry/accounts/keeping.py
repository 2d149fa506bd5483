"""Verbs of an administrator: making an account, changing it, letting its person leave and come back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from registry.access import Role
from registry.accounts import deputies, fitting, held, lockout, passwords, queries, sessions
from registry.accounts.models import User
from registry.areas import queries as areas
from registry.audit import service as audit
from registry.clock import now, today
from registry.database import db

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office

# Begins with a letter: an ID number or a phone number is no user name, since user names stand in the audit.
USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")


class AccountRefusedError(ValueError):
    """What was asked cannot be; `why` is taken, username, office, role, stale or last; `field` is where."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.why, self.field = why, field


@dataclass(frozen=True)
class Particulars:
    """Who has the account: name, role, office, and the language it begins in."""

    name: str
    role: str
    office_id: UUID
    language: str


@dataclass(frozen=True)
class Password:
    """A temporary password and what is stored of it: drawn before the transaction begins, as hashing is slow."""

    plain: str
    hashed: str


def draw_password() -> Password:
    """Draw a temporary password."""
    plain = passwords.temporary()
    return Password(plain, passwords.hash_password(plain))


def make_account(viewer: Viewer, username: str, who: Particulars, password: Password) -> User:
    """Make an account with a temporary password. Raises AccountRefusedError.

    Of two who take the same user name at once, the second is told as if the first had been long ago.
    """
    kept = queries.as_kept(username)
    if not USERNAME.fullmatch(kept):
        raise AccountRefusedError("username", "username")
    office = _fitting_office(viewer, who)
    user = User(
        username=kept,
        name=who.name,
        role=who.role,
        office_id=office.id,
        password_hash=password.hashed,
        must_change_password=True,
        language=who.language,
        created_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        raise AccountRefusedError("taken", "username") from error
    audit.record("account_made", viewer=viewer, account=user.id, role=user.role)
    return user


def change_account(viewer: Viewer, user_id: UUID, version: int, who: Particulars) -> None:
    """Change whose account it is. Another role or office ends its sessions and its part in deputyships.

    Raises AccountRefusedError; answers 404 outside the viewer's area.
    """
    user = _current(viewer, user_id, version)
    office = _fitting_office(viewer, who)
    changed = [field for field in ("role", "office_id", "language") if getattr(user, field) != getattr(who, field)]
    if user.name.open(viewer) != who.name:
        user.name = who.name
        changed.append("name")
    if "role" in changed and user.role == Role.ADMINISTRATOR.value:
        _keep_one_administrator(user)
    user.role, user.office_id, user.language = who.role, office.id, who.language
    if {"role", "office_id"} & set(changed):
        sessions.end_all(user.id, "administrator")
        deputies.end_all_of(viewer, user.id)
    if changed:
        user.version += 1
    for field in changed:
        audit.record("account_changed", viewer=viewer, account=user.id, field=field)


def leave(viewer: Viewer, user_id: UUID, version: int, *, discard: bool) -> User:
    """Close the account of a person who leaves: signed out at once, no way in, but still there in history.

    `discard`: what nobody else could go on with (drafts) is thrown away at once. Raises AccountRefusedError for
    the last administrator of the place.
    """
    user = _current(viewer, user_id, version)
    if user.role == Role.ADMINISTRATOR.value:
        _keep_one_administrator(user)
    user.active, user.left_on = False, today()
    user.version += 1
    sessions.end_all(user.id, "administrator")
    deputies.end_all_of(viewer, user.id)
    if discard:
        held.discard(user.id)
    audit.record("account_changed", viewer=viewer, account=user.id, field="left")
    return user


def come_back(viewer: Viewer, user_id: UUID, password: Password) -> User:
    """Open a closed account again, with a temporary password. Raises AccountRefusedError (office, role)."""
    user = queries.held(viewer, user_id)
    _fitting_office(viewer, Particulars("", user.role, user.office_id, user.language))
    user.active, user.left_on = True, None
    user.password_hash, user.must_change_password = password.hashed, True
    user.version += 1
    lockout.clear(db.session(), user.username)
    audit.record("account_changed", viewer=viewer, account=user.id, field="back")
    return user


def sign_out_office(office_id: UUID) -> None:
    """End every session at an office, whose area is another one from now on."""
    for user_id in queries.people_at(office_id):
        sessions.end_all(user_id, "administrator")


def _current(viewer: Viewer, user_id: UUID, version: int) -> User:
    user = queries.held(viewer, user_id)
    if user.version != version or not user.active:
        raise AccountRefusedError("stale", "name")
    return user


def _keep_one_administrator(user: User) -> None:
    if not queries.others_who_keep(user):
        raise AccountRefusedError("last", "role")


def _fitting_office(viewer: Viewer, who: Particulars) -> Office:
    office = areas.open_office(viewer.prefixes, who.office_id)
    if office is None:
        raise AccountRefusedError("office", "office")
    if not fitting.fits(who.role, office.kind):
        raise AccountRefusedError("role", "role")
    return office
