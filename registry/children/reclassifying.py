"""What a child is registered as, reckoned anew when a fact was corrected or when time has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children.facts import classify_today
from registry.children.history import record_change
from sop.eligibility import FLAGS

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.children.models import Child, Episode
    from registry.vault.sealed import Opener

AGED_OUT = "aged_out"
OPENED = frozenset({"child.birth_date", "child.hukou", "episode.arrived", "episode.circumstances"})


def reclassify(viewer: Viewer | None, reader: Opener, child: Child, episode: Episode, on: date, reason: str) -> bool:
    """Let an episode have the flags that the stored facts make today; return whether anything changed.

    `reader` opens the fields of OPENED; `viewer` is None where time alone has come round. A child outside every
    definition keeps its file without flags, and the file says why; who only grew up keeps the flags of before.
    """
    found = classify_today(child, episode, reader, on)
    if found.outside is not None and found.outside.key == AGED_OUT:
        return False
    before, month = episode.flags, episode.changes_month
    held = {flag.code for flag in found.flags}
    for flag in FLAGS:
        setattr(episode, flag, flag in held)
    episode.changes_month = f"{found.changes_on:%Y-%m}" if found.changes_on else None
    if (before, month) == (episode.flags, episode.changes_month):
        return False
    episode.version += 1
    record_change(viewer, child.id, "episode", episode.id, "flags", [*before], [*episode.flags], reason)
    return True
