"""Files that children of an intake already have: a link where the viewer keeps them, else a masked summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.children import queries as children

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.queries import MaskedSummary


@dataclass(frozen=True)
class KnownFile:
    """A file that is there already. `masked` is None in the own area, where the file itself can be opened."""

    child_id: UUID
    in_scope: bool
    masked: MaskedSummary | None


def files(viewer: Viewer, aside: dict[int, UUID]) -> dict[int, KnownFile]:
    """Return by number of the child the file that it has. Whoever shows them notes that they were shown."""
    if not aside:
        return {}
    own = children.seen_among(viewer, aside.values())
    masked = children.masked_summaries(viewer, set(aside.values()) - own)
    return {number: KnownFile(child_id, child_id in own, masked.get(child_id)) for number, child_id in aside.items()}
