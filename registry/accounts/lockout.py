"""Lock-out: attempts under a user name are counted in the database before the password is looked at."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import SignInFailure
from registry.clock import now
from registry.database import db, short_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

FAILURES = 5  # so many in a row lock the name
FIRST_LOCK = timedelta(minutes=15)  # the next five double it
LONGEST_LOCK = timedelta(hours=8)
FORGOTTEN = timedelta(days=1)  # after so long without an attempt it starts from nothing
TOKEN_BYTES = 16
PURPOSE = b"attempts to sign in:"


@dataclass(frozen=True)
class Attempt:
    """`refused`: the name was locked already. `locked_until`: it is locked now, unless this one is right."""

    refused: bool
    locked_until: datetime | None


def count(username: str) -> Attempt:
    """Count an attempt and say whether the password may be looked at.

    Counted first and in a transaction of its own, so that many attempts at once are not more attempts, and so
    that a refused request, which is rolled back, still counts. Unknown names are counted in the same way.
    Call it before the request's own transaction has begun.
    """
    at = now()
    with short_transaction() as session:
        session.execute(delete(SignInFailure).where(SignInFailure.last_at < at - FORGOTTEN))
        row = _row(session, _token(username), at)
        if row.locked_until is not None and row.locked_until > at:
            return Attempt(refused=True, locked_until=row.locked_until)
        row.failures += 1
        row.last_at = at
        row.locked_until = at + _lock(row.failures) if row.failures % FAILURES == 0 else None
        return Attempt(refused=False, locked_until=row.locked_until)


def clear(session: Session, username: str) -> None:
    """Forget the attempts under a name, after a right password or when an administrator unlocks it."""
    session.execute(delete(SignInFailure).where(SignInFailure.username_token == _token(username)))


def locked(usernames: Iterable[str]) -> dict[str, datetime]:
    """Return those of these user names that are locked now, and until when."""
    names = {_token(username): username for username in usernames}
    rows = db.session.execute(
        select(SignInFailure.username_token, SignInFailure.locked_until).where(
            SignInFailure.username_token.in_(names), SignInFailure.locked_until > now()
        )
    )
    return {names[token]: until for token, until in rows if until is not None}


def _row(session: Session, token: bytes, at: datetime) -> SignInFailure:
    row = session.get(SignInFailure, token, with_for_update=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = SignInFailure(username_token=token, failures=0, last_at=at)
            session.add(row)
    except IntegrityError:  # another attempt under this name was first
        return session.get_one(SignInFailure, token, with_for_update=True)
    return row


def _lock(failures: int) -> timedelta:
    doubled: int = 2 ** (failures // FAILURES - 1)
    return min(FIRST_LOCK * doubled, LONGEST_LOCK)


def _token(username: str) -> bytes:
    """Keyed, because people type a password into the wrong box; the row must not give it away."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, PURPOSE + username.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]
