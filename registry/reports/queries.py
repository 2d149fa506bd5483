"""Reads of what papers say: the children of a household, as far as a viewer may hand out a paper about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children import card_numbers
from registry.children.guardianships import present
from registry.children.queries import ON_THE_REGISTER, files_among, present_episode
from registry.protection.queries import addresses_withheld

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child


def on_receipt(viewer: Viewer, household_id: UUID) -> list[Child]:
    """Return the files of a household's children who are on the register; none that is protected."""
    files = files_among(viewer, card_numbers.of_household(viewer, household_id))
    return [each for each in files if not each.protected and present_episode(each).status in ON_THE_REGISTER]


def is_new(child: Child, on: date) -> bool:
    """Say whether it is the day on which the household was registered.

    The family stands there on that day. On a later one nobody knows who asks, and whoever prints a paper says so.
    """
    return bool(present_episode(child).household.registered_on == on)


def cared_for_by(children: list[Child], recipient: UUID | None) -> list[Child]:
    """Return those of a household's children for whom somebody answers or cares; all where it is nobody of them."""
    return [each for each in children if recipient is None or recipient in {one.guardian_id for one in present(each)}]


def lives_with(child: Child, recipient: UUID | None) -> bool:
    """Say whether a guardian or carer lives with the child."""
    return any(one.guardian_id == recipient and one.guardian.lives_here for one in present(child))


def tells_where(child: Child) -> bool:
    """Say whether papers about a child may tell where its household lives, and how to reach it."""
    return not addresses_withheld(present_episode(child).household_id)
