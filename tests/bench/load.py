"""Loads a demonstration into the database that the environment names; a process of its own, which reads it once."""

from __future__ import annotations

import sys
from datetime import date

from seed.demo.load import load


def main(children: str, seed: str, day: str, password: str, town: str | None = None) -> None:
    """Invent this many children from a seed and a day (ISO); one password for all accounts, one town if named."""
    load(int(children), int(seed), date.fromisoformat(day), password, town)


if __name__ == "__main__":
    main(*sys.argv[1:])
