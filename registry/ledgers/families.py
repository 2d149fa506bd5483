"""Families of a batch: rows of one family get one household, that which is on file where there is one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.households import from_ledger
from registry.ledgers.places import PASSED_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.households.from_ledger import Called, Home
    from registry.ledgers.told import Told


@dataclass
class Families:
    """The households of a batch. `made`: those that are new, with the children who got a file in them."""

    viewer: Viewer
    on: date
    homes: dict[Called, Home] = field(default_factory=dict)
    made: dict[UUID, list[UUID]] = field(default_factory=dict)

    def find(self, those: Iterable[Told]) -> None:
        """Look up which of these families are on file; of one that is passed on its own community decides."""
        own = [told.family for told in those if told.belongs.why != PASSED_ON]
        self.homes |= from_ledger.known(self.viewer, own)

    def home(self, told: Told) -> Home:
        """Return the household of a row's family; a new one where there is none yet."""
        family = told.family
        if family.called not in self.homes:
            home = from_ledger.settle(family, told.belongs.office_id or self.viewer.office_id, self.on)
            self.homes[family.called], self.made[home.household_id] = home, []
        return self.homes[family.called]

    def joined(self, home: Home, child_id: UUID) -> None:
        """Note that a child got a file in a household."""
        if home.household_id in self.made:
            self.made[home.household_id].append(child_id)

    def record(self) -> None:
        """Record the new households with their children; they are then no longer new."""
        for household_id, children in self.made.items():
            from_ledger.record(self.viewer, household_id, children)
        self.made = {}

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Forget the households that were made inside when it fails: their rows are gone."""
        before = dict(self.homes), dict(self.made)
        try:
            yield
        except BaseException:
            self.homes, self.made = before
            raise
