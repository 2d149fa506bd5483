"""What may stand in the way of a change; views turn each into a sentence."""

from __future__ import annotations


class AlreadyAskedError(Exception):
    """A correction of this child waits for a decision already."""


class AlreadyDecidedError(Exception):
    """Somebody has decided this correction, or it was withdrawn."""


class OwnRequestError(Exception):
    """Who asked for a correction may not decide it."""


class ChangedMeanwhileError(Exception):
    """What is to be corrected was changed since the page was fetched: both are to be shown."""


class NothingToChangeError(ValueError):
    """What is wanted is what stands there already."""
