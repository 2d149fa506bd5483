"""Loads a demonstration into the database that the environment names; a process of its own, which reads it once."""

from __future__ import annotations

import sys
from datetime import date

from seed.demo.load import load


def main(children: str, seed: str, day: str, password: str, in_town: str) -> None:
    """Invent this many children from a seed and a day (ISO), so many of them in one town; one password for all."""
    load(int(children), int(seed), date.fromisoformat(day), password, int(in_town), night=False)  # it is measured apart


if __name__ == "__main__":
    main(*sys.argv[1:])
