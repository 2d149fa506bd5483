"""Two people change the same thing: the second one to save sees both versions and chooses, and nothing is lost."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from markupsafe import Markup

MINE, THEIRS = "mine", "theirs"
LONGEST_VERSION = 10  # digits


@dataclass(frozen=True)
class Change:
    """One value that a form may change: what stands now, what was typed, and of which version of its row.

    `key` names it in the form. `version` is of the row as it is now, 0 where there is none yet. `row` is given
    where several values share one row, and then one hidden version. `shown` writes a value for the page.
    """

    key: str
    label: str
    version: int
    before: Any
    after: Any
    shown: Callable[[Any], str | Markup]
    row: str | None = None

    @property
    def seen_as(self) -> str:
        """The name under which the form carries the version that it was opened with."""
        return self.row or self.key


@dataclass(frozen=True)
class Conflict:
    """A value that somebody else changed after the form was opened: theirs, mine, and the choice to be made."""

    key: str
    label: str
    version: int
    theirs: str | Markup
    mine: str | Markup

    @property
    def name(self) -> str:
        """The name of the choice in the form."""
        return f"choose-{self.key}"

    @property
    def choices(self) -> list[tuple[str, str, str | Markup]]:
        """What can be chosen: value, its heading, and what it would be."""
        return [
            (f"{MINE}-{self.version}", str(_("What you entered")), self.mine),
            (f"{THEIRS}-{self.version}", str(_("Saved meanwhile by somebody else")), self.theirs),
        ]


@dataclass(frozen=True)
class Settled:
    """What may be written, what has to be chosen first, and the versions that the form was opened with."""

    write: list[Change] = field(default_factory=list)
    met: list[Conflict] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def wanted(self) -> dict[str, Any]:
        """What may be written, by the key of each value."""
        return {change.key: change.after for change in self.write}


def settle(sent: Mapping[str, str], changes: Iterable[Change]) -> Settled:
    """Part what was typed into what may be written and what somebody else changed meanwhile.

    `sent` is the posted form: seen-<key> holds the version it was opened with, choose-<key> the choice made on
    a page that showed both, which counts only for the version it was made for. The rows are locked by the caller.
    """
    settled = Settled()
    for change in changes:
        seen = settled.seen[change.seen_as] = _version(sent.get(f"seen-{change.seen_as}"))
        if change.before == change.after:
            continue
        choice = sent.get(f"choose-{change.key}")
        if seen == change.version or choice == f"{MINE}-{change.version}":
            settled.write.append(change)
        elif choice != f"{THEIRS}-{change.version}":
            settled.met.append(_met(change))
    return settled


def fingerprint(value: Any) -> int:  # noqa: ANN401 -- any JSON value
    """Return a number that stands for a value as its version, where several share a row; 0 for none.

    It tells a changed value from an unchanged one, and nothing of a value that the page does not show.
    """
    return zlib.crc32(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()) if value else 0


def _met(change: Change) -> Conflict:
    theirs, mine = change.shown(change.before), change.shown(change.after)
    return Conflict(change.key, change.label, change.version, theirs, mine)


def _version(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else 0
