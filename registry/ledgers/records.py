"""Rows of a ledger between the procedure and the table: what was read of one, and what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sop.identity import BirthDate, parse_birth_date
from sop.ledger.messages import Message
from sop.ledger.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from registry.ledgers.models import LedgerRow
    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener
    from sop.ledger.judging import Judged

WAITING: Final = "waiting"
DAYS: Final = frozenset(field.name for field in fields(Values) if str(field.type).startswith("BirthDate"))
OF_NUMBER: Final = frozenset({"id_birth", "id_sex", "id_sound"})  # what the number says: judged already


@dataclass(frozen=True)
class Item:
    """A row that waits to be stored. `sheet`: counted from 0, `row` from 1; `outcome`: as judged by itself.

    `above`: the lines of title over it, the nearest first, and the name of its sheet.
    """

    sheet: int
    row: int
    side: str
    values: Values
    outcome: str
    messages: tuple[Message, ...]
    raw: Mapping[str, str]
    above: tuple[str, ...] = ()


class Result(NamedTuple):
    """What became of a row. `held`: why it waits for a supervisor of `area_code`, and beside which file."""

    outcome: str
    messages: tuple[Message, ...] = ()
    child_id: UUID | None = None
    area_code: str | None = None
    held: str | None = None
    held_child_id: UUID | None = None
    tallied: bytes | None = None


def item_of(judged: Judged, sheet: int, side: str, above: tuple[str, ...]) -> Item:
    """Return a judged row as it waits to be stored."""
    row = judged.row
    return Item(sheet, row.row, side, row.values, judged.outcome, judged.messages, row.raw, above)


def kept(item: Item) -> dict[str, JsonValue]:
    """Return what is kept, sealed, of what was read of a row, until it is stored and settled."""
    names = [field.name for field in fields(Values) if field.name not in OF_NUMBER]
    values = {name: _plain(getattr(item.values, name)) for name in names}
    return {
        "side": item.side,
        "outcome": item.outcome,
        "above": list(item.above),
        "values": {name: value for name, value in values.items() if value is not None},
    }


def said(messages: Iterable[Message]) -> list[JsonValue]:
    """Return messages as they are kept, sealed."""
    return [
        {"field": each.field, "code": each.code, "params": dict(each.params), "proposal": each.proposal}
        for each in messages
    ]


def waiting(row: LedgerRow, viewer: Opener) -> Item:
    """Open a row that waits to be stored, or to be settled."""
    read = cast("dict[str, Any]", row.read.open(viewer))
    values = Values(**{name: _read(name, value) for name, value in read["values"].items()})
    messages = messages_of(row, viewer)
    raw = cast("dict[str, str]", row.typed.open(viewer) or {})
    above = tuple(read.get("above", ()))
    return Item(row.sheet, row.row, read["side"], values, read["outcome"], messages, raw, above)


def messages_of(row: LedgerRow, viewer: Opener) -> tuple[Message, ...]:
    """Open what there is to say of a row."""
    return tuple(Message(**each) for each in cast("list[dict[str, Any]]", row.messages.open(viewer) or []))


def _plain(value: object) -> JsonValue:
    return value.iso if isinstance(value, BirthDate) else cast("JsonValue", value)


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 -- as the field of that name
    return parse_birth_date(str(value)) if name in DAYS else value
