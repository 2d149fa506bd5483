"""Values that are sealed at an even length, so that a stolen table does not tell answers apart by their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.vault.codecs import JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.vault.codecs import JsonValue

STEP = 2_048  # bytes; the longest note fits into two of them
FILLING = "fill"


def evened(values: Mapping[str, JsonValue], step: int = STEP) -> JsonValue:
    """Return the values with a filling, so that what is stored has a length that is a multiple of `step` bytes."""
    bare = without_filling(values)
    length = len(JSON.encode({**bare, FILLING: ""}))
    return {**bare, FILLING: " " * (-length % step)}


def without_filling(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the values alone."""
    return {key: value for key, value in values.items() if key != FILLING}
