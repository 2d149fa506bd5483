"""A child joins another household of the township: which ones it may be, and the act itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.access import outside_scope
from registry.areas.codes import same_township
from registry.children import relocating, together
from registry.children.correcting import held
from registry.households import moving
from registry.names import folded
from registry.transfers.following import follow
from sop.identity import PhoneError, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Episode
    from registry.households.models import Household

SHOWN_AT_MOST = 12


@dataclass(frozen=True)
class Candidate:
    """A household that a child may join, with the children whom the viewer sees there."""

    household: Household
    episodes: list[Episode]


def candidates(viewer: Viewer, episode: Episode, term: str) -> list[Candidate]:
    """Return the households that fit a whole phone number or part of an adult's name, at most twelve.

    By phone those of the child's township, by name those of its community: names have to be opened one by one.
    Always inside the viewer's area (of who registers for one community, that community), and never the child's own.
    A household is found by its children: one without a child on file is not.
    """
    try:
        found = together.seen_with_phone(viewer, normalise_phone(term))
    except PhoneError:
        found = _by_name(viewer, episode.area_code, term)
    homes: dict[UUID, list[Episode]] = {}
    for each in found:
        if each.household_id != episode.household_id and _near(each, episode):
            homes.setdefault(each.household_id, []).append(each)
    return [Candidate(those[0].household, those) for those in list(homes.values())[:SHOWN_AT_MOST]]


def candidate(viewer: Viewer, episode: Episode, household_id: UUID) -> Candidate:
    """Return one household that a child may join; any other is as if absent (404)."""
    there = together.seen_of_household(viewer, household_id)
    if not there or not _near(there[0], episode):
        outside_scope()
    return Candidate(there[0].household, there)


def join(viewer: Viewer, child: Child, to: Candidate, relations: Mapping[UUID, str], on: date) -> None:
    """Let a child live with another household; `relations`: what its adults are to the child, by their ids.

    The guardianships of the old household end. Twice does nothing. Held are the child, both households, the episode,
    in the order of `registry.database.lock`.
    """
    held(child)
    homes = moving.held_together(together.household_of(child.id), to.household.id)
    new = homes[to.household.id]
    follow(viewer, [child.id], new.area_code, on)
    episode = together.latest_locked(child.id)
    if episode.household_id == new.id:
        return
    old = homes.get(episode.household_id) or outside_scope()  # it arrived elsewhere in this very moment
    adults = tuple((adult.id, relations[adult.id]) for adult in new.guardians if relations.get(adult.id))
    told = (moving.named(old, viewer), moving.named(new, viewer))
    place = (new.area_code, new.block_id)
    relocating.join_household(viewer, child, episode, new.id, place, adults, (told[0], told[1]), on)
    moving.leave_round(old.id)
    moving.rejoin_round(new.id, on)


def _by_name(viewer: Viewer, area_code: str, term: str) -> list[Episode]:
    sought = folded(term)
    if not sought:
        return []
    return [
        each
        for each in together.seen_in_community(viewer, area_code)
        if any(sought in folded(one.guardian.name.open(viewer) or "") for one in each.child.guardianships)
    ]


def _near(one: Episode, other: Episode) -> bool:
    return same_township(one.area_code, other.area_code)
