"""Rows of a file's history, as the services keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children.models import Change
from registry.database import uuid7
from seed.demo.histories import instant_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.vault.codecs import JsonValue
    from seed.demo.world import Rows, World


def add_change(  # noqa: PLR0913, PLR0917 -- a change is these things, none of which goes with another
    rows: Rows,
    world: World,
    child: UUID,
    of: tuple[str, UUID],
    field: str,
    before: JsonValue,
    after: JsonValue,
    reason: str,
    on: date,
    office: UUID | None,
) -> None:
    """Add one change on a day. `of`: its subject and that row's id. `office`: who wrote it, None for time alone."""
    change, (subject, subject_id) = uuid7(), of
    rows[Change].append(
        {
            "id": change,
            "child_id": child,
            "at": instant_of(on),
            "user_id": world.places.staff[office] if office else None,
            "office_id": office,
            "subject": subject,
            "subject_id": subject_id,
            "field": field,
            "before_sealed": Change.before.seal_for(change, before),
            "after_sealed": Change.after.seal_for(change, after),
            "reason": reason,
        }
    )
