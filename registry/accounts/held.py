"""What an account holds in other rooms: they say how it is counted, and what may be thrown away when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

Count = Callable[[UUID], int]
KEPT = "accounts.held"


@dataclass(frozen=True)
class Held:
    """One kind of thing that accounts hold: `count` and `discard` take the account's id and answer how many."""

    count: Count
    discard: Count | None = None


def held_as(app: Flask, kind: str, held: Held) -> None:
    """Count this kind (drafts, corrections) on the page where somebody leaves."""
    app.extensions.setdefault(KEPT, {})[kind] = held


def counts(user_id: UUID) -> dict[str, int]:
    """Return how many of each kind an account holds."""
    return {kind: held.count(user_id) for kind, held in _kinds().items()}


def discard(user_id: UUID) -> None:
    """Throw away what nobody else could go on with."""
    for held in _kinds().values():
        if held.discard is not None:
            held.discard(user_id)


def _kinds() -> dict[str, Held]:
    return cast("dict[str, Held]", current_app.extensions.get(KEPT, {}))
