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

from registry.serving import worker_class
from tests.bench.bare import APPLICATION, page_seconds, rows_seconds
from tests.bench.doses import judging_microseconds, reckoning_seconds
from tests.bench.footprint import bytes_on_disk, workers_memory
from tests.bench.importing import rows_a_second
from tests.bench.measure import cell, cost, measure
from tests.bench.operations import OPERATIONS
from tests.bench.prepare import ENGINES, known_children
from tests.bench.profiling import largest
from tests.bench.referrals import closing, fill_desk, nights
from tests.bench.results import Found, Inside
from tests.serving import serving

if TYPE_CHECKING:
    from flask import Flask

    from tests.bench.measure import Cost
    from tests.bench.operations import Known
    from tests.bench.prepare import Bench

CLIENTS = (1, 8)
WORKERS = 2
TOWNSHIP = 20_000
NOTES = (
    "One run of an operation is all its requests, redirects included. Times: waiting for answers only; reading the",
    "pages costs the clients a share of the same processors. Each cell ends after 60 runs or 20 seconds. Statements:",
    "those of sessions and audit included, BEGIN and COMMIT left out. Layers: each without what it calls of the",
    "others; the clock costs a little itself. Bare rows: the same statements by the driver alone, every row fetched,",
    "commits included. Bare pages: as many bytes from the same server without the application. Memory: of the larger",
    "worker, after all operations.",
)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print; `--json FILE` keeps the same as data."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--children", type=int, default=2000, help="how many children to invent (2000)")
    parser.add_argument("--engine", choices=sorted(ENGINES), action="append", help="only this engine (both)")
    parser.add_argument("--clients", type=int, action="append", help="only so many at once (1 and 8)")
    parser.add_argument("--only", metavar="WORDS", help="only operations with these words in their name")
    parser.add_argument(
        "--town", action="store_true", help=f"all in the township of the Changzhou accounts (else {TOWNSHIP} at most)"
    )
    parser.add_argument("--referrals", type=int, default=0, help="so many open ones at one office; as many children")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    wanted = parser.parse_args(arguments)
    engines, found = wanted.engine or sorted(ENGINES, reverse=True), Found()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        versions = [_engine(engine, Path(folder) / engine, wanted, found) for engine in engines]
    facts = _facts(wanted, versions)
    sys.stdout.write("\n".join(["", *facts, "", *found.lines(), "", *NOTES, ""]))
    if wanted.json:
        document = {"facts": facts, **found.as_json()}
        wanted.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def in_town(wanted: argparse.Namespace) -> int:
    """Return how many children live in the township of the Changzhou accounts."""
    children: int = wanted.children
    return children if wanted.town else min(children, TOWNSHIP)


def _engine(engine: str, folder: Path, wanted: argparse.Namespace, found: Found) -> str:
    folder.mkdir()
    _say(f"{engine}: inventing {wanted.children} children ...")
    with ENGINES[engine](folder, wanted.children, in_town(wanted)) as bench:
        app = bench.app()
        found.facts.append(("seconds to fill the database", engine, round(bench.seconds, 1)))
        disk = bytes_on_disk(app)
        found.facts.append(("bytes on disk a child", engine, round(disk / wanted.children)))
        _say(f"{engine}: the nightly round of referrals ...")
        found.facts += [(what, engine, number) for what, number in nights(app)]
        if wanted.referrals:
            _say(f"{engine}: filling one office's desk ...")
            found.facts.append(("open referrals added at one office", engine, fill_desk(app, wanted.referrals)))
        known = known_children(app)
        costs = _over_network(engine, bench, app, known, wanted, found)
        _say(f"{engine}: import ...")
        rate, outcomes = rows_a_second(app)
        found.facts.append(("rows imported a second, of 1000", engine, round(rate, 1)))
        found.facts += [(f"of these: {outcome}", engine, number) for outcome, number in sorted(outcomes.items())]
        _say(f"{engine}: doses ...")
        _doses(engine, app, found)
        _say(f"{engine}: referrals ...")
        found.facts += [(what, engine, number) for what, number in closing(app)]
        _beside(engine, bench, app, costs, found)
        _close(app)
        return bench.version


def _over_network(
    engine: str, bench: Bench, app: Flask, known: Known, wanted: argparse.Namespace, found: Found
) -> dict[str, Cost]:
    """Measure every operation, and the memory of the workers after all of them; returns what each costs inside."""
    costs, password = {}, bench.demonstration.password
    with serving(bench.demonstration.environment, WORKERS) as server:
        for operation in OPERATIONS:
            if wanted.only and wanted.only not in operation.name:
                continue
            _say(f"{engine}: {operation.name} ...")
            one = costs[operation.name] = cost(app, operation, known, password)
            found.spent += largest(app, operation, engine, known, password)
            for clients in wanted.clients or CLIENTS:
                runs = measure(server.port, operation, known, password, clients)
                found.cells.append(cell(operation, engine, clients, one.requests, runs))
        memory = max(workers_memory(server.process), key=lambda one: one.resident)
    found.facts.append(("MB of a worker, resident", engine, memory.resident))
    found.facts.append(("MB of a worker, private", engine, memory.private))
    return costs


def _doses(engine: str, app: Flask, found: Found) -> None:
    seconds, children = reckoning_seconds(app)
    found.facts += [
        ("microseconds to judge the doses of a child, median", engine, round(judging_microseconds(), 1)),
        ("seconds to reckon all children in the nightly round", engine, round(seconds, 2)),
        ("children reckoned a second", engine, round(children / seconds)),
    ]


def _beside(engine: str, bench: Bench, app: Flask, costs: dict[str, Cost], found: Found) -> None:
    """Measure the bare cost of each operation: nothing else may follow on this database."""
    with serving(bench.demonstration.environment, WORKERS, APPLICATION, first="/100") as server:
        for name, one in costs.items():
            rows = rows_seconds(app, one.sent, one.began)
            found.inside.append(Inside.of(name, engine, one, rows, page_seconds(server.port, one.sizes)))


def _close(app: Flask) -> None:
    from registry.database import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _facts(wanted: argparse.Namespace, versions: list[str]) -> list[str]:
    return [
        f"command   {shlex.join(['./run', 'bench', *sys.argv[1:]])}",
        f"machine   {os.cpu_count()} processors, {platform.machine()}, {platform.system()} {platform.release()}",
        f"python    {platform.python_version()}",
        f"engines   {'; '.join(versions)}",
        f"server    gunicorn, {WORKERS} {worker_class} workers, over loopback on the same machine",
        f"children  {wanted.children}, {in_town(wanted)} of them in one township",
    ]


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
