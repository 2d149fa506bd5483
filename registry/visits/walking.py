"""The order of walking: block by block, and inside a block from door to door."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.access import Viewer
    from registry.visits.families import Family

Key = tuple[tuple[bool, int, str], ...]


@dataclass(frozen=True)
class Block:
    """The families of one block, from door to door; `block` is None for those without one."""

    block: Any
    families: Sequence[Family]


def in_walking_order(families: Iterable[Family], viewer: Viewer) -> list[Block]:
    """Return these families under their blocks; those without a block come last. Opens their addresses."""
    members: dict[Any, list[Family]] = defaultdict(list)
    for family in families:
        members[family.household.block].append(family)
    order = sorted(
        members, key=lambda block: (block is None, *((block.position, natural(block.name_zh)) if block else ()))
    )
    return [Block(block, sorted(members[block], key=lambda family: _door(family, viewer))) for block in order]


def natural(text: str) -> Key:
    """Return a key that sorts 2单元602室 before 10单元101室: runs of digits count as numbers."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)


def _place(block: Any) -> tuple[int, Key]:  # noqa: ANN401 -- a row of another room
    return block.position, natural(block.name_zh)


def _door(family: Family, viewer: Viewer) -> tuple[Key, str]:
    return natural(family.household.address.open(viewer) or ""), str(family.household.id)
