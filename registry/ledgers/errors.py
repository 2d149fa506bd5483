"""Why a ledger cannot be taken in, or an act on one of its rows not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledgers.sheets import Sheet


class NoHeaderError(Exception):
    """No sheet has a row of headings; `sheets` are those that were looked through."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        super().__init__()


class StaleVersionError(Exception):
    """Somebody else has confirmed, stopped or settled it since the page was shown."""


class UnfitDecisionError(Exception):
    """A row that is held cannot be settled so: the ID number leaves no room for a second file, say."""
