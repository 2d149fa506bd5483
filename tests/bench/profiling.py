"""The largest costs of an operation: in which functions its time is spent, without what they call."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.bench.clients import InnerClient

if TYPE_CHECKING:
    from flask import Flask

    from tests.bench.operations import Known, Operation

TURNS, LARGEST = 3, 3
FIRST_TURN = 10  # others than those that were measured before
ROOT = Path(__file__).parents[2]
OF_THE_CLIENT = frozenset({"pages.py", "parser.py", "_markupbase.py"})


class Spent(NamedTuple):
    """One function: of which operation, on which engine, where it stands, and its share of the time in percent."""

    operation: str
    engine: str
    function: str
    percent: float


def largest(app: Flask, operation: Operation, engine: str, known: Known, password: str) -> list[Spent]:
    """Return the functions that cost most, the largest first; reading the pages, which the client does, left out."""
    client = InnerClient(app)
    client.sign_in(operation.account, password)
    operation.run(client, known, FIRST_TURN)
    profile = cProfile.Profile()
    profile.enable()
    for turn in range(TURNS):
        operation.run(client, known, FIRST_TURN + 1 + turn)
    profile.disable()
    told: Any = pstats.Stats(profile)
    own = {
        where: spent for where, (_, _, spent, _, _) in told.stats.items() if Path(where[0]).name not in OF_THE_CLIENT
    }
    whole = sum(own.values())
    first = sorted(own, key=lambda where: -own[where])[:LARGEST]
    return [Spent(operation.name, engine, _named(*where), round(100 * own[where] / whole, 1)) for where in first]


def _named(file: str, line: int, function: str) -> str:
    if not line:
        return function
    path = Path(file)
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{'/'.join(place.parts[-3:])}:{line} {function}"
