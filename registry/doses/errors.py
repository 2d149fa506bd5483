"""What may be wrong with doses that are entered; views turn each into a sentence at its box."""

from __future__ import annotations

from typing import Final

UNKNOWN_VACCINE: Final = "unknown_vaccine"
BEFORE_BIRTH: Final = "before_birth"
IN_FUTURE: Final = "in_future"
UNKNOWN_SOURCE: Final = "unknown_source"
FAULTS: Final = (UNKNOWN_VACCINE, BEFORE_BIRTH, IN_FUTURE, UNKNOWN_SOURCE)


class UnknownReasonError(ValueError):
    """A dose is withdrawn for a reason that the procedure does not know."""


class DoseError(ValueError):
    """Some entries cannot be: `faults` is (place among the entries, one of FAULTS) for each, in their order.

    `index` and `code` are the first one's.
    """

    def __init__(self, faults: tuple[tuple[int, str], ...]) -> None:
        self.faults = faults
        self.index, self.code = faults[0]
        super().__init__(self.code)
