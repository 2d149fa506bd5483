"""What may stand in the way of a referral; views turn each into a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sop.referral import Hindrance


class AlreadyOpenError(Exception):
    """The child has an open referral of this service."""


class NoOfficeError(Exception):
    """No office answers this service for the area."""


class NotAgreedError(Exception):
    """What a service asks for first was not said. `args`: what (see `service.check_agreed`) and the key of each."""


class NotReopenedError(Exception):
    """The referral stays closed; `why` is a `sop.referral.Hindrance`."""

    def __init__(self, why: Hindrance) -> None:
        self.why = why
        super().__init__(why)


class StaleVersionError(Exception):
    """Somebody else has changed the referral since the page was fetched."""


class UnfitAnswerError(ValueError):
    """The outcome needs something that was not given, or does not take what was; `field` names it.

    `field` is a field of the answer (see `answering.fit`), or office; `until`: of a day, the last one that fits.
    `also`: further fields that do not fit.
    """

    def __init__(self, field: str, until: date | None = None, also: tuple[str, ...] = ()) -> None:
        self.field, self.until, self.also = field, until, also
        super().__init__(field)
