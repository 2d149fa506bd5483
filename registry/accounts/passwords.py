"""Passwords: how they are hashed and compared, which ones are refused, and how a temporary one is made."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

MEMORY_KIB = 19 * 1024  # OWASP's first choice of argon2id: 19 MiB, two passes, one lane
PASSES = 2
SHORTEST = 10
LONGEST = 128
TEMPORARY_GROUPS = 3
TEMPORARY_GROUP = 4
PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read aloud or copied
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii").split())


class PasswordRefusedError(ValueError):
    """A new password that may not be used; `why` is short, long, username, common or same."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def hash_password(password: str) -> str:
    """Return what is stored for a password: argon2id with a salt of its own."""
    return _hasher().hash(_as_typed_anywhere(password))


def matches(stored: str | None, password: str) -> bool:
    """Say whether this is the password. Without a stored hash (no such account): no, after as long a time."""
    try:
        right = _hasher().verify(stored or _hash_of_nobody(_hasher()), _as_typed_anywhere(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def check_new(password: str, *, username: str, stored: str) -> None:
    """Raise PasswordRefusedError unless this may be the new password; `stored` is the present one's hash."""
    plain = _as_typed_anywhere(password)
    if len(plain) < SHORTEST:
        raise PasswordRefusedError("short")
    if len(plain) > LONGEST:
        raise PasswordRefusedError("long")
    if username.casefold() in plain.casefold():
        raise PasswordRefusedError("username")
    if plain.casefold() in COMMON or len(set(plain)) == 1:
        raise PasswordRefusedError("common")
    if matches(stored, password):
        raise PasswordRefusedError("same")


def temporary() -> str:
    """Return a random password that can be read out: three groups of four signs, about 59 bits."""
    groups = range(TEMPORARY_GROUPS)
    return "-".join("".join(secrets.choice(PLAIN_SIGNS) for _ in range(TEMPORARY_GROUP)) for _ in groups)


def _as_typed_anywhere(password: str) -> str:
    """One password however a keyboard composes it: full-width letters of an input method are plain ones."""
    return unicodedata.normalize("NFKC", password)


def _hasher() -> PasswordHasher:
    return cast("PasswordHasher", current_app.config["PASSWORD_HASHER"])


@lru_cache(maxsize=2)
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash to compare with when there is no account, made as every other one is."""
    return hasher.hash(secrets.token_urlsafe())


def init_app(app: Flask) -> None:
    """Set the hasher; tests put a cheaper one in its place."""
    app.config["PASSWORD_HASHER"] = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
