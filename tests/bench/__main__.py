"""./run bench: prints what the main operations cost, on both engines, with one client and with eight."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from registry.serving import threads
from seed.demo.places import CITIES, TOWN, home_of
from tests.bench.measure import cell, cost, measure
from tests.bench.operations import OPERATIONS
from tests.bench.prepare import ENGINES, known_children
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.measure import Cell

CLIENTS = (1, 8)
WORKERS = 2
HEAD = ("operation", "engine", "clients", "requests", "statements", "runs", "p50 ms", "p95 ms", "requests/s")


def main(arguments: list[str] | None = None) -> None:
    """Measure and print; `--json FILE` keeps the same as data."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--children", type=int, default=2000, help="how many children to invent (2000)")
    parser.add_argument("--engine", choices=sorted(ENGINES), action="append", help="only this engine (both)")
    parser.add_argument("--clients", type=int, action="append", help="only so many at once (1 and 8)")
    parser.add_argument("--town", action="store_true", help="all of them in the township of the Changzhou accounts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    wanted = parser.parse_args(arguments)
    versions: list[str] = []
    cells: list[Cell] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for engine in wanted.engine or sorted(ENGINES, reverse=True):
            cells += _engine(engine, Path(folder) / engine, wanted, versions)
    facts = _facts(wanted, versions)
    sys.stdout.write("\n".join(["", *facts, "", *table(cells), "", *NOTES, ""]))
    if wanted.json:
        document = {"facts": facts, "cells": [each.as_json() for each in cells]}
        wanted.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


NOTES = (
    "One run of an operation is all its requests, redirects included. Times: one run, waiting for answers only;",
    "reading the pages costs the clients a share of the same processors. Statements: one run, those of sessions and",
    "audit included, BEGIN and COMMIT left out. Each cell ends after 60 runs or 20 seconds.",
)


def _engine(engine: str, folder: Path, wanted: argparse.Namespace, versions: list[str]) -> Iterator[Cell]:
    folder.mkdir()
    _say(f"{engine}: inventing {wanted.children} children ...")
    with ENGINES[engine](folder, wanted.children, home_of(CITIES[0]).code[:TOWN] if wanted.town else None) as bench:
        versions.append(bench.version)
        app, password = bench.app(), bench.demonstration.password
        known = known_children(app)
        with served(bench.demonstration.environment, WORKERS) as port:
            for operation in OPERATIONS:
                _say(f"{engine}: {operation.name} ...")
                one = cost(app, operation, known, password)
                for clients in wanted.clients or CLIENTS:
                    runs, rate = measure(port, operation, known, password, clients)
                    yield cell(operation, engine, clients, one, runs, rate)
        _close(app)


def _close(app: object) -> None:
    from registry.database import db

    with app.app_context():  # type: ignore[attr-defined]
        db.session.remove()
        db.engine.dispose()


def table(cells: list[Cell]) -> list[str]:
    """Return the cells as lines of a table with aligned columns; words left, numbers right."""
    rows = [HEAD, *(tuple(str(value) for value in each.as_json().values()) for each in cells)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    return [
        "  ".join(
            text.ljust(width) if place < 2 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _facts(wanted: argparse.Namespace, versions: list[str]) -> list[str]:
    return [
        f"command   {shlex.join(['./run', 'bench', *sys.argv[1:]])}",
        f"machine   {os.cpu_count()} processors, {platform.machine()}, {platform.system()} {platform.release()}",
        f"python    {platform.python_version()}",
        f"engines   {'; '.join(versions)}",
        f"server    gunicorn, {WORKERS} workers of {threads} threads, over loopback on the same machine",
        f"children  {wanted.children}{', all in one township' if wanted.town else ''}",
    ]


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
