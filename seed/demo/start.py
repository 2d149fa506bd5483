"""Prepares the demonstration in a folder of its own: whole or not at all, and found again the second time."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import create_app
from registry.clock import today
from registry.database import db
from registry.installing import install
from seed.demo.errors import DemoError
from seed.demo.server import filling, is_filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """What to prepare. `port` is None when nothing will be served.

    `url`: of an empty PostgreSQL database that is filled instead of a file in the folder.
    """

    folder: Path
    children: int
    seed: int
    on: date | None
    port: int | None
    url: str | None = None

    @property
    def database(self) -> Path:
        """The folder of the database file."""
        return self.folder / "database"

    @property
    def keys(self) -> Path:
        """The folder of the key file, the secret and the password: another than the database's."""
        return self.folder / "keys"


@dataclass(frozen=True)
class Prepared:
    """A demonstration that stands: where, and who may sign in."""

    plan: Plan
    password: str
    made_now: bool

    def words(self) -> str:
        """Return what the operator reads: the address and the accounts."""
        from seed.demo.accounts import table

        lines = [
            "The demonstration is ready." if self.made_now else "The demonstration is as it was left.",
            "示例数据 · sample data: people, numbers and communities are invented.",
            "",
            *table(),
            "",
            f"Password of all of them: {self.password}",
        ]
        if self.plan.port is not None:
            lines += ["", f"Open http://127.0.0.1:{self.plan.port}/   (stop with Ctrl+C)"]
        return "\n".join(lines)


def prepare(plan: Plan) -> Prepared:
    """Make the demonstration, or find it. Raises DemoError, SettingsError or KeyFileError."""
    if plan.port is not None:
        _check_port(plan.port)
    os.umask(0o077)  # the database and its log are nobody else's; it holds for the server that follows, too
    plan.folder.mkdir(parents=True, exist_ok=True)
    with _alone(plan.folder):
        _environment(plan, plan.database)
        password = _password(plan)
        made_now = _fill(plan, plan.url, password) if plan.url else _make_file(plan, password)
    return Prepared(plan, password, made_now)


def _fill(plan: Plan, url: str, password: str) -> bool:
    if is_filled(plan.folder, url):
        _update()
        return False
    with filling(plan.folder, url):
        _load(plan, password)
    return True


def _make_file(plan: Plan, password: str) -> bool:
    if not (plan.database / "registry.db").exists():
        _build(plan, password)
        return True
    plan.database.chmod(0o700)
    _update()
    return False


def _build(plan: Plan, password: str) -> None:
    """Build beside the place it will have, and move it there when it is whole: killed half-way leaves nothing."""
    building = plan.folder / "building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    _environment(plan, building)
    _load(plan, password)
    shutil.rmtree(plan.database, ignore_errors=True)
    building.rename(plan.database)
    _environment(plan, plan.database)


def _load(plan: Plan, password: str) -> None:
    from seed.demo.load import load

    load(plan.children, plan.seed, plan.on or today(), password)


def _update() -> None:
    """Bring an older demonstration's tables up to date. A missing key file stops it here, with words."""
    with create_app().app_context():
        install()
        db.session.remove()
        db.engine.dispose()


def _environment(plan: Plan, place: Path) -> None:
    plan.keys.mkdir(mode=0o700, exist_ok=True)
    secret = plan.keys / "secret"
    if not secret.exists():
        _write_privately(secret, secrets.token_hex(32))
    os.environ.update(
        REGISTRY_DATABASE_URL=plan.url or f"sqlite:///{place / 'registry.db'}",
        REGISTRY_KEY_FILE=str(plan.keys / "registry.key"),
        REGISTRY_SECRET_FILE=str(secret),
        REGISTRY_HTTPS="no",
        REGISTRY_SAMPLE_DATA="yes",
    )


def _password(plan: Plan) -> str:
    """Return the password of the demonstration accounts: drawn once, kept beside the keys."""
    kept = plan.keys / "password"
    if not kept.exists():
        _write_privately(kept, f"demo-{secrets.token_hex(5)}")
    return kept.read_text(encoding="ascii").strip()


def _write_privately(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoError(
                f"Port {port} is taken, perhaps by another demonstration. "
                f"Stop that, or take another port: ./run demo --port {port + 1}"
            ) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder while it is prepared; a second one started meanwhile is told, not mixed in."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoError(f"Another command is preparing {folder} right now. Wait for it to end.") from error
        yield
