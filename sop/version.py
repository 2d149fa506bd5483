"""The versions of the procedure: which there are, which is in force on a day, each loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sop.building import build
from sop.content import (
    Code,
    CodeList,
    EligibilityRules,
    Notice,
    Outcome,
    Reason,
    SchoolingRules,
    Section,
    Service,
    Sop,
    SopError,
    Text,
    written_day,
    written_month,
)

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "Code",
    "CodeList",
    "EligibilityRules",
    "Notice",
    "Outcome",
    "Reason",
    "SchoolingRules",
    "Section",
    "Service",
    "Sop",
    "SopError",
    "Text",
    "in_force",
    "load",
    "versions",
    "written_day",
    "written_month",
]

FOLDER: Final = Path(__file__).parent / "versions"


@cache
def load(version: str) -> Sop:
    """Return a version by its name (2026-11); raises SopError listing every fault, by file and key."""
    if version not in versions():
        raise SopError(f"there is no version {version!r}")
    return build(FOLDER / version)


@cache
def versions() -> tuple[str, ...]:
    """Return the names of all versions, the oldest first."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if (folder / "version.toml").is_file()))


def in_force(on: date) -> Sop:
    """Return the version in force on a day; for days before the first one was valid, the first."""
    loaded = sorted((load(name) for name in versions()), key=lambda sop: sop.valid_from)
    return [loaded[0], *(sop for sop in loaded if sop.valid_from <= on)][-1]
