"""Ids that the demonstration's rows point to: offices, their staff, who serves what, and blocks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID


CITY = 4  # digits of its code


class Ids:
    """Ids that rows point to: offices, one of the staff of each, who serves what, and the blocks."""

    def __init__(self) -> None:
        self.by_kind: dict[tuple[str, str], UUID] = {}
        self.services: dict[tuple[str, str], UUID] = {}
        self.staff: dict[UUID, UUID] = {}
        self._of_city: dict[tuple[str, str], list[UUID]] = {}
        self.blocks: dict[str, list[UUID]] = defaultdict(list)

    def community(self, area: str) -> UUID:
        """Return the office of a community or village."""
        return self.by_kind.get(("community", area)) or self.by_kind["village", area]

    def serving(self, service: str, area: str) -> UUID:
        """Return the office that answers for an area: its own, else its town's, its county's, its city's."""
        chain = (area, *(area[:length].ljust(12, "0") for length in (9, 6, 4)))
        return next(self.services[service, code] for code in chain if (service, code) in self.services)

    def others(self, service: str, area: str) -> list[UUID]:
        """Return the offices that answer for the same elsewhere in the city of an area."""
        own = self.serving(service, area)
        return [office for office in self._in_city(service, area[:CITY]) if office != own]

    def _in_city(self, service: str, city: str) -> list[UUID]:
        if (service, city) not in self._of_city:
            found = [office for (name, area), office in self.services.items() if (name, area[:CITY]) == (service, city)]
            self._of_city[service, city] = found
        return self._of_city[service, city]
