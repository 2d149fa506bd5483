"""Which children a list holds now, and what became of it since it was last taken out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from registry.children import taking
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from registry.access import Viewer
    from registry.children.filters import Filters
    from registry.ledgers.models import Download

CHILDREN: Final = "children"
DIGEST: Final = 12  # hexadecimal digits that tell one narrowed list from another
ID_BYTES: Final = 16
# What was being written while the last list was read bears an earlier instant than it: told twice rather than never.
OVERLAP: Final = timedelta(minutes=1)


class TooManyRowsError(Exception):
    """The list holds more children than may leave at once. It is never cut: it has to be narrowed."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(most)


@dataclass(frozen=True)
class Listed:
    """The files of a list, by what they are to whoever took it out before.

    A whole list has `everything`. A list of changes has `new` (on it since), `changed` and `gone` (no longer on it,
    but still in the area). Of who is no longer the viewer's to see nothing is said, not even how many there are: the
    last list would tell by subtraction who they are.
    """

    members: list[UUID]
    everything: bool
    new: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)

    @property
    def told(self) -> list[UUID]:
        """The files of which the list says anything."""
        return self.members if self.everything else [*self.new, *self.changed, *self.gone]


def list_name(filters: Filters) -> str:
    """Return the name under which downloads of a narrowed list are remembered; it tells codes only."""
    narrowed = "&".join(f"{name}={value}" for name, value in sorted(filters.named.items()))
    digest = hashlib.sha256(narrowed.encode()).hexdigest()[:DIGEST]
    return f"{CHILDREN}.{digest}" if narrowed else CHILDREN


def whole(viewer: Viewer, filters: Filters, on: date) -> Listed:
    """Return all files of a list. Raises TooManyRowsError."""
    return Listed(_members(viewer, filters, on), everything=True)


def changes(viewer: Viewer, filters: Filters, on: date, since: Download) -> Listed:
    """Return what became of a list since a download of it. Raises TooManyRowsError."""
    members, before = _members(viewer, filters, on), _ids(since.members.open(viewer) or b"")
    known, now = set(before), set(members)
    touched = taking.changed_since(known & now, _from(since.upto))
    return Listed(
        members,
        everything=False,
        new=[each for each in members if each not in known],
        changed=[each for each in members if each in touched],
        gone=taking.still_seen(viewer, known - now),
    )


def packed(ids: Sequence[UUID]) -> bytes:
    """Return ids as they are kept with a download."""
    return b"".join(each.bytes for each in ids)


def _members(viewer: Viewer, filters: Filters, on: date) -> list[UUID]:
    most = in_force(on).downloads.most_rows
    found = taking.members(viewer, filters, on, most)
    if len(found) > most:
        raise TooManyRowsError(most)
    return found


def _ids(kept: bytes) -> list[UUID]:
    return [UUID(bytes=kept[place : place + ID_BYTES]) for place in range(0, len(kept), ID_BYTES)]


def _from(upto: datetime) -> datetime:
    return upto - OVERLAP
