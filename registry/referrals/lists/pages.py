"""Pages of lists of referrals: where one ends, the next begins after it, however the list has changed meanwhile."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from registry.database import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.referrals.models import Referral

PAGE: Final = 50


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list; `after` is where the next one begins, None at the end."""

    referrals: Sequence[Referral]
    after: str | None


def page_of(rows: Sequence[Referral], by: Callable[[Referral], Any] = lambda last: last.due_on or date.min) -> Page:
    """Return a page of rows that were asked for with one more. `by`: what the list is in the order of, before the id.

    A day, a number or a code of an area: nothing that says who stands there.
    """
    shown, last = cut(rows, PAGE)
    return Page(shown, f"{by(last)}.{last.id.hex}" if last else None)


def place_of(after: str | None, read: Callable[[str], Any] = date.fromisoformat) -> tuple[Any, UUID] | None:
    """Read where a page begins; what cannot be read begins at the beginning. `read`: the inverse of `by`."""
    try:
        value, _, key = (after or "").partition(".")
        return read(value), UUID(key)
    except ValueError:
        return None
