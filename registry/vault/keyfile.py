"""The key file: holds the master key, which wraps the data keys; lies elsewhere than the database."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.vault.errors import KeyFileError
from registry.vault.suites import KEY_BYTES

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "one-card-child-registry key file"
VERSION = 1
MODE = 0o600
FOLDER_MODE = 0o700
MOST_BYTES = 4096


@dataclass(frozen=True)
class KeyFile:
    """A read key file: where it lies, and the 32-byte master key, which no message or repr shows."""

    path: Path
    master: bytes = field(repr=False)


def create(path: Path, master: bytes, database_folder: Path | None) -> None:
    """Write a new key file (mode 0600; a missing folder is made with 0700). An existing one is left alone.

    `database_folder`: where the embedded database lies, None for a database on a server.
    Raises KeyFileError when the file exists, lies in that folder, or cannot be written.
    """
    _refuse_database_folder(path, database_folder)
    content = json.dumps({"format": FORMAT, "version": VERSION, "master": master.hex()}, indent=1) + "\n"
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, MODE)
    except FileExistsError:
        raise KeyFileError(f"The key file {path} exists already and is left as it is.") from None
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _flush_folder(path.parent)


def read(path: Path, database_folder: Path | None) -> KeyFile:
    """Return the key file at `path`.

    `database_folder`: where the embedded database lies, None for a database on a server.
    Raises KeyFileError, saying what to do, when the file lies in that folder, is missing, may be read by
    others, cannot be read, or is not a key file.
    """
    _refuse_database_folder(path, database_folder)
    return KeyFile(path, _master_in(path, _content(path)))


def _flush_folder(folder: Path) -> None:
    """A power cut must not take the file's entry away once the database relies on it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_database_folder(path: Path, database_folder: Path | None) -> None:
    """Whoever copies the database's folder, a thief or a backup, must not get the key with it."""
    if database_folder is not None and path.resolve().is_relative_to(database_folder.resolve()):
        raise KeyFileError(
            f"The key file {path} lies in the database's folder {database_folder}. "
            "Keep it in another place, and out of the database's backups: move it and set the new place."
        )


def _content(path: Path) -> str:
    descriptor = _opened(path)
    try:
        _refuse_mode(path, os.fstat(descriptor).st_mode)
        return os.read(descriptor, MOST_BYTES).decode("utf-8", errors="replace")
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        # O_NONBLOCK, so that a named pipe in the file's place is refused instead of waited for.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileError(
            f"The key file {path} is missing. The database was sealed with it: put the file back, or set the "
            "place where it is. A new key file would not open the data that is there."
        ) from None
    except OSError as error:
        raise KeyFileError(
            f"The key file {path} cannot be read: {error.strerror}. "
            "It must belong to the account that runs the registry."
        ) from None


def _refuse_mode(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyFileError(f"The key file {path} is not a regular file.")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(
            f"The key file {path} has mode {stat.S_IMODE(mode):04o}, so that others can use it, too. "
            f"Run: chmod 600 {path}"
        )


def _master_in(path: Path, content: str) -> bytes:
    damaged = KeyFileError(
        f"The key file {path} is damaged or is not a key file of this registry. Put back a good copy of it. "
        "Only for a database without any data: move it away and initialise again."
    )
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise damaged
        version, master = document["version"], bytes.fromhex(document["master"])
    except (ValueError, KeyError, TypeError):
        raise damaged from None
    if version != VERSION:
        raise KeyFileError(
            f"The key file {path} has version {version}; this registry reads version {VERSION}. "
            "Run the release of the registry that wrote it."
        )
    if len(master) != KEY_BYTES:
        raise damaged
    return master
