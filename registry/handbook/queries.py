"""What the handbook reads besides the rules: the names of the areas that they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.areas.codes import full
from registry.areas.queries import names_of
from sop.handbook import areas_named, handbook
from sop.version import in_force, local_changes

if TYPE_CHECKING:
    from datetime import date

    from sop.handbook.parts import Chapter


def chapters_of(language: str, on: date) -> tuple[Chapter, ...]:
    """Return the handbook in "zh" or "en" as it stands on a day, areas by their names."""
    sop = in_force(on)
    whole = {code: full(code) for code in areas_named(sop)}
    known = names_of(whole.values(), language)
    names = {code: known[place] for code, place in whole.items() if place in known}
    return handbook(sop, language, on, local_changes(sop.version), names)
