"""Ways out for messages: none, a folder that the city's own gateway empties, or what another package brings."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from registry.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from uuid import UUID

    from sop.content import Text

GROUP: Final = "registry.channels"  # of entry points: name = the word before the colon, a function of what follows it
ONLY_OWNER: Final = 0o600


@dataclass(frozen=True)
class Message:
    """What an office is told on a day: numbers, and the same as a sentence in both languages. Nothing of any child.

    `office`: its id, `name` what it is called. `kind`: "referrals". `counts`: numbers by word.
    """

    office: UUID
    name: Text
    on: date
    kind: str
    counts: Mapping[str, int]
    text: Text


class Channel(Protocol):
    """A way out of the application."""

    def send(self, message: Message) -> None:
        """Hand a message over within seconds; raises when it could not, and is then asked again.

        The same message may come twice, after an end half-way: by office and day it is known again.
        """


class Folder:
    """A folder with one JSON file for each message, from where a gateway takes them away."""

    def __init__(self, address: str) -> None:
        """`address`: an existing folder, from the root on. Raises SettingsError."""
        self.path = Path(address)
        if not self.path.is_absolute() or not self.path.is_dir():
            raise SettingsError(f"REGISTRY_MESSAGES: {address!r} is no folder, named from / on. Make it, or name none.")

    def send(self, message: Message) -> None:
        """Write the file whole or not at all; a second time it replaces the first."""
        name = f"{message.on:%Y%m%d}-{message.office.hex}.json"
        part = self.path / f".{name}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OWNER), "w", encoding="utf-8") as file:
            json.dump(_plain(message), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path / name)


def channel_of(setting: str) -> Channel | None:
    """Return the channel that a setting names as `scheme:address`, None for an empty one. Raises SettingsError."""
    if not setting:
        return None
    scheme, _, address = setting.partition(":")
    if scheme == "folder":
        return Folder(address)
    found = tuple(entry_points(group=GROUP, name=scheme))
    if not found:
        raise SettingsError(f"REGISTRY_MESSAGES: no channel is called {scheme!r}. It may be folder:/path, or nothing.")
    make: Callable[[str], Channel] = found[0].load()
    return make(address)


def _plain(message: Message) -> dict[str, object]:
    return {
        "office": str(message.office),
        "name": {"zh": message.name.zh, "en": message.name.en},
        "on": message.on.isoformat(),
        "kind": message.kind,
        "counts": dict(message.counts),
        "text": {"zh": message.text.zh, "en": message.text.en},
    }
