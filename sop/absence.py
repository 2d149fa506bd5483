"""A visit away, in the summer say: whether it lasts on a day, and whether it is over. It closes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop.identity import parse_birth_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def is_over(visit: Mapping[str, object], on: date) -> bool:
    """Say whether a visit ended before the day `on`. `visit`: `until` as an ISO day, or None while nobody knows it.

    It ends by itself: nobody has to come and say that the child is back. One whose end is not known lasts.
    """
    until = visit.get("until")
    return bool(until) and parse_birth_date(str(until)).latest < on


def is_away(visit: Mapping[str, object], on: date) -> bool:
    """Say whether a child is away on the day `on`: the visit has begun and is not over. `from`: as `until`."""
    since = visit.get("from")
    begun = not since or parse_birth_date(str(since)).earliest <= on
    return begun and not is_over(visit, on)
