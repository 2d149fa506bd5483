"""The empty ledger that communities fill in: its columns in their order, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList, Text
    from sop.reading import Table

SIDES: Final = ("receiving", "sending")
WIDEST: Final = 80  # characters


@dataclass(frozen=True)
class EmptyColumn:
    """One column: its heading, how it is filled in, and what stands there in the example row.

    `list`: the code list to choose from, whose `choice` stands in the example; elsewhere `sample` does, or nothing.
    `needed`: without it a row cannot be registered, or not be placed. `width` in characters.
    """

    key: str
    sides: tuple[str, ...]
    heading: Text
    how: Text
    needed: bool
    width: int
    list: str | None
    choice: str | None
    sample: Text | None


@dataclass(frozen=True)
class EmptyLedger:
    """The words of the empty ledger. `titles` by side; `said` are its single words by their keys in the file."""

    titles: Mapping[str, Text]
    said: Mapping[str, Text]
    paragraphs: tuple[Text, ...]
    columns: tuple[EmptyColumn, ...]

    def of_side(self, side: str) -> tuple[EmptyColumn, ...]:
        """Return the columns of a receiving or a sending ledger, in their order."""
        return tuple(column for column in self.columns if side in column.sides)


SAID: Final = ("rows", "explained", "lists", "example", "needed", "wished")
OF_COLUMNS: Final = ("column", "need", "how")


def read_empty_ledger(file: Table, codes: Mapping[str, CodeList]) -> EmptyLedger:
    """Build it out of empty_ledger.toml, noting every fault."""
    titles, heads = file.table("titles"), file.table("of_columns")
    ledger = EmptyLedger(
        titles=MappingProxyType({side: titles.text(side) for side in SIDES}),
        said=MappingProxyType({key: file.text(key) for key in SAID} | {key: heads.text(key) for key in OF_COLUMNS}),
        paragraphs=tuple(table.as_text() for table in file.listed("paragraphs")),
        columns=tuple(_column(key, table, codes) for key, table in file.table("columns").tables()),
    )
    for table in (titles, heads, file):
        table.finish()
    return ledger


def _column(key: str, table: Table, codes: Mapping[str, CodeList]) -> EmptyColumn:
    listed, choice = table.optional("list"), table.optional("choice")
    column = EmptyColumn(
        key=key,
        sides=table.strings("sides", frozenset(SIDES)),
        heading=table.text("heading"),
        how=table.text("how"),
        needed=table.switch("needed"),
        width=table.number("width", WIDEST),
        list=listed,
        choice=choice,
        sample=table.text("sample") if "sample" in table.values else None,
    )
    table.finish()
    if listed is not None and (listed not in codes or choice is None or not codes[listed].has(choice)):
        table.fault("list", "is no code list, or its example is no code of it")
    return column
