"""What the rows of the demonstration are made from, and the form in which they are collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from seed.demo.ids import Ids
    from seed.demo.places import Community
    from sop.referral import Calendar
    from sop.version import Sop

    Rows = dict[type, list[dict[str, Any]]]  # by mapped class: columns with their values
    Adults = list[tuple[UUID, str]]  # each with its relation to the children of the household


@dataclass(frozen=True)
class World:
    """The procedure, the working days, the ids of places, the day of today, and where somebody signs in."""

    sop: Sop
    calendar: Calendar
    places: Ids
    on: date
    homes: frozenset[Community]
