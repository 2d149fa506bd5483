"""The key file: where it may lie, who may read it, and what is said when it does not fit."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path  # noqa: TC003

import pytest

from registry.vault import keyfile
from registry.vault.errors import KeyFileError

MASTER = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "registry.key"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the database lies."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_a_new_key_file_is_for_its_owner_only_and_is_read_back(path: Path, folder: Path) -> None:
    previous = os.umask(0)  # the mode is set by us, not by the account's habit
    try:
        keyfile.create(path, MASTER, folder)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keyfile.read(path, folder).master == MASTER
    assert keyfile.read(path, None).master == MASTER


def test_an_existing_key_file_is_never_written_over(path: Path) -> None:
    keyfile.create(path, MASTER, None)
    with pytest.raises(KeyFileError, match="exists already"):
        keyfile.create(path, bytes(32), None)
    assert keyfile.read(path, None).master == MASTER


def test_a_missing_key_file_is_told_with_its_place_and_that_a_new_one_would_not_help(path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"is missing.*A new key file would not open") as told:
        keyfile.read(path, None)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666])
def test_a_key_file_that_others_may_use_is_refused_with_the_cure(path: Path, mode: int) -> None:
    keyfile.create(path, MASTER, None)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        keyfile.read(path, None)


@pytest.mark.parametrize("below", ["registry.key", "deeper/registry.key", "../data/registry.key"])
def test_a_key_file_in_the_database_folder_is_neither_made_nor_read(folder: Path, below: str) -> None:
    with pytest.raises(KeyFileError, match="lies in the database's folder"):
        keyfile.create(folder / below, MASTER, folder)
    assert not list(folder.iterdir())
    keyfile.create(folder / below, MASTER, None)
    with pytest.raises(KeyFileError, match="lies in the database's folder"):
        keyfile.read(folder / below, folder)


def test_a_link_from_elsewhere_into_the_database_folder_is_seen_through(path: Path, folder: Path) -> None:
    keyfile.create(folder / "real.key", MASTER, None)
    path.parent.mkdir()
    path.symlink_to(folder / "real.key")
    with pytest.raises(KeyFileError, match="lies in the database's folder"):
        keyfile.read(path, folder)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        "{}",
        "\x00\xff",
        json.dumps({"format": "something else", "version": 1, "master": MASTER.hex()}),
        json.dumps({"format": keyfile.FORMAT, "version": 1, "master": MASTER.hex()[:-2]}),
        json.dumps({"format": keyfile.FORMAT, "version": 1, "master": "zz" * 32}),
        json.dumps({"format": keyfile.FORMAT, "version": 1, "master": None}),
    ],
)
def test_a_damaged_key_file_is_told_without_its_content(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="is damaged or is not a key file") as told:
        keyfile.read(path, None)
    assert MASTER.hex()[:20] not in str(told.value)


def test_a_key_file_of_a_later_release_is_told_as_such(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"format": keyfile.FORMAT, "version": 2, "master": MASTER.hex()}))
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="has version 2; this registry reads version 1"):
        keyfile.read(path, None)


def test_a_folder_or_a_pipe_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(KeyFileError, match="is not a regular file"):
        keyfile.read(path, None)
    path.rmdir()
    os.mkfifo(path, 0o600)
    with pytest.raises(KeyFileError, match="is not a regular file"):
        keyfile.read(path, None)


def test_a_key_file_of_another_account_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    keyfile.create(path, MASTER, None)
    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(KeyFileError, match="cannot be read: Permission denied"):
        keyfile.read(path, None)
    with pytest.raises(KeyFileError, match="cannot be written: Permission denied"):
        keyfile.create(path, MASTER, None)


def test_a_read_key_file_shows_nothing_of_its_key(path: Path) -> None:
    keyfile.create(path, MASTER, None)
    shown = repr(keyfile.read(path, None))
    assert "master" not in shown
    assert MASTER.hex() not in shown
