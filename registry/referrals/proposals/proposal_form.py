"""What was ticked and typed on a page of proposals, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from registry.referrals.service import AGREED, OFFERED
from registry.web.forms import ErrorItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import MultiDict

SEEN, OF, WHY = "seen-", "of-", "why-"  # what names of fields begin with
DECLARED = {what: f"{what}-" for what in (OFFERED, AGREED)}  # the same, of what is to be said before one is sent


@dataclass
class Typed:
    """A page as it was sent. Keys of boxes are ids of proposals, or codes of services on the page of one child.

    `seen`: which were on the page, each with the version that it showed; `ticked`, `agreed`, `offered`: those of them;
    `why`: reasons not to follow one; `errors`: by the id of a field, in the order of the page.
    """

    seen: dict[str, int] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()
    why: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def checked(self, key: str, *, unless_shown: bool) -> bool:
        """Say whether a box is ticked: as it was sent, or as it is where it was not on the page before."""
        return key in self.ticked if key in self.seen else unless_shown

    def chosen(self, keys: Iterable[str] | None = None) -> dict[UUID, int]:
        """Return the ticked proposals with the versions seen; of these keys only, where told."""
        wanted = self.ticked if keys is None else self.ticked & set(keys)
        return {UUID(key): self.seen[key] for key in wanted}

    def said(self, what: str) -> set[UUID]:
        """Return the proposals of which AGREED or OFFERED was ticked."""
        return {UUID(key) for key in {AGREED: self.agreed, OFFERED: self.offered}[what] & self.seen.keys()}

    def errors_at(self, name: str) -> list[str]:
        """Return what is wrong with a field, as it is drawn."""
        return [self.errors[name]] if name in self.errors else []

    def error_items(self) -> list[ErrorItem]:
        """Return the errors as the summary of a page lists them."""
        return [ErrorItem(text, f"#{key}") for key, text in self.errors.items()]


def read(form: MultiDict[str, str], boxes: str) -> Typed:
    """Read a page of proposals that was sent; `boxes`: the name of its boxes. What names no proposal is passed over."""
    seen = {key: form[f"{SEEN}{key}"] for key in _named(form, SEEN) if _is_id(key)}
    versions = {key: int(version) for key, version in seen.items() if version.isdecimal()}
    return Typed(
        seen=versions,
        ticked=frozenset(form.getlist(boxes)) & versions.keys(),
        agreed=declared(form, AGREED),
        offered=declared(form, OFFERED),
        why={key: form[f"{WHY}{key}"] for key in _named(form, WHY)},
    )


def declared(form: MultiDict[str, str], what: str) -> frozenset[str]:
    """Return the keys of the boxes that were ticked under AGREED or OFFERED."""
    return frozenset(_named(form, DECLARED[what]))


def _named(form: MultiDict[str, str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in form if name.startswith(prefix)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
