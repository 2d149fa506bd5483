"""Tables of the vault: the wrapped data keys, and the blind indexes that find a child without opening it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003
from uuid import UUID  # noqa: TC003

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Model, Row

EXCLUSIVE_INDEX = "uq_blind_index_exclusive"


class VaultKey(Model):
    """A data key, wrapped by the master key of the key file. The active one seals; the others only open."""

    __tablename__ = "vault_key"
    __table_args__ = (
        CheckConstraint("id > 0", name="id"),
        CheckConstraint("state IN ('active', 'opens')", name="state"),
        Index(
            "uq_vault_key_active",
            "state",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    suite: Mapped[int] = mapped_column(SmallInteger)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(6))
    created_at: Mapped[datetime] = mapped_column(default=now)


class BlindIndex(Row, Model):
    """A keyed hash of a value that must be found exactly, and the child that it leads to.

    An exclusive entry may be held by one child only: two offices registering the same child in the same
    second end with one file.
    """

    __tablename__ = "blind_index"
    __table_args__ = (
        Index("ix_blind_index_kind_token", "kind", "token"),
        Index(
            EXCLUSIVE_INDEX,
            "kind",
            "key_id",
            "token",
            unique=True,
            sqlite_where=text("exclusive = 1"),
            postgresql_where=text("exclusive"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(16))
    key_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("vault_key.id"))
    token: Mapped[bytes] = mapped_column(LargeBinary(16))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    exclusive: Mapped[bool] = mapped_column(default=False)
