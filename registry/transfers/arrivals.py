"""Reads for the intake of children who arrive: transfers that wait for them in the viewer's area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.areas.queries import inside
from registry.database import db
from registry.transfers.models import Transfer
from sop.transfer import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select

    from registry.access import Viewer

MOST = 50  # children whom one community waits for at a time


def expected(viewer: Viewer, ids: Sequence[UUID]) -> list[Transfer]:
    """Return those of these transfers that still wait for the child to arrive in the viewer's area, in this order."""
    rows = db.session.scalars(_waiting(viewer).where(Transfer.id.in_(ids)))
    return sorted(rows, key=lambda transfer: ids.index(transfer.id))


def expected_at(viewer: Viewer, area_code: str) -> list[Transfer]:
    """Return the transfers that wait for a child to arrive in one community (12 digits) of the viewer's area."""
    return list(db.session.scalars(_waiting(viewer).where(Transfer.to_area == area_code).limit(MOST)))


def _waiting(viewer: Viewer) -> Select[Transfer]:
    """A file that was protected, merged or closed since is as if absent."""
    ordinary = Transfer.child.has(protected=False, merged_into=None, status="registered")
    there = inside(Transfer.to_area, viewer.prefixes)
    return select(Transfer).where(Transfer.state == State.ACCEPTED, there, ordinary).order_by(Transfer.id)
