"""The versions of the procedure: which there are, which is in force on a day, each loaded once.

Where a deployment has local rules, every version is answered with them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sop.building import build
from sop.content import (
    Code,
    CodeList,
    EligibilityRules,
    Outcome,
    Reason,
    Service,
    Sop,
    SopError,
    Text,
    written_day,
    written_month,
)
from sop.differences import local_differences
from sop.overlay import build_with

if TYPE_CHECKING:
    from datetime import date

    from sop.differences import Difference

__all__ = [
    "Code",
    "CodeList",
    "EligibilityRules",
    "Outcome",
    "Reason",
    "Service",
    "Sop",
    "SopError",
    "Text",
    "in_force",
    "load",
    "local_changes",
    "use_overlay",
    "versions",
    "written_day",
    "written_month",
]

FOLDER: Final = Path(__file__).parent / "versions"
_local: dict[str, Path] = {}  # "overlay": the folder of the deployment's local rules, where there is one


def use_overlay(folder: Path | None) -> None:
    """Answer from now on with the local rules of a folder, or with none. Said once, when the application starts.

    Nothing is read yet: a fault in them is raised where a version is loaded.
    """
    if folder == _local.get("overlay"):
        return
    _local.clear()
    if folder is not None:
        _local["overlay"] = folder
    for answers in (load, local_changes, in_force):
        answers.cache_clear()


@cache
def load(version: str) -> Sop:
    """Return a version by its name (2026-11); raises SopError listing every fault, by file and key."""
    if version not in versions():
        raise SopError(f"there is no version {version!r}")
    overlay = _local.get("overlay")
    return build_with(FOLDER / version, overlay) if overlay else build(FOLDER / version)


@cache
def local_changes(version: str) -> tuple[Difference, ...]:
    """Return what the deployment's local rules change in a version; nothing where it has none."""
    overlay = _local.get("overlay")
    return local_differences(FOLDER / version, overlay) if overlay else ()


@cache
def versions() -> tuple[str, ...]:
    """Return the names of all versions, the oldest first."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if (folder / "version.toml").is_file()))


@lru_cache(maxsize=100)
def in_force(on: date) -> Sop:
    """Return the version in force on a day; for days before the first one was valid, the first."""
    loaded = sorted((load(name) for name in versions()), key=lambda sop: sop.valid_from)
    return [loaded[0], *(sop for sop in loaded if sop.valid_from <= on)][-1]
