"""Tables of accounts: users, their sessions, and failed attempts to sign in."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.areas.models import Office


class User(Row, Versioned, Model):
    """An account: one person, one role, one office."""

    __tablename__ = "user"

    username: Mapped[str] = mapped_column(String(60), unique=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = Sealed("user", "name")
    role: Mapped[str] = mapped_column(String(24))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    created_at: Mapped[datetime]
    left_on: Mapped[date | None]

    office: Mapped[Office] = relationship()


class UserSession(Row, Model):
    """One signed-in browser. The cookie holds a random token, this row only its hash."""

    __tablename__ = "user_session"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(20))
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deputy.id"))  # for whom it acts just now

    user: Mapped[User] = relationship()
    deputy: Mapped[Deputy | None] = relationship()


class Deputy(Row, Model):
    """From a day to a day one person acts for another: with the same role, for the other's office."""

    __tablename__ = "deputy"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)  # who is away
    deputy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    ended_on: Mapped[date | None]  # by somebody's act, before its time

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    deputy: Mapped[User] = relationship(foreign_keys=[deputy_id])

    def holds(self, on: date) -> bool:
        """Say whether one may act for the other on this day."""
        return self.ended_on is None and self.from_on <= on <= self.to_on


class SignInFailure(Model):
    """Failed attempts under one user name (its keyed hash, whether such an account exists or not)."""

    __tablename__ = "sign_in_failure"

    username_token: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
