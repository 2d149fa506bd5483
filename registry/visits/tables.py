"""Tables of other rooms that a round reads, reached by way of the relationships that lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.children.filters import on_the_register
from registry.children.queries import visible
from registry.visits.models import Visit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from registry.access import Viewer

Table = Any  # a mapped class that its own room alone may name


def households() -> Table:
    """Return the table of households."""
    return Visit.household.property.mapper.class_


def episodes() -> Table:
    """Return the table of episodes."""
    return households().episodes.property.mapper.class_


def children() -> Table:
    """Return the table of children."""
    return episodes().child.property.mapper.class_


def visited_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on episode and child for children whom the viewer visits.

    Who has left, has died, is 16 or lives elsewhere by now is in no round.
    """
    return visible(viewer), on_the_register()


def households_of(viewer: Viewer) -> Any:  # noqa: ANN401 -- of tables without a name here
    """Return the statement for the ids of all households with a child whom the viewer visits."""
    there = episodes()
    return select(there.household_id).join(there.child).where(*visited_by(viewer))
