"""Measures an operation: statements inside this process, and times over the network with one client or several."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.bench.clients import CountingClient, NetworkClient

if TYPE_CHECKING:
    from flask import Flask

    from tests.bench.clients import Client
    from tests.bench.operations import Known, Operation

MOST_TURNS = 60
MOST_SECONDS = 20.0


@dataclass(frozen=True)
class Cost:
    """What one run of an operation costs: requests and statements."""

    requests: int
    statements: int


@dataclass(frozen=True)
class Cell:
    """One measured cell. `p50`, `p95`: milliseconds of one run of the operation, all its requests together."""

    operation: str
    engine: str
    clients: int
    requests: int
    statements: int
    runs: int
    p50: float
    p95: float
    requests_a_second: float

    def as_json(self) -> dict[str, object]:
        """Return the cell as plain values."""
        return asdict(self)


def cost(app: Flask, operation: Operation, known: Known, password: str) -> Cost:
    """Count the statements of one run, after a first one that fills what is kept in memory."""
    client = CountingClient(app)
    try:
        client.sign_in(operation.account, password)
        operation.run(client, known, 0)
        client.requests = client.statements = 0
        operation.run(client, known, 1)
        return Cost(client.requests, client.statements)
    finally:
        client.close()


def measure(port: int, operation: Operation, known: Known, password: str, clients: int) -> tuple[list[float], float]:
    """Return the seconds of every run and the requests a second, with so many clients at once."""
    turns, lock = iter(range(MOST_TURNS)), threading.Lock()
    people = [NetworkClient(port) for _ in range(clients)]
    try:
        for client in people:
            client.sign_in(operation.account, password)
            operation.run(client, known, 0)
            client.requests = 0
        began = time.perf_counter()

        def work(client: Client) -> list[float]:
            took = []
            while time.perf_counter() - began < MOST_SECONDS:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    break
                client.spent = 0.0
                operation.run(client, known, turn)
                took.append(client.spent)
            return took

        with ThreadPoolExecutor(clients) as pool:
            runs = [took for each in pool.map(work, people) for took in each]
        elapsed = time.perf_counter() - began
        return runs, sum(client.requests for client in people) / elapsed
    finally:
        for client in people:
            client.close()


def cell(operation: Operation, engine: str, clients: int, cost_of_one: Cost, runs: list[float], rate: float) -> Cell:
    """Put a measured cell together."""
    cuts = quantiles(runs, n=20, method="inclusive") if len(runs) > 1 else runs * 19
    return Cell(
        operation=operation.name,
        engine=engine,
        clients=clients,
        requests=cost_of_one.requests,
        statements=cost_of_one.statements,
        runs=len(runs),
        p50=round(cuts[9] * 1000, 1),
        p95=round(cuts[18] * 1000, 1),
        requests_a_second=round(rate, 1),
    )
