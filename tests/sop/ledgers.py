"""Sheets for the tests of ledgers: rows numbered as a sheet numbers them, read and judged."""

from collections.abc import Sequence
from datetime import date

from sop.ledger.cells import Cell, Rows
from sop.ledger.columns import Header, find_header
from sop.ledger.judging import Judged, judge
from sop.ledger.reading import LedgerRow, read_rows
from sop.version import Sop

ON = date(2026, 11, 20)


def sheet(*rows: Sequence[Cell], first: int = 1) -> Rows:
    return list(enumerate(rows, start=first))


def header_of(sop: Sop, rows: Rows, title: str = "") -> Header:
    header = find_header(rows, sop.ledgers, title)
    assert header is not None
    return header


def read(sop: Sop, rows: Rows, title: str = "") -> list[LedgerRow]:
    return list(read_rows(rows, header_of(sop, rows, title), sop.ledgers))


def judged(sop: Sop, rows: Rows, on: date = ON, title: str = "") -> list[Judged]:
    return list(judge(read_rows(rows, header_of(sop, rows, title), sop.ledgers), on, sop))


def codes(row: Judged) -> list[str]:
    return [message.code for message in row.messages]


def outcomes(rows: list[Judged]) -> dict[int, str]:
    return {each.row.row: each.outcome for each in rows}
