"""Where the child of a row belongs: the deepest area that its address tells, and the office that keeps files there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.accounts.keepers import is_supervised, office_of
from registry.areas.codes import prefix_of
from registry.areas.gazetteer import gazetteer
from registry.areas.queries import COMMUNITY, current_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.addresses import Gazetteer, Located
    from registry.areas.models import Office

TOWN_DIGITS: Final = 9
UNKNOWN, PASSED_ON, NO_OFFICE = "place_unknown", "passed_on", "no_office"
NOT_YET: Final = "no_office_yet"
# What stands before a place in a title: 单位：, 2026年, 01.
BEFORE: Final = re.compile(r"(?:[^:：]{1,12}[:：])?\s*(?:\d{1,4}(?:年度?)?[\s.、．]*)?")


class Belongs(NamedTuple):
    """Where a child belongs (12 digits, a town where no community is known), and the office that keeps its file.

    `why`: None for a place of the uploader's own; passed_on for another's; no_office_yet where nobody keeps files
    and a supervisor of the uploader can wait for somebody who will; no_office without one; place_unknown.
    """

    area_code: str | None
    office_id: UUID | None
    why: str | None


@dataclass
class Places:
    """Finds places for the rows of one batch: each address, and each office, is looked for once.

    `area_code`: 12 digits, for which the ledger was uploaded. A row that names no place belongs there only where
    that is a community; one whose address stops above it belongs there also where it is a town.
    """

    viewer: Viewer
    area_code: str
    found: dict[tuple[str, ...], Belongs] = field(default_factory=dict)
    codes: dict[str, str | None] = field(default_factory=dict)
    offices: dict[str, Office | None] = field(default_factory=dict)
    names: Gazetteer = field(default_factory=gazetteer)

    def of(self, address: str, community: str, above: Sequence[str] = ()) -> Belongs:
        """Return where a row belongs by its address and by the community that its column or sheet names.

        `above`: the lines of title, the nearest first, and the name of the sheet; they may tell which part of the
        chosen area is meant, where the row does not.
        """
        key = address, community, *above
        if key not in self.found:
            self.found[key] = self._of(address, community, above)
        return self.found[key]

    def code_of(self, text: str | None) -> str | None:
        """Return the 12-digit code of the deepest area that a text tells, anywhere; None where it tells none."""
        if not text:
            return None
        if text not in self.codes:
            located = self.names.locate(text, within=self.area_code)
            self.codes[text] = self.current(located.code) if located else None
        return self.codes[text]

    def current(self, code: str) -> str | None:
        """Return what a code is today: itself, what it became, or what of it is known still, down to the county."""
        if code not in self.codes:
            self.codes[code] = current_code(code) or current_code(code[:6])
        return self.codes[code]

    def _of(self, address: str, community: str, above: Sequence[str]) -> Belongs:
        told = self._deepest(address, community, above)
        code = self._settled(told)
        if code is None:
            return Belongs(None, None, UNKNOWN)
        office = self._office_of(code)
        if self.viewer.covers(code):
            return Belongs(code, office.id if office else self.viewer.office_id, None)
        if office:
            return Belongs(code, office.id, PASSED_ON)
        return Belongs(code, None, NOT_YET if is_supervised(self.area_code) else NO_OFFICE)

    def _office_of(self, code: str) -> Office | None:
        if code not in self.offices:
            self.offices[code] = office_of(code)
        return self.offices[code]

    def _deepest(self, address: str, community: str, above: Sequence[str]) -> str | None:
        located = self.names.locate(address, within=self.area_code) if address else None
        if located is None or located.level < COMMUNITY:
            located = self._inside(located, community) or located
        for text in above:
            if located is None or located.level < COMMUNITY:
                named = self._inside(located, text[BEFORE.match(text).end() :])  # type: ignore[union-attr]  # may be empty
                if named and named.code.startswith(prefix_of(self.area_code)):
                    located = named
        return located and self.current(located.code)

    def _inside(self, wider: Located | None, text: str) -> Located | None:
        """Return the place that a text names, in the wider one that is known already; None for any other."""
        named = self.names.locate(text, within=wider.code if wider else self.area_code)
        return named if named and (wider is None or named.code.startswith(prefix_of(wider.code))) else None

    def _settled(self, told: str | None) -> str | None:
        """A town is deep enough to keep a file for; above it only the place that was chosen can be meant."""
        chosen = prefix_of(self.area_code)
        if told is None:
            return self.area_code if len(chosen) == len(self.area_code) else None
        if len(prefix_of(told)) >= TOWN_DIGITS:
            return self.area_code if chosen.startswith(prefix_of(told)) else told
        deep = len(chosen) >= TOWN_DIGITS and chosen.startswith(prefix_of(told))
        return self.area_code if deep else None
