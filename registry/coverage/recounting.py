"""Recounting: the counts that statistics read against a count in full, and the counts made anew."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from registry.children import tallies as children
from registry.counts.service import rebuild
from registry.counts.tallies import CHILDREN, COUNTY, LEVELS, REFERRALS, columns, place_column
from registry.database import db, reading, short_transaction
from registry.disclosure.tables import THRESHOLD
from registry.referrals import tallies as referrals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Select

    from registry.counts.tallies import Sums, Tally

ALL: Final[tuple[tuple[Tally, Callable[[], Select[Any]]], ...]] = (
    (CHILDREN, children.counted),
    (REFERRALS, referrals.counted),
)


class Difference(NamedTuple):
    """One count that is kept as one number and found to be another. `area_code`: 12 digits, of the level `digits`.

    It may count one child: what is said of it to people is `summary` or `places`.
    """

    table: str
    digits: int
    area_code: str
    key: tuple[str | int | bool, ...]
    kept: int
    counted: int

    @property
    def by(self) -> int:
        """By how much the two differ."""
        return abs(self.kept - self.counted)

    @property
    def place(self) -> str:
        """Where it is: the area, and what is told apart of children only for a whole county."""
        key = [str(int(part) if isinstance(part, bool) else part) for part in self.key if self.digits == COUNTY]
        return " ".join((self.table, self.area_code, f"({self.digits})", *key))


def summary(found: Sequence[Difference]) -> list[str]:
    """Return a line for each table and level: how many counts differ, and by how much in all."""
    counts, by = Counter[str](), Counter[str]()
    for each in found:
        where = f"{each.table} ({each.digits})"
        counts[where] += 1
        by[where] += each.by
    return [f"{where}: {number} of its counts differ, by {by[where]} in all" for where, number in counts.items()]


def places(found: Sequence[Difference]) -> list[str]:
    """Return a line for each area, of a county for each count: where they differ. Small numbers are not said."""
    by = Counter[str]()
    for each in found:
        by[each.place] += each.by
    return [f"{where}: {number if number >= THRESHOLD else f'less than {THRESHOLD}'}" for where, number in by.items()]


def recount() -> list[Difference]:
    """Return the differences, in a transaction of its own that only reads and holds nobody up."""
    with reading(), Session(db.engine) as session:
        return differences(session)


def differences(session: Session) -> list[Difference]:
    """Count everything in full and return where the counts that are kept differ; of a right database nothing.

    Each table of sums is compared in one statement, which sees one state of the database, whoever writes meanwhile.
    """
    return [found for tally, counted in ALL for sums in tally.sums for found in _differences(session, sums, counted())]


def rebuild_all(session: Session) -> None:
    """Make all counts anew, in the caller's transaction: for a bulk load, while nobody else writes."""
    for tally, counted in ALL:
        rebuild(session, tally, counted())


def mend() -> None:
    """Make all counts anew beside whoever works, in a transaction of its own that sees one state of the database."""
    with short_transaction() as session:
        if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer, and it is this one
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        rebuild_all(session)


def _differences(session: Session, sums: Sums, counted: Select[Any]) -> list[Difference]:
    each, deltas, names = counted.subquery(), sums.deltas, sums.present
    nothing, one = literal(0), literal(1)
    parts = [select(sums.model.digits, sums.model.area_code, *columns(sums.model, names), sums.model.n, nothing)]
    for digits in LEVELS:
        level, place = literal(digits), place_column(deltas.area_code, digits)
        parts.append(select(level, place, *columns(deltas, names), deltas.n, nothing))
        found = (each.c[name] for name in names)
        parts.append(select(level, place_column(each.c.area_code, digits), *found, nothing, one))
    *keys, is_kept, is_counted = union_all(*parts).subquery().c
    kept, full = func.sum(is_kept), func.sum(is_counted)
    rows = session.execute(select(*keys, kept, full).group_by(*keys).having(kept != full).order_by(*keys))
    return [
        Difference(sums.table.name, digits, area_code, tuple(key), was, is_now)
        for digits, area_code, *key, was, is_now in rows
    ]
