"""Verbs of counts: fold what was written into the sums, and make the sums anew from a count in full."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, text
from sqlalchemy.orm import Session

from registry.counts.tallies import CHILDREN, LEVELS, REFERRALS, columns, place_column, place_of
from registry.database import db, insert_into, reading
from registry.jobs.service import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Select

    from registry.counts.tallies import Sums, Tally

SIZE: Final = 2000  # deltas folded in one transaction: on SQLite it holds the only lock for writing
MANY: Final = 2 * SIZE  # each thousand that waits costs whoever reads statistics some milliseconds
MORE: Final = UUID(int=0)  # what is folded is gone: the next call begins where the table begins


def fold_nightly(on: date, after: UUID | None) -> Batch:  # noqa: ARG001 -- every night folds what is there
    """Fold one batch of both tallies; at the end take away the sums that have come to nothing."""
    session = db.session()
    folded = [fold(session, tally, SIZE) for tally in (CHILDREN, REFERRALS)]
    if max(folded) == SIZE:
        return Batch(sum(folded), MORE)
    for sums in (*CHILDREN.sums, *REFERRALS.sums):
        session.execute(delete(sums.model).where(sums.model.n == 0).execution_options(synchronize_session=False))
    return Batch(sum(folded))


def fold_when_many() -> None:
    """Fold a batch of a tally of which more than MANY deltas wait: whoever writes much by day does not slow reading."""
    for tally in (CHILDREN, REFERRALS):
        if _many_wait(tally):
            fold(db.session(), tally, SIZE)


def _many_wait(tally: Tally) -> bool:
    """Only reads: SQLite's lock for writing is taken where there is something to write."""
    next_one = select(tally.deltas.id).order_by(tally.deltas.id).offset(MANY).limit(1)
    with reading(), Session(db.engine) as session:
        return session.scalar(next_one) is not None


def fold(session: Session, tally: Tally, size: int = SIZE) -> int:
    """Add the oldest deltas to the sums of every level and take them away, at once; return how many there were.

    What is taken away is exactly what is added, whoever writes meanwhile, and everybody who reads finds either both
    or neither. Only this changes sums that are there: whoever writes a child waits for nobody here.
    """
    _alone(session, tally)
    deltas = tally.deltas
    oldest = select(deltas.id).order_by(deltas.id).limit(size)
    taken = session.execute(
        delete(deltas)
        .where(deltas.id.in_(oldest))
        .returning(deltas.area_code, deltas.n, *columns(deltas, tally.dimensions))
        .execution_options(synchronize_session=False)
    ).mappings()
    rows = [dict(row) for row in taken]
    for sums in tally.sums:
        _add(session, sums, rows)
    return len(rows)


def rebuild(session: Session, tally: Tally, counted: Select[Any]) -> None:
    """Make all sums anew. `counted`: one row for each thing that counts, its area_code and the tally's dimensions.

    Whoever calls sees to it that the transaction sees one state of the database from its first statement on, or that
    nobody writes meanwhile. What others write and have not committed stays to be folded.
    """
    _alone(session, tally)
    each = counted.subquery()
    for model in (tally.deltas, *(sums.model for sums in tally.sums)):
        session.execute(delete(model).execution_options(synchronize_session=False))
    for sums in tally.sums:
        names = ("digits", "area_code", *sums.dimensions, "n")
        for digits in LEVELS:
            keys = (place_column(each.c.area_code, digits), *(each.c[name] for name in sums.dimensions))
            rows = select(literal(digits), *keys, func.count()).group_by(*keys)
            session.execute(insert(sums.model).from_select(names, rows))


def _add(session: Session, sums: Sums, taken: Iterable[dict[str, Any]]) -> None:
    changes: Counter[tuple[Any, ...]] = Counter()
    for delta in taken:
        key = tuple(delta[name] for name in sums.dimensions)
        for digits in LEVELS:
            changes[digits, place_of(delta["area_code"], digits), *key] += delta["n"]
    names = ("digits", "area_code", *sums.dimensions)
    rows = [dict(zip(names, key, strict=True), n=n) for key, n in sorted(changes.items()) if n]
    if not rows:
        return
    adding = insert_into(sums.table, session)
    total = sums.table.c.n + adding.excluded.n
    session.execute(adding.on_conflict_do_update(index_elements=names, set_={"n": total}), rows)


def _alone(session: Session, tally: Tally) -> None:
    """Let one fold or rebuild after another have the sums; whoever reads or writes a child is not held up.

    SQLite has one writer anyhow. In PostgreSQL this statement sees nothing yet, so that what one waited for is seen.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {tally.sums[0].table.name} IN SHARE UPDATE EXCLUSIVE MODE"))
