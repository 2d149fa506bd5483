"""What is served: workers that are forked from one loaded application share its memory, and nothing else."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Search
from registry.database import db
from tests.bench.clients import NetworkClient
from tests.bench.footprint import children_of
from tests.client import PASSWORD
from tests.serving import handed_over, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from registry.settings import Settings
    from tests.factories import Factory

WORKERS, SEARCHES = 2, 3
pytestmark = [
    pytest.mark.database,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells of other processes"),
]


def open_in(process: int, database: str) -> set[str]:
    """Name the files of an embedded database, or the sockets, that a process has open."""
    links = set()
    for number in Path(f"/proc/{process}/fd").iterdir():
        try:
            links.add(str(number.readlink()))
        except FileNotFoundError:  # closed at this moment
            continue
    return {link for link in links if link.startswith(("socket:", database))}


@contextmanager
def answering_alone(worker: int, workers: list[int]) -> Iterator[None]:
    """Let one worker answer everything inside the block, since the others do not run."""
    others = [each for each in workers if each != worker]
    try:
        for each in others:
            os.kill(each, signal.SIGSTOP)
        yield
    finally:
        for each in others:
            os.kill(each, signal.SIGCONT)


def search(port: int, username: str) -> None:
    client = NetworkClient(port)
    client.sign_in(username, PASSWORD)
    listing = client.get("/children/")
    for _ in range(SEARCHES):
        assert "陈雨桐" in client.send(listing, {"term": "桐"}, form="/children/search").text
    client.close()


def test_two_workers_of_one_loaded_application_share_no_connection_and_no_thread(
    app: Flask, settings: Settings, make: Factory
) -> None:
    make.child(name="陈雨桐")
    people = [make.user("registrar") for _ in range(WORKERS)]
    with app.app_context():
        place = db.engine.url.database or ""
        db.session.remove()
        db.engine.dispose()
    own = open_in(os.getpid(), place)
    with serving(handed_over(settings), WORKERS) as served:
        master = open_in(served.process, place) - own
        assert len(master) == 1, "the door, where requests come in, and no way to the database"
        assert len(list(Path(f"/proc/{served.process}/task").iterdir())) == 1
        workers = children_of(served.process)
        assert len(workers) == WORKERS
        for worker, person in zip(workers, people, strict=True):
            with answering_alone(worker, workers):
                search(served.port, person.username)
        reached = [open_in(worker, place) - own - master for worker in workers]
        assert all(reached), "each has a connection of its own"
        if app.extensions["settings"].database_url.startswith("postgresql"):
            assert not reached[0] & reached[1]
    with app.app_context():
        searchers = set(db.session.scalars(select(Search.user_id)))
    assert searchers == {person.id for person in people}
