"""The rows of a department's list: what each tells by itself, before the register is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from registry.areas.codes import prefix_of
from registry.children.comparing import Listed
from registry.ledgers import planning
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.places import Places
from registry.ledgers.running import judged
from sop.eligibility import line_crossed
from sop.ledger.messages import DUPLICATE, REFUSE
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from registry.access import Viewer
    from registry.ledgers.planning import Planned
    from registry.ledgers.records import Item
    from sop.content import Sop
    from sop.ledger.messages import Message
    from sop.ledger.values import Values
    from sop.ledger.words import LedgerWords

KEPT: Final = ("name", "sex", "id_number", "phone", "guardian", "address")  # of a child who is to be looked up
MONTHS: Final = 12
BY_ITSELF: Final = frozenset({"birth", "birth_year", "id_number"})  # one of them, beside the name


@dataclass(frozen=True)
class RosterRow:
    """A row of a list. `area_code`: 12 digits, where the child belongs by its address, else of the whole list.

    `code`: what the row comes to unless the register has the child, of `sop.rosters.GROUPS`; `settled`: it is that
    whatever the register has. `kept`: what is kept, sealed, of one who may have to be looked up.
    """

    sheet: int
    row: int
    area_code: str
    code: str
    settled: bool
    month: int | None
    kept: dict[str, Any]


@dataclass
class Roster:
    """How the rows of a list are looked at. `area_code`: 12 digits, with which it is compared; `on`: judged from."""

    viewer: Viewer
    area_code: str
    on: date
    sop: Sop = field(init=False)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.sop = in_force(self.on)
        self.places = Places(self.viewer, self.area_code)

    def rows(self, sheets: Iterable[Planned]) -> list[RosterRow]:
        """Return the rows of all sheets in their order."""
        return [self._row(item) for item in judged(sheets, self.on, self.sop)]

    def _row(self, item: Item) -> RosterRow:
        there = self._place(item.values)
        within = there is None or there.startswith(prefix_of(self.area_code))
        code = self._code(item, there, within=within)
        settled = code in ("twice", "aged") or (code == "unread" and item.values.id_number is None)
        area = there if there and within else self.area_code
        return RosterRow(item.sheet, item.row, area, code, settled, _month(item.values, code), _kept(item.values))

    def _code(self, item: Item, there: str | None, *, within: bool) -> str:
        if _says(item.messages, "too_old"):
            return "aged"
        if item.outcome == DUPLICATE:
            return "twice"
        if item.outcome == REFUSE or item.values.birth is None:
            return "unread"
        if not within:
            return "elsewhere"
        return "outside" if self._is_outside(item, there) else "absent"

    def _place(self, values: Values) -> str | None:
        """Return the deepest place that the row tells: that of its address, or a community inside it."""
        told = self.places.code_of(values.address)
        named = self.places.code_of(values.community)
        deeper = named and (told is None or named.startswith(prefix_of(told)))
        return named if deeper else told

    def _is_outside(self, item: Item, there: str | None) -> bool:
        """Say whether the list tells that the child is at home here, and nothing that speaks of a parent away.

        What it does not tell speaks for asking: no place of hukou, or an address that stops above the township. The
        county that issued the number says too little for that.
        """
        values = item.values
        if values.who_away or item.side == "sending":
            return False
        hukou = self.places.code_of(values.origin)
        return hukou is not None and line_crossed(self.sop, hukou, there or self.area_code) == "none"


def read_roster(content: bytes, name: str | None, words: LedgerWords) -> list[Planned]:
    """Return the sheets with children of a department's list, their columns as they were recognised.

    Raises BookError, and NoHeaderError where no sheet has a name with a birth date or an ID number.
    """
    found = planning.read(content, name, words)
    whole = [each for each in found if "name" in (fields := each.header.fields()) and fields & BY_ITSELF]
    if not whole:
        raise NoHeaderError([each.sheet for each in found])
    return whole


def listed(kept: dict[str, Any]) -> Listed:
    """Return by what a child is looked for, out of what is kept of its row."""
    return Listed(kept.get("name"), kept.get("birth"), kept.get("id_number"), kept.get("phone"))


def _kept(values: Values) -> dict[str, Any]:
    kept = {name: getattr(values, name) for name in KEPT}
    kept["birth"] = values.birth.iso if values.birth else None
    return {name: value for name, value in kept.items() if value}


def _month(values: Values, code: str) -> int | None:
    """Return the month of birth of a child who tells whom the list is about, counted from the year 0."""
    if values.birth is None or code in ("aged", "unread"):
        return None
    return values.birth.year * MONTHS + values.birth.month


def _says(messages: Iterable[Message], code: str) -> bool:
    return any(message.code == code for message in messages)
