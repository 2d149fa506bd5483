"""Verbs of accounts: sign in and out, change one's password, and what an administrator does for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.accounts import lockout, passwords, queries, sessions
from registry.accounts.models import User
from registry.audit import service as audit
from registry.database import db, short_transaction

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from registry.access import Viewer
    from registry.accounts.sessions import SignedIn


class WrongPasswordError(ValueError):
    """The password is not right, or the name is locked; `locked_until` is then the end of it."""

    def __init__(self, locked_until: datetime | None) -> None:
        super().__init__("locked" if locked_until else "wrong")
        self.locked_until = locked_until


def sign_in(username: str, password: str) -> SignedIn:
    """Begin a session. Raises WrongPasswordError; unknown names and closed accounts get the same."""
    name = queries.as_kept(username)
    user = queries.account_named(name)
    _confirm(name, user, password)
    if user is None:
        raise WrongPasswordError(None)
    begun = sessions.begin(user)
    audit.record("signed_in", viewer=sessions.viewer_of(user))
    return begun


def sign_out(viewer: Viewer, who: SignedIn) -> None:
    """End this session; the account's other ones go on."""
    sessions.end(who.session_id, "own")
    audit.record("signed_out", viewer=viewer, why="own")


def change_password(viewer: Viewer, who: SignedIn, current: str, new: str) -> SignedIn:
    """Set one's own new password; every session of the account ends and a new one begins here.

    Raises WrongPasswordError for the present one, which is counted as attempts to sign in are, and
    PasswordRefusedError for the new one.
    """
    username = who.user.username
    _confirm(username, who.user, current)
    passwords.check_new(new, username=username, stored=who.user.password_hash)
    hashed = passwords.hash_password(new)  # slow on purpose: before the transaction begins
    user = db.session.get_one(User, who.user.id)
    user.password_hash = hashed
    user.must_change_password = False
    sessions.end_all(user.id, "password")
    audit.record("password_changed", viewer=viewer)
    return sessions.begin(user)


def reset_password(viewer: Viewer, user_id: UUID) -> tuple[User, str]:
    """Give an account a temporary password, to be changed at the first sign-in, and return both.

    Its sessions end. Answers 404 for an account outside the viewer's area.
    """
    password = passwords.temporary()
    hashed = passwords.hash_password(password)
    user = queries.account_of(viewer, user_id)
    user.password_hash = hashed
    user.must_change_password = True
    lockout.clear(db.session(), user.username)
    sessions.end_all(user.id, "administrator")
    audit.record("password_reset", viewer=viewer, account=user.id)
    return user, password


def end_sessions(viewer: Viewer, user_id: UUID) -> None:
    """End every session of an account. Answers 404 for an account outside the viewer's area."""
    user = queries.account_of(viewer, user_id)
    sessions.end_all(user.id, "administrator")
    audit.record("sessions_ended", viewer=viewer, account=user.id)


def unlock(viewer: Viewer, user_id: UUID) -> None:
    """Let a locked account try again at once. Answers 404 for an account outside the viewer's area."""
    user = queries.account_of(viewer, user_id)
    lockout.clear(db.session(), user.username)
    audit.record("account_unlocked", viewer=viewer, account=user.id)


def _confirm(username: str, user: User | None, password: str) -> None:
    """Raise WrongPasswordError unless it is the password and the name is not locked.

    A wrong one counts, a right one ends the count at once, whatever becomes of the request.
    """
    attempt = lockout.count(username)
    if attempt.refused or not passwords.matches(user.password_hash if user else None, password):
        _note_failure(user, attempt.refused)
        raise WrongPasswordError(attempt.locked_until)
    with short_transaction() as session:
        lockout.clear(session, username)


def _note_failure(user: User | None, locked: bool) -> None:
    """Nobody is known to have tried; an account that exists is named to the auditors of its area."""
    area, account = (user.office.area_code, user.id) if user else (None, None)
    audit.note("sign_in_failed", viewer=None, area_code=area, account=account, locked=locked)
