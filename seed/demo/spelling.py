"""Names of invented people in Latin letters: put together out of parts, of which there are few."""

from __future__ import annotations

import functools

from registry.names import MIDDLE_DOT, romanise, surname_of


def spelt(name: str) -> str:
    """Return what `registry.names.romanise` returns, without asking the dictionary for the same part twice."""
    if MIDDLE_DOT in name or not name:
        return romanise(name)
    surname = surname_of(name)
    return " ".join(part for part in (_surname(surname), _given(name[len(surname) :])) if part)


@functools.cache
def _surname(surname: str) -> str:
    return romanise(f"{surname}一").split(" ")[0]


@functools.cache
def _given(given: str) -> str:
    return romanise(f"王{given}").partition(" ")[2]
