"""The life of the vault: the first key, the next start, and a start that must stop with a clear message."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import text

from registry import database, vault
from registry.database import db
from registry.settings import Settings
from registry.vault import keyfile, service
from registry.vault.errors import KeyFileError, VaultClosedError
from registry.vault.models import VaultKey
from registry.vault.sealed import Sealed
from tests.vault.conftest import ROW, Opening

if TYPE_CHECKING:
    from pathlib import Path

NAME = Sealed("child", "name")
ANY = Opening(None)


def start(settings: Settings) -> Flask:
    """What create_app does, as far as the vault is concerned."""
    app = Flask("vault-only")
    app.extensions["settings"] = settings
    database.init_app(app)
    vault.init_app(app)
    return app


def make_table() -> None:
    """What the migration does, as far as the keys are concerned."""
    db.metadata.create_all(db.engine, [db.metadata.tables["vault_key"]])


def stop(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def initialise(settings: Settings) -> None:
    app = start(settings)
    with app.app_context():
        make_table()
        service.initialise(db.session(), settings)
        db.session.commit()
    stop(app)


def seal(settings: Settings) -> bytes:
    app = start(settings)
    with app.app_context():
        stored = NAME.seal_for(ROW, "张三")
    stop(app)
    assert stored is not None
    return stored


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """Settings of a deployment of which nothing has been made yet."""
    (tmp_path / "data").mkdir()
    return Settings(f"sqlite:///{tmp_path}/data/registry.db", tmp_path / "keys" / "registry.key", "x" * 32)


def test_a_start_without_a_database_makes_neither_it_nor_a_key_file(fresh: Settings, tmp_path: Path) -> None:
    app = start(fresh)
    assert app.extensions["vault"] is None
    assert not list((tmp_path / "data").iterdir())
    assert not fresh.key_file.exists()


def test_a_start_on_an_unmigrated_database_leaves_the_vault_closed(fresh: Settings, tmp_path: Path) -> None:
    (tmp_path / "data" / "registry.db").touch()
    app = start(fresh)
    assert app.extensions["vault"] is None
    stop(app)


def test_before_the_first_key_the_operator_is_told_to_initialise(fresh: Settings) -> None:
    app = start(fresh)
    with app.app_context():
        make_table()
        with pytest.raises(VaultClosedError, match="registry init"):
            service.vault()
    stop(app)


def test_what_was_sealed_before_opens_after_the_next_start(fresh: Settings) -> None:
    initialise(fresh)
    stored = seal(fresh)
    app = start(fresh)
    with app.app_context():
        assert NAME.open_value(ROW, stored, ANY) == "张三"
    stop(app)


def test_initialising_twice_changes_nothing(fresh: Settings) -> None:
    initialise(fresh)
    before, stored = fresh.key_file.read_bytes(), seal(fresh)
    initialise(fresh)
    assert fresh.key_file.read_bytes() == before
    app = start(fresh)
    with app.app_context():
        assert db.session.query(VaultKey).count() == 1
        assert NAME.open_value(ROW, stored, ANY) == "张三"
    stop(app)


def test_initialising_goes_on_where_it_was_killed_after_the_key_file(fresh: Settings, tmp_path: Path) -> None:
    keyfile.create(fresh.key_file, bytes(32), tmp_path / "data")
    initialise(fresh)
    assert keyfile.read(fresh.key_file, None).master == bytes(32)
    assert seal(fresh)


def test_the_vault_opens_at_the_first_need_after_the_first_key(fresh: Settings) -> None:
    app = start(fresh)
    with app.app_context():
        make_table()
        made = service.initialise(db.session(), fresh)
        db.session.commit()
        stored = NAME.seal_for(ROW, "张三")
        assert stored is not None
        assert made.open("child.name", ROW, stored) == "张三".encode()
    stop(app)


def test_an_old_database_without_its_key_file_stops_the_start_and_gets_no_new_one(fresh: Settings) -> None:
    initialise(fresh)
    away = fresh.key_file.rename(fresh.key_file.with_name("away"))
    with pytest.raises(KeyFileError, match=r"registry\.key is missing"):
        start(fresh)
    with pytest.raises(KeyFileError, match="A new key file would not open the data"):
        start(fresh)
    assert not fresh.key_file.exists()
    away.rename(fresh.key_file)
    stop(start(fresh))


def test_initialising_an_old_database_without_its_key_file_makes_none(fresh: Settings) -> None:
    initialise(fresh)
    app = start(fresh)
    fresh.key_file.unlink()
    with app.app_context(), pytest.raises(KeyFileError, match="is missing"):
        service.initialise(db.session(), fresh)
    assert not fresh.key_file.exists()
    stop(app)


def test_a_start_does_not_wait_for_somebody_who_writes(fresh: Settings, tmp_path: Path) -> None:
    initialise(fresh)
    with closing(sqlite3.connect(tmp_path / "data" / "registry.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA busy_timeout = 0")
        writer.execute("BEGIN IMMEDIATE")
        app = start(fresh)
    assert app.extensions["vault"].key_ids == (1,)
    stop(app)


def test_the_key_file_of_another_database_stops_the_start(fresh: Settings) -> None:
    initialise(fresh)
    fresh.key_file.unlink()
    keyfile.create(fresh.key_file, bytes(32), None)
    with pytest.raises(KeyFileError, match=r"registry\.key does not open this database") as told:
        start(fresh)
    assert told.value.__suppress_context__


def test_a_key_file_that_others_may_read_stops_the_start(fresh: Settings) -> None:
    initialise(fresh)
    fresh.key_file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        start(fresh)


def test_a_key_file_beside_the_database_is_refused_and_not_made(fresh: Settings, tmp_path: Path) -> None:
    beside = replace(fresh, key_file=tmp_path / "data" / "registry.key")
    with pytest.raises(KeyFileError, match="lies in the database's folder"):
        initialise(beside)
    assert not beside.key_file.exists()


def test_a_key_file_moved_beside_its_database_stops_the_start(fresh: Settings, tmp_path: Path) -> None:
    initialise(fresh)
    beside = replace(fresh, key_file=fresh.key_file.rename(tmp_path / "data" / "registry.key"))
    with pytest.raises(KeyFileError, match="lies in the database's folder"):
        start(beside)


def test_a_database_without_an_active_key_seals_nothing(fresh: Settings) -> None:
    initialise(fresh)
    app = start(fresh)
    with app.app_context():
        db.session.execute(text("UPDATE vault_key SET state = 'opens'"))
        db.session.commit()
    stop(app)
    with pytest.raises(VaultClosedError, match="is active"):
        start(fresh)


def test_neither_database_nor_key_file_holds_the_data_key_openly(fresh: Settings, tmp_path: Path) -> None:
    app = start(fresh)
    with app.app_context():
        make_table()
        made = service.initialise(db.session(), fresh)
        db.session.commit()
    stop(app)
    secret = made._keys[1].secret
    for file in [fresh.key_file, *(tmp_path / "data").iterdir()]:
        content = file.read_bytes()
        assert secret not in content
        assert secret.hex().encode() not in content
