"""Who answers for a child and who cares for it: beginning, changing and ending what an adult is to a child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select

from registry.audit import service as audit
from registry.children import together
from registry.children.facts import BY_ADULTS, GUARDIAN, by_adults, circumstances_of
from registry.children.history import record_change
from registry.children.kept import TOLD
from registry.children.models import Guardianship
from registry.children.queries import present_episode
from registry.children.reclassifying import reclassify
from registry.database import db

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.vault.codecs import JsonValue

CARES: Final = (GUARDIAN, "entrusted", "actual")  # in the order in which they stand on a file


def present(child: Child) -> list[Guardianship]:
    """Return what adults are to a child now: guardians first, then entrusted and actual carers."""
    now = [one for one in child.guardianships if one.ended_month is None]
    return sorted(now, key=lambda one: CARES.index(one.care))


def begin(viewer: Viewer, child_id: UUID, guardian_id: UUID, relation: str, care: str) -> None:
    """Let an adult answer or care for a child; one who did before does so again.

    `relation`: code of the list of that name, "" when nobody said; `care`: guardian, entrusted or actual. Whoever
    calls has checked that the viewer may change the file, and settles it afterwards.
    """
    row = _row(child_id, guardian_id)
    before = _told(row) if row and row.ended_month is None else None
    if row is None:
        row = Guardianship(child_id=child_id, guardian_id=guardian_id, relation=relation, care=care)
        db.session.add(row)
    row.relation, row.care, row.ended_month = relation, care, None
    db.session.flush()
    record_change(viewer, child_id, "guardian", guardian_id, "guardian_care", before, _told(row), TOLD)


def end(viewer: Viewer, child_id: UUID, guardian_id: UUID, on: date) -> None:
    """Say that an adult no longer answers or cares for a child; what it was stays in the file's history."""
    row = _row(child_id, guardian_id)
    if row is None or row.ended_month is not None:
        return
    row.ended_month = f"{on:%Y-%m}"
    db.session.flush()
    record_change(viewer, child_id, "guardian", guardian_id, "guardian_care", _told(row), None, TOLD)


def settle(viewer: Viewer, child: Child, on: date) -> None:
    """Let what follows from a child's guardians follow: its phones, and whether one of them lives with it."""
    db.session.flush()
    db.session.expire(child, ["guardianships"])
    together.renew_phones(viewer, [child.id])
    _settle_here(viewer, child, on)
    audit.record("child_changed", viewer=viewer, children=[child.id], field="carers", before=None)


def _settle_here(viewer: Viewer, child: Child, on: date) -> None:
    """As at intake: who lives here is told by relation; nobody here is not yet said to be alone.

    What the family told of it in one answer holds until something else is said of an adult.
    """
    episode = present_episode(child)
    told = circumstances_of(episode, viewer)
    said, before = by_adults(child), told.get("guardian_here")
    now = said or (before if before in ("alone", "refused", "") else "unknown")
    if now == before or said == told.pop(BY_ADULTS, None) or episode.side == "sending":
        return
    episode.circumstances = cast("JsonValue", {**told, "guardian_here": now})
    episode.version += 1
    record_change(viewer, child.id, "episode", episode.id, "guardian_here", before, now, TOLD)
    db.session.flush()
    reclassify(viewer, viewer, child, episode, on, TOLD)


def _row(child_id: UUID, guardian_id: UUID) -> Guardianship | None:
    return db.session.scalar(
        select(Guardianship).where(Guardianship.child_id == child_id, Guardianship.guardian_id == guardian_id)
    )


def _told(row: Guardianship) -> JsonValue:
    return {"relation": row.relation, "care": row.care}
