"""Local rules: a folder of files shaped as those of a version, which hold only what differs in one place.

Tables are merged key by key; a list or a single value stands for the whole of what it replaces. The outcome is
checked by the code that checks a version. The version itself is never written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop.building import build
from sop.content import SopError
from sop.differences import names, unreadable
from sop.reading import Faults, Files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sop.content import Sop

# Which version it is, and what every family was promised (design 1), are the same everywhere.
FIXED: Final[Mapping[str, tuple[str, ...]]] = {"version.toml": ("version", "valid_from"), "notice.toml": ("promises",)}
NOTICE: Final = "notice.toml"


def build_with(folder: Path, overlay: Path) -> Sop:
    """Build the version of `folder` with the local rules of `overlay`.

    Raises SopError listing every fault: those of the version itself as they are, else those of the local rules with
    their folder before the file (nanjing/schooling.toml: …); where two files do not fit each other and only the
    other one is at fault by itself, the folder with the fault that it leads to.
    """
    faults = list(_faults_of_shape(folder, overlay))
    if not faults:
        try:
            return build(folder, overlay)
        except SopError as error:
            faults = [_named(fault, overlay) for fault in error.faults]
    build(folder)
    raise SopError(*faults)


def _faults_of_shape(folder: Path, overlay: Path) -> Iterator[str]:
    """Yield what is wrong with the local files before they are merged; what cannot be read comes first."""
    if not overlay.is_dir():
        yield f"{called(overlay)}: -: the folder is missing"
        return
    try:
        found = sorted(path.name for path in overlay.iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield f"{called(overlay)}: -: cannot be read: {error.strerror}"
        return
    yield from (f"{called(overlay)}/{fault}" for fault in unreadable(overlay))
    known = frozenset(names(folder))
    if known.isdisjoint(found):
        yield f"{called(overlay)}: -: the folder holds no file of local rules"
    for file in found:
        if file in known:
            yield from (f"{called(overlay)}/{file}: {fault}" for fault in _faults_of_values(folder, overlay, file))
        else:
            yield f"{called(overlay)}/{file}: -: the version has no file of this name"


def _faults_of_values(folder: Path, overlay: Path, file: str) -> Iterator[str]:
    """Yield what a local file says of things that are the same everywhere."""
    values = Files(overlay).values(file, Faults())
    for key in FIXED.get(file, ()):
        if key in values:
            yield f"{key}: is the same everywhere and cannot be set here"
    own = Files(folder).values(file, Faults()).get("version")
    if file == NOTICE and values and values.get("version") in (None, own):
        yield "version: a notice with other words needs a version of its own"


def called(overlay: Path) -> str:
    """Return what faults call a folder: its own name, however the way to it is written."""
    return overlay.resolve().name


def _named(fault: str, overlay: Path) -> str:
    file = fault.partition(":")[0]
    return f"{called(overlay)}/{fault}" if file in names(overlay) else f"{called(overlay)}: with these rules, {fault}"
