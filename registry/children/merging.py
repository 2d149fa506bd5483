"""Two files of one child: the merged one points to the kept one, and no row moves, so that it can be undone."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from registry.areas import queries as areas
from registry.audit import service as audit
from registry.children.models import Child, Episode
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm.interfaces import ORMOption

    from registry.access import Viewer

MERGED = "merged"
READ_TOGETHER = ("episodes", "schooling", "referrals")  # of all files of one child, the latest first


class MergeError(Exception):
    """One of the two files cannot be merged any more: merged already, protected, or gone."""


class Standing(NamedTuple):
    """Where a file stands: the 12-digit area of its latest episode, and whether it was merged or is protected."""

    area_code: str
    merged_into: UUID | None
    protected: bool


def merge(viewer: Viewer, child_id: UUID, into: UUID) -> str:
    """Let one file stand for two: `child_id` points to `into`. Return the status that the merged one had.

    Whoever calls has checked that the viewer may decide about both. Raises MergeError.
    """
    files = {file.id: file for file in locked([child_id, into])}
    if len(files) != 2 or any(file.merged_into or file.protected for file in files.values()):  # noqa: PLR2004 -- a pair
        raise MergeError
    merged = files[child_id]
    before, merged.status, merged.merged_into = merged.status, MERGED, into
    _changed(viewer, merged)
    return before


def part(viewer: Viewer, child_id: UUID, status: str) -> None:
    """Let a merged file stand for itself again, with the status that it had. Raises MergeError when it does already."""
    files = locked([child_id])
    if not files or files[0].merged_into is None:
        raise MergeError
    files[0].status, files[0].merged_into = status, None
    _changed(viewer, files[0])


def locked(ids: Iterable[UUID]) -> list[Child]:
    """Return these files as they are now, held until the transaction ends, in the same order by everybody."""
    rows = select(Child).where(Child.id.in_(set(ids))).order_by(Child.id).with_for_update(key_share=True)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def standing_of(ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Return where files stand, merged ones too; one that has no latest episode is left out. Knows nothing of scope."""
    rows = db.session.execute(
        select(Child.id, Episode.area_code, Child.merged_into, Child.protected)
        .join(Child.episodes)
        .where(Child.id.in_(set(ids)), Episode.latest)
    )
    return {row[0]: Standing(*row[1:]) for row in rows}


def of_area(viewer: Viewer) -> Select[UUID]:
    """Return the statement for the ids of files whose latest episode lies in the viewer's area, merged ones too.

    Protected files are never among them.
    """
    inside = areas.inside(Episode.area_code, viewer.prefixes)
    return select(Child.id).join(Child.episodes).where(Episode.latest, inside, Child.protected.is_(False))


def merged_into(child_ids: Iterable[UUID]) -> set[UUID]:
    """Return the ids of the files that were merged into these, at however many removes."""
    found: set[UUID] = set()
    wanted = set(child_ids)
    while wanted:
        wanted = set(db.session.scalars(select(Child.id).where(Child.merged_into.in_(wanted)))) - found
        found |= wanted
    return found


def files_of(child_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return each of these files and all that were merged into them, at however many removes, with the kept one.

    One statement, however many they are.
    """
    files = select(Child.id, Child.id.label("kept")).where(Child.id.in_(set(child_ids))).cte(recursive=True)
    files = files.union(select(Child.id, files.c.kept).join(files, Child.merged_into == files.c.id))
    return {row.id: row.kept for row in db.session.execute(select(files.c.id, files.c.kept))}


def with_merged(which: ColumnElement[bool]) -> Select[UUID]:
    """Return the statement for the ids of the files that `which` speaks of, and all that were merged into them.

    `which`: a condition on child; at however many removes.
    """
    there = select(Child.id).where(which).cte(recursive=True)
    there = there.union(select(Child.id).join(there, Child.merged_into == there.c.id))
    return select(there.c.id)


def merged_with(files: Select[UUID]) -> Select[UUID]:
    """Return the statement for the ids of the files that were merged into these, at however many removes."""
    return with_merged(Child.merged_into.is_not(None) & Child.merged_into.in_(files))


def read_together(child: Child, options: Sequence[ORMOption]) -> Child:
    """Return a kept file with the episodes, schooling and referrals of the files merged into it beside its own.

    `options`: what to load of those files. Nothing is written: the lists are only read together.
    """
    ids = merged_into([child.id])
    if ids:
        files = [child, *db.session.scalars(select(Child).where(Child.id.in_(ids)).options(*options))]
        for name in READ_TOGETHER:
            rows = chain.from_iterable(getattr(file, name) for file in files)
            set_committed_value(child, name, sorted(rows, key=lambda row: row.id, reverse=True))
    return child


def _changed(viewer: Viewer, child: Child) -> None:
    child.version += 1
    db.session.flush()
    audit.record("child_status_changed", viewer=viewer, children=[child.id], status=child.status)
