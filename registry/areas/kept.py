"""What a process keeps in memory of places: tables that change only with a release, in bounded amounts."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import current_app

Value = TypeVar("Value")


class Kept(dict[str, Value]):
    """A dictionary that forgets everything when it is full: simple, bounded, and soon filled again."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def __setitem__(self, key: str, value: Value) -> None:
        if len(self) >= self.size and key not in self:
            self.clear()
        super().__setitem__(key, value)


def kept_by_process(name: str, size: int) -> Kept[Any]:
    """Return the application's own store of this name, for at most `size` entries."""
    stores: dict[str, Kept[Any]] = current_app.extensions.setdefault("areas", {})
    return stores.setdefault(name, Kept(size))
