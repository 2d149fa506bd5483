"""What a process keeps in memory of places: tables that change only with a release, in bounded amounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.areas.addresses import Gazetteer
    from registry.areas.queries import Place


@dataclass
class Cache:
    """What is kept; empty is what was not read yet, or not loaded yet.

    `children`: what lies below a code, "" for the country; `changes`: {former code: next code}; `current`: {code,
    perhaps a former one: code in force, of a town or a wider area}; `former`: (prefix of a former county, code of the
    division in force that it ended in); `scopes`: the prefixes inside a code; `gazetteer`: the index of names, with
    the number of communities in it and the last of their codes.
    """

    children: dict[str, Sequence[Place]] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    former: list[tuple[str, str]] = field(default_factory=list)
    scopes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gazetteer: tuple[tuple[int, str | None], Gazetteer] | None = None


def cache() -> Cache:
    """Return the application's own."""
    kept: Cache = current_app.extensions.setdefault("areas", Cache())
    return kept
