"""Rows that a ledger has twice: the second one counts where the first could not be stored after all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sop.ledger.judging import outcome_of
from sop.ledger.messages import Message
from sop.ledger.sameness import SAME

if TYPE_CHECKING:
    from registry.ledgers.records import Item


def follows(item: Item, first: Item) -> bool:
    """Say whether a row was left out because it is the same child as that other row."""
    return any(_names(message, item, first) for message in item.messages if message.code == SAME)


def freed(item: Item) -> Item:
    """Return a row that was left out as a row of its own."""
    messages = tuple(message for message in item.messages if message.code != SAME)
    return replace(item, outcome=outcome_of(messages), messages=messages)


def behind(item: Item, first: Item) -> Item:
    """Return a row that was left out as the same child as another row than before."""
    params: dict[str, int | str] = (
        {"row": first.row} if item.sheet == first.sheet else {"row": first.row, "sheet": first.above[-1]}
    )
    said = (Message(each.field, SAME, params) if each.code == SAME else each for each in item.messages)
    return replace(item, messages=tuple(said))


def _names(message: Message, item: Item, first: Item) -> bool:
    sheet = message.params.get("sheet")  # only where it is another one
    is_there = item.sheet == first.sheet if sheet is None else first.above[-1:] == (sheet,)
    return is_there and message.params["row"] == first.row
