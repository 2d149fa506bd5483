"""Measures an operation: its layers inside this process, and its times over the network with one client or several."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.bench.clients import InnerClient, NetworkClient
from tests.bench.layers import OTHER, SQL, TEMPLATE, VAULT, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from tests.bench.clients import Client
    from tests.bench.layers import Statement
    from tests.bench.operations import Known, Operation

MOST_TURNS = 60
MOST_SECONDS = 20.0
INNER_TURNS = 5
WARM_TURNS = 2


@dataclass(frozen=True)
class Cost:
    """What one run of an operation costs: requests, statements, the size of its pages, milliseconds by layer.

    `sent` are the statements of the last run, which began at `began` (seconds since 1970).
    """

    requests: int
    statements: int
    sizes: tuple[int, ...]
    milliseconds: dict[str, float]
    sent: tuple[Statement, ...]
    began: float


@dataclass(frozen=True)
class Cell:
    """One measured cell. Milliseconds of one run of the operation, all its requests together; `request_p95`: of one.

    `last_p95` is of the last request that writes, where the operation ends with one.
    """

    operation: str
    engine: str
    clients: int
    requests: int
    runs: int
    p50: float
    p95: float
    request_p95: float
    last_p95: float | None
    requests_a_second: float

    def as_json(self) -> dict[str, object]:
        """Return the cell as plain values."""
        return asdict(self)


def cost(app: Flask, operation: Operation, known: Known, password: str) -> Cost:
    """Measure what one run costs, on average over some, after first ones that fill what is kept in memory."""
    client = InnerClient(app)
    client.sign_in(operation.account, password)
    for turn in range(WARM_TURNS):
        operation.run(client, known, turn)
    seconds = dict.fromkeys((SQL, TEMPLATE, VAULT, OTHER), 0.0)
    with measured() as layers:
        for turn in range(WARM_TURNS, WARM_TURNS + INNER_TURNS):
            client.clear()
            began = time.time()
            layers.begin()
            operation.run(client, known, turn)
            layers.end()
            for layer, spent in layers.seconds.items():
                seconds[layer] += spent
            seconds[OTHER] -= client.reading
    return Cost(
        requests=len(client.times),
        statements=layers.statements,
        sizes=tuple(client.sizes),
        milliseconds={name: spent * 1000 / INNER_TURNS for name, spent in seconds.items()},
        sent=tuple(layers.sent),
        began=began,
    )


@dataclass(frozen=True)
class Runs:
    """What several clients measured: seconds of every run, of every request, of every last one; requests a second."""

    runs: list[float]
    requests: list[float]
    last: list[float]
    rate: float


def measure(port: int, operation: Operation, known: Known, password: str, clients: int) -> Runs:
    """Run an operation again and again, with so many clients at once."""
    turns, lock = iter(range(MOST_TURNS)), threading.Lock()
    people = [NetworkClient(port) for _ in range(clients)]
    try:
        for client in people:
            client.sign_in(operation.account, password)
            operation.run(client, known, 0)
        began = time.perf_counter()

        def work(client: Client) -> list[list[float]]:
            took = []
            while time.perf_counter() - began < MOST_SECONDS:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    break
                client.clear()
                operation.run(client, known, turn)
                took.append(list(client.times))
            return took

        with ThreadPoolExecutor(clients) as pool:
            each = [times for those in pool.map(work, people) for times in those]
        elapsed = time.perf_counter() - began
    finally:
        for client in people:
            client.close()
    requests = [seconds for times in each for seconds in times]
    last = [times[operation.last] for times in each] if operation.last else []
    return Runs([sum(times) for times in each], requests, last, len(requests) / elapsed)


def cell(operation: Operation, engine: str, clients: int, requests: int, found: Runs) -> Cell:
    """Put a measured cell together."""
    return Cell(
        operation=operation.name,
        engine=engine,
        clients=clients,
        requests=requests,
        runs=len(found.runs),
        p50=percentile(found.runs, 50),
        p95=percentile(found.runs, 95),
        request_p95=percentile(found.requests, 95),
        last_p95=percentile(found.last, 95) if found.last else None,
        requests_a_second=round(found.rate, 1),
    )


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Return a percentile in milliseconds."""
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else list(seconds) * 99
    return round(cuts[percent - 1] * 1000, 1)
