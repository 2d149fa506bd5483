"""What a running installation takes: memory of the workers, room on disk."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from registry.database import db

if TYPE_CHECKING:
    from flask import Flask

MEGABYTE = 1 << 20
KILO = 1024


@dataclass(frozen=True)
class Memory:
    """Of one process, in MB: resident; and of that, what no other process shares."""

    resident: float
    private: float


def workers_memory(master: int) -> list[Memory]:
    """Return the memory of the workers of a gunicorn, by the number of its master process; Linux only."""
    return [memory_of(worker) for worker in children_of(master)]


def memory_of(process: int) -> Memory:
    """Return the memory of one process."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = {name: int(number) for name, number in re.findall(r"^(\w+):\s+(\d+) kB$", told, re.MULTILINE)}
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(_megabytes(kilobytes["Rss"] * KILO), _megabytes(private * KILO))


def children_of(process: int) -> list[int]:
    """Return the numbers of the processes that a process has started and that are still there; Linux only."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    told = " ".join((task / "children").read_text(encoding="ascii") for task in tasks)
    return [int(number) for number in told.split()]


def bytes_on_disk(app: Flask) -> int:
    """Return how much room the database takes: the file of SQLite with its log, the whole database of PostgreSQL."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            size = int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
            db.session.rollback()
            return size
        place = Path(str(db.engine.url.database))
        return sum(path.stat().st_size for path in place.parent.glob(f"{place.name}*"))


def _megabytes(size: int) -> float:
    return round(size / MEGABYTE, 1)


def processors() -> int:
    """Return how many processors there are."""
    return os.cpu_count() or 1
