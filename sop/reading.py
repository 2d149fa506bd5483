"""Reads the files of a version, noting every fault by file and key instead of stopping at the first."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sop.content import LANGUAGES, Text, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NOTHING = Text("", "")
DEEPEST: Final = 20  # tables inside each other: more than any rule needs, fewer than a reader stumbles over
LARGEST: Final = 1 << 63  # beyond it a number is none of TOML's


@dataclass
class Faults:
    """Everything found wrong so far."""

    found: list[str] = field(default_factory=list)

    def add(self, file: str, key: str, message: str) -> None:
        """Note one fault."""
        self.found.append(f"{file}: {key}: {message}")


@dataclass
class Table:
    """A table of a file; what is not taken out of it by the end is an unknown key."""

    file: str
    path: str
    values: dict[str, Any]
    faults: Faults
    taken: set[str] = field(default_factory=set)

    def fault(self, key: str, message: str) -> None:
        """Note a fault at `key` of this table."""
        self.faults.add(self.file, self._at(key), message)

    def text(self, key: str) -> Text:
        """Take the words at `key`, in both languages with the same placeholders."""
        words = self.table(key)
        return words.as_text() if words.values else NOTHING

    def as_text(self) -> Text:
        """Take this table itself as words."""
        said = {language: self.string(language) for language in LANGUAGES}
        self.finish()
        try:
            if placeholders(said["zh"]) != placeholders(said["en"]):
                self.faults.add(self.file, self.path, "placeholders differ between zh and en")
        except ValueError as error:
            self.faults.add(self.file, self.path, str(error))
        return Text(**said)

    def string(self, key: str) -> str:
        """Take a string that is not blank."""
        value = self._take(key, str, "")
        if value is not None and not value.strip():
            self.fault(key, "is missing or empty")
        return value or ""

    def optional(self, key: str) -> str | None:
        """Take a string that may be absent, but not blank."""
        return self.string(key) if key in self.values else None

    def strings(self, key: str, known: frozenset[str] | None = None, *, empty: bool = False) -> tuple[str, ...]:
        """Take a list of different strings, each one of `known` when that is given."""
        value = self._take(key, list, [])
        entries = tuple(entry for entry in value or [] if isinstance(entry, str) and entry)
        if value is not None and len(entries) != len(value):
            self.fault(key, "must be a list of strings")
        if value == [] and not empty:
            self.fault(key, "is missing or empty")
        if len(set(entries)) != len(entries):
            self.fault(key, "names something twice")
        for entry in entries:
            if known is not None and entry not in known:
                self.fault(key, f"{entry!r} is not known")
        return entries

    def any_strings(self, key: str, known: frozenset[str] | None = None) -> tuple[str, ...]:
        """Take such a list that may be absent, but not empty."""
        return self.strings(key, known) if key in self.values else ()

    def number(self, key: str, highest: int) -> int:
        """Take a whole number from 1 to `highest`."""
        value = self._take(key, int, 0)
        if value is not None and not 1 <= value <= highest:
            self.fault(key, f"must be a number from 1 to {highest}")
        return value or 0

    def boolean(self, key: str) -> bool:
        """Take true or false, which must be there."""
        return bool(self._take(key, bool, None))

    def switch(self, key: str) -> bool:
        """Take yes or no; what is left out is no."""
        return bool(self._take(key, bool, default=False))

    def day(self, key: str) -> date:
        """Take a day."""
        return self._take(key, date, None) or date.min

    def numbers(self, key: str, highest: int) -> tuple[int, ...]:
        """Take a list of whole numbers from 1 to `highest`."""
        value = self._take(key, list, None) or []
        if self.values.get(key) == []:
            self.fault(key, "is missing or empty")
        if any(type(entry) is not int or not 1 <= entry <= highest for entry in value):
            self.fault(key, f"must be numbers from 1 to {highest}")
            return ()
        return tuple(value)

    def days(self, key: str) -> tuple[date, ...]:
        """Take a list of different days, which may be empty."""
        value = self._take(key, list, None) or []
        if any(type(entry) is not date for entry in value):
            self.fault(key, "must be a list of days")
            return ()
        if len(set(value)) != len(value):
            self.fault(key, "names something twice")
        return tuple(value)

    def table(self, key: str) -> Table:
        """Take the table at `key`."""
        value = self._take(key, dict, {})
        if value == {}:
            self.fault(key, "is missing or empty")
        return Table(self.file, self._at(key), value or {}, self.faults)

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Take every key of this table as a table, in the order of the file."""
        for key in self.values:
            yield key, self.table(key)

    def listed(self, key: str) -> Iterator[Table]:
        """Take the list of tables at `key`."""
        value = self._take(key, list, [])
        if value == []:
            self.fault(key, "is missing or empty")
        for number, entry in enumerate(value or [], start=1):
            if isinstance(entry, dict):
                yield Table(self.file, f"{self._at(key)}[{number}]", entry, self.faults)
            else:
                self.fault(key, "must be a list of tables")

    def finish(self) -> None:
        """Note every key that nobody took."""
        for key in self.values:
            if key not in self.taken:
                self.fault(key, "unknown key")

    def _take(self, key: str, kind: type, default: object) -> Any:  # noqa: ANN401 - its kind is an argument
        """Return the value at `key`, its default when absent, None after noting another kind."""
        self.taken.add(key)
        value = self.values.get(key, default)
        if key not in self.values and default is None:
            self.fault(key, "is missing")
            return None
        mixed = (kind is int and isinstance(value, bool)) or (kind is date and isinstance(value, datetime))
        if not isinstance(value, kind) or mixed:
            self.fault(key, f"must be of kind {kind.__name__}")
            return None
        return value

    def _at(self, key: str) -> str:
        return place_of(self.path, key)


def place_of(path: str, key: str) -> str:
    """Return where a key stands, as faults name it: education.accept_days, field."child.name"."""
    written = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'
    return f"{path}.{written}" if path else written


@dataclass(frozen=True)
class Files:
    """The files of a version; those of a local `overlay` hold only what differs, and come before them."""

    folder: Path
    overlay: Path | None = None

    def values(self, name: str, faults: Faults) -> dict[str, Any]:
        """Return what one file says, `name` being its path inside the folder; a missing or broken file is a fault."""
        said = _values(self.folder, name, faults)
        if said is None:
            faults.add(name, "-", "the file is missing")
        local = _values(self.overlay, name, faults) if self.overlay else None
        return merged(said or {}, local or {})


def merged(values: Mapping[str, Any], local: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with what a local one says instead or besides: tables key by key, anything else as a whole."""
    both = {
        key: merged(values[key], value) if isinstance(value, dict) and isinstance(values.get(key), dict) else value
        for key, value in local.items()
    }
    return {**values, **both}


def read_file(files: Files, name: str, faults: Faults) -> Table:
    """Read one file of a version; a missing or broken file is a fault and reads as empty."""
    return Table(name, "", files.values(name, faults), faults)


def _values(folder: Path, name: str, faults: Faults) -> dict[str, Any] | None:
    try:
        values = tomllib.loads((folder / name).read_text(encoding="utf-8-sig"))
        _check_size(values)
    except FileNotFoundError:
        return None
    except OSError as error:
        faults.add(name, "-", f"cannot be read: {error.strerror}")
    except RecursionError:
        faults.add(name, "-", "cannot be read: tables inside tables without end")
    except ValueError as error:  # what is no TOML and no UTF-8 too
        faults.add(name, "-", f"cannot be read: {error}")
    else:
        return values
    return {}


def _check_size(values: dict[str, Any]) -> None:
    """Raise ValueError for what is nested too deep, or a number too large, to be worked with."""
    layer: list[object] = [values]
    for _depth in range(DEEPEST):
        if any(isinstance(each, int) and abs(each) >= LARGEST for each in layer):
            raise ValueError("a number has too many digits")
        tables = [each for each in layer if isinstance(each, dict)]
        lists = [each for each in layer if isinstance(each, list)]
        layer = [inner for table in tables for inner in table.values()] + [inner for each in lists for inner in each]
        if not layer:
            return
    raise ValueError(f"more than {DEEPEST} tables inside each other")
