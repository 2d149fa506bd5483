"""What becomes of each row of a ledger by itself: refused, a duplicate within it, registered with or without a warning.

The order is that of the outcomes: the first that fits. What the register knows is asked elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sop.ledger.fields import FIELDS
from sop.ledger.messages import OUTCOMES, REFUSE, REGISTER, Message
from sop.ledger.sameness import SAME, Seen
from sop.ledger.settling import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sop.content import Sop
    from sop.ledger.reading import LedgerRow


@dataclass(frozen=True)
class Judged:
    """A row with the values to be kept, its outcome (of messages.OUTCOMES), and what there is to say, worst first."""

    row: LedgerRow
    outcome: str
    messages: tuple[Message, ...]


def judge(rows: Iterable[LedgerRow], on: date, sop: Sop) -> Iterator[Judged]:
    """Judge rows on a day, one by one as they come; only what tells duplicates is remembered."""
    seen = Seen()
    for row in rows:
        settled = settle(row, on, sop)
        values, messages = settled.values, settled.messages
        if outcome_of(messages) != REFUSE:
            above = seen.find(row.sheet, values)
            messages = [*messages, above] if above else messages
            if above is None or above.code != SAME:
                seen.add(row.row, row.sheet, values)
        kept = row if values is row.values else replace(row, values=values)
        yield Judged(kept, outcome_of(messages), tuple(sorted(messages, key=_rank)))


def outcome_of(messages: Iterable[Message]) -> str:
    """Return the outcome that messages bring together: the first of them in the order of the outcomes."""
    return min((message.level for message in messages), key=OUTCOMES.index, default=REGISTER)


def _rank(message: Message) -> tuple[int, int]:
    return OUTCOMES.index(message.level), FIELDS.index(message.field)
