"""Released versions stay as they were: the hash of each is kept beside them, and a changed one is found out."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING, Final

from sop.differences import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LIST: Final = "frozen.toml"


def fingerprint(folder: Path) -> str:
    """Return the hash (SHA-256, hexadecimal) of a version's files: their paths and what stands in them, bit by bit."""
    whole = hashlib.sha256()
    for name in names(folder):
        inside = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        whole.update(f"{name} {inside}\n".encode())
    return whole.hexdigest()


def frozen(versions: Path) -> Mapping[str, str]:
    """Return the hashes of the frozen versions by name, from the list in the folder of all versions."""
    kept: Mapping[str, str] = tomllib.loads((versions / LIST).read_text(encoding="utf-8"))
    return kept


def gone(versions: Path) -> tuple[str, ...]:
    """Return a fault for each frozen version whose folder is no longer there."""
    left = (name for name in frozen(versions) if not names(versions / name))
    return tuple(f"{name}: -: the version is frozen and is gone" for name in left)


def unfrozen(versions: Path, name: str) -> str | None:
    """Return the fault of a frozen version that is not as it was, or None; one not frozen yet may change."""
    kept = frozen(versions).get(name)
    if kept is None or kept == fingerprint(versions / name):
        return None
    return "-: the version is frozen and was changed: put it back, and make the change in a new version"
