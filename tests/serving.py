"""The application as operators run it, for tests and measurements: a demonstration, and gunicorn over loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from registry.cli import server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.settings import Settings

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
END_SECONDS = 20
PREPARE_SECONDS = 900


@dataclass(frozen=True)
class Demonstration:
    """A prepared demonstration: its settings as environment variables, and the password of its accounts."""

    environment: dict[str, str]
    password: str


def prepare(folder: Path, children: int) -> Demonstration:
    """Make a demonstration with this many children in a folder, by the command that operators use."""
    arguments = ["demo", "--children", str(children), "--folder", str(folder), "--no-serve"]
    run([sys.executable, "-m", "registry.cli", *arguments], dict(os.environ))
    return Demonstration(
        environment_of(f"sqlite:///{folder / 'database' / 'registry.db'}", folder / "keys"),
        (folder / "keys" / "password").read_text(encoding="ascii").strip(),
    )


def environment_of(database_url: str, keys: Path) -> dict[str, str]:
    """Return the settings of an application on this database with the keys of a folder."""
    return dict(os.environ) | {
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_KEY_FILE": str(keys / "registry.key"),
        "REGISTRY_SECRET_FILE": str(keys / "secret"),
        "REGISTRY_HTTPS": "no",
        "REGISTRY_SAMPLE_DATA": "yes",
    }


def handed_over(settings: Settings) -> dict[str, str]:
    """Return a test's settings as environment variables; the secret is written beside the key."""
    secret = settings.key_file.parent / "secret"
    secret.touch(mode=0o600)
    secret.write_text(settings.secret_key, encoding="ascii")
    made = environment_of(settings.database_url, secret.parent)
    return made | {"REGISTRY_KEY_FILE": str(settings.key_file)}


def run(arguments: list[str], environment: dict[str, str]) -> None:
    """Run a command to its end; what it said stands in the error when it fails."""
    done = subprocess.run(  # noqa: S603 -- only our own commands
        arguments,
        cwd=ROOT,
        env=environment,
        timeout=PREPARE_SECONDS,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[1:])} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


@dataclass(frozen=True)
class Served:
    """What is served: its port on this machine, and the number of the server's master process."""

    port: int
    process: int


@contextmanager
def served(environment: dict[str, str], workers: int = 2) -> Iterator[int]:
    """Serve the application straight to browsers on a free port of this machine, and give the port."""
    with serving(environment, workers, straight=True) as found:
        yield found.port


@contextmanager
def serving(
    environment: dict[str, str],
    workers: int = 2,
    application: str | None = None,
    first: str = "/sign-in",
    *,
    straight: bool = False,
) -> Iterator[Served]:
    """Serve the application, or another one, named as gunicorn names it (module:name), once its first page is there."""
    with socket.socket() as door:  # bound here and handed over, so that nobody can take the port in between
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        port = int(door.getsockname()[1])
        process = subprocess.Popen(  # noqa: S603 -- only our own command
            _command(f"fd://{door.fileno()}", workers, application, straight=straight),
            cwd=ROOT,
            env=environment,
            pass_fds=[door.fileno()],
        )
    try:
        _answers(port, first)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(bind: str, workers: int, application: str | None, *, straight: bool) -> list[str]:
    command = server(bind, workers, straight=straight)
    return command if application is None else [*command[:-1], application]


def _answers(port: int, first: str) -> None:
    """Wait for the first page: the door is open already, so the request waits there until somebody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", first)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the application answers {answer.status} to its first page")
    finally:
        connection.close()
