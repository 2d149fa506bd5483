"""What differs between two versions, or a version and the same with local rules: value by value, in fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sop.reading import Faults, Files, merged, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NAMED_BY: Final = ("code", "key")  # what an entry of a list is known by, so that one put in between moves no other
Contents = dict[str, dict[str, Any]]  # what each file says, by its name


@dataclass(frozen=True)
class Difference:
    """One value that differs. `old` or `new` is None where only one side has it.

    `key` as faults name it: education.accept_days; an entry of a list by its code, outcomes[11].text.zh, else by its
    number from 1. Both values are written as in the file, without quotation marks.
    """

    file: str
    key: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        """Say it in a line, as `registry sop diff` does."""
        if self.old is None:
            said = f"is new: {self.new}"
        elif self.new is None:
            said = f"is gone, was: {self.old}"
        else:
            said = f"was {self.old}, is {self.new}"
        return f"{self.file}: {self.key}: {said}"


def contents(folder: Path, overlay: Path | None = None) -> Contents:
    """Return what the files of a version say, by their paths inside its folder, with local ones merged into them.

    A file that cannot be read says nothing: `unreadable` names it.
    """
    files, unheard = Files(folder, overlay), Faults()
    return {
        name: files.values(name, unheard) for name in sorted({*names(folder), *(names(overlay) if overlay else ())})
    }


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of the files in a folder of rules; folders inside it hold none."""
    return tuple(sorted(path.name for path in folder.glob("*.toml")))


def unreadable(folder: Path) -> tuple[str, ...]:
    """Return the faults of the files of a folder that cannot be read: `services.toml: -: cannot be read: …`."""
    faults = Faults()
    for name in names(folder):
        Files(folder).values(name, faults)
    return tuple(faults.found)


def differences(old: Contents, new: Contents) -> tuple[Difference, ...]:
    """Return what differs: by file, then in the order of the old file's keys, what is new behind them."""
    return tuple(
        Difference(file, key, before, after)
        for file in sorted({*old, *new})
        for key, before, after in _of_file(_leaves(old.get(file, {})), _leaves(new.get(file, {})))
    )


def local_differences(folder: Path, overlay: Path) -> tuple[Difference, ...]:
    """Return what the local rules of a folder change in the version of another."""
    return differences(contents(folder), contents(folder, overlay))


def _of_file(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for key in merged(old, new):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _leaves(values: Mapping[str, Any]) -> dict[str, str]:
    return {path: said for key, value in values.items() for path, said in _walk(place_of("", key), value)}


def _walk(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each single value with its key; a list of plain values is one, and so is an empty table."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _walk(place_of(path, key), inner)
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for name, entry in zip(_entry_names(value), value, strict=True):
            yield from _walk(f"{path}[{name}]", entry)
    else:
        yield path, _written(value)


def _entry_names(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the entries of a list are called: by their codes where each has one of its own, else by number."""
    for name in NAMED_BY:
        given = [str(entry[name]) for entry in entries if name in entry]
        if len(set(given)) == len(entries):
            return given
    return [str(number) for number in range(1, len(entries) + 1)]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_written(entry) for entry in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_written(entry)}" for key, entry in value.items()) + "}"
    return str(value)
