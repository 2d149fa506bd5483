"""Verbs for a child who moves without leaving: to another address of the township, another household, on a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.areas.codes import same_township
from registry.audit import service as audit
from registry.children.episodes import set_guardians
from registry.children.history import record_change
from registry.children.reclassifying import reclassify
from registry.children.together import renew_phones
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Episode
    from registry.vault.codecs import JsonValue

MOVED, JOINED, AWAY = "moved", "joined", "visit_away"


class BeyondTownshipError(ValueError):
    """The new place lies in another township: that is a transfer, not a move of the same episode."""


def move(viewer: Viewer, episode: Episode, area_code: str, block_id: UUID | None, on: date) -> None:
    """Let an episode go on at another place of the township; the flags follow. Raises BeyondTownshipError.

    The household's own verb moves the address, and records it in the history of each child.
    """
    if not same_township(episode.area_code, area_code):
        raise BeyondTownshipError(area_code)
    of = (viewer, episode.child_id, "episode", episode.id)
    record_change(*of, "area", episode.area_code, area_code, MOVED)
    episode.area_code, episode.block_id = area_code, block_id
    episode.version += 1
    reclassify(viewer, viewer, episode.child, episode, on, MOVED)


def join_household(  # noqa: PLR0913, PLR0917 -- who, from where, to where, with whom, when
    viewer: Viewer,
    child: Child,
    episode: Episode,
    household_id: UUID,
    place: tuple[str, UUID | None],
    guardians: tuple[tuple[UUID, str], ...],
    told: tuple[JsonValue, JsonValue],
    on: date,
) -> None:
    """Let a child live with another household of the township, in the same episode.

    `place`: that household's community (12 digits) and block; `guardians`: (guardian id, code of `relation`) of
    that household, of whom there may be none; `told`: how a history names the old household and the new one. The
    guardianships of the old one end. Raises BeyondTownshipError.
    """
    record_change(viewer, child.id, "episode", episode.id, "household", *told, JOINED)
    episode.household_id = household_id
    move(viewer, episode, *place, on)
    set_guardians(child, guardians, on)
    renew_phones(viewer, [child.id])
    child.version += 1
    db.session.expire(child, ["guardianships"])
    audit.record("child_changed", viewer=viewer, children=[child.id], field="household", before=None)


def set_absence(viewer: Viewer, episode: Episode, absence: Mapping[str, JsonValue] | None, reason: str = AWAY) -> None:
    """Keep that a child is away for a while and where, or that it is back: None. Closes nothing.

    `absence`: from and until (ISO days), where (in words), each perhaps None.
    """
    before, after = episode.absence.open(viewer), dict(absence) if absence else None
    if before == after:
        return
    record_change(viewer, episode.child_id, "episode", episode.id, "absence", before, after, reason)
    episode.absence = after
    episode.version += 1
    audit.record("child_changed", viewer=viewer, children=[episode.child_id], field="absence", before=None)
