"""Reads of what papers say: the children of a household, as far as a viewer may hand out a paper about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children import card_numbers
from registry.children.queries import files_among, present_episode
from registry.protection.queries import addresses_withheld

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child


def on_receipt(viewer: Viewer, household_id: UUID, on: date) -> list[Child]:
    """Return the files of a household's children, on the day of its registration; none that is protected.

    The family stands there on that day. On a later one nobody knows who asks: a copy of a file asks first.
    """
    files = files_among(viewer, card_numbers.of_household(viewer, household_id))
    return [each for each in files if not each.protected and present_episode(each).household.registered_on == on]


def tells_where(child: Child) -> bool:
    """Say whether papers about a child may tell where its household lives, and how to reach it."""
    return not addresses_withheld(present_episode(child).household_id)
