"""What may stand in the way of a referral; views turn each into a sentence."""

from __future__ import annotations


class AlreadyOpenError(Exception):
    """The child has an open referral of this service."""


class NoOfficeError(Exception):
    """No office answers this service for the area."""


class NotAgreedError(Exception):
    """The service is asked only where the guardian has agreed to it."""


class StaleVersionError(Exception):
    """Somebody else has changed the referral since the page was fetched."""


class UnfitAnswerError(ValueError):
    """The outcome needs something that was not given, or does not take what was; `field` names it.

    `field` is a field of the answer (see `answering.fit`), or office.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)
