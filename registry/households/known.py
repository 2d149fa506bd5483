"""Files that children of an intake already have: a link where the viewer keeps them, else a masked summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.audit import service as audit
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
    """Return by number of the child the file that it has, and note who was shown that there is one."""
    found: dict[int, KnownFile] = {}
    for number, child_id in aside.items():
        own = children.in_scope(viewer, child_id)
        audit.note("same_child_shown", viewer=viewer, children=[child_id], in_scope=int(own))
        if not own:
            audit.note("looked_up_elsewhere", viewer=viewer, children=[child_id], by="identity", purpose="intake")
        masked = None if own else children.masked_summary(viewer, child_id)
        found[number] = KnownFile(child_id, own, masked)
    return found
