"""The commands that check and compare the procedure: its versions, and the local rules of a deployment."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from registry.clock import today
from registry.settings import overlay_folder
from sop import version
from sop.building import build
from sop.content import SopError
from sop.differences import contents, differences, local_differences, names, unreadable
from sop.freezing import fingerprint, frozen, gone, unfrozen
from sop.overlay import build_with, called

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sop.content import Sop
    from sop.differences import Contents

FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--folder", type=FOLDER, help="Local rules to check instead, over the version in force.")
def check(folder: Path | None) -> None:
    """Check all versions and the local rules of this deployment; end with 1 where something is wrong.

    Every fault is named by file and key. What local rules change is listed.
    """
    faults = _check_folder(folder) if folder else _check_all()
    if faults:
        _end_with(faults)
    click.echo("No fault.")


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
def diff(a: str, b: str) -> None:
    """Say what differs between two versions, or between a version and a folder, by file and key.

    End with 1 where a file cannot be read; such files are named.
    """
    sides = {named: _found(named) for named in (a, b)}
    faults = [f"{named}: {fault}" for named, folder in sides.items() for fault in _hindrances(folder)]
    if faults:
        _end_with(faults)
    found = differences(_side(a, b), _side(b, a))
    for each in found:
        click.echo(str(each))
    click.echo(_how_many(len(found)) if found else "Nothing differs.")


def is_version(folder: Path) -> bool:
    """Tell whether a folder holds a whole version: every file of the version in force."""
    return set(names(folder)) >= set(names(_version_in_force()))


def _check_all() -> list[str]:
    faults, overlay = list(gone(version.FOLDER)), overlay_folder()
    if overlay and not overlay.is_dir():
        faults.append(f"REGISTRY_SOP_OVERLAY: {overlay} is no folder")
        overlay = None
    for name in version.versions():
        folder = version.FOLDER / name
        changed = unfrozen(version.FOLDER, name)
        own = [*_faults(partial(build, folder)), *([changed] if changed else [])]
        faults += [f"{name}/{fault}" for fault in own]
        state = "frozen" if name in frozen(version.FOLDER) else f"not frozen; its hash is {fingerprint(folder)}"
        click.echo(f"Version {name}: {state}.")
        if overlay and not own:
            faults += _check_local(folder, overlay)
    return faults


def _check_folder(folder: Path) -> list[str]:
    return _check_local(_version_in_force(), folder)


def _hindrances(folder: Path) -> tuple[str, ...]:
    """Return why a folder cannot be compared: it holds no file of rules, or some that cannot be read."""
    if set(names(folder)).isdisjoint(names(_version_in_force())):
        return ("-: the folder holds no file of rules",)
    return unreadable(folder)


def _version_in_force() -> Path:
    version.use_overlay(None)  # whatever is wrong with the rules in use must not stand in the way of better ones
    return version.FOLDER / version.in_force(today()).version


def _check_local(folder: Path, overlay: Path) -> list[str]:
    """Check local rules over a version, and list what they change in it."""
    faults = _faults(partial(build_with, folder, overlay))
    changes = local_differences(folder, overlay)
    click.echo(f"Local rules in {called(overlay)}, over version {folder.name}: {_how_many(len(changes))}")
    for each in changes:
        click.echo(f"  {each}")
    return faults


def _end_with(faults: Sequence[str]) -> NoReturn:
    """Name every fault, and end with 1."""
    for fault in faults:
        click.echo(fault)
    raise SystemExit(1)


def _how_many(differences: int) -> str:
    return "1 value differs." if differences == 1 else f"{differences} values differ."


def _faults(load: Callable[[], Sop]) -> list[str]:
    """Return every fault that loading meets."""
    try:
        load()
    except SopError as error:
        return list(error.faults)
    return []


def _side(named: str, other: str) -> Contents:
    """Return what one side of a comparison says; local rules count over the version on the other side."""
    folder = _found(named)
    if is_version(folder):
        return contents(folder)
    under = _found(other)
    if not is_version(under):
        raise click.ClickException(f"Neither {named} nor {other} is a version.")
    return contents(under, folder)


def _found(named: str) -> Path:
    if named in version.versions():
        return version.FOLDER / named
    if not Path(named).is_dir():
        raise click.ClickException(f"{named} is neither a version ({', '.join(version.versions())}) nor a folder.")
    return Path(named)
