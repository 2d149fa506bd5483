"""Courses for some children only: BCG by age without a skin test, HPV by sex and day of birth (domain 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from sop.immunisation.rules.plain import Plain, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sop.immunisation.history import History, Taken

SEXES: Final = frozenset("12")  # GB/T 2261.1; any other code says that it is not known


class Bcg(Plain):
    """One dose; from its `before` on a skin test comes first."""

    ROUTES: ClassVar = {"BCG": 1}

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the dose while it may be given without more ado."""
        before = self.doses[0].before
        if before and history.on >= history.age(before):
            return None
        return super().step(history, valid)


class Hpv(Plain):
    """For one sex, from a day of birth on."""

    def excludes(self, history: History) -> bool:
        """Tell whether the child is known to be of the other sex, or was born too early."""
        sex, born_from = self.table.sex, self.table.born_from
        other_sex = sex is not None and history.sex in SEXES and history.sex != sex
        return other_sex or (born_from is not None and history.birth < born_from)

    def step(self, history: History, valid: Sequence[Taken]) -> Step | None:
        """Return the next dose where the sex is known."""
        return super().step(history, valid) if history.sex in SEXES else None
