"""Reads of the registrars of one community: who may be named as the second reader of a protected file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.access import Role
from registry.accounts.models import User
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID


def registrars_of(area_code: str) -> Sequence[User]:
    """Return the active registrars whose office is at a community (12 digits), in the order of their accounts."""
    rows = (
        select(User)
        .where(User.office.has(area_code=area_code), User.role == Role.REGISTRAR.value, User.active)
        .order_by(User.username)
    )
    return db.session.scalars(rows).all()


def working_at(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return by account the community (12 digits) of those of them who are active registrars now."""
    active = (User.id.in_(set(user_ids)), User.role == Role.REGISTRAR.value, User.active)
    rows = db.session.scalars(select(User).where(*active).options(joinedload(User.office)))
    return {user.id: user.office.area_code for user in rows}
