"""How long an intake on its way is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sop.reading import Table

LONGEST_DAYS: Final = 90


@dataclass(frozen=True)
class IntakeRules:
    """Days that a draft is kept: one that was never sent, and what is left of one that was."""

    draft_days: int
    sent_days: int


def read_intake(file: Table) -> IntakeRules:
    """Take the rules out of their file."""
    rules = IntakeRules(file.number("draft_days", LONGEST_DAYS), file.number("sent_days", LONGEST_DAYS))
    file.finish()
    return rules
