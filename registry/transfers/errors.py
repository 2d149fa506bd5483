"""What may stand in the way of a transfer; views turn each into a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.areas.models import Office


class AlreadyOpenError(Exception):
    """The child is on its way already: `holder` is the office that it is on its way to."""

    def __init__(self, holder: Office | None) -> None:
        self.holder = holder
        super().__init__()


class StaleVersionError(Exception):
    """Somebody else has changed the transfer since the page was fetched."""


class NobodyThereError(Exception):
    """Nobody works in the registry for the area of the other side, so that nobody could answer."""


class UnfitPlaceError(ValueError):
    """The child cannot move to this place: it is there already, or the place is not one to name here."""
