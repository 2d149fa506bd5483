"""Rows that wait for a supervisor, as the page shows them: what the row says beside the file that it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from registry.areas.codes import prefix_of
from registry.areas.queries import full_names_of, names_of
from registry.clock import today
from registry.i18n import language
from registry.ledgers.keeping import days_to_decide
from registry.ledgers.records import waiting
from registry.transfers.queries import communities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString

    from registry.access import Viewer
    from registry.ledgers.queries import Hit
    from sop.ledger.values import Values

SOON: Final = 14  # days
DONE: Final[dict[str, LazyString]] = {
    "same": _l("It is the same child: nothing new was registered."),
    "another": _l("Another child was registered. Both files stand in the list of pairs."),
    "register": _l("The child was registered."),
    "claim": _l("Claimed. The office that keeps the file has been told."),
}


@dataclass(frozen=True)
class HeldRow:
    """A row that waits, with what was read of it and where it says that the child lives now.

    `communities`: to choose from, as pairs of code and name, where the row names the town alone. `days`: after which
    it is let go.
    """

    hit: Hit
    values: Values
    place: str
    communities: list[tuple[str, str]]
    days: int | None

    @property
    def tag(self) -> tuple[str, str] | None:
        """In how many days the row is let go, in words, and the kind of tag."""
        if self.days is None:
            return None
        return ngettext("%(num)s day left", "%(num)s days left", self.days), "late" if self.days <= SOON else "grey"

    @property
    def decisions(self) -> tuple[str, ...]:
        """What may be decided: a file of the own area needs no claim, and one ID number has one child.

        Beside a file that is told of no more the child is a stranger.
        """
        if self.hit.own is None and self.hit.masked is None:
            return ("register",)
        first = "same" if self.hit.own else "claim"
        return (first,) if self.hit.certain else (first, "another")


def shown(hits: Sequence[Hit], viewer: Viewer) -> list[HeldRow]:
    """Return rows that wait for the viewer, in a constant number of queries."""
    codes = {hit.row.area_code for hit in hits if hit.row.area_code}
    places, own = full_names_of(codes, language()), sorted(communities(viewer))
    names = names_of(own, language())
    return [
        HeldRow(
            hit=hit,
            values=waiting(hit.row, viewer).values,
            place=places.get(hit.row.area_code or "", ""),
            communities=_inside(hit.row.area_code, names),
            days=days_to_decide(hit.row.ledger, today()),
        )
        for hit in hits
    ]


def _inside(area_code: str | None, names: dict[str, str]) -> list[tuple[str, str]]:
    """The communities inside a wider area; none where the place is a community already."""
    if area_code is None or area_code in names:
        return []
    return [(code, name) for code, name in names.items() if code.startswith(prefix_of(area_code))]
