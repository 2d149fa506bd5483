"""The same child twice in one ledger: what tells, and what only looks like it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sop.identity import is_placeholder
from sop.ledger.cells import folded
from sop.ledger.messages import Message

if TYPE_CHECKING:
    from sop.identity import BirthDate
    from sop.ledger.values import Values

SAME: Final = "in_file"
Stood = tuple[int, str]  # a row and the name of its sheet


@dataclass
class Seen:
    """The children of a ledger that stand above, by number and by name."""

    by_number: dict[str, list[tuple[Stood, Values]]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[tuple[Stood, Values]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: int, sheet: str, values: Values) -> None:
        """Remember a child who is registered."""
        if values.id_number:
            self.by_number[values.id_number].append(((row, sheet), values))
        if values.name:
            self.by_name[folded(values.name)].append(((row, sheet), values))

    def find(self, sheet: str, values: Values) -> Message | None:
        """Return what there is to say of a child who stands above already, the surest first; None for a new one.

        `sheet`: the name of the sheet that is being read; the message names that of the row above where it is another.

        The same number and name, or the same name and birth date with something else in common, is the same child.
        The same number with another name may be a twin; the same name and birth date with another number, or with
        nothing else in common, may be two children: such rows are registered, and somebody looks. A child not named yet
        has no name by which it could be known: with something else in common it may be the same one, or a twin.
        """
        found = [*self._by_number(sheet, values), *self._by_name(sheet, values)]
        return min(found, key=lambda message: message.code != SAME, default=None)

    def _by_number(self, sheet: str, values: Values) -> list[Message]:
        above = self.by_number.get(values.id_number, []) if values.id_number else []
        return [
            Message("id_number", SAME if _same_name(values, other) else "id_twice", _where(stood, sheet))
            for stood, other in above
        ]

    def _by_name(self, sheet: str, values: Values) -> list[Message]:
        above = self.by_name.get(folded(values.name or ""), [])
        alike = [
            (stood, _is_same(values, other))
            for stood, other in above
            if _same_birth(values.birth, other.birth) and not (values.sex and other.sex and values.sex != other.sex)
        ]
        if alike and is_placeholder(values.name or ""):
            return [Message("name", "same_name", _where(stood, sheet)) for stood, same in alike if same]
        return [Message("name", SAME if same else "same_name", _where(stood, sheet)) for stood, same in alike]


def _where(stood: Stood, sheet: str) -> dict[str, int | str]:
    """Return what a message says of a row above: its number, and its sheet where that is another one."""
    row, other = stood
    return {"row": row} if other == sheet else {"row": row, "sheet": other}


def _same_name(one: Values, other: Values) -> bool:
    return folded(one.name or "") == folded(other.name or "")


def _same_birth(one: BirthDate | None, other: BirthDate | None) -> bool:
    if one is None or other is None:
        return False
    if one.day is None or other.day is None:
        return (one.year, one.month) == (other.year, other.month)
    return one == other


def _is_same(one: Values, other: Values) -> bool:
    """Tell whether two children of one name and birth date are one: no two sound numbers, and a common household."""
    if one.id_sound and other.id_sound and one.id_number != other.id_number:
        return False
    pairs = ((one.phone, other.phone), (one.guardian, other.guardian), (one.address, other.address))
    return any(first and first == second for first, second in pairs)
