"""Files that a child of a ledger has already: an own one is named, one elsewhere only to the supervisor concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.areas.codes import prefix_of
from registry.children import queries as children
from registry.children import same
from registry.households.from_ledger import lives_with
from registry.ledgers.places import PASSED_ON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.told import Told

BY_NUMBER: Final = "by_number"  # same ID number, name and birth date: there cannot be a second file
BY_NAME: Final = "by_name"  # same name and birth date, and one guardian's phone
AT_HOME: Final = "at_home"  # same name and birth date in the own area, with the same adult or at the same address
DOUBTFUL: Final = "doubtful"  # same name and birth date in the own area, and nothing that tells the two apart


@dataclass(frozen=True)
class Met:
    """A file that is the child's, or may be. `own`: the uploader may open it; `held`: why it is."""

    child_id: UUID
    own: bool
    held: str

    @property
    def certain(self) -> bool:
        """Whether nobody has to look at the two."""
        return self.held != DOUBTFUL

    def is_there(self, area_code: str) -> bool:
        """Say whether the file is kept where the child belongs by its row, so that nothing is left to be done."""
        return (children.area_of(self.child_id) or "").startswith(prefix_of(area_code))


def certainly(viewer: Viewer, those: Sequence[Told]) -> list[Met | None]:
    """Return for each of these children the file that it has for certain, in a constant number of queries.

    A protected file answers as if it were not there: registering the child tells its protection officer.
    """
    hits = same.on_file_each(viewer, [each.particulars for each in those])
    own = children.seen_among(viewer, [hit.child_id for hit in hits if hit])
    return [hit and Met(hit.child_id, hit.child_id in own, BY_NUMBER if hit.by_number else BY_NAME) for hit in hits]


def met(viewer: Viewer, told: Told) -> Met | None:
    """Return the file that a child has for certain, else one of the own area of which somebody must decide."""
    (certain,) = certainly(viewer, [told])
    if certain is not None:
        return certain
    if told.belongs.why == PASSED_ON:
        return None
    alike = same.own_alike(viewer, told.particulars)
    if alike is None:
        return None
    return Met(alike, own=True, held=AT_HOME if lives_with(viewer, alike, told.family) else DOUBTFUL)


def by_number(viewer: Viewer, child_id: UUID) -> Met:
    """Return a file that stood in the way when the child was to be registered."""
    return Met(child_id, children.in_scope(viewer, child_id), BY_NUMBER)
