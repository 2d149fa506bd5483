"""What was typed on a page, as the browser sent it: kept, with rows of persons added, removed and emptied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

if TYPE_CHECKING:
    from collections.abc import Iterable

Typed = list[tuple[str, str]]
NOT_ANSWERS = frozenset({"csrf_token", "_language", "add", "remove", "read", "continue", "draft", "stamp"})
MOST_ROWS = 20
LONGEST = 500


def typed_in(posted: MultiDict[str, str]) -> Typed:
    """Return the answers of a posted page: everything but the token and the buttons, each cut to 500 characters."""
    return [
        (name, value[:LONGEST])
        for name, value in posted.items(multi=True)
        if name not in NOT_ANSWERS and not name.endswith(("-find", "-open"))
    ]


def as_posted(typed: Iterable[Iterable[str]]) -> MultiDict[str, str]:
    """Return kept answers in the shape in which a form reads them."""
    return MultiDict([(name, value) for name, value in typed])


def count(typed: Typed, group: str) -> int:
    """Return how many rows of a group (such as "children") the page has."""
    return len(_numbers(typed, group))


def add(typed: Typed, group: str) -> Typed:
    """Return the answers with one more, empty row at the end of a group, up to 20 of them."""
    numbers = _numbers(typed, group)
    if len(numbers) >= MOST_ROWS:
        return typed
    return [*typed, (f"{group}-{max(numbers, default=-1) + 1}-name", "")]


def remove(typed: Typed, group: str, number: int) -> Typed:
    """Return the answers without row `number` of a group; the rows behind it move up."""
    return _keep_rows(typed, group, [n for n in _numbers(typed, group) if n != number])


def without_empty(typed: Typed, group: str, ignored: frozenset[str], *, least: int = 1) -> Typed:
    """Return the answers without the rows of a group in which nothing was typed or chosen.

    `ignored`: fields that say nothing by themselves, being prefilled. `least`: so many rows stay even when empty.
    """
    numbers = _numbers(typed, group)
    touched = [n for n in numbers if is_touched(typed, group, n, ignored)]
    return _keep_rows(typed, group, touched or numbers[:least])


def is_touched(typed: Typed, group: str, number: int, ignored: frozenset[str]) -> bool:
    """Say whether anything was typed or chosen in a row, prefilled fields left out."""
    prefix = f"{group}-{number}-"
    return any(
        value.strip() and name.removeprefix(prefix) not in ignored for name, value in typed if name.startswith(prefix)
    )


def _numbers(typed: Typed, group: str) -> list[int]:
    found = (re.match(rf"{re.escape(group)}-(\d{{1,3}})-", name) for name, _ in typed)
    return sorted({int(match[1]) for match in found if match})


def _keep_rows(typed: Typed, group: str, numbers: list[int]) -> Typed:
    place = {number: position for position, number in enumerate(numbers)}
    kept = []
    for name, value in typed:
        match = re.match(rf"{re.escape(group)}-(\d{{1,3}})-(.+)", name)
        if match is None:
            kept.append((name, value))
        elif int(match[1]) in place:
            kept.append((f"{group}-{place[int(match[1])]}-{match[2]}", value))
    return kept
