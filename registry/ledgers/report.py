"""What became of the rows of a ledger, as a file for programs to read and as a table for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sop.ledger.messages import OUTCOMES, REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sop.content import Sop
    from sop.ledger.messages import Message
    from sop.ledger.values import Values

SPOKEN: Final = frozenset({"row", "sheet", "age", "digits"})  # said of a row without quoting the child
QUOTED: Final = "…"
ORDER: Final = tuple(reversed(OUTCOMES))  # as the counts are told


@dataclass(frozen=True)
class Reported:
    """A row with what became of it. `sheet`: its sheet's name for the sheets beyond the first; `child`: an id."""

    row: int
    outcome: str
    messages: Sequence[Message]
    child: str | None = None
    sheet: str | None = None
    values: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Style:
    """How much is said, and how: in "zh" or "en"; what was read of a child only where it was asked for."""

    sop: Sop
    language: str
    with_values: bool

    def said(self, message: Message) -> str:
        """Return the words of a message, with what it quotes of the row only where values are wanted."""
        if not self.with_values:
            masked = {name: value if name in SPOKEN else QUOTED for name, value in message.params.items()}
            message = replace(message, params=masked)
        return message.text(self.language, self.sop.ledgers)


def document(file_name: str, rows: Iterable[Reported], style: Style) -> dict[str, Any]:
    """Return the report of a file: {"file", "counts": {outcome: number}, "rows": [...]}, ready to be written as JSON.

    A row: {"row", "outcome", "messages": [{"field", "code", "text"}], "child": id or None}, with "values" where
    they are wanted, and with "sheet", its name, in every sheet of children but the first: rows are counted by sheet.
    """
    told = [_row(each, style) for each in rows]
    counts = {outcome: sum(row["outcome"] == outcome for row in told) for outcome in ORDER}
    return {"file": file_name, "counts": counts, "rows": told}


def _row(one: Reported, style: Style) -> dict[str, Any]:
    row: dict[str, Any] = {"row": one.row} if one.sheet is None else {"sheet": one.sheet, "row": one.row}
    row["outcome"] = one.outcome
    row["messages"] = [
        {"field": message.field, "code": message.code, "text": style.said(message)} for message in one.messages
    ]
    row["child"] = one.child
    if style.with_values:
        row["values"] = dict(one.values or {})
    return row


def values_of(values: Values, county: str | None, sop: Sop) -> dict[str, str]:
    """Return what was read of a child as text, "" for what was not.

    `county`: the six digits of the county where the child lives. `birth` is a day or a month (2016-12), `sex` the
    Chinese word of its code, `relation` the code of GB/T 4761.
    """
    return {
        "name": values.name or "",
        "sex": sop.codes["sex"].text(values.sex).zh if values.sex else "",
        "birth": values.birth.iso if values.birth else "",
        "id_number": values.id_number or "",
        "phone": values.phone or "",
        "relation": values.relation or "",
        "county": county or "",
    }


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines of a report for a terminal: its counts, then each row that needs somebody, message by message."""
    yield f"{report['file']}: {len(report['rows'])} rows"
    for outcome, count in report["counts"].items():
        yield f"  {outcome:<10}{count:>7}"
    for row in report["rows"]:
        if row["outcome"] == REGISTER:
            continue
        place = f"{row['sheet']} " if "sheet" in row else ""
        for message in row["messages"]:
            about = f"{message['field']}: {message['code']}" if message["field"] else message["code"]
            yield f"{place}row {row['row']:>5}  {row['outcome']:<9}  {about:<28}  {message['text']}{_read(row)}"


def _read(row: Mapping[str, Any]) -> str:
    told = [value for value in row.get("values", {}).values() if value]
    return f"  [{', '.join(told)}]" if told else ""
